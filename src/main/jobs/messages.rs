//! What parent and worker write to each other, a line of JSON each. Paths go as the system has them: they need not be
//! Unicode.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use crate::arguments::{Extract, Format};

/// What a worker is told before its first document. `A` is [`Extract`], owned or not.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assignment<A> {
    pub arguments: A,
    pub formats: Vec<Format>,
    /// Whether the results go to standard output.
    pub prints: bool,
    /// The folder of models.
    pub models: OsString,
    pub threads: usize,
}

impl Assignment<&Extract> {
    pub fn line(&self) -> String {
        line(self)
    }
}

/// One document for a worker.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    pub path: OsString,
    pub stem: String,
    /// The folder to leave the results in.
    pub stage: OsString,
}

/// As JSON, with the end of its line.
pub fn line(message: &impl Serialize) -> String {
    let mut line =
        serde_json::to_string(message).expect("strings, numbers and lists always have a JSON form");
    line.push('\n');
    line
}
