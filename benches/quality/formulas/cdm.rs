//! Two formulas as printed: both are set by TeX in one font, and their glyphs
//! are matched in the manner of CDM (Wang et al. 2024, "CDM: A Reliable Metric
//! for Fair and Accurate Formula Recognition Evaluation"): pairs of one
//! character, nearest in place and order first, of which those stay that agree
//! with their neighbours on how far the one side lies from the other. The
//! score is F1 over glyphs. Fraction bars and other rules are glyphs.

use super::{
    compile::{self, LAST, MARK, Source},
    matching::strokes,
};
use flatleaf::{
    Document,
    content::Char,
    geometry::{Point, Rect},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Glyph {
    /// Character and font family, without the size.
    what: String,
    rect: Rect,
}

/// Formulas by their source, as set; `None` where TeX rejects them.
pub type Printed = BTreeMap<String, Option<Vec<Glyph>>>;

/// Formulas in a document: TeX's logs and error recovery are quick on these.
const BATCH: usize = 800;

const PROGRAM: &str = "pdflatex";

/// All `formulas` as printed, in text style where the flag is not set; those that `folder` has from before are not
/// set again.
pub fn printed(
    formulas: &BTreeSet<(String, bool)>,
    folder: &Path,
) -> Result<Printed, Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    let kept = folder.join("glyphs.json");
    let known: Printed =
        fs::read(&kept).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
    let keys: BTreeSet<String> = formulas.iter().map(key_of).collect();
    let mut printed: Printed = known.into_iter().filter(|(key, _)| keys.contains(key)).collect();
    let missing: Vec<&(String, bool)> =
        formulas.iter().filter(|f| !printed.contains_key(&key_of(f))).collect();
    for batch in missing.chunks(BATCH) {
        printed.extend(set(batch, folder)?);
    }
    fs::write(kept, serde_json::to_vec(&printed)?)?;
    Ok(printed)
}

fn key_of((latex, display): &(String, bool)) -> String {
    key(latex, *display)
}

/// Under which a formula is in [`Printed`].
pub fn key(latex: &str, display: bool) -> String {
    format!("{}{latex}", if display { "\\displaystyle " } else { "" })
}

fn set(formulas: &[&(String, bool)], folder: &Path) -> Result<Printed, Box<dyn std::error::Error>> {
    for (n, formula) in formulas.iter().enumerate() {
        // A blank line ends no formula in Markdown, but would here.
        let lines: Vec<String> =
            formula.0.lines().filter(|line| !line.trim().is_empty()).map(str::to_string).collect();
        fs::write(folder.join(format!("f{n}.tex")), format!("{}\n", lines.join("\n")))?;
    }
    let all: Vec<usize> = (0..formulas.len()).collect();
    let source = Source { document: &|chosen| source(chosen, formulas), formula: &|n| &formulas[n].0 };
    let good = compile::sound(PROGRAM, folder, &all, &source)?;
    for n in all {
        fs::remove_file(folder.join(format!("f{n}.tex")))?;
    }
    let mut printed: Printed = formulas.iter().map(|formula| (key_of(formula), None)).collect();
    if !good.is_empty() {
        let document = Document::open(folder.join("document.pdf"))?;
        for (place, n) in good.iter().enumerate() {
            printed.insert(key_of(formulas[*n]), Some(glyphs(&document, place + 1)?));
        }
    }
    Ok(printed)
}

fn glyphs(document: &Document, number: usize) -> flatleaf::Result<Vec<Glyph>> {
    let page = document.page(number)?;
    let visible = |char: &&Char| !char.generated && !char.unicode.is_whitespace();
    let glyph = |char: &Char| {
        let font = page.fonts.get(usize::from(char.font)).map_or("", |font| font.name.as_str());
        Glyph {
            what: format!("{} {}", char.unicode, font.trim_end_matches(|c: char| c.is_ascii_digit())),
            rect: char.ink,
        }
    };
    let rules = strokes(&page).map(|rect| Glyph { what: "rule".to_string(), rect });
    Ok(page.chars.iter().filter(visible).map(glyph).chain(rules).collect())
}

fn source(chosen: &[usize], formulas: &[&(String, bool)]) -> String {
    let mut text = PREAMBLE.replace("MARK", MARK);
    for n in chosen {
        let style = if formulas[*n].1 { "\\displaystyle" } else { "" };
        let _ = writeln!(text, "\\flatset{{{style}}}{{{n}}}");
    }
    let _ = writeln!(text, "\\typeout{{{LAST}}}\n\\end{{document}}");
    text
}

/// A page for each formula, with half an inch around it.
const PREAMBLE: &str = r"\documentclass[10pt]{article}
\usepackage{amsmath,amssymb,mathtools,mathrsfs,stmaryrd,cancel,braket,xcolor}
\makeatletter
\newbox\flatbox
\pdfhorigin=36bp
\pdfvorigin=36bp
\hoffset=0pt
\voffset=0pt
\def\flatset#1#2{\typeout{MARK#2}\setbox\flatbox\hbox{$#1\@@input f#2.tex $}%
  \pdfpagewidth=\wd\flatbox\advance\pdfpagewidth72bp
  \pdfpageheight=\ht\flatbox\advance\pdfpageheight\dp\flatbox\advance\pdfpageheight72bp
  \shipout\box\flatbox}
\makeatother
\begin{document}
";

/// Points, at a type size of 10. An index is 4 lower than an exponent is high.
const SAME_HEIGHT: f32 = 2.5;
/// Points: as much space may be left out or put in between neighbours.
const SAME_PLACE: f32 = 20.0;
/// Points. Glyphs nearer to each other than this are in no order.
const SAME_SPOT: f32 = 1.0;
/// How many times as large; one step from text to index is 1.4.
const SAME_SIZE: f32 = 1.25;
/// Pairs before and after one that it must agree with.
const NEIGHBOURS: usize = 5;

/// F1 over glyphs; `None` where the true formula prints nothing.
pub fn score(truth: &[Glyph], found: &[Glyph]) -> Option<f64> {
    if truth.is_empty() {
        return None;
    }
    let pairs = pairs(truth, found);
    let places: Vec<(Point, Point)> =
        pairs.iter().map(|(t, f)| (truth[*t].rect.center(), found[*f].rect.center())).collect();
    let shifts: Vec<(f32, f32)> = places.iter().map(|(a, b)| (b.x - a.x, b.y - a.y)).collect();
    let steady: Vec<(Point, Point)> =
        (0..shifts.len()).filter(|n| agrees(&shifts, *n)).map(|n| places[n]).collect();
    let kept = in_order(steady);
    Some(2.0 * kept as f64 / (truth.len() + found.len()) as f64)
}

/// How many pairs are left when those go that stand in another order on their line than most.
fn in_order(mut pairs: Vec<(Point, Point)>) -> usize {
    let is_swapped = |(a, x): &(Point, Point), (b, y): &(Point, Point)| {
        let (here, there) = (b.x - a.x, y.x - x.x);
        (a.y - b.y).abs() <= SAME_HEIGHT && here.abs().min(there.abs()) > SAME_SPOT && here * there < 0.0
    };
    loop {
        let swapped = |pair: &(Point, Point)| pairs.iter().filter(|other| is_swapped(pair, other)).count();
        let counts: Vec<usize> = pairs.iter().map(swapped).collect();
        match (0..pairs.len()).max_by_key(|n| counts[*n]).filter(|n| counts[*n] > 0) {
            Some(worst) => drop(pairs.remove(worst)),
            None => return pairs.len(),
        }
    }
}

/// Whether a pair lies as most of its neighbours do, or as enough of them: rows may stand closer.
fn agrees(shifts: &[(f32, f32)], n: usize) -> bool {
    let near = &shifts[n.saturating_sub(NEIGHBOURS)..(n + NEIGHBOURS + 1).min(shifts.len())];
    let same =
        |a: &(f32, f32), b: &(f32, f32)| (a.0 - b.0).abs() <= SAME_PLACE && (a.1 - b.1).abs() <= SAME_HEIGHT;
    let support = |a: &(f32, f32)| near.iter().filter(|b| same(a, b)).count();
    let most = near.iter().map(support).max().unwrap_or(0);
    let common = near.iter().find(|shift| support(shift) == most);
    support(&shifts[n]) >= NEIGHBOURS || common.is_some_and(|common| same(common, &shifts[n]))
}

/// Glyphs of one character and size, nearest first, both sides scaled to their boxes; in order of the truth.
fn pairs(truth: &[Glyph], found: &[Glyph]) -> Vec<(usize, usize)> {
    let (ours, theirs) = (within(truth), within(found));
    let mut candidates = Vec::new();
    for (t, glyph) in truth.iter().enumerate() {
        for f in (0..found.len()).filter(|f| is_alike(glyph, &found[*f])) {
            let place = (ours[t].0 - theirs[f].0).abs() + (ours[t].1 - theirs[f].1).abs();
            let order = (t as f32 / truth.len() as f32 - f as f32 / found.len() as f32).abs();
            candidates.push((place + order, t, f));
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut of_truth, mut of_found) = (vec![None; truth.len()], vec![false; found.len()]);
    for (_, t, f) in candidates {
        if of_truth[t].is_none() && !of_found[f] {
            of_truth[t] = Some(f);
            of_found[f] = true;
        }
    }
    let mut pairs: Vec<(usize, usize)> =
        of_truth.into_iter().enumerate().filter_map(|(t, f)| Some((t, f?))).collect();
    uncross(&mut pairs, truth, found);
    pairs
}

/// The same character several times: the first of one side is the first of the other.
fn uncross(pairs: &mut [(usize, usize)], truth: &[Glyph], found: &[Glyph]) {
    for first in 0..pairs.len() {
        for second in first + 1..pairs.len() {
            let ((a, x), (b, y)) = (pairs[first], pairs[second]);
            if x > y && is_alike(&truth[a], &found[y]) && is_alike(&truth[b], &found[x]) {
                pairs[first].1 = y;
                pairs[second].1 = x;
            }
        }
    }
}

fn is_alike(a: &Glyph, b: &Glyph) -> bool {
    let alike = |a: f32, b: f32| a.max(b) <= SAME_SIZE * a.min(b) + 0.5;
    let is_rule = a.what == "rule";
    a.what == b.what
        && alike(a.rect.height(), b.rect.height())
        && (is_rule || alike(a.rect.width(), b.rect.width()))
}

/// The middle of each glyph as a share of the box around all.
fn within(glyphs: &[Glyph]) -> Vec<(f32, f32)> {
    let all =
        Rect::around_all(glyphs.iter().map(|glyph| &glyph.rect)).unwrap_or(Rect::new(0.0, 0.0, 1.0, 1.0));
    let place = |glyph: &Glyph| {
        let middle = glyph.rect.center();
        ((middle.x - all.x0) / all.width().max(1.0), (middle.y - all.y0) / all.height().max(1.0))
    };
    glyphs.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters on a line, those after `^` higher and smaller.
    fn set(text: &str) -> Vec<Glyph> {
        let (mut x, mut raised, mut glyphs) = (0.0, false, Vec::new());
        for character in text.chars() {
            match character {
                '^' => raised = true,
                ' ' => x += 8.0,
                c => {
                    let (y, size) = if raised { (-4.0, 3.5) } else { (0.0, 5.0) };
                    glyphs.push(Glyph { what: c.to_string(), rect: Rect::new(x, y, x + size, y + size) });
                    x += size;
                    raised = false;
                }
            }
        }
        glyphs
    }

    #[test]
    fn the_same_is_one_and_nothing_is_nought() {
        assert_eq!(score(&set("ab^2c"), &set("ab^2c")), Some(1.0));
        assert_eq!(score(&set("abc"), &[]), Some(0.0));
        assert_eq!(score(&[], &set("a")), None);
    }

    #[test]
    fn space_is_forgiven() {
        assert_eq!(score(&set("a bc d"), &set("abc d")), Some(1.0));
    }

    #[test]
    fn another_character_costs_itself_on_both_sides() {
        assert_eq!(score(&set("abcd"), &set("abxd")), Some(0.75));
        assert_eq!(score(&set("abcd"), &set("abc")), Some(6.0 / 7.0));
    }

    #[test]
    fn another_order_costs_one_of_the_two() {
        assert_eq!(score(&set("abcd"), &set("acbd")), Some(0.75));
        assert_eq!(score(&set("xaxbx"), &set("xaxbx")), Some(1.0));
    }

    #[test]
    fn another_height_costs_itself() {
        assert_eq!(score(&set("ab^2c"), &set("ab2c")), Some(0.75));
    }

    /// `cargo test --release --test quality -- --ignored`
    #[test]
    #[ignore = "needs TeX and pdfium"]
    fn printed_formulas_are_compared_as_they_look() {
        flatleaf::document::bind(&flatleaf::Assets::default_location()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let cdm = |truth: &str, found: &str| {
            let both = [truth, found].map(|latex| (latex.to_string(), true));
            let printed = printed(&both.clone().into(), folder.path()).unwrap();
            let [truth, found] = both.map(|formula| printed[&key_of(&formula)].clone().unwrap_or_default());
            (score(&truth, &found).unwrap() * 1000.0).round() / 1000.0
        };
        // Space, braces and order of scripts.
        assert_eq!(cdm("a\\,b+\\frac{x_i^2}{y}\\quad c", "ab+{\\frac{x^{2}_{i}}y}c"), 1.0);
        // Lines, however aligned.
        let lines = "\\begin{aligned}a&=b+c\\\\ d&=\\frac{e}{f}\\end{aligned}";
        assert_eq!(
            cdm(lines, "\\begin{array}{rcl}a&=&b+c\\\\ d&=&\\displaystyle\\frac{e}{f}\\end{array}"),
            1.0
        );
        // Of two brackets, 1, 2 and a rule, the brackets are smaller.
        assert_eq!(cdm("\\left(\\frac12\\right)", "(\\frac12)"), 0.6);
        // An exponent for an index, one sign for another.
        assert_eq!(cdm("x^2+y", "x_2+y"), 0.75);
        assert_eq!(cdm("a+b+c+d", "a-b+c+d"), 0.857);
        // Nothing, and what TeX rejects.
        assert_eq!(cdm("x", ""), 0.0);
        assert_eq!(cdm("x", "x\\nonsense"), 0.0);
    }
}
