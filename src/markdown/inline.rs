//! A text and its marks to inline markup. Marks may overlap in any way; the
//! markup nests: what would cross is closed and opened again. Links, code and
//! notes are kept in one piece before all others.

mod delimiters;
mod link;

use std::{cmp::Reverse, collections::HashMap};

use super::escape::escaped;
use crate::content::{Formula, Mark, MarkKind, Target};
use delimiters::Token;
pub(super) use link::destination;

/// Markup, outermost first where two lie over the same text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Markup<'a> {
    Note(usize),
    Link(&'a str),
    Bold,
    Italic,
    Superscript,
    Subscript,
    Code,
    /// Its LaTeX.
    Formula(&'a str),
}

/// What marks refer to, by id.
pub(super) struct Known<'a> {
    pub notes: &'a HashMap<&'a str, usize>,
    pub formulas: &'a HashMap<&'a str, &'a Formula>,
}

/// Bytes of the text, and what stands around them.
#[derive(Clone, Copy)]
struct Piece<'a> {
    start: usize,
    end: usize,
    markup: Markup<'a>,
}

/// The text with its markup.
pub(super) fn inline(text: &str, marks: &[Mark], known: &Known) -> String {
    let pieces = pieces(text, marks, known);
    let open = vec![false; pieces.len()];
    let mut writer = Writer { text, pieces, open, tokens: Vec::new() };
    writer.within(0, text.len());
    delimiters::written(writer.tokens).trim().to_owned()
}

fn pieces<'a>(text: &str, marks: &'a [Mark], known: &'a Known) -> Vec<Piece<'a>> {
    let mut single: Vec<Piece> = marks.iter().filter_map(|mark| piece(text, mark, known)).collect();
    single.sort_by_key(|p| (p.start, p.end));
    let mut pieces = joined(text, &single);
    pieces.retain(|p| !matches!(p.markup, Markup::Link(u) if link::is_shown(u, &text[p.start..p.end])));
    pieces
}

/// The mark as markup, without the white space at its ends.
fn piece<'a>(text: &str, mark: &'a Mark, known: &'a Known) -> Option<Piece<'a>> {
    let markup = match &mark.kind {
        MarkKind::Bold => Markup::Bold,
        MarkKind::Italic => Markup::Italic,
        MarkKind::Monospace => Markup::Code,
        MarkKind::Superscript => Markup::Superscript,
        MarkKind::Subscript => Markup::Subscript,
        MarkKind::Link(Target::Uri(address)) => Markup::Link(address),
        MarkKind::Link(Target::Page(_)) => return None,
        MarkKind::Note(id) => Markup::Note(*known.notes.get(id.as_str())?),
        MarkKind::Formula(id) => {
            let formula = known.formulas.get(id.as_str()).filter(|f| f.is_valid())?;
            Markup::Formula(formula.latex.as_deref()?)
        }
    };
    text.get(mark.start..mark.end)?;
    let (start, end) = trimmed(text, mark.start, mark.end);
    (start < end).then_some(Piece { start, end, markup })
}

/// Pieces of the same markup with nothing but white space between them are one.
fn joined<'a>(text: &str, single: &[Piece<'a>]) -> Vec<Piece<'a>> {
    let mut whole: Vec<Piece> = Vec::new();
    for piece in single {
        match whole.iter_mut().rev().find(|w| w.markup == piece.markup) {
            Some(_) if matches!(piece.markup, Markup::Formula(_)) => whole.push(*piece),
            Some(last) if piece.start <= last.end || text[last.end..piece.start].trim().is_empty() => {
                last.end = last.end.max(piece.end);
            }
            _ => whole.push(*piece),
        }
    }
    whole
}

fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let part = &text[start..end];
    let start = end - part.trim_start().len();
    (start, start + part.trim().len())
}

struct Writer<'a> {
    text: &'a str,
    pieces: Vec<Piece<'a>>,
    /// Which pieces are around what is being written.
    open: Vec<bool>,
    tokens: Vec<Token>,
}

impl Writer<'_> {
    fn within(&mut self, mut at: usize, to: usize) {
        while let Some((n, start, end)) = self.next(at, to) {
            let (inner_start, inner_end) = trimmed(self.text, start, end);
            self.plain(at, inner_start);
            self.wrapped(n, inner_start, inner_end);
            self.plain(inner_end, end);
            at = end;
        }
        self.plain(at, to);
    }

    /// The piece that comes first, and of several the outermost, with the part of it that can be written in one.
    fn next(&self, at: usize, to: usize) -> Option<(usize, usize, usize)> {
        let closed = self.pieces.iter().enumerate().filter(|&(n, _)| !self.open[n]);
        let ahead = closed.filter_map(|(n, piece)| {
            let (start, end) = (piece.start.max(at), piece.end.min(to));
            (start < end).then(|| (n, start, self.reach(piece.markup, start, end)))
        });
        let is_note = |n: usize| matches!(self.pieces[n].markup, Markup::Note(_));
        ahead.min_by_key(|&(n, start, end)| (start, !is_note(n), Reverse(end), self.pieces[n].markup))
    }

    /// How far markup from `start` goes before it has to be closed for something that is kept in one piece.
    fn reach(&self, markup: Markup, start: usize, end: usize) -> usize {
        let barrier = |other: &Piece| match other.markup {
            Markup::Note(_) => [Some(other.start), None],
            Markup::Link(_) if markup == Markup::Code => [Some(other.start), Some(other.end)],
            Markup::Link(_) | Markup::Code | Markup::Formula(_) if other.end > end => {
                [Some(other.start), None]
            }
            _ => [None, None],
        };
        let barriers = self.pieces.iter().flat_map(barrier).flatten();
        barriers.filter(|&at| start < at && at < end).min().unwrap_or(end)
    }

    fn wrapped(&mut self, n: usize, start: usize, end: usize) {
        match self.pieces[n].markup {
            _ if start == end => {}
            Markup::Note(number) => self.push(format!("[^{number}]")),
            Markup::Code => self.push(code(&self.text[start..end])),
            Markup::Formula(latex) => self.push(format!("${latex}$")),
            Markup::Link(address) => {
                let close = format!("]({})", destination(address));
                self.around(n, start, end, Token::text("["), Token::text(&close));
            }
            Markup::Superscript => {
                self.around(n, start, end, Token::text("<sup>"), Token::text("</sup>"));
            }
            Markup::Subscript => {
                self.around(n, start, end, Token::text("<sub>"), Token::text("</sub>"));
            }
            Markup::Bold => self.emphasis(n, start, end, "**"),
            Markup::Italic => self.emphasis(n, start, end, "*"),
        }
    }

    fn emphasis(&mut self, n: usize, start: usize, end: usize, sign: &'static str) {
        // Where in `tokens` it opens is the pair's name: no other opens there.
        let pair = self.tokens.len();
        self.around(n, start, end, Token::Open { pair, sign }, Token::Close { pair, sign });
    }

    fn around(&mut self, n: usize, start: usize, end: usize, open: Token, close: Token) {
        self.open[n] = true;
        self.tokens.push(open);
        self.within(start, end);
        self.tokens.push(close);
        self.open[n] = false;
    }

    fn plain(&mut self, start: usize, end: usize) {
        let in_link =
            self.pieces.iter().zip(&self.open).any(|(p, &open)| open && matches!(p.markup, Markup::Link(_)));
        let text = escaped(&self.text[start..end], in_link);
        // `[^1](` would be a link, and `[^1]:` at the start a footnote's text.
        let joins = text.starts_with('(') || (text.starts_with(':') && self.tokens.len() == 1);
        if joins && self.tokens.last().is_some_and(Token::ends_in_bracket) {
            self.push("\\".into());
        }
        self.push(text);
    }

    fn push(&mut self, text: String) {
        if !text.is_empty() {
            self.tokens.push(Token::Text(text));
        }
    }
}

/// Between more backticks than stand together in it.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks the parts of `text` that are given, each at its first place.
    fn written(text: &str, marks: &[(&str, MarkKind)]) -> String {
        let mark = |(part, kind): &(&str, MarkKind)| {
            let start = text.find(part).unwrap();
            Mark { start, end: start + part.len(), kind: kind.clone() }
        };
        let marks: Vec<Mark> = marks.iter().map(mark).collect();
        let notes = HashMap::from([("p1-b9", 1)]);
        let known = Formula { id: "p1-f1".into(), latex: Some("x_1^*".into()), ..Default::default() };
        let formulas = HashMap::from([("p1-f1", &known)]);
        inline(text, &marks, &Known { notes: &notes, formulas: &formulas })
    }

    fn uri(address: &str) -> MarkKind {
        MarkKind::Link(Target::Uri(address.into()))
    }

    fn note() -> MarkKind {
        MarkKind::Note("p1-b9".into())
    }

    use MarkKind::{Bold, Italic, Monospace, Subscript, Superscript};

    #[test]
    fn each_mark_has_its_markup() {
        let marks = [
            ("bold", Bold),
            ("slanted", Italic),
            ("2", Superscript),
            ("0", Subscript),
            ("code_x", Monospace),
        ];
        assert_eq!(
            written("bold slanted x2 a0 code_x", &marks),
            "**bold** *slanted* x<sup>2</sup> a<sub>0</sub> `code_x`"
        );
    }

    #[test]
    fn markup_nests_and_closes_what_would_cross() {
        assert_eq!(written("a b c", &[("a b c", Italic), ("b", Bold)]), "*a **b** c*");
        assert_eq!(written("a b c", &[("a b", Bold), ("b c", Italic)]), "**a *b*** *c*");
        assert_eq!(
            written("a b c", &[("a b", Bold), ("b c", uri("http://x.org"))]),
            "**a** [**b** c](http://x.org)"
        );
    }

    #[test]
    fn white_space_stays_outside_and_joins_runs() {
        assert_eq!(written("a bold word b", &[(" bold ", Bold), ("word ", Bold)]), "a **bold word** b");
    }

    #[test]
    fn code_is_left_as_it_is() {
        assert_eq!(written("a `*b*` c", &[("`*b*`", Monospace), ("*b*", Bold)]), "a `` `*b*` `` c");
    }

    #[test]
    fn a_link_in_code_is_a_link_of_code() {
        let marks = [("get a.org now", Monospace), ("a.org", uri("http://b.org"))];
        assert_eq!(written("get a.org now", &marks), "`get` [`a.org`](http://b.org) `now`");
        let marks = [("here now", Monospace), ("here", uri("http://b.org"))];
        assert_eq!(written("here now", &marks), "[`here`](http://b.org) `now`");
    }

    #[test]
    fn a_link_that_shows_its_address_is_plain() {
        assert_eq!(
            written("see doi.org/a b", &[("doi.org/a b", uri("https://doi.org/ab"))]),
            "see doi.org/a b"
        );
        assert_eq!(
            written("see me", &[("me", uri("https://a.org/x (1)"))]),
            "see [me](<https://a.org/x (1)>)"
        );
        assert_eq!(written("see page 3", &[("page 3", MarkKind::Link(Target::Page(3)))]), "see page 3");
    }

    #[test]
    fn brackets_in_a_link_are_text() {
        assert_eq!(written("[1] a", &[("[1]", uri("http://a.org"))]), "[\\[1\\]](http://a.org) a");
    }

    #[test]
    fn a_note_stands_alone() {
        let marks = [("word.1 On", Bold), ("1", Superscript), ("1", note())];
        assert_eq!(written("A word.1 On", &marks), "A **word.**[^1] **On**");
        assert_eq!(written("f1(x)", &[("1", note())]), "f[^1]\\(x)");
    }

    #[test]
    fn a_note_without_its_footnote_is_as_printed() {
        let marks = [("1", MarkKind::Note("p7-b1".into())), ("1", Superscript)];
        assert_eq!(written("word1", &marks), "word<sup>1</sup>");
    }

    #[test]
    fn marks_outside_the_text_are_left_out() {
        let marks = [Mark { start: 1, end: 9, kind: Bold }, Mark { start: 2, end: 1, kind: Bold }];
        let known = Known { notes: &HashMap::new(), formulas: &HashMap::new() };
        assert_eq!(inline("aéb", &marks, &known), "aéb");
    }

    #[test]
    fn a_formula_is_its_latex_and_one_that_is_not_known_its_text() {
        let formula = |id: &str| MarkKind::Formula(id.into());
        let marks = [("x1*", formula("p1-f1")), ("a_b", formula("p1-f9"))];
        assert_eq!(written("so x1* and a_b hold", &marks), "so $x_1^*$ and a_b hold");
    }
}
