//! Whether LaTeX parses and renders, before it goes out.

use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// Why a parser of LaTeX formulas does not take it; `None` where it does.
pub(super) fn problem(latex: &str) -> Option<String> {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(latex, &storage).collect();
    match events {
        Err(error) => Some(first_line(&error.to_string())),
        Ok(_) => {
            let storage = Storage::new();
            let mut mathml = String::new();
            let written = push_mathml(&mut mathml, Parser::new(latex, &storage), RenderConfig::default());
            written.err().map(|error| first_line(&error.to_string()))
        }
    }
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or("it does not parse").trim().to_owned()
}
