//! Whether LaTeX parses and renders, before it goes out; and what it renders to.

use pulldown_latex::{Parser, RenderConfig, Storage, config::DisplayMode, push_mathml};

/// Commands of mathrsfs, stmaryrd, amssymb and amsmath that the parser does not know, with what stands in for them.
const BEYOND: [(&str, &str); 25] = [
    ("\\boxed", ""),
    ("\\mathscr", "\\mathcal"),
    ("\\dddot", "\\ddot"),
    ("\\llbracket", "⟦"),
    ("\\rrbracket", "⟧"),
    ("\\lbag", "⟅"),
    ("\\rbag", "⟆"),
    ("\\injlim", "\\lim"),
    ("\\projlim", "\\lim"),
    ("\\biginterleave", "⫼"),
    ("\\interleave", "⫴"),
    ("\\talloblong", "⫾"),
    ("\\boxbslash", "⧅"),
    ("\\boxslash", "⧄"),
    ("\\boxbar", "◫"),
    ("\\Yup", "⅄"),
    ("\\shortrightarrow", "→"),
    ("\\shortleftarrow", "←"),
    ("\\rightarrowtriangle", "⇾"),
    ("\\leftarrowtriangle", "⇽"),
    ("\\leftrightarrowtriangle", "⇿"),
    ("\\subsetplus", "⪿"),
    ("\\supsetplus", "⫀"),
    ("\\shortuparrow", "↑"),
    ("\\shortdownarrow", "↓"),
];

/// Why a parser of LaTeX formulas does not take it; `None` where it does.
pub(super) fn problem(latex: &str) -> Option<String> {
    mathml(latex, false).err()
}

/// LaTeX without delimiters as a `<math>` element, which browsers typeset by themselves; or why the parser does not take
/// it. A few commands that the parser lacks are shown as their nearest kin.
pub fn mathml(latex: &str, display: bool) -> Result<String, String> {
    let known = BEYOND.iter().fold(latex.to_owned(), |latex, (name, stand_in)| latex.replace(name, stand_in));
    let latex = known.as_str();
    let storage = Storage::new();
    let parsed: Result<Vec<_>, _> = Parser::new(latex, &storage).collect();
    parsed.map_err(|error| first_line(&error.to_string()))?;
    let storage = Storage::new();
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut mathml = String::new();
    let written = push_mathml(&mut mathml, Parser::new(latex, &storage), config);
    written.map(|()| mathml).map_err(|error| first_line(&error.to_string()))
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or("it does not parse").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_for_an_unknown_command_parses_everywhere() {
        for (name, stand_in) in BEYOND {
            let takes_argument = matches!(stand_in, "" | "\\ddot" | "\\mathcal");
            let latex =
                if takes_argument { format!("{name}{{x}}") } else { format!("a {name} b_{{{name}}}") };
            assert_eq!(problem(&latex), None, "{name}");
        }
        assert_eq!(problem("\\left\\llbracket x \\right\\rrbracket"), None);
    }

    #[test]
    fn a_command_that_nobody_knows_is_a_problem() {
        assert!(mathml("\\nosuchcommand", true).is_err());
        assert!(mathml("x", true).is_ok_and(|mathml| mathml.contains("display=\"block\"")));
    }
}
