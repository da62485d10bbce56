//! The stages, in running order. Each is a function from values to values.

pub mod text;

pub(crate) mod wording;

pub mod layout;
pub mod ocr;

pub mod formula;

pub mod rules;

pub mod table;

pub mod tags;

pub mod order;

pub mod assemble;
pub mod structure;

#[cfg(test)]
pub(crate) mod drawing;
