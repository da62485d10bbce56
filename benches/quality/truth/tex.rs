//! LaTeX source to the text it typesets, roughly: enough of TeX's syntax to
//! read papers, none of its layout. In: the main file. Out: text in source
//! order, and the headings.
//!
//! What is approximate: floats and footnotes stand where the source has them
//! (footnotes after their paragraph); citation marks, cross-reference numbers,
//! section and equation numbers, bibliographies made by BibTeX, dates and
//! whatever a class prints by itself are missing; pictures drawn in TeX are
//! left out; formulas are their symbols in source order. Every tool is scored
//! against the same text, so the ranking is fair where the level is not.

use super::{Truth, symbols};
use crate::metrics::Heading;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};
use unicode_normalization::UnicodeNormalization;

/// The text and headings of the document whose main file is `main`; `None`
/// where a package makes the text up, so that the source does not have it.
pub fn read(main: &Path) -> std::io::Result<Option<Truth>> {
    let Some(reader) = reader(main)? else { return Ok(None) };
    let notes = reader.footnotes.iter().map(|note| note.nfc().collect()).collect();
    Ok(Some(Truth { text: reader.out.nfc().collect(), headings: reader.headings, notes }))
}

/// The formulas of the document whose main file is `main`, in source order, with its macros expanded; `None` where a
/// package makes its text up.
pub fn formulas(main: &Path) -> std::io::Result<Option<Vec<Formula>>> {
    Ok(reader(main)?.map(|reader| reader.formulas))
}

/// A formula of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    pub display: bool,
    /// Without delimiters, but with the environment where that sets several lines.
    pub latex: String,
}

fn reader(main: &Path) -> std::io::Result<Option<Reader>> {
    let mut reader = Reader::new(main.parent().unwrap_or(Path::new(".")));
    let source = load(main)?;
    let (preamble, body) = source.split_once("\\begin{document}").unwrap_or(("", &source));
    let body = body.rsplit_once("\\end{document}").map_or(body, |(body, _)| body);
    if MADE_UP.iter().any(|command| body.contains(command)) {
        return Ok(None);
    }
    reader.slides = preamble.contains("{beamer}");
    reader.preamble(preamble);
    reader.run(body);
    reader.flush_notes();
    Ok(Some(reader))
}

/// Commands that print text of their own.
const MADE_UP: [&str; 4] = ["\\lipsum", "\\blindtext", "\\Blindtext", "\\kant"];

/// A formula as plain symbols, as a page's text layer has them.
pub fn formula(source: &str) -> String {
    let mut reader = Reader::new(Path::new("."));
    reader.mathematics(source)
}

fn load(path: &Path) -> std::io::Result<String> {
    Ok(String::from_utf8_lossy(&std::fs::read(path)?).replace("\r\n", "\n"))
}

/// Macros may call macros; a loop ends here.
const DEEPEST: usize = 40;

/// Characters. A document that grows past this by its own macros is cut off.
const LONGEST: usize = 4_000_000;

#[derive(Clone)]
struct Macro {
    parameters: usize,
    default: Option<String>,
    body: String,
}

struct Reader {
    folder: PathBuf,
    macros: HashMap<String, Macro>,
    theorems: HashMap<String, String>,
    /// Set in the preamble, printed by `\maketitle`.
    front: Vec<(&'static str, String)>,
    in_preamble: bool,
    /// Slides show the titles of frames; those of sections are for the outline.
    slides: bool,
    mathematical: bool,
    depth: usize,
    out: String,
    /// To be printed after the paragraph.
    notes: Vec<String>,
    /// All of the document.
    footnotes: Vec<String>,
    headings: Vec<Heading>,
    formulas: Vec<Formula>,
}

impl Reader {
    fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            macros: HashMap::new(),
            theorems: HashMap::new(),
            front: Vec::new(),
            in_preamble: false,
            slides: false,
            mathematical: false,
            depth: 0,
            out: String::new(),
            notes: Vec::new(),
            footnotes: Vec::new(),
            headings: Vec::new(),
            formulas: Vec::new(),
        }
    }

    /// Definitions and front matter count; what else it would print does not.
    fn preamble(&mut self, source: &str) {
        self.in_preamble = true;
        self.run(source);
        self.in_preamble = false;
        self.out.clear();
        self.notes.clear();
        self.footnotes.clear();
        self.headings.clear();
        self.formulas.clear();
    }

    fn run(&mut self, source: &str) {
        if self.depth >= DEEPEST || self.out.len() > LONGEST {
            return;
        }
        self.depth += 1;
        let mut input = Input::new(source);
        while let Some(character) = input.next() {
            self.character(character, &mut input);
        }
        self.depth -= 1;
    }

    /// The text of `source`, and nothing of it in the output.
    fn aside(&mut self, source: &str) -> String {
        let kept = std::mem::take(&mut self.out);
        self.run(source);
        std::mem::replace(&mut self.out, kept)
    }

    fn mathematics(&mut self, source: &str) -> String {
        let outer = std::mem::replace(&mut self.mathematical, true);
        let text = self.aside(source);
        self.mathematical = outer;
        text
    }

    fn formula(&mut self, source: &str) {
        let known = self.formulas.len();
        let text = self.mathematics(source);
        self.out.push_str(&text);
        // One in the text of another is part of that.
        self.formulas.truncate(known);
    }

    fn keep(&mut self, source: &str, display: bool) {
        let latex = self.expanded(source, 0);
        self.formulas.push(Formula { display, latex });
    }

    /// LaTeX with the document's macros expanded, otherwise as it is.
    fn expanded(&self, source: &str, depth: usize) -> String {
        let mut input = Input::new(source);
        let mut text = String::new();
        while let Some(character) = input.next() {
            match character {
                '%' => input.skip_comment(),
                '\\' => {
                    let start = input.at;
                    let name = input.command();
                    match self.macros.get(&name).filter(|_| depth < DEEPEST && text.len() < LONGEST) {
                        Some(defined) => {
                            let body = substituted(&defined.body, &arguments(defined, &mut input));
                            text.push_str(&format!("{} ", self.expanded(&body, depth + 1)));
                        }
                        None => {
                            text.push('\\');
                            text.extend(&input.source[start..input.at]);
                        }
                    }
                }
                c => text.push(c),
            }
        }
        text
    }

    fn character(&mut self, character: char, input: &mut Input) {
        match character {
            '%' => input.skip_comment(),
            '\\' => {
                let name = input.command();
                self.command(&name, input);
            }
            '{' | '}' => {}
            '$' if self.mathematical => {}
            '$' => {
                let display = input.peek() == Some('$');
                let source = input.dollars();
                self.keep(&source, display);
                self.formula(&source);
            }
            '~' | '&' => self.out.push(' '),
            '^' | '_' if self.mathematical => {}
            c if self.mathematical && c.is_whitespace() => {}
            '\'' if self.mathematical => self.out.push('′'),
            '-' if self.mathematical => self.out.push_str(" − "),
            '=' | '<' | '>' | '+' if self.mathematical => self.out.extend([' ', character, ' ']),
            '\n' if input.blank_line() => {
                self.out.push('\n');
                self.flush_notes();
            }
            '`' | '\'' | '-' if !self.mathematical => self.ligature(character, input),
            _ => self.out.push(character),
        }
    }

    fn ligature(&mut self, character: char, input: &mut Input) {
        let double = input.take(character);
        let triple = double && character == '-' && input.take(character);
        self.out.push(match (character, double, triple) {
            ('`', false, _) => '‘',
            ('`', true, _) => '“',
            ('\'', false, _) => '’',
            ('\'', true, _) => '”',
            (_, true, true) => '—',
            (_, true, false) => '–',
            _ => '-',
        });
    }

    fn flush_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            self.out.push_str(&note);
            self.out.push('\n');
        }
    }

    fn command(&mut self, name: &str, input: &mut Input) {
        if let Some(defined) = self.macros.get(name).cloned() {
            return self.call(&defined, input);
        }
        if let Some(level) = section_level(name) {
            return self.section(level, input);
        }
        if let Some(mark) = symbols::accent(name).filter(|_| !self.mathematical) {
            return self.accent(mark, input);
        }
        match name {
            "begin" => self.begin(input),
            "ensuremath" if !self.mathematical => {
                let source = input.argument();
                self.keep(&source, false);
                self.formula(&source);
            }
            "(" => self.up_to("\\)", input),
            "[" => self.up_to("\\]", input),
            "newcommand" | "renewcommand" | "providecommand" | "DeclareRobustCommand" => self.define(input),
            "newenvironment" | "renewenvironment" => self.define_environment(input),
            "def" | "gdef" | "edef" => self.define_plainly(input),
            "DeclareMathOperator" => {
                input.take('*');
                let name = input.name();
                let body = format!("\\operatorname{{{}}}", input.argument());
                self.macros.insert(name, Macro { parameters: 0, default: None, body });
            }
            "newtheorem" => self.define_theorem(input),
            "input" | "include" | "subfile" => self.include(input),
            "title" | "author" | "date" | "subtitle" | "institute" | "affiliation" | "address" => {
                self.front_matter(name, input);
            }
            "maketitle" => self.make_title(),
            "footnote" | "thanks" | "footnotetext" => {
                input.option();
                let note = input.argument();
                let note = self.aside(&note);
                if name != "thanks" {
                    self.footnotes.push(note.clone());
                }
                self.notes.push(note);
            }
            "verb" | "lstinline" => {
                let text = input.verbatim();
                self.out.push_str(&text);
            }
            "href" | "textcolor" | "colorbox" | "hyperref" if name != "hyperref" => {
                input.option();
                input.argument();
            }
            "url" | "path" | "nolinkurl" => {
                let address = input.argument();
                self.out.push_str(&address.replace(['\\'], ""));
            }
            "item" => {
                self.out.push('\n');
                if let Some(label) = input.option() {
                    self.run(&label);
                    self.out.push(' ');
                }
            }
            "\\" | "par" | "newline" | "linebreak" | "tabularnewline" | "cr" => {
                input.option();
                self.out.push('\n');
            }
            "char" => self.by_number(input),
            "frac" | "dfrac" | "tfrac" | "binom" | "overset" | "underset" | "stackrel" => {}
            "text" | "textrm" | "mbox" | "mathrm" | "operatorname" | "hbox" if self.mathematical => {
                let source = input.argument();
                self.mathematical = false;
                self.run(&source);
                self.mathematical = true;
            }
            _ => self.other(name, input),
        }
    }

    fn other(&mut self, name: &str, input: &mut Input) {
        if let Some(arguments) = swallowed(name).or_else(|| is_citation(name).then_some(1)) {
            input.take('*');
            while input.option().is_some() {}
            (0..arguments).for_each(|_| drop(input.argument()));
        } else if let Some(text) = symbols::text(name) {
            self.out.push_str(text);
        } else if let Some(symbol) = symbols::relation(name) {
            self.out.extend([" ", symbol, " "]);
        } else if let Some(symbol) = symbols::mathematical(name) {
            self.out.push_str(symbol);
        } else if name.chars().all(|c| !c.is_alphabetic()) {
            self.out.push(' ');
        } else {
            // Unknown: what it prints is most likely its arguments.
            input.take('*');
            if !self.mathematical {
                input.option();
            }
        }
    }

    fn call(&mut self, defined: &Macro, input: &mut Input) {
        let arguments = arguments(defined, input);
        self.run(&substituted(&defined.body, &arguments));
    }

    fn section(&mut self, level: usize, input: &mut Input) {
        input.take('*');
        input.option();
        let source = input.argument();
        if self.in_preamble || self.slides {
            return;
        }
        let title = self.aside(&source);
        self.flush_notes_after(&title, level);
    }

    /// Prints a heading and keeps it.
    fn flush_notes_after(&mut self, title: &str, level: usize) {
        self.flush_notes();
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.out.push_str(&format!("\n\n{title}\n\n"));
        self.headings.push(Heading::new(level, &title.nfc().collect::<String>()));
    }

    fn accent(&mut self, mark: char, input: &mut Input) {
        let base = input.argument();
        let base = self.aside(&base).replace('ı', "i").replace('ȷ', "j");
        let mut characters = base.chars();
        if let Some(first) = characters.next() {
            self.out.push(first);
            self.out.push(mark);
        }
        self.out.extend(characters);
    }

    fn by_number(&mut self, input: &mut Input) {
        let digits = input.digits();
        if let Some(character) = digits.parse().ok().and_then(char::from_u32) {
            self.out.push(character);
        }
    }

    fn up_to(&mut self, end: &str, input: &mut Input) {
        let source = input.until(end);
        self.keep(&source, end == "\\]");
        self.formula(&source);
        self.out.push(' ');
    }

    fn define(&mut self, input: &mut Input) {
        input.take('*');
        let name = input.name();
        let parameters = input.option().and_then(|n| n.trim().parse().ok()).unwrap_or(0);
        let default = input.option();
        let body = input.argument();
        if !keeps_its_meaning(&name) {
            self.macros.insert(name, Macro { parameters, default, body });
        }
    }

    fn define_plainly(&mut self, input: &mut Input) {
        let name = input.name();
        let parameters = input.until_brace().matches('#').count();
        let body = input.argument();
        if !keeps_its_meaning(&name) && !name.contains('@') {
            self.macros.insert(name, Macro { parameters, default: None, body });
        }
    }

    fn define_environment(&mut self, input: &mut Input) {
        input.take('*');
        let name = input.argument();
        let parameters = input.option().and_then(|n| n.trim().parse().ok()).unwrap_or(0);
        let default = input.option();
        let (begin, end) = (input.argument(), input.argument());
        self.macros.insert(format!("begin {name}"), Macro { parameters, default, body: begin });
        self.macros.insert(format!("end {name}"), Macro { parameters: 0, default: None, body: end });
    }

    fn define_theorem(&mut self, input: &mut Input) {
        input.take('*');
        let name = input.argument();
        input.option();
        let printed = input.argument();
        input.option();
        self.theorems.insert(name, printed);
    }

    fn include(&mut self, input: &mut Input) {
        let name = input.argument();
        let name = name.trim();
        let candidates = [name.to_string(), format!("{name}.tex"), name.replace("../", "_up_/")];
        let found = candidates.iter().map(|n| self.folder.join(n)).find(|p| p.is_file());
        let found = found.or_else(|| {
            let moved = self.folder.join(format!("{}.tex", name.replace("../", "_up_/")));
            moved.is_file().then_some(moved)
        });
        if let Some(source) = found.and_then(|path| load(&path).ok()) {
            self.run(&source);
        }
    }

    fn front_matter(&mut self, name: &str, input: &mut Input) {
        input.option();
        let source = input.argument();
        let kind = match name {
            "title" => "title",
            "subtitle" => "subtitle",
            _ => "author",
        };
        if self.in_preamble {
            if name != "date" {
                self.front.push((kind, source));
            }
        } else if name != "date" {
            self.print_front(kind, &source);
        }
    }

    fn make_title(&mut self) {
        let mut front = std::mem::take(&mut self.front);
        front.sort_by_key(|(kind, _)| ["title", "subtitle", "author"].iter().position(|k| k == kind));
        for (kind, source) in front {
            self.print_front(kind, &source);
        }
    }

    fn print_front(&mut self, kind: &str, source: &str) {
        let text = self.aside(source);
        if kind == "title" {
            self.flush_notes_after(&text, 0);
        } else {
            self.out.push_str(&format!("\n{text}\n"));
            self.flush_notes();
        }
    }

    fn begin(&mut self, input: &mut Input) {
        let full = input.argument();
        let name = full.trim_end_matches('*');
        let end = format!("\\end{{{full}}}");
        if let Some(defined) = self.macros.get(&format!("begin {full}")).cloned() {
            self.call(&defined, input);
            let inside = input.until_matching(&full);
            self.run(&inside);
            if let Some(defined) = self.macros.get(&format!("end {full}")).cloned() {
                self.run(&defined.body);
            }
            return;
        }
        self.out.push('\n');
        match environment(name) {
            Kind::Formula { arguments } => {
                (0..arguments).for_each(|_| drop(input.argument()));
                let source = input.until_matching(&full);
                self.keep(&in_lines(name, &source), name != "math");
                self.formula(&source.replace("\\\\", " "));
            }
            Kind::Verbatim => {
                input.option();
                if name == "minted" {
                    input.argument();
                }
                let text = input.until(&end);
                self.out.push_str(&text);
            }
            Kind::Unprinted => drop(input.until(&end)),
            Kind::Open { arguments } => {
                while input.option().is_some() {}
                (0..arguments).for_each(|_| drop(input.argument()));
            }
            Kind::Frame => {
                while input.option().is_some() {}
                if let Some(title) = input.braced() {
                    let title = self.aside(&title);
                    self.flush_notes_after(&title, 3);
                }
            }
            Kind::Other => {
                if let Some(printed) = self.theorems.get(name).cloned() {
                    self.run(&printed);
                    self.out.push(' ');
                    if let Some(note) = input.option() {
                        self.run(&format!("({note})"));
                    }
                } else {
                    input.option();
                }
            }
        }
    }
}

/// Definitions that only change how a known command looks.
fn keeps_its_meaning(name: &str) -> bool {
    section_level(name).is_some()
        || symbols::text(name).is_some()
        || name.starts_with("the")
        || matches!(
            name,
            "maketitle"
                | "footnote"
                | "emph"
                | "item"
                | "url"
                | "title"
                | "author"
                | "date"
                | "begin"
                | "end"
                | "abstract"
        )
}

/// Depth of a heading command; the document's title is 0.
fn section_level(name: &str) -> Option<usize> {
    let names = ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"];
    let found = names.iter().position(|n| *n == name)?;
    Some(found + 1)
}

enum Kind {
    Formula {
        arguments: usize,
    },
    Verbatim,
    /// Drawn, or kept for another file: gives no text.
    Unprinted,
    /// Prints its inside; its arguments are settings.
    Open {
        arguments: usize,
    },
    /// A slide, whose first argument is its heading.
    Frame,
    Other,
}

fn environment(name: &str) -> Kind {
    match name {
        "equation" | "align" | "gather" | "multline" | "eqnarray" | "displaymath" | "math" | "flalign"
        | "dmath" | "equations" => Kind::Formula { arguments: 0 },
        "alignat" | "xalignat" => Kind::Formula { arguments: 1 },
        "verbatim" | "Verbatim" | "lstlisting" | "minted" | "alltt" | "BVerbatim" => Kind::Verbatim,
        "tikzpicture" | "picture" | "pgfpicture" | "axis" | "comment" | "filecontents" | "pspicture"
        | "CD" | "tikzcd" | "CCSXML" => Kind::Unprinted,
        "tabular" | "array" | "longtable" | "minipage" | "multicols" | "thebibliography" | "tabu"
        | "deluxetable" | "wrapfigure" | "adjustwidth" | "supertabular" | "tblr" => {
            Kind::Open { arguments: 1 }
        }
        "tabularx" | "tabular*" | "tabulary" => Kind::Open { arguments: 2 },
        "figure" | "table" | "center" | "itemize" | "enumerate" | "description" | "sidewaystable"
        | "algorithm" | "document" => Kind::Open { arguments: 0 },
        "frame" => Kind::Frame,
        _ => Kind::Other,
    }
}

/// An environment that sets several lines around its inside.
fn in_lines(environment: &str, source: &str) -> String {
    match environment {
        "equation" | "displaymath" | "math" | "dmath" | "equations" => source.to_string(),
        "alignat" | "xalignat" => format!("\\begin{{align}}{source}\\end{{align}}"),
        name => format!("\\begin{{{name}}}{source}\\end{{{name}}}"),
    }
}

/// Packages have some fifty of them.
fn is_citation(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("cite") || (name.ends_with("ref") && name.len() > 3)
}

/// How many arguments a command has that print nothing; `None` if it may print.
fn swallowed(name: &str) -> Option<usize> {
    Some(match name {
        "hline" | "toprule" | "midrule" | "bottomrule" | "centering" | "noindent" | "tableofcontents"
        | "listoffigures" | "listoftables" | "newpage" | "clearpage" | "appendix" | "hfill" | "vfill"
        | "protect" | "relax" | "left" | "right" | "big" | "Big" | "bigg" | "Bigg" | "limits"
        | "nolimits" | "displaystyle" | "textstyle" | "scriptstyle" | "nonumber" | "notag"
        | "printbibliography" | "small" | "large" | "centerline" | "makeatletter" | "makeatother"
        | "bgroup" | "egroup" | "end" | "global" | "long" | "smallskip" | "medskip" | "bigskip"
        | "allowbreak" | "break" | "null" | "strut" | "bigl" | "bigr" | "Bigl" | "Bigr" | "biggl"
        | "biggr" | "Biggl" | "Biggr" | "middle" => usize::from(name == "end"),
        "label" | "ref" | "eqref" | "pageref" | "cref" | "Cref" | "autoref" | "cite" | "citep" | "citet"
        | "citeauthor" | "citeyear" | "parencite" | "textcite" | "nocite" | "onlinecite" | "bibliography"
        | "bibliographystyle" | "addbibresource" | "includegraphics" | "vspace" | "hspace" | "pagestyle"
        | "thispagestyle" | "pagenumbering" | "usepackage" | "RequirePackage" | "documentclass"
        | "hypersetup" | "color" | "theoremstyle" | "index" | "phantom" | "vphantom" | "hphantom"
        | "bibitem" | "cline" | "cmidrule" | "graphicspath" | "hyphenation" | "lstset" | "usetikzlibrary"
        | "setlist" | "tikzset" | "captionsetup" | "geometry" | "sisetup" | "newcounter" | "stepcounter"
        | "refstepcounter" | "usetheme" | "usecolortheme" | "bibinfo" | "tag" | "newif" | "newlength"
        | "selectlanguage" | "setmainfont" | "setCJKmainfont" | "foreignlanguage" | "acmConference"
        | "hypertarget" | "numberwithin" | "setdefaultlanguage" | "columncolor" | "rowcolor"
        | "cellcolor" | "fontsize" | "linespread" | "pdfbookmark" | "includepdf" | "excludecomment"
        | "tikz" | "nextrefstep" | "extracolsep" | "crefname" | "counterwithin" | "ccsdesc" | "markright"
        | "glsresetall" => 1,
        "setlength"
        | "addtolength"
        | "setcounter"
        | "addtocounter"
        | "newsavebox"
        | "hyperlink"
        | "raisebox"
        | "settowidth"
        | "markboth"
        | "titleformat"
        | "pdfstringdefDisableCommands"
        | "let"
        | "rule"
        | "fontfamily"
        | "resizebox"
        | "setbeamertemplate"
        | "setbeamercolor"
        | "addcontentsline"
        | "href" => match name {
            "raisebox" | "hyperlink" | "fontfamily" => 1,
            "addcontentsline" => 3,
            _ => 2,
        },
        "definecolor" | "multirow" | "newacronym" | "lstdefinestyle" | "DeclareFontShape" => {
            if name == "multirow" || name == "lstdefinestyle" { 2 } else { 3 }
        }
        "multicolumn" => 2,
        _ => return None,
    })
}

/// What a call of a macro gives it.
fn arguments(defined: &Macro, input: &mut Input) -> Vec<String> {
    let mut arguments = Vec::new();
    if let Some(default) = &defined.default {
        arguments.push(input.option().unwrap_or_else(|| default.clone()));
    }
    while arguments.len() < defined.parameters {
        arguments.push(input.argument());
    }
    arguments
}

/// `#1` … `#9` replaced, `##` left for the macro inside.
fn substituted(body: &str, arguments: &[String]) -> String {
    let mut result = String::new();
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        let number = characters.peek().and_then(|c| c.to_digit(10)).filter(|_| character == '#');
        match number.and_then(|n| arguments.get((n as usize).wrapping_sub(1))) {
            Some(argument) => {
                result.push_str(argument);
                characters.next();
            }
            None => result.push(character),
        }
    }
    result
}

/// Source under a cursor.
struct Input {
    source: Vec<char>,
    at: usize,
}

impl Input {
    fn new(source: &str) -> Self {
        Self { source: source.chars().collect(), at: 0 }
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn peek(&self) -> Option<char> {
        self.source.get(self.at).copied()
    }

    /// Steps over `character` if it is next.
    fn take(&mut self, character: char) -> bool {
        let there = self.peek() == Some(character);
        self.at += usize::from(there);
        there
    }

    fn skip_space(&mut self) {
        loop {
            match self.peek() {
                Some(c) if c.is_whitespace() => self.at += 1,
                Some('%') => {
                    self.at += 1;
                    self.skip_comment();
                }
                _ => return,
            }
        }
    }

    /// A comment reaches to the end of its line and takes the next line's indentation with it.
    fn skip_comment(&mut self) {
        while self.next().is_some_and(|c| c != '\n') {}
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.at += 1;
        }
    }

    /// Whether the line after a line break is blank: a paragraph ends.
    fn blank_line(&self) -> bool {
        self.source[self.at..].iter().find(|c| !matches!(c, ' ' | '\t')) == Some(&'\n')
    }

    /// A command's name, after its backslash; spaces after a word are eaten.
    fn command(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphabetic() || c == '@') {
            self.at += 1;
        }
        if self.at == start {
            return self.next().map(String::from).unwrap_or_default();
        }
        let name = self.source[start..self.at].iter().collect();
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.at += 1;
        }
        name
    }

    /// The name that a definition gives: `{\name}` or `\name`.
    fn name(&mut self) -> String {
        self.skip_space();
        if self.peek() == Some('\\') {
            self.at += 1;
            return self.command();
        }
        self.argument().trim().trim_start_matches('\\').to_string()
    }

    /// The next argument: a group without its braces, a command, or one character.
    fn argument(&mut self) -> String {
        self.skip_space();
        match self.peek() {
            Some('{') => self.braced().unwrap_or_default(),
            Some('\\') => {
                self.at += 1;
                format!("\\{} ", self.command())
            }
            Some('}') | None => String::new(),
            Some(character) => {
                self.at += 1;
                character.to_string()
            }
        }
    }

    fn braced(&mut self) -> Option<String> {
        self.skip_space();
        self.group('{', '}')
    }

    /// The next optional argument, without its brackets.
    fn option(&mut self) -> Option<String> {
        let start = self.at;
        self.skip_space();
        let found = self.group('[', ']');
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn group(&mut self, open: char, close: char) -> Option<String> {
        if self.peek() != Some(open) {
            return None;
        }
        let start = self.at + 1;
        let (mut depth, mut braces) = (0, 0);
        while let Some(character) = self.next() {
            match character {
                '\\' => self.at += 1,
                '%' => self.skip_comment(),
                c if c == open && braces == 0 => depth += 1,
                c if c == close && braces == 0 => depth -= 1,
                '{' if open != '{' => braces += 1,
                '}' if open != '{' => braces -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(self.source[start..self.at - 1].iter().collect());
            }
        }
        Some(self.source[start.min(self.source.len())..].iter().collect())
    }

    /// Up to `end`, which is stepped over.
    fn until(&mut self, end: &str) -> String {
        let end: Vec<char> = end.chars().collect();
        let rest = &self.source[self.at.min(self.source.len())..];
        let length = rest.windows(end.len()).position(|w| w == end).unwrap_or(rest.len());
        let text = rest[..length].iter().collect();
        self.at = (self.at + length + end.len()).min(self.source.len());
        text
    }

    /// Up to the `\end` that belongs to this `\begin`.
    fn until_matching(&mut self, name: &str) -> String {
        let (begin, end) = (format!("\\begin{{{name}}}"), format!("\\end{{{name}}}"));
        let mut text = self.until(&end);
        let mut closed = 1;
        while text.matches(&begin).count() >= closed && self.at < self.source.len() {
            text.push_str(&end);
            text.push_str(&self.until(&end));
            closed += 1;
        }
        text
    }

    /// The inside of `$…$` or `$$…$$`, after the first dollar. Text boxes in a
    /// formula may hold formulas; an inline one ends with its paragraph at the latest.
    fn dollars(&mut self) -> String {
        let double = self.take('$');
        let start = self.at;
        let mut depth = 0;
        while let Some(character) = self.next() {
            match character {
                '\\' => self.at += 1,
                '{' => depth += 1,
                '}' => depth -= 1,
                '$' if depth <= 0 => break,
                '\n' if !double && self.blank_line() => break,
                _ => {}
            }
        }
        let end = self.at.saturating_sub(1).clamp(start, self.source.len());
        if double {
            self.take('$');
        }
        self.source[start..end].iter().collect()
    }

    /// `\verb|…|` after its name.
    fn verbatim(&mut self) -> String {
        self.option();
        match self.next() {
            Some('{') => {
                self.at -= 1;
                self.braced().unwrap_or_default()
            }
            Some(mark) => self.until(&mark.to_string()),
            None => String::new(),
        }
    }

    fn until_brace(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c != '{') {
            self.at += 1;
        }
        self.source[start..self.at].iter().collect()
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.source[start..self.at].iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::normalised;

    fn text(source: &str) -> String {
        let mut reader = Reader::new(Path::new("."));
        reader.run(source);
        reader.flush_notes();
        normalised(&reader.out.nfc().collect::<String>())
    }

    #[test]
    fn comments_go_and_escaped_per_cent_stays() {
        assert_eq!(text("a% no\n  b 5\\% % no\n c"), "ab 5% c");
    }

    #[test]
    fn quotes_dashes_and_accents_become_their_characters() {
        assert_eq!(
            text("``so'' 1--2---3 na\\\"{\\i}ve \\'ecole gar\\c con \\ss{}"),
            "“so” 1–2—3 naïve école garçon ß"
        );
    }

    #[test]
    fn simple_macros_are_expanded() {
        assert_eq!(text("\\newcommand{\\pair}[2][x]{<#1,#2>}\\pair{b} \\pair[a]{b}"), "<x,b> <a,b>");
        assert_eq!(text("\\def\\twice#1{#1#1}\\twice{ab}"), "abab");
    }

    #[test]
    fn formulas_become_their_symbols() {
        assert_eq!(text("so $\\alpha_i \\le \\frac{1}{2}$ holds"), "so αi ≤ 12 holds");
    }

    #[test]
    fn formulas_may_hold_boxes_with_formulas() {
        assert_eq!(text("$a\\hbox{ if $b$ or }c$ and $d$ e"), "a if b or c and d e");
        assert_eq!(text("a $ b\n\nnot math"), "a b not math");
    }

    #[test]
    fn formulas_are_kept_as_latex_with_macros_expanded() {
        let mut reader = Reader::new(Path::new("."));
        reader.run("\\newcommand{\\v}[1]{\\mathbf{#1}}Let $\\v x_{\\v{y}}$ and\n\\begin{align*}a&=b\\\\c\\end{align*} or $$x\\mbox{ if $y$}$$");
        let kept: Vec<(bool, &str)> = reader.formulas.iter().map(|f| (f.display, f.latex.as_str())).collect();
        let lines = "\\begin{align}a&=b\\\\c\\end{align}";
        let expected = [(false, "\\mathbf{x} _{\\mathbf{y} }"), (true, lines), (true, "x\\mbox{ if $y$}")];
        assert_eq!(kept, expected);
    }

    #[test]
    fn sections_are_headings_and_references_are_silent() {
        let mut reader = Reader::new(Path::new("."));
        reader.run("\\section*{One}\\label{s} See~\\cite{x}.\n\\subsection[short]{Two \\emph{three}}");
        assert_eq!(reader.headings, [Heading::new(3, "One"), Heading::new(4, "Two three")]);
        assert_eq!(normalised(&reader.out), "One See . Two three");
    }

    #[test]
    fn footnotes_stand_after_their_paragraph() {
        assert_eq!(text("A\\footnote{Note.} b.\n\nNext"), "A b. Note. Next");
    }

    #[test]
    fn tables_give_their_cells_and_pictures_nothing() {
        assert_eq!(text("\\begin{tabular}{ll}a & b \\\\[2pt] \\hline c & d\\end{tabular}"), "a b c d");
        assert_eq!(text("x\\begin{tikzpicture}\\node{y};\\end{tikzpicture}z"), "x z");
    }

    #[test]
    fn unknown_commands_print_their_arguments() {
        assert_eq!(text("\\whatever[opt]{kept} \\textbf{bold}"), "kept bold");
    }

    #[test]
    fn a_macro_that_calls_itself_ends() {
        assert_eq!(text("\\newcommand{\\x}{a\\x}\\x").chars().filter(|c| *c != 'a').count(), 0);
    }
}
