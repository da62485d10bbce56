//! The corpus's lists of formulas, made ready to stand in a document.

use super::normal::{is_prose, normalised, symbols};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::Path,
};

/// Formulas that are averaged together.
pub struct List {
    pub name: &'static str,
    /// Each stands on its own line, and in text where it is short.
    pub formulas: Vec<String>,
    /// These stand in text alone.
    pub inline: Vec<String>,
    /// How many were left out, and why.
    pub without: BTreeMap<&'static str, usize>,
}

/// KaTeX's tests of these are of TeX as a language; what they print is not to be told without TeX, and some change
/// what the formulas after them print.
const PROGRAMS: [&str; 14] = [
    "\\global",
    "\\gdef",
    "\\xdef",
    "\\edef",
    "\\let",
    "\\futurelet",
    "\\expandafter",
    "\\noexpand",
    "\\message",
    "\\errmessage",
    "\\TextOrMath",
    "\\@",
    "\\href",
    "\\url",
];

impl List {
    fn new(name: &'static str, sources: Vec<String>) -> Self {
        let mut list = Self { name, formulas: Vec::new(), inline: Vec::new(), without: BTreeMap::new() };
        let mut seen = HashSet::new();
        for source in sources {
            let source = prepared(&source);
            let tokens = normalised(&source);
            let reason = if PROGRAMS.iter().any(|command| source.contains(command)) {
                "program TeX"
            } else if symbols(&tokens).is_empty() {
                "print nothing"
            } else if is_prose(&tokens) {
                "are words or numbers alone"
            } else if !seen.insert(tokens) {
                "come twice"
            } else {
                list.formulas.push(source);
                continue;
            };
            *list.without.entry(reason).or_default() += 1;
        }
        list
    }
}

pub fn all(corpus: &Path) -> io::Result<Vec<List>> {
    let folder = corpus.join("formulas");
    let mut papers = List::new("im2latex", im2latex(&folder)?);
    papers.inline = List::new("", papers.formulas.iter().filter_map(|f| side(f)).collect()).formulas;
    Ok(vec![
        papers,
        List::new("katex", katex(&folder)?),
        List::new(
            "katex-spec",
            serde_json::from_str(&fs::read_to_string(folder.join("katex/spec_expressions.json"))?)?,
        ),
        List::new("transcribed", transcribed(&folder)?),
    ])
}

#[derive(Deserialize)]
struct Line {
    #[serde(alias = "latex")]
    tex: String,
    /// Why LaTeX cannot set it.
    nolatex: Option<String>,
    macros: Option<serde_json::Value>,
}

fn lines(path: &Path) -> io::Result<Vec<Line>> {
    Ok(fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn im2latex(folder: &Path) -> io::Result<Vec<String>> {
    Ok(lines(&folder.join("im2latex/formulas.jsonl"))?.into_iter().map(|line| line.tex).collect())
}

fn katex(folder: &Path) -> io::Result<Vec<String>> {
    let lines = lines(&folder.join("katex/katex.jsonl"))?.into_iter();
    Ok(lines.filter(|line| line.nolatex.is_none() && line.macros.is_none()).map(|line| line.tex).collect())
}

/// Pix2Text's are LaTeX, texify's Markdown with formulas.
fn transcribed(folder: &Path) -> io::Result<Vec<String>> {
    let read = |name: &str| -> io::Result<BTreeMap<String, String>> {
        Ok(serde_json::from_str(&fs::read_to_string(folder.join(name))?)?)
    };
    let mut found: Vec<String> = read("pix2text/transcribed.json")?.into_values().collect();
    for text in read("texify/transcribed.json")?.into_values() {
        found.extend(text.split('$').skip(1).step_by(2).filter(|part| !part.is_empty()).map(str::to_string));
        found.extend(text.split("$$").skip(1).step_by(2).map(str::to_string));
    }
    Ok(found)
}

/// A formula as it can stand in a box: environments of several lines as those for a part of a formula, lines that
/// are in none gathered; without number, label, comments and blank lines.
pub fn prepared(source: &str) -> String {
    let mut text = without_comments(source);
    for name in ["label", "tag", "tag*"] {
        text = without_command(&text, name);
    }
    for (long, short) in ENVIRONMENTS {
        for star in ["", "*"] {
            let (begin, end) = (format!("\\begin{{{long}{star}}}"), format!("\\end{{{long}{star}}}"));
            let wrapped =
                |side: &str| if short.is_empty() { String::new() } else { format!("\\{side}{{{short}}}") };
            text = text.replace(&begin, &wrapped("begin")).replace(&end, &wrapped("end"));
        }
    }
    text = text.replace("\\nonumber", "").replace("\\notag", "");
    // An alignment of TeX's own needs its columns.
    text = text.replace("\\begin{array*}", "\\begin{array}{rcl}").replace("\\end{array*}", "\\end{array}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let stops = text.trim_end_matches(' ').trim_end_matches("\\\\").trim().to_string();
    if breaks_lines(&stops) { format!("\\begin{{gathered}}{stops}\\end{{gathered}}") } else { stops }
}

/// `array*` is no environment; it marks what `eqnarray` becomes.
const ENVIRONMENTS: [(&str, &str); 9] = [
    ("align", "aligned"),
    ("alignat", "alignedat"),
    ("flalign", "aligned"),
    ("split", "aligned"),
    ("gather", "gathered"),
    ("multline", "gathered"),
    ("eqnarray", "array*"),
    ("equation", ""),
    ("displaymath", ""),
];

fn without_comments(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => {
                text.push(character);
                text.extend(rest.next());
            }
            '%' => drop(rest.by_ref().find(|c| *c == '\n')),
            c => text.push(c),
        }
    }
    text
}

fn without_command(source: &str, name: &str) -> String {
    let start = format!("\\{name}{{");
    let mut text = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(&start) {
        text.push_str(before);
        rest = &after[closing(after)..];
    }
    text + rest
}

/// Behind the brace that closes a group whose inside `text` begins with.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// Whether there is a line break outside all groups and environments.
fn breaks_lines(text: &str) -> bool {
    outside(text).iter().any(|at| text[*at..].starts_with("\\\\"))
}

/// Where, outside all groups, environments and pairs of delimiters, a character or command begins.
fn outside(text: &str) -> Vec<usize> {
    let (mut found, mut depth) = (Vec::new(), 0i32);
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match character {
            '\\' => {
                let name = rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1);
                1 + if name == 0 { rest[1..].chars().next().map_or(0, char::len_utf8) } else { name }
            }
            c => c.len_utf8(),
        };
        match &rest[..length] {
            "{" | "\\begin" | "\\left" => depth += 1,
            "}" | "\\end" | "\\right" => depth -= 1,
            _ if depth == 0 => found.push(at),
            _ => {}
        }
        at += length;
    }
    found
}

/// Longer ones are no names.
const LONGEST_SIDE: usize = 60;

/// What stands before the first equals sign: the sort of formula that stands in text.
fn side(formula: &str) -> Option<String> {
    let equals = outside(formula).into_iter().find(|at| formula[*at..].starts_with('='))?;
    let side = formula[..equals].trim().trim_end_matches('&').trim();
    (!side.is_empty() && side.len() <= LONGEST_SIDE && !side.contains("\\over")).then(|| side.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_ready_for_a_box() {
        assert_eq!(prepared("%c\na\\label{x{y}}  =\n\nb\\tag{3}"), "a = b");
        assert_eq!(prepared("\\begin{align*}a\\\\b\\end{align*}"), "\\begin{aligned}a\\\\b\\end{aligned}");
        assert_eq!(prepared("a\\\\b\\\\"), "\\begin{gathered}a\\\\b\\end{gathered}");
        assert_eq!(
            prepared("{\\begin{array}{c}a\\\\b\\end{array}}"),
            "{\\begin{array}{c}a\\\\b\\end{array}}"
        );
        assert_eq!(prepared("\\begin{eqnarray}a&=&b\\end{eqnarray}"), "\\begin{array}{rcl}a&=&b\\end{array}");
    }

    #[test]
    fn the_side_of_an_equation_stops_at_its_own_sign() {
        assert_eq!(side("f_{a=b}(x) = 1").as_deref(), Some("f_{a=b}(x)"));
        assert_eq!(side("x < 1"), None);
    }
}
