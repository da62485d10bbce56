//! Whether LaTeX parses and renders, before it goes out.

use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// Commands of mathrsfs, stmaryrd, amssymb and amsmath that the parser does not know, with others in their places.
const BEYOND: [(&str, &str); 24] = [
    ("\\mathscr", "\\mathcal"),
    ("\\dddot", "\\ddot"),
    ("\\llbracket", "["),
    ("\\rrbracket", "]"),
    ("\\lbag", "["),
    ("\\rbag", "]"),
    ("\\injlim", "\\lim"),
    ("\\projlim", "\\lim"),
    ("\\biginterleave", "\\sum"),
    ("\\interleave", "+"),
    ("\\talloblong", "+"),
    ("\\boxbslash", "+"),
    ("\\boxslash", "+"),
    ("\\boxbar", "+"),
    ("\\Yup", "+"),
    ("\\shortrightarrow", "="),
    ("\\shortleftarrow", "="),
    ("\\rightarrowtriangle", "="),
    ("\\leftarrowtriangle", "="),
    ("\\leftrightarrowtriangle", "="),
    ("\\subsetplus", "="),
    ("\\supsetplus", "="),
    ("\\shortuparrow", "="),
    ("\\shortdownarrow", "="),
];

/// Why a parser of LaTeX formulas does not take it; `None` where it does.
pub(super) fn problem(latex: &str) -> Option<String> {
    let known = BEYOND.iter().fold(latex.to_owned(), |latex, (name, stand_in)| latex.replace(name, stand_in));
    let latex = known.as_str();
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
