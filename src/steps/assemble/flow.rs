//! A block's lines to its text and the marks on it: words broken at line ends
//! are mended by the words that the document itself contains, addresses are
//! put together, ideographs are not spaced.

use std::collections::HashMap;

use crate::{
    content::{Joint, Line, Link, Mark, MarkKind, Span},
    geometry::Rect,
    steps::text::is_ideograph,
};

/// Of the line's font size. Text smaller than this and off the baseline is a script.
const SCRIPT_SIZE: f32 = 0.86;
/// Of the line's font size. A superscript stands at least this high, a subscript half as low.
const RAISED: f32 = 0.14;
/// Letters. Shorter halves of a broken word are too often words by chance.
const TELLING_HALF: usize = 3;

/// How often each word stands in a document, apart from those at line ends that may be broken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary(HashMap<String, u32>);

impl Vocabulary {
    pub(crate) fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        let mut words = Self::default();
        let mut broken = false;
        for line in lines {
            let text = line.text().to_lowercase();
            let mut tokens: Vec<&str> = text.split_whitespace().collect();
            // The rest of a broken word is no word.
            if broken && !tokens.is_empty() {
                tokens.remove(0);
            }
            broken = text.ends_with(is_hyphen);
            if broken {
                tokens.pop();
            }
            tokens.into_iter().for_each(|token| words.add(token));
        }
        words
    }

    fn add(&mut self, token: &str) {
        let bare = token.trim_matches(|c: char| !c.is_alphanumeric());
        if !bare.contains(is_hyphen) {
            return self.add_one(bare);
        }
        let parts: Vec<&str> = bare.split(is_hyphen).collect();
        self.add_one(&parts.join("-"));
        if parts.len() > 2 {
            // A break shows only the words on either side of it.
            parts.windows(2).for_each(|pair| self.add_one(&pair.join("-")));
        }
    }

    /// Most words stand there already, and need no place of their own.
    fn add_one(&mut self, word: &str) {
        match self.0.get_mut(word) {
            Some(count) => *count += 1,
            None => drop(self.0.insert(word.to_owned(), 1)),
        }
    }

    fn count(&self, word: &str) -> u32 {
        self.0.get(word).copied().unwrap_or(0)
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{AD}')
}

/// Lines as running text, with what the page says of its looks and links.
pub(crate) fn flowing(lines: &[Line], links: &[Link], words: &Vocabulary) -> (String, Vec<Mark>) {
    let mut flow = Flow::new(lines, links);
    for line in lines {
        flow.push_line(line, words);
    }
    flow.finish()
}

/// What stands between two texts that are one.
pub(crate) fn joint(before: &str, after: &str, words: &Vocabulary) -> Joint {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return Joint::Space;
    };
    let token = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    if is_address(token) && address_goes_on(token, last, after) {
        return Joint::Nothing;
    }
    if is_hyphen(last) && before.chars().rev().nth(1).is_some_and(char::is_alphanumeric) {
        return at_hyphen(before, after, last, first, words);
    }
    if is_ideograph(last) && is_ideograph(first) { Joint::Nothing } else { Joint::Space }
}

fn is_address(token: &str) -> bool {
    let token = token.trim_start_matches(['(', '<', '[', '“', '"']);
    token.contains("://")
        || token.starts_with("www.")
        || token.starts_with("doi.org/")
        || matches!(token, "http:" | "https:" | "https:/" | "http:/")
        || (token.starts_with("10.") && token.contains('/'))
}

/// An address is broken after its own punctuation.
fn address_goes_on(token: &str, last: char, after: &str) -> bool {
    let first = after.chars().next().unwrap_or(' ');
    match last {
        '/' | '-' | '_' | '=' | '?' | '&' | '%' | '#' | '~' => {
            !token.ends_with("/)") && first.is_alphanumeric() || first == '/' || first == '~'
        }
        ':' => first == '/',
        '.' => {
            first.is_ascii_digit()
                || (first.is_ascii_lowercase()
                    && after.split(char::is_whitespace).next().is_some_and(|t| t.contains(['/', '.', '-'])))
        }
        _ => matches!(first, '/' | '_' | '?' | '#' | '&' | '='),
    }
}

fn at_hyphen(before: &str, after: &str, last: char, first: char, words: &Vocabulary) -> Joint {
    let left: String = before[..before.len() - last.len_utf8()]
        .chars()
        .rev()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let right: String = after.chars().take_while(|c| c.is_alphabetic() || matches!(c, '\'' | '’')).collect();
    if !first.is_alphabetic() || !left.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’')) {
        // `10-` before `year`, `COVID-` before `19`: the hyphen is the word's own; a dash before a space is none.
        return if first.is_alphanumeric() { Joint::Nothing } else { Joint::Space };
    }
    let (low_left, low_right) = (left.to_lowercase(), right.to_lowercase());
    let joined = words.count(&format!("{low_left}{low_right}"));
    let kept = words.count(&format!("{low_left}-{low_right}"));
    if last == '\u{AD}' || joined != kept {
        return if last == '\u{AD}' || joined > kept { Joint::Hyphen } else { Joint::Nothing };
    }
    let capitals = first.is_uppercase() && left.chars().all(char::is_uppercase) && left.chars().count() > 1;
    if first.is_uppercase() && !capitals {
        return Joint::Nothing;
    }
    let token = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    // An adverb before a participle: `dynamically-typed`.
    let adverb = low_left.ends_with("ly") && low_left.chars().count() >= 5;
    let compound = token.chars().filter(|&c| is_hyphen(c)).count() > 1;
    let telling = |half: &str| half.chars().count() >= TELLING_HALF && words.count(half) > 0;
    // Neither form stands elsewhere: two whole words were a compound.
    let words_both = telling(&low_left) && telling(&low_right);
    if joined == 0 && (adverb || words_both || compound && words.count(&low_right) > 0) {
        Joint::Nothing
    } else {
        Joint::Hyphen
    }
}

struct Flow<'a> {
    text: String,
    marks: Vec<Mark>,
    links: &'a [Link],
    /// What all of the block is, and so no mark.
    bold: bool,
    italic: bool,
    monospace: bool,
}

impl<'a> Flow<'a> {
    fn new(lines: &[Line], links: &'a [Link]) -> Self {
        let spans = || lines.iter().flat_map(|l| &l.spans);
        let all: usize = spans().map(|s| s.text.len()).sum();
        let mostly = |is: fn(&Span) -> bool| {
            10 * spans().filter(|s| is(s)).map(|s| s.text.len()).sum::<usize>() > 9 * all
        };
        Self {
            text: String::new(),
            marks: Vec::new(),
            links,
            bold: mostly(|s| s.style.bold),
            italic: mostly(|s| s.style.italic),
            monospace: mostly(|s| s.style.monospace),
        }
    }

    fn push_line(&mut self, line: &Line, words: &Vocabulary) {
        let next = line.text();
        if !self.text.is_empty() && !next.is_empty() {
            match joint(&self.text, &next, words) {
                Joint::Space => self.text.push(' '),
                Joint::Nothing => (),
                Joint::Hyphen => self.drop_last(),
            }
        }
        for (n, span) in line.spans.iter().enumerate() {
            if n > 0 && !span.glued {
                self.text.push(' ');
            }
            let start = self.text.len();
            self.text.push_str(&span.text);
            self.mark(line, span, start);
        }
    }

    fn drop_last(&mut self) {
        self.text.pop();
        let end = self.text.len();
        self.marks.iter_mut().for_each(|m| m.end = m.end.min(end));
        self.marks.retain(|m| m.start < m.end);
    }

    fn mark(&mut self, line: &Line, span: &Span, start: usize) {
        let end = self.text.len();
        if let Some(id) = &span.formula {
            self.marks.push(Mark { start, end, kind: MarkKind::Formula(id.clone()) });
            return self.mark_links(span, start);
        }
        if span.style.bold && !self.bold {
            self.add(start, end, MarkKind::Bold);
        }
        if span.style.italic && !self.italic {
            self.add(start, end, MarkKind::Italic);
        }
        if span.style.monospace && !self.monospace {
            self.add(start, end, MarkKind::Monospace);
        }
        if let Some(script) = script(line, span) {
            self.add(start, end, script);
        }
        self.mark_links(span, start);
    }

    /// Extends the mark before where only white space lies between the two.
    fn add(&mut self, start: usize, end: usize, kind: MarkKind) {
        let script = matches!(kind, MarkKind::Superscript | MarkKind::Subscript);
        let goes_on = |m: &&mut Mark| {
            m.kind == kind && if script { m.end == start } else { self.text[m.end..start].trim().is_empty() }
        };
        match self.marks.iter_mut().rev().filter(|m| m.end <= start).find(goes_on) {
            Some(before) => before.end = end,
            None => self.marks.push(Mark { start, end, kind }),
        }
    }

    fn mark_links(&mut self, span: &Span, start: usize) {
        if self.links.is_empty() {
            return;
        }
        let near: Vec<&Link> =
            self.links.iter().filter(|l| l.rect.inflate(1.0).intersection(&span.rect).is_some()).collect();
        let mut at = start;
        for word in &span.words {
            let end = at + word.text.len();
            if let Some(link) = near.iter().find(|l| l.rect.inflate(1.0).contains(word.rect.center()))
                && self.text.is_char_boundary(end.min(self.text.len()))
                && end <= self.text.len()
            {
                self.add(at, end, MarkKind::Link(link.target.clone()));
            }
            at = end + 1;
        }
    }

    fn finish(mut self) -> (String, Vec<Mark>) {
        self.marks.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
        (self.text, self.marks)
    }
}

/// Whether a span is set smaller than its line and off its baseline.
fn script(line: &Line, span: &Span) -> Option<MarkKind> {
    let base = line.spans.iter().max_by(|a, b| {
        (a.size * a.text.len().min(12) as f32).total_cmp(&(b.size * b.text.len().min(12) as f32))
    })?;
    let raised = base.baseline - span.baseline;
    match span.size <= SCRIPT_SIZE * base.size && base.turn == span.turn {
        true if raised > RAISED * base.size => Some(MarkKind::Superscript),
        true if raised < -0.5 * RAISED * base.size => Some(MarkKind::Subscript),
        _ => None,
    }
}

/// One text line for each printed row.
pub(crate) fn rows(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut row: Option<Rect> = None;
    for line in lines {
        let same = row.is_some_and(|r| r.shares_row(&line.rect) && line.rect.x0 >= r.x0);
        if !text.is_empty() {
            text.push(if same { ' ' } else { '\n' });
        }
        text.push_str(&line.text());
        row = Some(if same { row.map_or(line.rect, |r| r.union(&line.rect)) } else { line.rect });
    }
    text
}

/// One text line for each printed row, set in as on the page; white space between rows is a blank line.
pub(crate) fn code(lines: &[Line]) -> String {
    let left = lines.iter().map(|l| l.rect.x0).fold(f32::INFINITY, f32::min);
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in lines {
        let width = (line.rect.width() / line.text().chars().count().max(1) as f32).max(1.0);
        let columns = |points: f32| " ".repeat((points / width).round().clamp(0.0, 80.0) as usize);
        match before {
            Some(last) if last.rect.overlap_y(&line.rect) > 0.5 * line.rect.height() => {
                text.push_str(&columns((line.rect.x0 - last.rect.x1).max(width)));
            }
            Some(last) => {
                let blank = line.rect.y0 - last.rect.y1 > 0.9 * line.rect.height();
                text.push_str(if blank { "\n\n" } else { "\n" });
                text.push_str(&columns(line.rect.x0 - left));
            }
            None => text.push_str(&columns(line.rect.x0 - left)),
        }
        text.push_str(&line.text());
        before = Some(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::{Page, Target},
        steps::{drawing::draw, text},
    };

    fn lines_of(page: &Page) -> Vec<Line> {
        text::lines(&text::spans(page))
    }

    /// The text of rows one below the other, in a document that has these words besides.
    fn read(rows: &[&str], document: &str) -> String {
        let words = Vocabulary::of(&lines_of(&draw().text(72.0, 100.0, document).page()));
        let place = |n: usize| 100.0 + 12.0 * n as f32;
        let drawn = rows.iter().enumerate().fold(draw(), |page, (n, row)| page.text(72.0, place(n), row));
        flowing(&lines_of(&drawn.page()), &[], &words).0
    }

    fn marked(page: &Page, links: &[Link]) -> (String, Vec<Mark>) {
        flowing(&lines_of(page), links, &Vocabulary::default())
    }

    #[test]
    fn a_hyphen_is_undone_in_a_word_that_the_document_has_whole() {
        assert_eq!(read(&["the news-", "paper"], "news on paper in a newspaper"), "the newspaper");
    }

    #[test]
    fn a_hyphen_is_kept_in_a_word_that_the_document_has_with_it() {
        assert_eq!(read(&["a well-", "known man"], "it is well-known"), "a well-known man");
    }

    #[test]
    fn a_hyphen_is_kept_between_two_words_of_the_document() {
        assert_eq!(read(&["one case-", "study"], "a case for study"), "one case-study");
        assert_eq!(read(&["one case-", "study"], "a case for them"), "one casestudy");
    }

    #[test]
    fn a_broken_word_that_the_document_does_not_know_is_mended() {
        assert_eq!(read(&["this exam-", "ple is"], ""), "this example is");
    }

    #[test]
    fn a_name_of_two_keeps_its_hyphen_and_a_title_in_capitals_does_not() {
        assert_eq!(read(&["by Boersch-", "Supan"], ""), "by Boersch-Supan");
        assert_eq!(read(&["OUR CONCLU-", "SION"], ""), "OUR CONCLUSION");
    }

    #[test]
    fn numbers_keep_their_hyphens() {
        assert_eq!(read(&["a 10-", "year plan for COVID-", "19"], ""), "a 10-year plan for COVID-19");
    }

    #[test]
    fn an_address_that_is_broken_after_a_slash_is_put_together() {
        assert_eq!(read(&["at https://a.org/b/", "c.html now"], ""), "at https://a.org/b/c.html now");
        assert_eq!(read(&["either/", "or"], ""), "either/ or");
    }

    #[test]
    fn no_space_stands_between_ideographs() {
        assert_eq!(read(&["文字認識", "技術"], ""), "文字認識技術");
        assert_eq!(read(&["文字認識", "is OCR"], ""), "文字認識 is OCR");
    }

    #[test]
    fn scripts_are_marked() {
        let page = draw()
            .text(72.0, 100.0, "area m")
            .size(7.0)
            .text(102.0, 96.0, "2")
            .size(10.0)
            .text(110.0, 100.0, "of H")
            .size(7.0)
            .text(130.0, 102.0, "3")
            .page();
        let marks = [
            Mark { start: 6, end: 7, kind: MarkKind::Superscript },
            Mark { start: 12, end: 13, kind: MarkKind::Subscript },
        ];
        assert_eq!(marked(&page, &[]), ("area m2 of H3".into(), marks.to_vec()));
    }

    #[test]
    fn bold_words_are_marked_where_not_all_is_bold() {
        let page = draw().text(72.0, 100.0, "some").font(1).text(97.0, 100.0, "bold words").page();
        let bold = Mark { start: 5, end: 15, kind: MarkKind::Bold };
        assert_eq!(marked(&page, &[]), ("some bold words".into(), vec![bold]));
        let page = draw().font(1).text(72.0, 100.0, "all bold").page();
        assert_eq!(marked(&page, &[]), ("all bold".into(), vec![]));
    }

    #[test]
    fn words_under_a_link_are_marked() {
        let page = draw().text(72.0, 100.0, "look over here now").page();
        let target = Target::Uri("https://a.org".into());
        let link = Link { rect: Rect::new(97.0, 91.0, 142.0, 103.0), target: target.clone() };
        let mark = Mark { start: 5, end: 14, kind: MarkKind::Link(target) };
        assert_eq!(marked(&page, &[link]), ("look over here now".into(), vec![mark]));
    }
}
