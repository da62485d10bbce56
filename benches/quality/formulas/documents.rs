//! Documents of formulas, set by TeX, which itself says where each stands.
//! Kept by a hash of all that they are made of.

use super::{
    compile::{self, LAST, MARK, Source},
    lists::List,
    normal::{normalised, symbols},
};
use flatleaf::geometry::Rect;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// Which fonts a document has.
pub struct Setup {
    pub name: &'static str,
    pub program: &'static str,
    fonts: &'static str,
    /// Files that TeX must have.
    needs: &'static [&'static str],
    /// Commands that print the same as others in these fonts.
    blind: &'static [&'static str],
}

/// Computer Modern; the clones of Times by Symbol, by TX and STIX; Euler; OpenType fonts.
pub const SETUPS: [Setup; 7] = [
    Setup { name: "cm", program: "pdflatex", fonts: "", needs: &[], blind: &[] },
    Setup {
        name: "lm-math",
        program: "lualatex",
        fonts: "\\usepackage{luatex85,unicode-math}",
        needs: &["unicode-math.sty", "latinmodern-math.otf"],
        blind: &["\\mathscr", "\\cal"],
    },
    Setup {
        name: "ptmx",
        program: "pdflatex",
        fonts: "\\usepackage{mathptmx}",
        needs: &["mathptmx.sty"],
        blind: &["\\boldsymbol", "\\pmb", "\\bm"],
    },
    Setup {
        name: "newtx",
        program: "pdflatex",
        fonts: "\\usepackage{newtxtext,newtxmath}",
        needs: &["newtxmath.sty"],
        blind: &[],
    },
    Setup {
        name: "stix2",
        program: "pdflatex",
        fonts: "\\usepackage{stix2}",
        needs: &["stix2.sty"],
        blind: &[],
    },
    Setup {
        name: "euler",
        program: "pdflatex",
        fonts: "\\usepackage{mathpazo,eulervm}",
        needs: &["mathpazo.sty", "eulervm.sty"],
        blind: &[],
    },
    Setup {
        name: "termes",
        program: "lualatex",
        fonts: "\\usepackage{luatex85,unicode-math}\\setmainfont{texgyretermes-regular.otf}\\setmathfont{texgyretermes-math.otf}",
        needs: &["unicode-math.sty", "texgyretermes-math.otf", "texgyretermes-regular.otf"],
        blind: &["\\mathscr", "\\cal"],
    },
];

impl Setup {
    /// Whether what is on the page is what the source says: not `\mathcal{a}`, for which TeX's older fonts have a sign.
    fn shows(&self, formula: &str) -> bool {
        let capitals = ["\\mathcal{", "\\mathscr{", "\\mathbb{"];
        let is_lacking = |symbol: &&str| {
            let letter = capitals.iter().find_map(|face| symbol.strip_prefix(face));
            letter.is_some_and(|letter| !letter.starts_with(|c: char| c.is_ascii_uppercase()))
        };
        let tokens = normalised(formula);
        let lacks = self.program == "pdflatex" && symbols(&tokens).iter().any(is_lacking);
        !lacks && !self.blind.iter().any(|command| formula.contains(command))
    }

    /// What is not there of what it needs.
    pub fn missing(&self) -> Option<&'static str> {
        if !compile::is_there(self.program) {
            return Some(self.program);
        }
        let is_known = |file: &&&str| {
            let asked = std::process::Command::new("kpsewhich").arg(file).output();
            asked.is_ok_and(|answer| !answer.stdout.is_empty())
        };
        self.needs.iter().find(|file| !is_known(file)).copied()
    }
}

/// A formula where TeX put it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placed {
    pub page: usize,
    /// As wide as its characters advance, as high and deep as they say; points.
    pub rect: Rect,
    pub display: bool,
    pub latex: String,
    pub number: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    /// `list.setup`
    pub name: String,
    pub list: String,
    pub setup: String,
    pub pdf: PathBuf,
    pub formulas: Vec<Placed>,
    /// TeX rejects them, or lacks their characters.
    pub rejected: Vec<String>,
    /// In these fonts other formulas look the same.
    pub ambiguous: usize,
    /// Wider than the text, or for text than half of it, or taller than two lines there.
    pub large: usize,
}

/// Raised when the documents change in what the hash does not see.
const EDITION: u32 = 5;

/// The document of `list` in the fonts of `setup`, from `folder` if it is there.
pub fn document(list: &List, setup: &Setup, folder: &Path) -> io::Result<Document> {
    let formulas = [list.formulas.as_slice(), list.inline.as_slice()].concat();
    let source = |chosen: &[usize]| source(setup, &formulas, list.formulas.len(), chosen);
    let all: Vec<usize> = (0..formulas.len()).filter(|n| setup.shows(&formulas[*n])).collect();
    let key: String = Sha256::digest(format!("{EDITION}{}{formulas:?}", source(&all)))
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!("{}.{}", list.name, setup.name);
    let own = folder.join(format!("{name}.{key}"));
    let kept = own.join("truth.json");
    if let Ok(json) = fs::read(&kept) {
        return Ok(serde_json::from_slice(&json)?);
    }
    forget(folder, &name)?;
    fs::create_dir_all(&own)?;
    for (n, formula) in formulas.iter().enumerate() {
        fs::write(own.join(format!("f{n}.tex")), format!("{formula}\n"))?;
    }
    let source = Source { document: &source, formula: &|n| &formulas[n] };
    let good = compile::sound(setup.program, &own, &all, &source)?;
    let places = fs::read_to_string(own.join("document.places")).unwrap_or_default();
    let log = String::from_utf8_lossy(&fs::read(own.join("document.log"))?).into_owned();
    let document = Document {
        name,
        list: list.name.to_string(),
        setup: setup.name.to_string(),
        pdf: own.join("document.pdf"),
        formulas: places.lines().filter_map(|line| placed(line, &formulas)).collect(),
        ambiguous: formulas.len() - all.len(),
        rejected: all.iter().filter(|n| !good.contains(n)).map(|n| formulas[*n].clone()).collect(),
        large: log.lines().filter(|line| line.starts_with("@large")).count(),
    };
    for n in all {
        fs::remove_file(own.join(format!("f{n}.tex")))?;
    }
    fs::write(kept, serde_json::to_vec(&document)?)?;
    Ok(document)
}

/// Removes what earlier sources gave for the document called `name`.
fn forget(folder: &Path, name: &str) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() && path.file_stem().is_some_and(|stem| stem == name) {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

/// TeX's points in an inch, by scaled points in a point.
const SCALED: f32 = 65536.0 * 72.27 / 72.0;

/// Points. US letter.
const HEIGHT: f32 = 792.0;

/// Reads `number kind page x y width height depth equation`, positions from the bottom left, in scaled points.
fn placed(line: &str, formulas: &[String]) -> Option<Placed> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let at = |n: usize| Some(fields.get(n)?.parse::<f32>().ok()? / SCALED);
    let (x, y, width, height, depth) = (at(3)?, at(4)?, at(5)?, at(6)?, at(7)?);
    let kind = *fields.get(1)?;
    Some(Placed {
        page: fields.get(2)?.parse().ok()?,
        rect: Rect::new(x, HEIGHT - y - height, x + width, HEIGHT - y + depth),
        display: kind != "inline",
        latex: formulas.get(fields.first()?.parse::<usize>().ok()?)?.clone(),
        number: (kind == "numbered").then(|| fields.get(8).map(|n| n.to_string())).flatten(),
    })
}

/// Those formulas that stand for themselves come first, up to `displays`.
fn source(setup: &Setup, formulas: &[String], displays: usize, chosen: &[usize]) -> String {
    let mut text = PREAMBLE.replace("FONTS", setup.fonts).replace("MARK", MARK);
    let mut inline = interleaved(chosen, displays).into_iter();
    let shown: Vec<usize> = chosen.iter().filter(|n| **n < displays).copied().collect();
    for (turn, n) in shown.iter().enumerate() {
        let command = if is_numbered(*n) { "numbered" } else { "display" };
        let _ = writeln!(text, "{}\n\\flat{command}{{{n}}}", INTRODUCTIONS[turn % INTRODUCTIONS.len()]);
        let _ = writeln!(text, "{}\n", filled(AFTER[turn % AFTER.len()], &mut inline));
    }
    let mut turn = 0;
    while inline.len() > 0 {
        let _ = writeln!(text, "{}", filled(SENTENCES[turn % SENTENCES.len()], &mut inline));
        turn += 1;
        if turn % 4 == 0 {
            text.push('\n');
        }
    }
    let _ = writeln!(text, "\n\\typeout{{{LAST}}}\n\\end{{document}}");
    debug_assert!(formulas.len() >= shown.len());
    text
}

fn is_numbered(formula: usize) -> bool {
    formula % 5 < 2
}

/// What stands in text: short names and whole formulas in turn.
fn interleaved(chosen: &[usize], displays: usize) -> Vec<usize> {
    let (whole, short): (Vec<usize>, Vec<usize>) = chosen.iter().partition(|n| **n < displays);
    let mut found = Vec::new();
    for turn in 0..whole.len().max(short.len()) {
        found.extend(short.get(turn));
        found.extend(whole.get(turn));
    }
    found
}

/// A sentence with formulas at its `#`; where there are no more, it stands without.
fn filled(sentence: &str, inline: &mut impl Iterator<Item = usize>) -> String {
    let mut text = String::new();
    for (n, part) in sentence.split('#').enumerate() {
        if n > 0 {
            text.push_str(&inline.next().map_or("it".to_string(), |n| format!("\\flatinline{{{n}}}")));
        }
        text.push_str(part);
    }
    text
}

const INTRODUCTIONS: [&str; 6] = [
    "We now turn to the second of these cases, in which nothing is known of the others, and find",
    "Taking all of this together, and leaving out whatever is small, gives",
    "The same result follows at once from the definition above:",
    "In this manner one sees that",
    "As has been said before, the two sides are of the same order, so that we may write",
    "From the first of them,",
];

const AFTER: [&str; 6] = [
    "where # is the quantity that was measured in the last section.",
    "for all values of # that are allowed by the conditions of the problem, and for none besides.",
    "Here and in what follows, # and # are held fixed.",
    "which proves the claim. The other direction is shown in the same way, with # in place of #.",
    "This holds in general, as the reader may verify.",
    "Note that # depends on the choice made at the start, whereas the sum does not.",
];

const SENTENCES: [&str; 8] = [
    "Let # be given as in the section before, so that all the terms on the other side are known.",
    "The value of # does not change when the two ends are joined, and neither does that of #.",
    "A second look at the table shows that #, while the authors of the earlier study report a larger one.",
    "Suppose that # (or, if this is not possible, that # at least once).",
    "By the remark at the end of the chapter, # is equal to the mean over all the samples.",
    "It is not hard to see that # implies #; the proof of this is left to the reader.",
    "Both methods agree in the limit: # grows more slowly than any other part.",
    "We write # for short.",
];

/// Formulas lie in files of their own, `f0.tex` and so on, so that an error in one ends with it.
const PREAMBLE: &str = r"\documentclass[10pt]{article}
\usepackage{amsmath,amssymb,mathtools,mathrsfs,cancel,braket,xcolor}
FONTS
\usepackage[letterpaper,margin=0.8in]{geometry}
\makeatletter
\newwrite\flatplaces
\immediate\openout\flatplaces=\jobname.places
\newbox\flatbox
\def\flatset#1#2{\typeout{MARK#2}\setbox\flatbox\hbox{$#1\@@input f#2.tex $}}
\def\flatplace#1#2{\pdfsavepos\edef\flatwritten{\write\flatplaces{#1 #2 \noexpand\the\c@page\space
  \noexpand\the\pdflastxpos\space\noexpand\the\pdflastypos\space
  \number\wd\flatbox\space\number\ht\flatbox\space\number\dp\flatbox\space\theequation}}\flatwritten\box\flatbox}
\def\flatdisplay#1{\flatset\displaystyle{#1}%
  \ifdim\wd\flatbox>\linewidth\typeout{@large}\else\[\flatplace{#1}{display}\]\fi}
\def\flatnumbered#1{\flatset\displaystyle{#1}%
  \ifdim\wd\flatbox>.9\linewidth\typeout{@large}\else\begin{equation}\flatplace{#1}{numbered}\end{equation}\fi}
\def\flatinline#1{\flatset{}{#1}\dimen0=\ht\flatbox\advance\dimen0\dp\flatbox
  \ifdim\wd\flatbox>.5\linewidth\typeout{@large}it\else
  \ifdim\dimen0>2\baselineskip\typeout{@large}it\else\leavevmode\flatplace{#1}{inline}\fi\fi}
\makeatother
\begin{document}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_turned_to_points_from_the_top_left() {
        let line = "0 numbered 2 4736287 47362867 6578177 657818 65782 7";
        let placed = placed(line, &["x".to_string()]).expect("a whole line");
        let rounded = |value: f32| (value * 10.0).round() / 10.0;
        let rect = placed.rect;
        assert_eq!([rect.x0, rect.y0, rect.x1, rect.y1].map(rounded), [72.0, 62.0, 172.0, 73.0]);
        assert_eq!((placed.page, placed.display, placed.number.as_deref()), (2, true, Some("7")));
    }

    #[test]
    fn names_and_formulas_take_turns_in_text() {
        assert_eq!(interleaved(&[0, 1, 2, 7, 8], 3), [7, 0, 8, 1, 2]);
        assert_eq!(filled("a # b #.", &mut [3].into_iter()), "a \\flatinline{3} b it.");
    }
}
