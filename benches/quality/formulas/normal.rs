//! LaTeX in one spelling: a formula to the tokens that are compared. Two
//! sources that print the same should give the same tokens, as far as this can
//! be told without typesetting them.
//!
//! What is dropped: comments, white space and commands for space, phantoms,
//! labels, tags, colours, sizes of type and of delimiters (the delimiters stay,
//! null ones go), styles, `\limits`, the kind of an atom, rules in arrays,
//! alignment marks where lines are aligned, braces that do nothing.
//!
//! What is unified: macros defined in the source are expanded; synonyms
//! (`\le`, `\leq`, `≤`); `\over`, `\frac`, `\tfrac`, `\dfrac`, `\cfrac`;
//! `x^b_a` and `x_a^b`; `x'` and `x^{\prime}`; fonts as switches, commands and
//! characters of their own, each letter bearing its font (bold upright and bold
//! italic are one, italic words are letters); upright words, whether
//! `\mathrm`, `\text`, `\operatorname` or a function's command; `\dots` by what
//! follows it; matrices and cases as an array between delimiters; all
//! environments of lines (aligned ones, gathered ones, arrays of one column or
//! whose columns part at a relation, `\atop`, `\substack`), of which one alone
//! is its inside; `\binom` and its inside; `\iint` and `\int\int`, which most
//! fonts print alike.

mod lexemes;
mod names;

use crate::truth::symbols;
use lexemes::{Lexeme, Stream};
use rapidfuzz::distance::levenshtein;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// Something that is seen: a character, a radical, an accent.
    Symbol(String),
    /// Where it stands.
    Structure(&'static str),
}

impl Token {
    pub fn text(&self) -> &str {
        match self {
            Self::Symbol(text) => text,
            Self::Structure(text) => text,
        }
    }
}

pub fn normalised(latex: &str) -> Vec<Token> {
    let mut reader = Reader { stream: Stream::new(latex), depth: 0 };
    let mut tokens = Vec::new();
    // What closes nothing that was opened is stepped over.
    loop {
        tokens.extend(reader.row(End::All, &mut Style::default()));
        if reader.stream.next().is_none() {
            return merged(tokens);
        }
    }
}

/// What is seen, in reading order.
pub fn symbols(tokens: &[Token]) -> Vec<&str> {
    let seen = |token: &Token| matches!(token, Token::Symbol(_));
    tokens.iter().filter(|token| seen(token)).map(Token::text).collect()
}

/// Levenshtein distance in tokens over the longer side's number of them.
pub fn distance(truth: &[Token], found: &[Token]) -> f64 {
    let mut known = HashMap::new();
    let mut numbered = |tokens: &[Token]| -> Vec<u64> {
        let number = |token: &Token| {
            let next = known.len() as u64;
            *known.entry(token.clone()).or_insert(next)
        };
        tokens.iter().map(number).collect()
    };
    let (truth, found) = (numbered(truth), numbered(found));
    let longest = truth.len().max(found.len()).max(1);
    levenshtein::distance(truth, found) as f64 / longest as f64
}

/// Whether nothing on paper tells it from a word or number of running text.
pub fn is_prose(tokens: &[Token]) -> bool {
    let plain = |text: &str| {
        text.starts_with("\\mathrm")
            || text.chars().all(|c| c.is_ascii_digit() || ".,:;!?()[]-–/’%".contains(c))
    };
    tokens.iter().all(|token| matches!(token, Token::Symbol(text) if plain(text)))
}

/// For people to read.
pub fn text(tokens: &[Token]) -> String {
    tokens.iter().map(Token::text).collect::<Vec<_>>().join(" ")
}

/// Fonts that a letter bears.
#[derive(Clone, Copy, Default, PartialEq)]
struct Style {
    face: &'static str,
    /// `\boldsymbol`: signs too.
    bold: bool,
    /// Text between formulas: accents, and no primes.
    text: bool,
}

impl Style {
    fn text() -> Self {
        Self { face: "\\mathrm", bold: false, text: true }
    }
}

/// What a row of a formula ends at. The end is left to be read.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// Of the source.
    All,
    /// A brace.
    Brace,
    /// `\right`.
    Right,
    /// `]`
    Bracket,
    /// A formula in text.
    Dollar,
    /// A cell or its environment.
    Cell,
}

struct Reader {
    stream: Stream,
    depth: usize,
}

/// Groups in groups; deeper ones are not read.
const DEEPEST: usize = 200;

impl Reader {
    fn row(&mut self, end: End, style: &mut Style) -> Vec<Token> {
        let mut row = Vec::new();
        self.depth += 1;
        while self.depth < DEEPEST
            && let Some(next) = self.stream.peek()
        {
            if ends(&next, end) {
                break;
            }
            let name = match &next {
                Lexeme::Command(name) => name.as_str(),
                _ => "",
            };
            if let Some(infix) = infix(name) {
                self.stream.next();
                if name == "above" {
                    self.length();
                }
                let below = self.row(end, style);
                row = infix(std::mem::take(&mut row), below);
            } else if let Some(switch) = switched(name, *style) {
                self.stream.next();
                *style = switch;
            } else {
                row.extend(self.item(style));
            }
        }
        self.depth -= 1;
        row
    }

    /// One character, group or command with what belongs to it.
    fn item(&mut self, style: &Style) -> Vec<Token> {
        match self.stream.next() {
            None | Some(Lexeme::Close) => Vec::new(),
            Some(Lexeme::Open) => self.group(End::Brace, *style),
            Some(Lexeme::Character(c)) => self.character(c, style),
            Some(Lexeme::Command(name)) => self.command(&name, style),
        }
    }

    fn group(&mut self, end: End, mut style: Style) -> Vec<Token> {
        let row = self.row(end, &mut style);
        self.stream.next();
        row
    }

    fn character(&mut self, character: char, style: &Style) -> Vec<Token> {
        match character {
            '$' if style.text => self.group(End::Dollar, Style::default()),
            '$' | '&' => Vec::new(),
            '_' | '^' | '\'' if !style.text => {
                self.stream.back(Lexeme::Character(character));
                self.scripts(style)
            }
            '\'' => vec![symbol("’")],
            '`' => vec![symbol("‘")],
            _ => self.letter(character, style),
        }
    }

    fn letter(&mut self, character: char, style: &Style) -> Vec<Token> {
        if let Some((plain, face)) = styled_character(character) {
            return vec![faced(&plain.to_string(), &Style { face, ..*style })];
        }
        let compatible: String = character.nfkc().collect();
        let script = match names::script(character) {
            Some('^') => Some("^"),
            Some(_) => Some("_"),
            None => None,
        };
        if let Some(script) = script.filter(|_| !style.text) {
            return scripted(script, compatible.chars().flat_map(|c| self.character(c, style)).collect());
        }
        match names::of_character(character) {
            Some(name) => self.command(name, style),
            None if character == '−' => vec![symbol("-")],
            None if character == '°' => scripted("^", vec![symbol("\\circ")]),
            None => vec![faced(&character.to_string(), style)],
        }
    }

    /// Indices and exponents in a row, in one order.
    fn scripts(&mut self, style: &Style) -> Vec<Token> {
        let (mut below, mut above) = (Vec::new(), Vec::new());
        loop {
            match self.stream.peek() {
                Some(Lexeme::Character('\'')) => {
                    self.stream.next();
                    above.push(symbol("\\prime"));
                }
                Some(Lexeme::Character('_')) => {
                    self.stream.next();
                    below.extend(self.argument(style));
                }
                Some(Lexeme::Character('^')) => {
                    self.stream.next();
                    above.extend(self.argument(style));
                }
                Some(Lexeme::Command(name)) if matches!(name.as_str(), "limits" | "nolimits") => {
                    self.stream.next();
                }
                _ => break,
            }
        }
        [scripted("_", below), scripted("^", above)].concat()
    }

    fn argument(&mut self, style: &Style) -> Vec<Token> {
        // Space before it is no argument.
        while let Some(Lexeme::Command(name)) = self.stream.peek()
            && matches!(
                name.as_str(),
                "displaystyle" | "textstyle" | "scriptstyle" | "," | "!" | "limits" | "relax"
            )
        {
            self.stream.next();
        }
        match self.stream.peek() {
            Some(Lexeme::Close) | None => Vec::new(),
            _ => self.item(style),
        }
    }

    fn option(&mut self, style: &Style) -> Option<Vec<Token>> {
        self.stream.take(&Lexeme::Character('[')).then(|| self.group(End::Bracket, *style))
    }

    /// A dimension without braces, with what it may stretch and shrink by.
    fn length(&mut self) {
        let is = |characters: &'static str| move |next: &Lexeme| matches!(next, Lexeme::Character(c) if characters.contains(*c));
        let mut digits = false;
        while let Some(next) = self.stream.peek().filter(is("0123456789.-+=")) {
            self.stream.next();
            digits |= matches!(next, Lexeme::Character(c) if c.is_ascii_digit());
        }
        if digits {
            for _ in 0..2 {
                if self.stream.peek().is_some_and(|next| is("emxptucinds")(&next)) {
                    self.stream.next();
                }
            }
        } else if self.stream.peek() == Some(Lexeme::Open) {
            self.stream.raw();
        } else if matches!(self.stream.peek(), Some(Lexeme::Command(_))) {
            self.stream.next();
        }
    }

    fn command(&mut self, name: &str, style: &Style) -> Vec<Token> {
        if style.text
            && let Some(mark) = symbols::accent(name)
        {
            return self.accented(mark, style);
        }
        if let Some(arguments) = names::unprinted(name) {
            self.stream.take(&Lexeme::Character('*'));
            if matches!(name, "color" | "textcolor" | "smash" | "makebox" | "mathcolor" | "raisebox") {
                self.stream.raw_option();
            }
            (0..arguments).for_each(|_| drop(self.stream.raw()));
            return Vec::new();
        }
        if names::takes_length(name) {
            self.length();
            return Vec::new();
        }
        if let Some(inner) = lettering(name, *style) {
            self.stream.take(&Lexeme::Character('*'));
            return self.argument(&inner);
        }
        if names::is_size(name) {
            return self.delimiter(style);
        }
        if let Some(accent) = names::accent(name) {
            if name.starts_with("over") || name.starts_with("under") {
                self.stream.raw_option();
                self.stream.raw_option();
            }
            let inner = if name == "fbox" { Style::text() } else { *style };
            let base = self.argument(&inner);
            return [vec![symbol(accent)], braced(base)].concat();
        }
        if let Some(word) = names::function(name) {
            let upright = Style { face: "\\mathrm", bold: false, text: false };
            return word.chars().map(|c| faced(&c.to_string(), &upright)).collect();
        }
        self.structure(name, style)
    }

    fn structure(&mut self, name: &str, style: &Style) -> Vec<Token> {
        match name {
            "frac" | "tfrac" | "dfrac" | "cfrac" | "nicefrac" | "sfrac" => {
                self.stream.raw_option();
                let (above, below) = (self.argument(style), self.argument(style));
                fraction(above, below)
            }
            "binom" | "dbinom" | "tbinom" => {
                let (above, below) = (self.argument(style), self.argument(style));
                between("(", ")", stacked(above, below))
            }
            "genfrac" => self.general_fraction(style),
            "sqrt" => {
                let degree = self.option(style);
                radical(degree, self.argument(style))
            }
            "root" => {
                let mut degree = Vec::new();
                while !self.stream.take(&Lexeme::Command("of".into())) && self.stream.peek().is_some() {
                    degree.extend(self.item(style));
                }
                radical(Some(degree), self.argument(style))
            }
            "overset" | "stackrel" | "underset" => self.set_over(name, style),
            "xrightarrow" | "xleftarrow" | "xmapsto" | "xleftrightarrow" | "xRightarrow" | "xLeftarrow" => {
                let below = self.option(style).unwrap_or_default();
                let above = self.argument(style);
                let arrow = format!("\\{}", &name[1..]);
                [vec![symbol(&arrow)], scripted("_", below), scripted("^", above)].concat()
            }
            "sideset" => {
                let (before, after) = (self.argument(style), self.argument(style));
                let operator = self.item(style);
                [before, operator, after].concat()
            }
            "prescript" => {
                let (above, below) = (self.argument(style), self.argument(style));
                [scripted("_", below), scripted("^", above)].concat()
            }
            "left" => {
                let open = self.delimiter(style);
                let inside = self.row(End::Right, &mut style.clone());
                let closed = self.stream.take(&Lexeme::Command("right".into()));
                let close = if closed { self.delimiter(style) } else { Vec::new() };
                [open, inside, close].concat()
            }
            "right" => self.delimiter(style),
            "mathop" => {
                let base = self.argument(style);
                if is_operator(&base) || !self.stream.take(&Lexeme::Command("limits".into())) {
                    return base;
                }
                self.limits(base, style)
            }
            "substack" => {
                self.stream.take(&Lexeme::Open);
                let rows = self.rows(style);
                self.stream.take(&Lexeme::Close);
                lines(rows)
            }
            "begin" => self.environment(style),
            "end" => {
                self.stream.raw();
                Vec::new()
            }
            "pmod" | "pod" => {
                let word: Vec<Token> = if name == "pmod" { self.command("mod", style) } else { Vec::new() };
                let inside = [word, self.argument(style)].concat();
                between("(", ")", inside)
            }
            "mathchoice" => {
                let display = self.argument(style);
                (0..3).for_each(|_| drop(self.stream.raw()));
                display
            }
            "multicolumn" => {
                (0..2).for_each(|_| drop(self.stream.raw()));
                self.argument(style)
            }
            "intertext" | "shortintertext" => self.argument(&Style::text()),
            "varliminf" | "varlimsup" | "varinjlim" | "varprojlim" => {
                let (mark, word) = match name {
                    "varliminf" => ("\\underline", "lim"),
                    "varlimsup" => ("\\overline", "lim"),
                    "varinjlim" => ("\\underrightarrow", "lim"),
                    _ => ("\\underleftarrow", "lim"),
                };
                [vec![symbol(mark)], braced(self.command(word, style))].concat()
            }
            "(" | ")" if style.text => {
                if name == ")" {
                    Vec::new()
                } else {
                    self.text_formula()
                }
            }
            // Package braket's; sizes of delimiters are none here.
            "bra" | "Bra" => between("\\langle", "|", self.argument(style)),
            "ket" | "Ket" => between("|", "\\rangle", self.argument(style)),
            "braket" | "Braket" => between("\\langle", "\\rangle", self.argument(style)),
            "set" | "Set" => between("{", "}", self.argument(style)),
            "\\" | "cr" | "newline" => vec![Token::Structure("\\\\")],
            "bgroup" => self.group(End::Brace, *style),
            "egroup" | "begingroup" | "endgroup" => Vec::new(),
            "iint" | "iiint" | "iiiint" => vec![symbol("\\int"); name.matches('i').count()],
            "idotsint" => vec![symbol("\\int"), symbol("\\cdots"), symbol("\\int")],
            "dots" => vec![symbol(if self.is_raised() { "\\cdots" } else { "\\ldots" })],
            "rule" => {
                self.stream.raw_option();
                (0..2).for_each(|_| drop(self.stream.raw()));
                vec![symbol("\\rule")]
            }
            "degree" => scripted("^", vec![symbol("\\circ")]),
            "prime" => vec![symbol("\\prime")],
            "sp" | "sb" => {
                let mark = if name == "sp" { '^' } else { '_' };
                self.stream.back(Lexeme::Character(mark));
                self.scripts(style)
            }
            _ => plain(name, style),
        }
    }

    fn accented(&mut self, mark: char, style: &Style) -> Vec<Token> {
        let base = self.argument(style);
        let Some(Token::Symbol(first)) = base.first() else { return base };
        let (face, letter) = first
            .split_once('{')
            .map_or(("", first.as_str()), |(face, rest)| (face, rest.trim_end_matches('}')));
        let letter = letter.replace('ı', "i").replace('ȷ', "j");
        let composed: String = format!("{letter}{mark}").nfc().collect();
        let whole = if face.is_empty() { composed } else { format!("{face}{{{composed}}}") };
        [vec![symbol(&whole)], base[1..].to_vec()].concat()
    }

    /// `\(…\)` in text, after its beginning.
    fn text_formula(&mut self) -> Vec<Token> {
        let mut row = Vec::new();
        while !self.stream.take(&Lexeme::Command(")".into())) && self.stream.peek().is_some() {
            row.extend(self.item(&Style::default()));
        }
        row
    }

    /// The next delimiter; a null one is nothing.
    fn delimiter(&mut self, style: &Style) -> Vec<Token> {
        match self.stream.next() {
            Some(Lexeme::Character('.')) => Vec::new(),
            Some(Lexeme::Character('<')) => vec![symbol("\\langle")],
            Some(Lexeme::Character('>')) => vec![symbol("\\rangle")],
            Some(Lexeme::Character(c)) => vec![symbol(&c.to_string())],
            Some(Lexeme::Command(name)) => self.command(&name, &Style { face: "", ..*style }),
            Some(other) => {
                self.stream.back(other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn general_fraction(&mut self, style: &Style) -> Vec<Token> {
        let (open, close) = (self.argument(style), self.argument(style));
        let thickness = lexemes::text(&self.stream.raw());
        self.stream.raw();
        let (above, below) = (self.argument(style), self.argument(style));
        let is_nothing =
            thickness.starts_with('0') && !thickness.contains(|c: char| c.is_ascii_digit() && c != '0');
        let inside = if is_nothing { stacked(above, below) } else { fraction(above, below) };
        [open, inside, close].concat()
    }

    /// What stands over a relation; limits set by hand are limits.
    fn set_over(&mut self, name: &str, style: &Style) -> Vec<Token> {
        let mark = self.argument(style);
        let base = self.argument(style);
        let is_below = name == "underset";
        if is_operator(&base) {
            return [base, scripted(if is_below { "_" } else { "^" }, mark)].concat();
        }
        let place = Token::Structure(if is_below { "\\underset" } else { "\\overset" });
        [vec![place], braced(mark), braced(base)].concat()
    }

    /// What stands over and under something that is no operator by itself.
    fn limits(&mut self, base: Vec<Token>, style: &Style) -> Vec<Token> {
        let mut whole = base;
        while let Some(Lexeme::Character(mark @ ('_' | '^'))) = self.stream.peek() {
            self.stream.next();
            let place = Token::Structure(if mark == '_' { "\\underset" } else { "\\overset" });
            whole = [vec![place], braced(self.argument(style)), braced(whole)].concat();
        }
        whole
    }

    /// Whether the dots before what is next stand at the height of signs.
    fn is_raised(&mut self) -> bool {
        let Some(next) = self.stream.peek() else { return false };
        match next {
            Lexeme::Character(c) => names::is_operation(&c.to_string()),
            Lexeme::Command(name) => names::is_operation(&format!("\\{}", names::canonical(&name))),
            _ => false,
        }
    }

    fn environment(&mut self, style: &Style) -> Vec<Token> {
        let name = lexemes::text(&self.stream.raw());
        let stem = name.trim_end_matches('*');
        self.stream.raw_option();
        if matches!(stem, "array" | "alignat" | "alignedat" | "xalignat" | "subarray" | "tabular" | "darray")
        {
            self.stream.raw();
        }
        if matches!(stem, "equation" | "displaymath" | "math") {
            let mut inside = Vec::new();
            for (n, row) in self.rows(style).into_iter().enumerate() {
                inside.extend((n > 0).then_some(Token::Structure("\\\\")));
                inside.extend(row.concat());
            }
            return inside;
        }
        let style = if stem == "tabular" { Style::text() } else { *style };
        let rows = self.rows(&style);
        let (open, close) = delimiters(stem);
        let inside = if is_of_lines(stem) { lines(rows) } else { array(rows) };
        between(open, close, inside)
    }

    /// The cells of an environment up to its end, which is read if it is an `\end`.
    fn rows(&mut self, style: &Style) -> Vec<Vec<Vec<Token>>> {
        let mut rows = vec![Vec::new()];
        loop {
            let cell = self.row(End::Cell, &mut style.clone());
            rows.last_mut().expect("one at the start").push(cell);
            match self.stream.peek() {
                Some(Lexeme::Character('&')) => drop(self.stream.next()),
                Some(Lexeme::Command(name)) if name == "\\" || name == "cr" => {
                    self.stream.next();
                    self.stream.take(&Lexeme::Character('*'));
                    self.stream.raw_option();
                    rows.push(Vec::new());
                }
                Some(Lexeme::Command(name)) if name == "end" => {
                    self.stream.next();
                    self.stream.raw();
                    break;
                }
                _ => break,
            }
        }
        while rows.len() > 1 && rows.last().is_some_and(|row| row.iter().all(Vec::is_empty)) {
            rows.pop();
        }
        for row in &mut rows {
            while row.len() > 1 && row.last().is_some_and(Vec::is_empty) {
                row.pop();
            }
        }
        rows
    }
}

fn ends(next: &Lexeme, end: End) -> bool {
    match next {
        Lexeme::Close => true,
        Lexeme::Command(name) => match name.as_str() {
            "egroup" => end == End::Brace,
            "right" => end == End::Right,
            "\\" | "cr" | "end" => end == End::Cell,
            _ => false,
        },
        Lexeme::Character('&') => end == End::Cell,
        Lexeme::Character(']') => end == End::Bracket,
        Lexeme::Character('$') => end == End::Dollar,
        _ => false,
    }
}

fn symbol(text: &str) -> Token {
    Token::Symbol(text.to_string())
}

/// A command that is a symbol, or that nobody knows.
fn plain(name: &str, style: &Style) -> Vec<Token> {
    if let Some(characters) = names::characters(name) {
        return characters.chars().map(|c| faced(&c.to_string(), style)).collect();
    }
    let name = names::canonical(name);
    let is_capital = matches!(
        name,
        "Gamma" | "Delta" | "Theta" | "Lambda" | "Xi" | "Pi" | "Sigma" | "Upsilon" | "Phi" | "Psi" | "Omega"
    );
    match style.face {
        _ if name == "$" => vec![symbol("$")],
        _ if style.bold => vec![symbol(&format!("\\mathbf{{\\{name}}}"))],
        "\\mathbf" if is_capital => vec![symbol(&format!("\\mathbf{{\\{name}}}"))],
        "\\mathit" if is_capital => vec![symbol(&format!("\\var{name}"))],
        _ => vec![symbol(&format!("\\{name}"))],
    }
}

/// A character in its font.
fn faced(text: &str, style: &Style) -> Token {
    let is = |test: fn(char) -> bool| text.chars().all(test);
    let face = match style.face {
        "\\mathit" => "",
        "\\mathrm" if !is(char::is_alphabetic) => "",
        face if is(char::is_alphabetic) => face,
        face if is(|c| c.is_ascii_digit()) => face,
        "\\mathtt" | "\\mathsf" if style.text => style.face,
        _ => "",
    };
    match (face, style.bold) {
        ("", false) => symbol(text),
        ("" | "\\mathbf" | "\\mathrm", true) => symbol(&format!("\\mathbf{{{text}}}")),
        (face, false) => symbol(&format!("{face}{{{text}}}")),
        (face, true) => symbol(&format!("\\mathbf{{{face}{{{text}}}}}")),
    }
}

/// The style inside a font command's argument.
fn lettering(name: &str, style: Style) -> Option<Style> {
    let face = |face| Some(Style { face, ..style });
    let text = |face| Some(Style { face, text: true, bold: false });
    match name {
        "mathrm" | "operatorname" | "mathup" | "operatornamewithlimits" | "symup" | "symrm" => {
            face("\\mathrm")
        }
        "mathbf" | "symbf" | "mathbfit" => face("\\mathbf"),
        "mathit" | "symit" => face("\\mathit"),
        "mathnormal" => face(""),
        "mathcal" | "symcal" => face("\\mathcal"),
        "mathscr" | "symscr" => face("\\mathscr"),
        "mathbb" | "mathds" | "symbb" | "Bbb" => face("\\mathbb"),
        "mathfrak" | "frak" | "symfrak" => face("\\mathfrak"),
        "mathsf" | "symsf" => face("\\mathsf"),
        "mathtt" | "symtt" => face("\\mathtt"),
        "boldsymbol" | "bm" | "pmb" | "mathbfsymbol" => Some(Style { bold: true, ..style }),
        "text" | "mbox" | "hbox" | "textrm" | "textnormal" | "textup" | "mathchar" => text("\\mathrm"),
        "textbf" => text("\\mathbf"),
        "textit" | "emph" | "textsl" => text("\\mathit"),
        "textsf" => text("\\mathsf"),
        "texttt" => text("\\mathtt"),
        _ => None,
    }
}

/// The style after a switch of fonts.
fn switched(name: &str, style: Style) -> Option<Style> {
    let face = match name {
        "rm" | "rmfamily" | "upshape" | "normalfont" => "\\mathrm",
        "bf" | "bfseries" => "\\mathbf",
        "it" | "sl" | "em" | "itshape" => "\\mathit",
        "mit" => "",
        "cal" => "\\mathcal",
        "sf" | "sffamily" => "\\mathsf",
        "tt" | "ttfamily" => "\\mathtt",
        _ => return None,
    };
    Some(Style { face, ..style })
}

type Infix = fn(Vec<Token>, Vec<Token>) -> Vec<Token>;

fn infix(name: &str) -> Option<Infix> {
    Some(match name {
        "over" | "above" => fraction,
        "atop" => stacked,
        "choose" => |above, below| between("(", ")", stacked(above, below)),
        "brack" => |above, below| between("[", "]", stacked(above, below)),
        "brace" => |above, below| between("\\{", "\\}", stacked(above, below)),
        _ => return None,
    })
}

/// A big operator, or a word: what is set above or below it is a limit.
fn is_operator(tokens: &[Token]) -> bool {
    match tokens {
        [Token::Symbol(text)] => {
            text.strip_prefix('\\').is_some_and(|name| names::is_operator(name) || name == "int")
        }
        word => !word.is_empty() && word.iter().all(|token| token.text().starts_with("\\mathrm")),
    }
}

/// An argument, in braces unless it is one token.
fn braced(tokens: Vec<Token>) -> Vec<Token> {
    if tokens.len() == 1 {
        return tokens;
    }
    [vec![Token::Structure("{")], tokens, vec![Token::Structure("}")]].concat()
}

fn scripted(mark: &'static str, tokens: Vec<Token>) -> Vec<Token> {
    if tokens.is_empty() {
        return tokens;
    }
    [vec![Token::Structure(mark)], braced(tokens)].concat()
}

fn fraction(above: Vec<Token>, below: Vec<Token>) -> Vec<Token> {
    [vec![Token::Structure("\\frac")], braced(above), braced(below)].concat()
}

fn stacked(above: Vec<Token>, below: Vec<Token>) -> Vec<Token> {
    lines(vec![vec![above], vec![below]])
}

fn radical(degree: Option<Vec<Token>>, inside: Vec<Token>) -> Vec<Token> {
    let degree = degree.filter(|degree| !degree.is_empty());
    let degree = degree.map(|degree| [vec![Token::Structure("\\root")], braced(degree)].concat());
    [degree.unwrap_or_default(), vec![symbol("\\sqrt")], braced(inside)].concat()
}

fn between(open: &str, close: &str, inside: Vec<Token>) -> Vec<Token> {
    let part = |text: &str| (!text.is_empty()).then(|| symbol(text)).into_iter();
    part(open).chain(inside).chain(part(close)).collect()
}

fn delimiters(environment: &str) -> (&'static str, &'static str) {
    match environment {
        "pmatrix" | "psmallmatrix" => ("(", ")"),
        "bmatrix" | "bsmallmatrix" => ("[", "]"),
        "Bmatrix" | "Bsmallmatrix" => ("\\{", "\\}"),
        "vmatrix" | "vsmallmatrix" => ("|", "|"),
        "Vmatrix" | "Vsmallmatrix" => ("\\|", "\\|"),
        "cases" | "dcases" => ("\\{", ""),
        "rcases" | "drcases" => ("", "\\}"),
        _ => ("", ""),
    }
}

fn is_of_lines(environment: &str) -> bool {
    matches!(
        environment,
        "align"
            | "aligned"
            | "alignat"
            | "alignedat"
            | "xalignat"
            | "flalign"
            | "split"
            | "eqnarray"
            | "gather"
            | "gathered"
            | "multline"
            | "multlined"
            | "subarray"
            | "lgathered"
            | "rgathered"
    )
}

fn lines(rows: Vec<Vec<Vec<Token>>>) -> Vec<Token> {
    let rows: Vec<Vec<Token>> = rows.into_iter().map(|row| row.concat()).collect();
    if rows.len() == 1 {
        return rows.concat();
    }
    enclosed("\\begin{lines}", rows.join(&Token::Structure("\\\\")), "\\end{lines}")
}

fn array(rows: Vec<Vec<Vec<Token>>>) -> Vec<Token> {
    if rows.iter().all(|row| row.len() == 1) || parts_at_relations(&rows) {
        return lines(rows);
    }
    let rows: Vec<Vec<Token>> = rows.into_iter().map(|row| row.join(&Token::Structure("&"))).collect();
    enclosed("\\begin{array}", rows.join(&Token::Structure("\\\\")), "\\end{array}")
}

fn enclosed(begin: &'static str, inside: Vec<Token>, end: &'static str) -> Vec<Token> {
    [vec![Token::Structure(begin)], inside, vec![Token::Structure(end)]].concat()
}

/// Whether an array is lines aligned at their relations.
fn parts_at_relations(rows: &[Vec<Vec<Token>>]) -> bool {
    let relation = |token: &Token| matches!(token, Token::Symbol(text) if names::is_relation(text));
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let second = || rows.iter().filter_map(|row| row.get(1)).filter(|cell| !cell.is_empty());
    let is_so = |cell: &Vec<Token>| relation(&cell[0]) && (widest == 2 || cell.len() == 1);
    matches!(widest, 2 | 3) && second().next().is_some() && second().all(is_so)
}

/// Symbols that are written in pieces.
fn merged(tokens: Vec<Token>) -> Vec<Token> {
    let mut result: Vec<Token> = Vec::new();
    for token in tokens {
        result.push(token);
        let end: Vec<&str> = result.iter().rev().take(3).map(Token::text).collect();
        let (pieces, whole) = match end.as_slice() {
            [".", ".", "."] => (3, "\\ldots"),
            ["\\cdot", "\\cdot", "\\cdot"] => (3, "\\cdots"),
            ["=", "\\not", ..] => (2, "\\neq"),
            ["\\in", "\\not", ..] => (2, "\\notin"),
            [relation, "\\not", ..] => match names::negated(relation) {
                Some(name) => (2, name),
                None => continue,
            },
            _ => continue,
        };
        result.truncate(result.len() - pieces);
        result.push(symbol(whole));
    }
    result
}

/// Mathematical alphabets and the like: the letter and its font.
fn styled_character(character: char) -> Option<(char, &'static str)> {
    let face = match character {
        'ℝ' | 'ℂ' | 'ℕ' | 'ℤ' | 'ℚ' | 'ℙ' | 'ℍ' => "\\mathbb",
        'ℒ' | 'ℋ' | 'ℬ' | 'ℰ' | 'ℱ' | 'ℐ' | 'ℳ' | 'ℛ' => "\\mathcal",
        'ℨ' | 'ℭ' | 'ℌ' => "\\mathfrak",
        '\u{1d400}'..='\u{1d433}' | '\u{1d468}'..='\u{1d49b}' | '\u{1d7ce}'..='\u{1d7d7}' => "\\mathbf",
        '\u{1d434}'..='\u{1d467}' | 'ℎ' => "",
        '\u{1d49c}'..='\u{1d4cf}' => "\\mathcal",
        '\u{1d504}'..='\u{1d537}' => "\\mathfrak",
        '\u{1d538}'..='\u{1d56b}' | '\u{1d7d8}'..='\u{1d7e1}' => "\\mathbb",
        '\u{1d5a0}'..='\u{1d66f}' | '\u{1d7e2}'..='\u{1d7f5}' => "\\mathsf",
        '\u{1d670}'..='\u{1d6a3}' | '\u{1d7f6}'..='\u{1d7ff}' => "\\mathtt",
        _ => return None,
    };
    Some((character.nfkc().next()?, face))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) {
        assert_eq!(text(&normalised(a)), text(&normalised(b)), "{a} | {b}");
    }

    fn differ(a: &str, b: &str) {
        assert_ne!(normalised(a), normalised(b), "{a} | {b}");
    }

    #[test]
    fn what_prints_nothing_goes() {
        same("a\\,b\\label{x} % rest\n\\quad c~d\\nonumber\\tag{3}", "abcd");
        same("a\\hspace*{1em}b\\kern-1.5pt c\\phantom{xyz}d\\mskip3mu{e}", "abcde");
        same("\\displaystyle\\sum\\limits_{i}x_{}", "\\sum_i x");
        same("\\textcolor{red}{a}\\color{blue}b\\mathop{c}\\smash[b]{d}", "abcd");
    }

    #[test]
    fn delimiters_stay_without_their_size() {
        same("\\left( \\frac12 \\right.", "(\\frac12");
        same("\\bigl\\{ a \\Big| b \\biggr\\rbrace", "\\{a\\mid b\\}");
        same("\\left< a \\middle\\Vert b\\right>", "\\langle a \\| b \\rangle");
    }

    #[test]
    fn fractions_have_one_spelling() {
        for other in ["{a\\over b}", "\\tfrac ab", "\\dfrac{a}{b}", "\\cfrac[l]ab", "{{a}\\above1pt{b}}"] {
            same("\\frac{a}{b}", other);
        }
        same("\\left(1+x\\over y\\right)", "(\\frac{1+x}{y})");
        same("n \\choose k", "\\left(\\begin{array}{c}n\\\\k\\end{array}\\right)");
        same("\\genfrac(]{0pt}{}{a}{b}", "\\left( a\\atop b\\right]");
        differ("\\frac{a}{b}", "\\frac{b}{a}");
        differ("{a \\atop b}", "\\frac ab");
    }

    #[test]
    fn scripts_have_one_order_and_primes_are_exponents() {
        same("x^2_i", "x_{i}^{2}");
        same("f''", "f^{\\prime\\prime}");
        same("f'^2_a", "f_a^{\\prime 2}");
        same("\\int\\nolimits_0\\limits^1", "\\int_0^1");
        same("x²", "x^2");
        same("e^\\frac12", "e^{\\frac{1}{2}}");
        differ("x_{ij}", "x_i j");
        differ("x^2", "x_2");
    }

    #[test]
    fn letters_bear_their_fonts() {
        same("{\\cal AB}C", "\\mathcal{A}\\mathcal{B}C");
        same("{\\bf x}y", "\\boldsymbol{x}y");
        same("{\\rm Tr}\\,A", "\\operatorname{Tr}A");
        same("\\mathbf{R}", "𝐑");
        same("ℝ𝑥𝟙", "\\mathbb{R}x\\mathbb 1");
        same("\\bf x+1", "\\mathbf{x}+\\mathbf{1}");
        differ("\\mathrm{x}", "x");
        differ("\\mathbf{\\alpha}", "\\boldsymbol{\\alpha}");
        differ("\\mathcal{A}", "\\mathscr{A}");
    }

    #[test]
    fn upright_words_are_one() {
        for other in ["\\mathrm{sin}", "\\text{sin}", "{\\rm s i n}", "\\operatorname{sin}", "\\mbox{ sin }"]
        {
            same("\\sin", other);
        }
        same(
            "x \\text{ if $y>0$ or \\'a}",
            "x\\mathrm{if}y>0\\text{oraccent}".replace("accent", "á").as_str(),
        );
        same("a\\bmod b \\pmod n", "a\\,{\\rm mod}\\,b\\ (\\mathrm{mod}\\, n)");
    }

    #[test]
    fn synonyms_are_one() {
        same("a\\le b\\ne c\\to d ≥ α", "a\\leq b\\not=c\\rightarrow d\\geq\\alpha");
        same("a\\not<b\\not\\leq c", "a\\nless b\\nleq c");
        same("\\bra\\phi\\ket{x}", "\\langle\\phi||x\\rangle");
        same("\\begingroup x\\endgroup y", "xy");
        same("a,\\dots,b", "a,...,b");
        same("a+\\dots+b", "a+\\cdots+b");
        same("\\|x\\|", "\\Vert x\\rVert");
        same("\\iint f", "\\int\\!\\!\\int f");
        same("\\underset{n}{\\lim}", "\\lim_n");
        same("a\\mathrel{\\mathop{=}\\limits^?}b", "a\\stackrel{?}{=}b");
        same("\\mathop{\\sum}\\limits_i", "\\sum_i");
        same("90°", "90^\\circ");
        differ("\\bar x", "\\overline{x}");
        differ("\\ldots", "\\cdots");
    }

    #[test]
    fn lines_are_lines_however_they_are_aligned() {
        let lines = "\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}";
        for other in [
            "\\begin{eqnarray*} a &=& b \\nonumber\\\\[2pt] c &=& d \\end{eqnarray*}",
            "\\begin{array}{rcl} a &=& b \\\\ c &=& d \\\\ \\end{array}",
            "\\begin{gathered} a = b \\\\ c = d \\end{gathered}",
            "\\begin{array}{ll} a &= b \\cr c &= d \\end{array}",
        ] {
            same(lines, other);
        }
        same("\\begin{align}x\\end{align}", "x");
        same("\\sum_{\\substack{a\\\\b}}", "\\sum_{a\\atop b}");
    }

    #[test]
    fn matrices_are_arrays_between_delimiters() {
        same(
            "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
            "\\left(\\begin{array}{c|c}1&2\\\\\\hline 3&4\\end{array}\\right)",
        );
        same(
            "\\begin{cases}1&a\\\\2&b\\end{cases}",
            "\\left\\{\\begin{array}{ll}1&a\\\\2&b\\end{array}\\right.",
        );
        differ("\\begin{matrix}1&2\\\\3&4\\end{matrix}", "\\begin{matrix}1\\\\2\\\\3\\\\4\\end{matrix}");
    }

    #[test]
    fn macros_are_expanded() {
        same("\\newcommand{\\f}[2][n]{#2_{#1}}\\f{x}+\\f[k]{y}", "x_n+y_k");
        same("\\def\\R{\\mathbb R}\\let\\S\\R x\\in\\S", "x\\in\\mathbb{R}");
        same("\\DeclareMathOperator{\\tr}{tr}\\tr A", "\\mathrm{tr}A");
        assert!(normalised("\\def\\a{\\a\\a}\\a").len() < 20_000);
    }

    #[test]
    fn symbols_leave_structure_out() {
        let tokens = normalised("\\frac{\\hat a}{\\sqrt[3]{b}}_2^{c}");
        assert_eq!(symbols(&tokens), ["\\hat", "a", "3", "\\sqrt", "b", "2", "c"]);
    }

    #[test]
    fn distance_is_in_tokens_of_the_longer() {
        let (a, b) = (normalised("a+b"), normalised("a-bc"));
        assert_eq!(distance(&a, &b), 0.5);
        assert_eq!(distance(&a, &a), 0.0);
        assert_eq!(distance(&a, &[]), 1.0);
        assert_eq!(distance(&[], &[]), 0.0);
    }

    #[test]
    fn words_and_numbers_are_prose() {
        for prose in ["12", "\\text{as is}", "(3.5)", "\\mathrm{kg}"] {
            assert!(is_prose(&normalised(prose)), "{prose}");
        }
        for formula in ["x", "10^{-3}", "a_1", "1+1", "\\alpha"] {
            assert!(!is_prose(&normalised(formula)), "{formula}");
        }
    }

    #[test]
    fn what_is_not_balanced_is_read_to_its_end() {
        for broken in [
            "a}b",
            "\\left(a",
            "\\frac{a",
            "\\begin{array}{c}a",
            "x^",
            "\\right)",
            "a&b\\\\c",
            "\\end{array}",
        ] {
            normalised(broken);
        }
        same("a}b", "ab");
    }
}
