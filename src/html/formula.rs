//! A formula to MathML, which browsers typeset by themselves.

use super::escaped;
use crate::{content::Formula, steps::formula::mathml};

/// Those of a system that can be had, the usual ones first. Browsers know which of them stretches a sum and a root, but do not
/// look for one: their own choice often cannot.
const FONTS: &str =
    "font:1.15em 'STIX Two Math','Latin Modern Math','Cambria Math','STIX Math','DejaVu Math TeX Gyre',math";

/// Typeset, with its number; the symbols as plain text where nothing read it, or no parser takes what was read.
pub fn formula(formula: &Formula) -> String {
    let typeset = formula.latex.as_deref().and_then(|latex| mathml(latex, formula.display).ok());
    let typeset = typeset.map(|math| math.replacen("<math", &format!("<math style=\"{FONTS}\""), 1));
    let body = typeset.unwrap_or_else(|| format!("<code>{}</code>", escaped(&formula.text)));
    let tooltip = escaped(formula.latex.as_deref().unwrap_or("not read"));
    let number =
        formula.number.as_deref().map_or(String::new(), |n| format!("<span>({})</span>", escaped(n)));
    match formula.display {
        true => format!(
            "<div title=\"{tooltip}\" style=\"display:flex;gap:2em;align-items:center\">{body}{number}</div>"
        ),
        false => format!("<span title=\"{tooltip}\">{body}</span>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(latex: &str, number: Option<&str>) -> Formula {
        let (latex, number) = (Some(latex.to_owned()), number.map(Into::into));
        Formula { latex, number, display: true, text: "x2".into(), ..Formula::default() }
    }

    #[test]
    fn a_formula_is_typeset_with_its_number() {
        let html = formula(&read("x^{2}", Some("3")));
        assert!(
            html.contains("<math style=") && html.contains("display=\"block\"") && html.contains("<msup>"),
            "{html}"
        );
        assert!(html.ends_with("<span>(3)</span></div>"), "{html}");
    }

    #[test]
    fn what_no_parser_takes_shows_its_symbols() {
        let html = formula(&read("\\frac{", None));
        assert!(html.contains("<code>x2</code>"), "{html}");
    }
}
