//! The structure of a formula as LaTeX and as plain text.

use super::{
    glyphs::{Alphabet, Glyph, Sign},
    symbols::{Class, Symbol},
    tree::Node,
};

/// Words that TeX has as operators.
const OPERATORS: [&str; 34] = [
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp",
    "gcd", "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec",
    "sin", "sinh", "sup", "tan", "tanh", "injlim", "projlim",
];
/// Letters.
pub(super) const LONGEST_OPERATOR: usize = 7;
/// Of the font size: words of a text are set farther apart.
pub(super) const WORD_GAP: f32 = 0.2;

pub(super) fn is_operator_word(word: &str) -> bool {
    OPERATORS.contains(&word)
}

/// The LaTeX of a formula, without delimiters.
pub(super) fn latex(node: &Node) -> String {
    let mut out = Writer::default();
    out.node(node);
    out.text
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn command(&mut self, name: &str) {
        self.text.push('\\');
        self.text.push_str(name);
    }

    /// Keeps a letter apart from a command before it.
    fn part_from_command(&mut self) {
        let word = self.text.chars().rev().take_while(char::is_ascii_alphabetic).count();
        let before = self.text.len() - word;
        if word > 0 && self.text[..before].ends_with('\\') && !self.text[..before].ends_with("\\\\") {
            self.text.push(' ');
        }
    }

    fn symbol(&mut self, symbol: Symbol) {
        match symbol.name {
            "lbrace" => self.text.push_str("\\{"),
            "rbrace" => self.text.push_str("\\}"),
            "vert" => self.text.push('|'),
            "dprime" => self.text.push_str("\\prime\\prime"),
            "trprime" => self.text.push_str("\\prime\\prime\\prime"),
            "Vert" => self.text.push_str("\\|"),
            "%" | "&" | "#" | "_" | "$" => self.command(symbol.name),
            // TeX's own names are for text.
            "mathsection" | "mathparagraph" | "rectangle" => {
                self.wrapped(Some("text"), &symbol.unicode.to_string())
            }
            "radicalbottom" => self.command("surd"),
            "notni" => self.text.push_str("\\not\\ni"),
            "nequiv" => self.text.push_str("\\not\\equiv"),
            "nsubset" => self.text.push_str("\\not\\subset"),
            "nsupset" => self.text.push_str("\\not\\supset"),
            "napprox" => self.text.push_str("\\not\\approx"),
            "nsimeq" => self.text.push_str("\\not\\simeq"),
            // An accent without anything under it.
            name if symbol.class == Class::Accent => {
                self.command(name);
                self.text.push_str("{}");
            }
            name if name.is_ascii() && name.len() == 1 => self.text.push_str(name),
            name if name.is_ascii() => self.command(name),
            _ => self.text.push(symbol.unicode),
        }
    }

    fn named(&mut self, name: &str) {
        match Symbol::named(name) {
            Some(symbol) => self.symbol(symbol),
            None => self.command(name),
        }
    }

    fn group(&mut self, node: &Node) {
        self.text.push('{');
        self.node(node);
        self.text.push('}');
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Glyph(_) => self.row(std::slice::from_ref(node)),
            Node::Row(nodes) => self.row(nodes),
            Node::Scripts { base, sub, sup } => self.scripts(base.as_deref(), sub.as_deref(), sup.as_deref()),
            Node::Stacked { base, under, over } => self.stacked(base, under.as_deref(), over.as_deref()),
            Node::Fraction { above, below } => self.pair("frac", above, below),
            Node::Binomial { above, below } => self.pair("binom", above, below),
            Node::Root { degree, inside } => {
                self.command("sqrt");
                if let Some(degree) = degree {
                    self.text.push('[');
                    self.node(degree);
                    self.text.push(']');
                }
                self.group(inside);
            }
            Node::Marked { command, inside } => {
                self.command(command);
                self.group(inside);
            }
            Node::Named(name) => self.named(name),
            Node::Fenced { open, close, inside } => self.fenced(*open, *close, inside),
            Node::Grid(rows) => self.environment("matrix", rows),
            Node::Lines(lines) => self.lines(lines),
            Node::Space(ems) => self.text.push_str(if *ems > 1.6 { "\\qquad " } else { "\\quad " }),
        }
    }

    fn pair(&mut self, command: &str, first: &Node, second: &Node) {
        self.command(command);
        self.group(first);
        self.group(second);
    }

    fn stacked(&mut self, base: &Node, under: Option<&Node>, over: Option<&Node>) {
        let arrow = match base {
            Node::Glyph(glyph) => glyph.name(),
            Node::Named(name) => name,
            _ => "",
        };
        let arrow = match arrow {
            "rightarrow" | "longrightarrow" => "xrightarrow",
            "leftarrow" | "longleftarrow" => "xleftarrow",
            _ => "",
        };
        if !arrow.is_empty() {
            self.command(arrow);
            if let Some(under) = under {
                self.text.push('[');
                self.node(under);
                self.text.push(']');
            }
            return self.group(over.unwrap_or(&Node::Row(Vec::new())));
        }
        let commands = [(under, "underset"), (over, "overset")];
        let written: Vec<_> =
            commands.into_iter().filter_map(|(part, command)| Some((part?, command))).collect();
        for (part, command) in &written {
            self.command(command);
            self.group(part);
            self.text.push('{');
        }
        self.node(base);
        self.text.push_str(&"}".repeat(written.len()));
    }

    /// Lines of a script stay as small as it.
    fn script(&mut self, node: &Node) {
        let Node::Lines(lines) = node else { return self.group(node) };
        self.text.push_str("{\\substack{");
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                self.text.push_str(" \\\\ ");
            }
            let from = self.text.len();
            self.node(line);
            self.guard_line(from);
        }
        self.text.push_str("}}");
    }

    fn scripts(&mut self, base: Option<&Node>, sub: Option<&Node>, sup: Option<&Node>) {
        match base {
            None => self.text.push_str("{}"),
            Some(base) if is_simple(base) => self.node(base),
            Some(Node::Row(word)) if letters(word) == word.len() => self.row(word),
            Some(base) => self.group(base),
        }
        let primes = sup.map_or(0, primes);
        let rest = sup.and_then(|sup| without_primes(sup, primes));
        if rest.is_none() {
            self.text.push_str(&"'".repeat(primes));
        }
        if let Some(sub) = sub {
            self.text.push('_');
            self.script(sub);
        }
        // `x'^2` is a double superscript.
        if let Some(rest) = rest {
            self.text.push_str("^{");
            self.text.push_str(&"\\prime ".repeat(primes));
            match &rest {
                Node::Lines(_) => self.script(&rest),
                rest => self.node(rest),
            }
            self.text.push('}');
        }
    }

    fn fenced(&mut self, open: Option<&str>, close: Option<&str>, inside: &Node) {
        if let Node::Grid(rows) = inside {
            let name = match (open, close) {
                (Some("("), Some(")")) => Some("pmatrix"),
                (Some("["), Some("]")) => Some("bmatrix"),
                (Some("lbrace"), Some("rbrace")) => Some("Bmatrix"),
                (Some("vert"), Some("vert")) => Some("vmatrix"),
                (Some("Vert"), Some("Vert")) => Some("Vmatrix"),
                (Some("lbrace"), None) if rows.iter().all(|row| row.len() <= 2) => Some("cases"),
                _ => None,
            };
            if let Some(name) = name {
                return self.environment(name, rows);
            }
        }
        self.command("left");
        self.delimiter(open);
        self.node(inside);
        self.command("right");
        self.delimiter(close);
    }

    fn delimiter(&mut self, name: Option<&str>) {
        match name {
            None => self.text.push('.'),
            Some(name) => {
                self.named(name);
                if name.len() > 1 && !matches!(name, "lbrace" | "rbrace" | "vert" | "Vert") {
                    self.text.push(' ');
                }
            }
        }
    }

    fn environment(&mut self, name: &str, rows: &[Vec<Node>]) {
        self.text.push_str(&format!("\\begin{{{name}}}"));
        for (n, row) in rows.iter().enumerate() {
            if n > 0 {
                self.text.push_str(" \\\\ ");
            }
            for (m, cell) in row.iter().enumerate() {
                if m > 0 {
                    self.text.push_str(" & ");
                }
                let from = self.text.len();
                self.node(cell);
                self.guard_line(from);
            }
        }
        self.text.push_str(&format!("\\end{{{name}}}"));
    }

    /// Keeps a bracket at the beginning of a line from being taken for an argument of the line break.
    fn guard_line(&mut self, from: usize) {
        if self.text[from..].starts_with(['[', '*']) {
            self.text.insert_str(from, "{}");
        }
    }

    /// Lines that are set below each other, aligned at their first relation where each has one.
    fn lines(&mut self, lines: &[Node]) {
        self.text.push_str("\\begin{aligned}");
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                self.text.push_str(" \\\\ ");
            }
            let from = self.text.len();
            match split_at_relation(line) {
                Some((before, after)) => {
                    self.row(before);
                    self.text.push_str(" & ");
                    self.row(after);
                }
                None => self.node(line),
            }
            self.guard_line(from);
        }
        self.text.push_str("\\end{aligned}");
    }

    fn row(&mut self, nodes: &[Node]) {
        let mut n = 0;
        while n < nodes.len() {
            let run = letters(&nodes[n..]);
            if run > 0 {
                self.letters(&nodes[n..n + run], n > 0);
                n += run;
                continue;
            }
            match &nodes[n] {
                Node::Glyph(glyph) => self.glyph(glyph),
                node => {
                    if matches!(node, Node::Scripts { base: Some(base), .. } if matches!(**base, Node::Glyph(_)))
                    {
                        self.part_from_command();
                    }
                    self.node(node);
                }
            }
            n += 1;
        }
    }

    fn glyph(&mut self, glyph: &Glyph) {
        match glyph.sign {
            Sign::Letter(c) => {
                self.part_from_command();
                self.wrapped(wrapper(glyph.alphabet, c), &c.to_string());
            }
            Sign::Symbol(symbol) => {
                if symbol.name.len() == 1 && symbol.name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    self.part_from_command();
                }
                let bold = matches!(glyph.alphabet, Alphabet::Bold | Alphabet::BoldItalic);
                if bold && symbol.class == Class::Ordinary && symbol.name.len() > 1 {
                    self.command("boldsymbol");
                    self.text.push('{');
                    self.symbol(symbol);
                    self.text.push('}');
                } else {
                    self.sized(glyph, symbol);
                }
            }
        }
    }

    /// A delimiter without a partner that is taller than its line.
    fn sized(&mut self, glyph: &Glyph, symbol: Symbol) {
        let fence = matches!(symbol.class, Class::Open | Class::Close)
            || matches!(symbol.name, "vert" | "Vert" | "/" | "backslash");
        let high = glyph.ink.height() / glyph.size;
        if fence && glyph.on_axis && high > 1.05 {
            let size = match high {
                h if h < 1.5 => "big",
                h if h < 2.1 => "Big",
                h if h < 2.7 => "bigg",
                _ => "Bigg",
            };
            self.command(size);
        }
        self.symbol(symbol);
    }

    fn wrapped(&mut self, command: Option<&str>, text: &str) {
        // What formulas have no sign for is text.
        let foreign = text.chars().any(|c| !c.is_ascii_alphanumeric() && c != ' ');
        match command.map(|command| if foreign { "text" } else { command }).or(foreign.then_some("text")) {
            Some(command) => {
                self.command(command);
                self.text.push('{');
                text.chars().for_each(|c| self.character(c));
                self.text.push('}');
            }
            None => self.text.push_str(text),
        }
    }

    /// A character of text, written so that TeX prints it.
    fn character(&mut self, c: char) {
        match c {
            '\\' => self.text.push_str("\\backslash "),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => {
                self.text.push('\\');
                self.text.push(c);
            }
            '^' | '~' => {}
            c => self.text.push(c),
        }
    }

    /// Letters of one alphabet, and the words that they make.
    fn letters(&mut self, nodes: &[Node], follows: bool) {
        let glyphs: Vec<&Glyph> = nodes.iter().filter_map(as_letter).collect();
        let words = words(&glyphs);
        let alphabet = glyphs[0].alphabet;
        let command = wrapper(alphabet, 'a');
        let is_text = words.len() > 1 || follows && words[0].len() > 1 && !is_operator_word(&words[0]);
        if alphabet == Alphabet::Roman && words.iter().any(|w| is_operator_word(w)) {
            for word in &words {
                if is_operator_word(word) {
                    self.part_from_command();
                    self.command(word);
                    self.text.push(' ');
                } else {
                    self.wrapped(Some("mathrm"), word);
                }
            }
            return;
        }
        self.part_from_command();
        if alphabet == Alphabet::Roman && follows && words == ["mod"] {
            self.command("bmod");
        } else if alphabet == Alphabet::Roman && is_text && words.iter().any(|w| w.chars().count() > 1) {
            self.wrapped(Some("text"), &words.join(" "));
        } else {
            self.wrapped(command, &words.concat());
        }
    }
}

fn is_simple(node: &Node) -> bool {
    match node {
        Node::Glyph(_) | Node::Named(_) | Node::Fenced { .. } | Node::Marked { .. } | Node::Root { .. } => {
            true
        }
        Node::Row(nodes) => nodes.len() == 1,
        _ => false,
    }
}

/// How many primes a superscript begins with.
fn primes(sup: &Node) -> usize {
    match sup {
        Node::Glyph(glyph) => match glyph.name() {
            "prime" => 1,
            "dprime" => 2,
            "trprime" => 3,
            _ => 0,
        },
        Node::Row(nodes) => nodes.iter().map_while(primes_of_glyph).sum(),
        _ => 0,
    }
}

fn primes_of_glyph(node: &Node) -> Option<usize> {
    matches!(node, Node::Glyph(_)).then(|| primes(node)).filter(|&count| count > 0)
}

fn without_primes(sup: &Node, count: usize) -> Option<Node> {
    match sup {
        _ if count == 0 => Some(sup.clone()),
        Node::Row(nodes) => {
            let rest = &nodes[nodes.iter().map_while(primes_of_glyph).count()..];
            (!rest.is_empty()).then(|| Node::row(rest.to_vec()))
        }
        _ => None,
    }
}

fn as_letter(node: &Node) -> Option<&Glyph> {
    match node {
        Node::Glyph(glyph)
            if glyph.letter().is_some_and(|c| !c.is_ascii_digit() || glyph.alphabet != Alphabet::Roman) =>
        {
            Some(glyph)
        }
        _ => None,
    }
}

/// How many nodes from the first are letters of one alphabet that is written around them.
fn letters(nodes: &[Node]) -> usize {
    let Some(first) = nodes.first().and_then(as_letter) else { return 0 };
    if first.alphabet == Alphabet::Italic {
        return 0;
    }
    nodes.iter().take_while(|n| as_letter(n).is_some_and(|g| g.alphabet == first.alphabet)).count()
}

fn words(glyphs: &[&Glyph]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut reach = f32::NEG_INFINITY;
    for glyph in glyphs {
        let letter = glyph.letter().unwrap_or(' ');
        match words.last_mut() {
            Some(word) if glyph.pen.0 - reach < WORD_GAP * glyph.size => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        reach = glyph.pen.1;
    }
    words
}

/// The command that gives a letter its shape; `None` for that of variables and for digits.
fn wrapper(alphabet: Alphabet, c: char) -> Option<&'static str> {
    match alphabet {
        Alphabet::Italic => None,
        Alphabet::Roman if c.is_ascii_digit() => None,
        Alphabet::Roman => Some("mathrm"),
        Alphabet::Bold => Some("mathbf"),
        Alphabet::BoldItalic => Some("boldsymbol"),
        Alphabet::Sans => Some("mathsf"),
        Alphabet::Mono => Some("mathtt"),
        Alphabet::TextItalic => Some("mathit"),
        Alphabet::Calligraphic => Some("mathcal"),
        Alphabet::Script => Some("mathscr"),
        Alphabet::Fraktur => Some("mathfrak"),
        Alphabet::Double => Some("mathbb"),
    }
}

/// The nodes before the first relation of a line, and those from it on.
fn split_at_relation(line: &Node) -> Option<(&[Node], &[Node])> {
    let Node::Row(nodes) = line else { return None };
    let relation = |n: &Node| match n {
        Node::Glyph(glyph) => glyph.class() == Class::Relation && glyph.name() != "vert",
        Node::Named(name) => Symbol::named(name).is_some_and(|s| s.class == Class::Relation),
        _ => false,
    };
    nodes.iter().position(relation).map(|at| nodes.split_at(at))
}

/// The symbols as plain text, with spaces around relations.
pub(super) fn plain(node: &Node) -> String {
    let mut text = String::new();
    push_plain(node, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_plain(node: &Node, text: &mut String) {
    match node {
        Node::Glyph(glyph) => match glyph.sign {
            Sign::Letter(c) => text.push(c),
            Sign::Symbol(symbol) => push_symbol(symbol, text),
        },
        Node::Named(name) => {
            if let Some(symbol) = Symbol::named(name) {
                push_symbol(symbol, text);
            }
        }
        Node::Space(_) => text.push(' '),
        Node::Row(nodes) => {
            let mut n = 0;
            while n < nodes.len() {
                let run = letters(&nodes[n..]);
                if run > 1 {
                    let glyphs: Vec<&Glyph> = nodes[n..n + run].iter().filter_map(as_letter).collect();
                    text.push_str(&words(&glyphs).join(" "));
                    n += run;
                } else {
                    push_plain(&nodes[n], text);
                    n += 1;
                }
            }
        }
        Node::Lines(lines) => lines.iter().for_each(|line| {
            push_plain(line, text);
            text.push(' ');
        }),
        Node::Grid(rows) => rows.iter().flatten().for_each(|cell| {
            push_plain(cell, text);
            text.push(' ');
        }),
        Node::Scripts { base, sub, sup } => {
            [base, sub, sup].into_iter().flatten().for_each(|n| push_plain(n, text));
        }
        Node::Stacked { base, under, over } => {
            push_plain(base, text);
            [under, over].into_iter().flatten().for_each(|n| push_plain(n, text));
        }
        Node::Fraction { above, below } => {
            push_plain(above, text);
            text.push('/');
            push_plain(below, text);
        }
        Node::Binomial { above, below } => {
            push_plain(above, text);
            text.push(' ');
            push_plain(below, text);
        }
        Node::Root { degree, inside } => {
            degree.iter().for_each(|n| push_plain(n, text));
            text.push('√');
            push_plain(inside, text);
        }
        Node::Marked { inside, .. } => push_plain(inside, text),
        Node::Fenced { open, close, inside } => {
            let fence = |name: &Option<&'static str>, text: &mut String| {
                if let Some(symbol) = name.and_then(Symbol::named) {
                    text.push(symbol.unicode);
                }
            };
            fence(open, text);
            push_plain(inside, text);
            fence(close, text);
        }
    }
}

fn push_symbol(symbol: Symbol, text: &mut String) {
    match symbol.class {
        Class::Piece | Class::Accent => {}
        Class::Relation => {
            text.push(' ');
            text.push(symbol.unicode);
            text.push(' ');
        }
        _ => text.push(symbol.unicode),
    }
}
