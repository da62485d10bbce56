//! Characters to spans to lines. A span is a run of one font on one baseline;
//! a gap wider than a share of the font size is a space, a wide one ends the line.
//!
//! All gaps are measured along the text's own direction, so turned and slanted
//! text needs no case of its own.

mod initials;
mod letters;

pub(in crate::steps) use initials::{hangs_beside, starts_with_initial};

use super::formula::Found;
use crate::{
    content::{Char, Line, Page, Source, Span, Style, Tag, Word},
    geometry::{Point, Rect, Turn},
};

/// Of the font size. TeX sets no space characters, and its narrowest space between words is 0.22.
const SPACE_GAP: f32 = 0.19;
/// Of the font size, where the page has space characters of its own: then gaps are only letter-spacing.
const SPACE_GAP_BESIDE_SPACES: f32 = 0.33;
/// Of the font size, where pdfium, which knows the font's own space width, sees a space too.
const HINTED_GAP: f32 = 0.15;
/// Of the font size, where all characters are as wide as a space. Program listings spread the letters of each word
/// over a grid of wider columns, so that gaps differ, but a space is a column.
const FIXED_PITCH_GAP: f32 = 0.33;
/// Of the font size. Ideographs that are farther apart, and not spread as in a title, are two entries of a list or form.
const IDEOGRAPH_GAP: f32 = 0.7;
/// Points. Text whose middle lies farther outside the page is not displayed.
const BLEED: f32 = 1.0;
/// Share of space characters from which a page is taken to write its spaces.
const WRITES_SPACES: f32 = 0.05;
/// Of the font size. A wider gap is a column or a cell, not a word space in a justified line.
const LINE_GAP: f32 = 1.3;
/// Of the font size. Spans that do not follow each other in the file, and those of OCR, which come in no order, are
/// neighbours on a line up to this gap; a wider one can be the gutter between two columns.
const NEIGHBOUR_GAP: f32 = 0.5;
/// Of the font size. Kerning and accents step back this far and no farther.
const BACKSTEP: f32 = 0.6;
/// Of the font size. Characters whose baselines differ by less are on one.
const SAME_BASELINE: f32 = 0.12;
/// Of the larger font size. A sub- or superscript is shifted by less than this.
const SCRIPT_SHIFT: f32 = 0.6;
/// Of the font size. A wider gap in right-to-left text may hold a number, which comes elsewhere in the file.
const LEFTWARD_GAP: f32 = 0.5;
/// Of the font size. Ideographs whose middles are this far apart, give or take [`VERTICAL_SLACK`], follow each other
/// downwards.
const VERTICAL_PITCH: f32 = 1.0;
/// Of the font size. Lines of horizontal text are set farther apart.
const VERTICAL_SLACK: f32 = 0.1;
/// Bytes. No block of the usual allocators is smaller, and words need not be moved as they grow.
const USUAL_WORD: usize = 24;
/// Degrees. Text that differs by less runs in one direction.
const SAME_ANGLE: f32 = 2.0;

/// The page's characters as runs of one font on one baseline, in content-stream
/// order. Spaces are found again from gaps; ligatures are written out.
pub fn spans(page: &Page) -> Vec<Span> {
    let mut writer = Writer::new(page);
    writer.push(&page.chars);
    writer.finish()
}

/// As [`spans`], with each formula as one span at its place among them.
pub fn spans_with(page: &Page, formulas: &[Found]) -> Vec<Span> {
    if formulas.is_empty() {
        return spans(page);
    }
    let mut owner: Vec<Option<usize>> = vec![None; page.chars.len()];
    for (n, found) in formulas.iter().enumerate() {
        found.chars.iter().for_each(|&c| owner[c] = Some(n));
    }
    let mut writer = Writer::new(page);
    let mut done = vec![false; formulas.len()];
    let mut free: Vec<Char> = Vec::new();
    for (char, owner) in page.chars.iter().zip(owner) {
        match owner {
            None => free.push(*char),
            Some(n) if done[n] => {}
            Some(n) => {
                done[n] = true;
                writer.push(&std::mem::take(&mut free));
                writer.formula(&formulas[n], char);
            }
        }
    }
    writer.push(&free);
    writer.finish()
}

/// The spans so far.
struct Writer<'a> {
    page: &'a Page,
    runs: Vec<Run>,
    space_gap: f32,
    paper: Rect,
    space_before: bool,
    hinted: bool,
}

impl<'a> Writer<'a> {
    fn new(page: &'a Page) -> Self {
        let space_gap = if writes_spaces(page) { SPACE_GAP_BESIDE_SPACES } else { SPACE_GAP };
        let paper = page.rect().inflate(BLEED);
        Self { page, runs: Vec::new(), space_gap, paper, space_before: false, hinted: false }
    }

    fn finish(self) -> Vec<Span> {
        self.runs.into_iter().map(Run::finish).collect()
    }

    /// A formula that `first` is a character of.
    fn formula(&mut self, found: &Found, first: &Char) {
        let mut run = Run::start(self.page, first, self.space_before);
        run.font = u16::MAX;
        run.span = Span { glued: run.span.glued, tag: run.span.tag, ..found.span() };
        self.runs.push(run);
        (self.space_before, self.hinted) = (false, false);
    }

    fn push(&mut self, chars: &[Char]) {
        letters::spelled(chars).iter().for_each(|char| self.push_char(char));
    }

    fn push_char(&mut self, char: &Char) {
        if char.generated {
            self.hinted |= char.unicode == ' ';
            return;
        }
        if char.unicode.is_control() || !self.paper.contains(char.rect.center()) {
            return;
        }
        if char.unicode.is_whitespace() {
            self.space_before = true;
            return;
        }
        let step = match self.runs.last() {
            Some(run) if run.tag == tag(self.page, char) => run.step_to(char, self.gap_after(run)),
            _ => Step::New,
        };
        let spaced = self.space_before || matches!(step, Step::Space);
        match (step, self.runs.last_mut()) {
            (Step::Below, Some(run)) => {
                run.span.vertical = true;
                run.push(char, false);
            }
            (Step::Glue | Step::Space, Some(run)) => run.push(char, spaced),
            _ => self.runs.push(Run::start(self.page, char, self.space_before)),
        }
        (self.space_before, self.hinted) = (false, false);
    }

    /// Of the font size: the narrowest space that can follow a run.
    fn gap_after(&self, run: &Run) -> f32 {
        match (run.span.style.monospace, self.hinted) {
            (true, _) => FIXED_PITCH_GAP,
            (false, true) => HINTED_GAP.min(self.space_gap),
            (false, false) => self.space_gap,
        }
    }
}

fn writes_spaces(page: &Page) -> bool {
    let spaces = page.chars.iter().filter(|c| !c.generated && c.unicode == ' ').count();
    spaces as f32 > page.chars.len() as f32 * WRITES_SPACES
}

fn tag(page: &Page, char: &Char) -> Option<Tag> {
    page.tags.get(usize::from(char.tag?)).copied()
}

/// How the next character follows a run.
enum Step {
    Glue,
    /// The next of vertical writing.
    Below,
    Space,
    New,
}

/// A span being built.
struct Run {
    span: Span,
    /// A span belongs to one structure element.
    tag: Option<Tag>,
    font: u16,
    angle: f32,
    /// Which way its first letter or digit runs.
    direction: Option<Direction>,
    /// Along and across the text: where the pen stands after the last character.
    pen: Point,
    /// Where the last character began, along the text.
    last_start: f32,
    last_box: Rect,
}

impl Run {
    fn start(page: &Page, char: &Char, space_before: bool) -> Self {
        let along = Along::new(char.angle);
        let font = page.fonts.get(usize::from(char.font));
        let style = font.map_or_else(Style::default, |f| Style {
            bold: f.weight >= 600,
            italic: f.italic,
            monospace: f.fixed_pitch,
            sans: f.sans,
        });
        let span = Span {
            text: String::new(),
            rect: without_overhang(char).rect,
            words: Vec::new(),
            baseline: along.of(char.origin).y,
            size: char.size,
            style,
            turn: Turn::nearest(char.angle),
            vertical: false,
            glued: !space_before,
            tag: char.tag,
            formula: None,
            source: Source::TextLayer,
            confidence: 1.0,
        };
        let mut run = Self {
            span,
            tag: tag(page, char),
            font: char.font,
            angle: char.angle,
            direction: None,
            pen: Point::default(),
            last_start: 0.0,
            last_box: Rect::default(),
        };
        run.push(char, true);
        run
    }

    fn step_to(&self, char: &Char, space_gap: f32) -> Step {
        let size = self.span.size.max(0.1);
        let direction = Direction::of(char.unicode);
        let turns = direction.is_some() && self.direction.is_some() && direction != self.direction;
        let turned = (char.angle - self.angle).rem_euclid(360.0);
        if char.font != self.font
            || (char.size - self.span.size).abs() > 0.05 * size
            || turns
            || turned.min(360.0 - turned) > SAME_ANGLE
        {
            return Step::New;
        }
        if self.goes_down_to(char) {
            return Step::Below;
        }
        let along = Along::new(self.angle);
        let origin = along.of(char.origin);
        if self.span.vertical || (origin.y - self.pen.y).abs() > SAME_BASELINE * size {
            return Step::New;
        }
        // The letters of one ligature glyph all have the glyph's box.
        if self.last_box == char.rect {
            return Step::Glue;
        }
        let leftward = direction.or(self.direction) == Some(Direction::Left);
        let gap = if leftward { self.last_start - along.extent(&char.rect).1 } else { origin.x - self.pen.x }
            / size;
        let ideographs =
            is_ideograph(char.unicode) && self.span.text.chars().next_back().is_some_and(is_ideograph);
        match gap {
            g if !(-BACKSTEP..=LINE_GAP).contains(&g) => Step::New,
            g if leftward && g > LEFTWARD_GAP => Step::New,
            g if ideographs && g > IDEOGRAPH_GAP && !self.is_spread() => Step::Space,
            g if g > space_gap && !ideographs => Step::Space,
            _ => Step::Glue,
        }
    }

    /// Whether the last word is one ideograph or a row of ideographs that are set apart, as a title's are.
    fn is_spread(&self) -> bool {
        let Some(word) = self.span.words.last() else { return false };
        let (count, size) = (word.text.chars().count() as f32, self.span.size);
        let (from, to) = Along::new(self.angle).extent(&word.rect);
        count < 2.0 || (to - from) - count * size > 0.5 * IDEOGRAPH_GAP * (count - 1.0) * size
    }

    /// Whether an ideograph stands straight below the last of a run that goes down, or may begin to.
    fn goes_down_to(&self, char: &Char) -> bool {
        let (last, next) = (self.last_box.center(), char.rect.center());
        let off =
            |distance: f32, pitch: f32| (distance - pitch * char.size).abs() > VERTICAL_SLACK * char.size;
        let begins = self.span.text.chars().nth(1).is_none() && self.span.text.chars().all(is_ideograph);
        char.angle == 0.0
            && is_ideograph(char.unicode)
            && (self.span.vertical || begins)
            && !off(next.x - last.x, 0.0)
            && !off(next.y - last.y, VERTICAL_PITCH)
    }

    fn push(&mut self, char: &Char, new_word: bool) {
        if new_word && !self.span.text.is_empty() {
            self.span.text.push(' ');
        }
        let from = self.span.text.len();
        letters::push_written_out(&mut self.span.text, char.unicode);
        let added = &self.span.text[from..];
        let char = &without_overhang(char);
        self.direction = self.direction.or_else(|| Direction::of(char.unicode));
        match self.span.words.last_mut() {
            Some(word) if !new_word => {
                word.text.push_str(added);
                word.rect = word.rect.union(&char.rect);
            }
            _ => {
                let mut text = String::with_capacity(USUAL_WORD);
                text.push_str(added);
                self.span.words.push(Word { text, rect: char.rect, confidence: 1.0 });
            }
        }
        self.span.rect = self.span.rect.union(&char.rect);
        let along = Along::new(self.angle);
        let (start, end) = along.extent(&char.rect);
        self.pen = Point::new(end, along.of(char.origin).y);
        self.last_start = start;
        self.last_box = char.rect;
    }

    fn finish(self) -> Span {
        self.span
    }
}

/// Coordinates along (x) and across (y) text that runs at an angle.
struct Along {
    cos: f32,
    sin: f32,
}

impl Along {
    fn new(angle: f32) -> Self {
        // Nearly all text, character by character.
        let (sin, cos) = if angle == 0.0 { (0.0, 1.0) } else { angle.to_radians().sin_cos() };
        Self { cos, sin }
    }

    fn of(&self, p: Point) -> Point {
        Point::new(p.x * self.cos + p.y * self.sin, p.y * self.cos - p.x * self.sin)
    }

    /// Where a box begins and ends along the text.
    fn extent(&self, rect: &Rect) -> (f32, f32) {
        let xs = rect.corners().map(|p| self.of(p).x);
        (
            xs.iter().copied().fold(f32::INFINITY, f32::min),
            xs.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        )
    }
}

/// Han, kana and their punctuation: written without spaces.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x2FFF | 0x3000..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x323AF)
}

/// A right-to-left letter whose ink hangs over its advance, as that of a reh does, has its box widened to the ink, and
/// the space after it would look too narrow.
fn without_overhang(char: &Char) -> Char {
    let mut char = *char;
    if is_right_to_left(char.unicode) && char.angle == 0.0 && char.origin.x < char.rect.x1 {
        char.rect.x0 = char.rect.x0.max(char.origin.x);
    }
    char
}

/// Which way letters and digits run. Signs run with those around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Left,
    Right,
}

impl Direction {
    fn of(c: char) -> Option<Self> {
        match c {
            c if is_right_to_left(c) => Some(Direction::Left),
            c if c.is_alphanumeric() => Some(Direction::Right),
            _ => None,
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        text.chars().find_map(Direction::of)
    }
}

/// Hebrew, Arabic, Syriac, Thaana and their presentation forms. Their digits run rightwards.
pub(crate) fn is_right_to_left(c: char) -> bool {
    match u32::from(c) {
        0x0660..=0x0669 | 0x066B..=0x066C | 0x06F0..=0x06F9 => false,
        c => matches!(c, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC),
    }
}

/// Spans that stand on one line, joined: neighbours on a common baseline, or a
/// script beside it, with no wide gap between them. Lines come in the order of
/// their first spans.
pub fn lines(spans: &[Span]) -> Vec<Line> {
    joined(spans.to_vec())
}

/// As [`lines`], of spans that nobody needs any more.
pub(crate) fn joined(mut spans: Vec<Span>) -> Vec<Line> {
    let places: Vec<Place> = spans.iter().map(Place::of).collect();
    // By row, and side by side in memory: each is compared with all that share its height.
    let mut rows: Vec<(usize, Place)> = places.iter().copied().enumerate().collect();
    rows.sort_by(|(_, a), (_, b)| a.turn.cmp(&b.turn).then(a.y0.total_cmp(&b.y0)));
    let initials = initials::of(&spans, &places);
    let begins = |i: usize, j: usize| initials.get(&i).is_none_or(|&first| first == j);
    let mut groups = Groups::new(spans.len());
    initials.iter().for_each(|(&at, &first)| groups.join(at, first));
    for (n, (i, a)) in rows.iter().enumerate() {
        for (j, b) in rows[n + 1..].iter().take_while(|(_, b)| b.turn == a.turn && b.y0 <= a.y1) {
            let successive = i.abs_diff(*j) == 1 && spans[*i].source == Source::TextLayer;
            if begins(*i, *j) && begins(*j, *i) && on_one_line(a, b, successive) {
                groups.join(*i, *j);
            }
        }
    }
    let initial = |members: &[usize]| members.iter().copied().find(|at| initials.contains_key(at));
    let line_of = |members: Vec<usize>| line(&members, initial(&members), &mut spans, &places);
    groups.collect().into_iter().map(line_of).collect()
}

/// A span in the upright frame of its own text.
#[derive(Clone, Copy)]
struct Place {
    turn: Turn,
    x0: f32,
    x1: f32,
    y0: f32,
    y1: f32,
    baseline: f32,
    size: f32,
    vertical: bool,
}

impl Place {
    fn of(span: &Span) -> Self {
        let along = Along::new(f32::from(span.turn.degrees()));
        let corners = span.rect.corners().map(|p| along.of(p));
        let r = Rect::around(corners).unwrap_or_default();
        Self {
            turn: span.turn,
            x0: r.x0,
            x1: r.x1,
            y0: r.y0,
            y1: r.y1,
            baseline: span.baseline,
            size: span.size,
            vertical: span.vertical,
        }
    }
}

fn on_one_line(a: &Place, b: &Place, successive: bool) -> bool {
    let size = a.size.max(b.size);
    // First, as most pairs fail it.
    let level = (a.baseline - b.baseline).abs() < SCRIPT_SHIFT * size;
    if !level {
        return false;
    }
    let widest = if successive { LINE_GAP } else { NEIGHBOUR_GAP };
    let gap = a.x0.max(b.x0) - a.x1.min(b.x1);
    let common = a.y1.min(b.y1) - a.y0.max(b.y0);
    let lower = (a.y1 - a.y0).min(b.y1 - b.y0);
    let overlapping = gap < -0.5 * a.size.min(b.size);
    !(a.vertical || b.vertical)
        && common > 0.4 * lower
        // A drop cap must not bridge the gutter, so the smaller of the two decides.
        && gap <= widest * a.size.min(b.size)
        // Two full lines that run into each other are not one.
        && !(overlapping && (a.baseline - b.baseline).abs() > SAME_BASELINE * size)
}

/// Takes the members' spans, which no other line has. An initial among them does not make the line deeper.
fn line(members: &[usize], initial: Option<usize>, spans: &mut [Span], places: &[Place]) -> Line {
    let mut order = members.to_vec();
    order.sort_by(|&a, &b| places[a].x0.total_cmp(&places[b].x0));
    let letters = members.iter().flat_map(|&i| spans[i].text.chars()).filter(|c| c.is_alphabetic());
    let (rtl, all) = letters.fold((0, 0), |(r, n), c| (r + usize::from(is_right_to_left(c)), n + 1));
    let leftward = 2 * rtl > all;
    if rtl > 0 {
        order = in_reading_direction(&order, leftward, spans, places);
    }
    let glued: Vec<bool> =
        (0..order.len()).map(|n| n > 0 && is_glued(order[n], order[n - 1], spans, places)).collect();
    let take = |(&i, glued): (&usize, bool)| Span { glued, ..std::mem::take(&mut spans[i]) };
    let mut joined: Vec<Span> = order.iter().zip(glued).map(take).collect();
    if leftward {
        mend_brackets(&mut joined);
    }
    let mut rect = Rect::around_all(joined.iter().map(|s| &s.rect)).unwrap_or_default();
    if let Some(initial) = initial {
        let others = order.iter().zip(&joined).filter(|(i, _)| **i != initial);
        let text = Rect::around_all(others.map(|(_, s)| &s.rect)).unwrap_or(rect);
        rect = Rect::new(rect.x0, text.y0, rect.x1, text.y1);
    }
    Line { rect, spans: joined }
}

/// Spans that stand from left to right, as they are read in a line that runs leftwards or not: what runs the other way
/// is read the other way, as a whole.
fn in_reading_direction(order: &[usize], leftward: bool, spans: &[Span], places: &[Place]) -> Vec<usize> {
    let foreign = if leftward { Direction::Right } else { Direction::Left };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &i in order {
        match groups.last_mut() {
            Some(group) if reads_on(group, i, foreign, spans, places) => group.push(i),
            _ => groups.push(vec![i]),
        }
    }
    if leftward {
        groups.reverse();
    } else {
        groups.iter_mut().for_each(|group| group.reverse());
    }
    groups.concat()
}

/// Whether the span on the right goes on with a group that runs against the line.
fn reads_on(group: &[usize], i: usize, foreign: Direction, spans: &[Span], places: &[Place]) -> bool {
    let direction = |i: usize| Direction::of_text(&spans[i].text);
    let Some(&last) = group.last() else { return false };
    let glued = is_glued(i, last, spans, places);
    let runs = |i: usize| direction(i) == Some(foreign);
    let is_number = |i: usize| !spans[i].text.contains(char::is_alphabetic);
    match (runs(last), runs(i)) {
        // Two numbers with a space between are two foreign parts.
        (true, true) => glued || !(is_number(last) && is_number(i)),
        // -2 and 2/3, where the sign is of another font.
        (true, false) => glued && is_sign(&spans[i].text),
        (false, true) => glued && is_number(i) && is_sign(&spans[last].text),
        (false, false) => false,
    }
}

/// Whether it belongs to a number beside it, or joins two.
fn is_sign(text: &str) -> bool {
    text.chars().all(|c| "+-−–±%‰$€£#.,:/".contains(c))
}

/// Brackets are drawn as they look, and pdfium cannot always tell which of the two is meant in right-to-left text:
/// the one that stands before a word opens.
fn mend_brackets(spans: &mut [Span]) {
    for i in 0..spans.len() {
        let glued_after = spans.get(i + 1).is_some_and(|next| next.glued);
        let last = spans[i].words.len().saturating_sub(1);
        let mut changed = false;
        let glued_before = spans[i].glued;
        for (n, word) in spans[i].words.iter_mut().enumerate() {
            let begins = n > 0 || !glued_before;
            let ends = n < last || !glued_after;
            let alone = begins && ends && word.text.chars().count() == 1;
            if begins
                && !alone
                && let Some(rest) = word.text.strip_prefix(')')
            {
                word.text = format!("({rest}");
                changed = true;
            } else if ends
                && !alone
                && let Some(rest) = word.text.strip_suffix('(')
            {
                word.text = format!("{rest})");
                changed = true;
            }
        }
        if changed {
            let words: Vec<&str> = spans[i].words.iter().map(|w| w.text.as_str()).collect();
            spans[i].text = words.join(" ");
        }
    }
}

/// No space between a span and the one before it on the line.
fn is_glued(i: usize, before: usize, spans: &[Span], places: &[Place]) -> bool {
    let (a, b) = (&places[before], &places[i]);
    let gap = a.x0.max(b.x0) - a.x1.min(b.x1);
    let ideographs = spans[before].text.chars().next_back().is_some_and(is_ideograph)
        && spans[i].text.chars().next().is_some_and(is_ideograph);
    // A span that follows in the stream knows whether a space character stood between. OCR breaks lines only at spaces.
    let read = spans[i].source == Source::Ocr;
    let spaced = read || i == before + 1 && !spans[i].glued;
    let size = if initials::is_initial(&spans[before], &spans[i]) { b.size } else { a.size.max(b.size) };
    let fixed = spans[before].style.monospace && spans[i].style.monospace;
    let space_gap = if fixed { FIXED_PITCH_GAP } else { SPACE_GAP };
    if ideographs { gap < IDEOGRAPH_GAP * size } else { !spaced && gap < space_gap * size }
}

/// Disjoint sets of indices.
pub(in crate::steps) struct Groups(Vec<usize>);

impl Groups {
    pub(in crate::steps) fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    pub(in crate::steps) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// The sets, in the order of their smallest members.
    pub(in crate::steps) fn collect(mut self) -> Vec<Vec<usize>> {
        let mut sets: Vec<Vec<usize>> = vec![Vec::new(); self.0.len()];
        for i in 0..self.0.len() {
            let root = self.root(i);
            sets[root].push(i);
        }
        sets.retain(|set| !set.is_empty());
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::drawing::{Drawing, draw};

    fn texts(page: &Page) -> Vec<String> {
        lines(&spans(page)).iter().map(Line::text).collect()
    }

    #[test]
    fn right_to_left_text_is_in_logical_order() {
        let page = draw().leftward(300.0, 100.0, "של").leftward(285.0, 100.0, "ום").page();
        assert_eq!(texts(&page), ["של ום"]);
    }

    #[test]
    fn what_runs_rightwards_in_a_right_to_left_line_is_read_so() {
        let page = draw()
            .leftward(300.0, 100.0, "שלום")
            .text(247.0, 100.0, "two")
            .font(1)
            .text(265.0, 100.0, "two")
            .font(0)
            .leftward(244.0, 100.0, "וגם")
            .page();
        assert_eq!(texts(&page), ["שלום two two וגם"]);
    }

    #[test]
    fn a_number_in_a_right_to_left_line_has_its_spaces_and_signs() {
        let page = draw()
            .leftward(300.0, 100.0, "שלום")
            .text(257.0, 100.0, "2023")
            .leftward(257.0, 100.0, ",")
            .leftward(249.0, 100.0, "וגם")
            .page();
        assert_eq!(texts(&page), ["שלום 2023, וגם"]);
    }

    #[test]
    fn brackets_of_a_right_to_left_line_open_before_a_word() {
        let page = draw()
            .leftward(300.0, 100.0, "שלום")
            .leftward(277.0, 100.0, ")")
            .text(252.0, 100.0, "2023")
            .leftward(252.0, 100.0, "(")
            .leftward(244.0, 100.0, "וגם")
            .page();
        assert_eq!(texts(&page), ["שלום (2023) וגם"]);
    }

    #[test]
    fn a_gap_wider_than_a_space_is_a_space() {
        let page = draw().text(72.0, 100.0, "two").text(90.0, 100.0, "words").page();
        assert_eq!(texts(&page), ["two words"]);
    }

    #[test]
    fn columns_on_one_baseline_are_two_lines() {
        let page = draw().text(72.0, 100.0, "left").text(320.0, 100.0, "right").page();
        assert_eq!(texts(&page), ["left", "right"]);
    }

    #[test]
    fn a_gutter_of_one_em_divides_spans_that_do_not_follow_each_other() {
        let page = draw()
            .text(72.0, 100.0, "left")
            .text(72.0, 112.0, "left")
            .text(102.0, 100.0, "right")
            .text(102.0, 112.0, "right")
            .page();
        assert_eq!(texts(&page), ["left", "left", "right", "right"]);
    }

    #[test]
    fn text_outside_the_page_is_not_on_it() {
        assert!(texts(&draw().text(72.0, -50.0, "cut off").page()).is_empty());
    }

    #[test]
    fn ligatures_are_written_out() {
        assert_eq!(texts(&draw().text(72.0, 100.0, "e\u{FB03}cient \u{FB01}le").page()), ["efficient file"]);
    }

    #[test]
    fn letters_of_one_glyph_stay_in_their_word() {
        let mut page = draw().text(72.0, 100.0, "di").size(14.0).text(82.0, 100.0, "f").page();
        page.chars.iter_mut().for_each(|c| c.size = 10.0);
        let mut second = page.chars[2];
        second.unicode = 'F';
        page.chars.push(second);
        assert_eq!(texts(&page), ["difF"]);
    }

    #[test]
    fn a_superscript_stays_on_its_line() {
        let page = draw().text(72.0, 100.0, "x").size(7.0).text(77.5, 96.0, "2").page();
        assert_eq!(texts(&page), ["x2"]);
    }

    #[test]
    fn a_word_that_changes_font_half_way_is_one_word() {
        let page = draw().text(72.0, 100.0, "bo").font(1).text(82.0, 100.0, "ld").page();
        let lines = lines(&spans(&page));
        assert_eq!(lines[0].spans.len(), 2);
        assert_eq!(lines[0].words().iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["bold"]);
    }

    #[test]
    fn a_span_ends_with_its_structure_element() {
        let page = draw().tag(0).text(72.0, 100.0, "1.").tag(1).text(84.0, 100.0, "item").page();
        let lines = lines(&spans(&page));
        assert_eq!(lines[0].spans.iter().map(|s| s.tag).collect::<Vec<_>>(), [Some(0), Some(1)]);
        assert_eq!((lines[0].text().as_str(), lines[0].tag()), ("1. item", Some(1)));
    }

    #[test]
    fn text_that_runs_upwards_is_one_line() {
        let page = draw().turned(270.0).text(72.0, 300.0, "upward").page();
        let lines = lines(&spans(&page));
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].text().as_str(), lines[0].turn()), ("upward", Turn::Left));
    }

    #[test]
    fn ideographs_get_no_spaces() {
        let page = draw().text(72.0, 100.0, "漢字").text(86.0, 100.0, "仮名").page();
        assert_eq!(texts(&page), ["漢字仮名"]);
    }

    #[test]
    fn ideographs_far_apart_are_two_words_unless_all_are() {
        let page = draw().text(72.0, 100.0, "漢字").font(1).text(101.0, 100.0, "仮名").page();
        assert_eq!(texts(&page), ["漢字 仮名"]);
        let page = draw().text(72.0, 100.0, "漢字").text(101.0, 100.0, "仮名").page();
        assert_eq!(texts(&page), ["漢字 仮名"]);
        let page = draw().text(72.0, 100.0, "漢").text(91.0, 100.0, "字").text(110.0, 100.0, "名").page();
        assert_eq!(texts(&page), ["漢字名"]);
    }

    #[test]
    fn ideographs_below_each_other_are_one_vertical_line() {
        let column = |drawing: Drawing, x: f32, text: &str| {
            text.chars().enumerate().fold(drawing, |drawing, (n, c)| {
                drawing.text(x, 100.0 + 10.0 * n as f32, c.encode_utf8(&mut [0; 4]))
            })
        };
        let page = column(column(draw(), 100.0, "縦書き"), 86.0, "二行目").page();
        let lines = lines(&spans(&page));
        assert_eq!(lines.iter().map(Line::text).collect::<Vec<_>>(), ["縦書き", "二行目"]);
        assert!(lines.iter().all(|l| l.spans[0].vertical && l.turn() == Turn::None));
    }

    #[test]
    fn ideographs_of_two_lines_are_not_vertical() {
        let page = draw().text(72.0, 100.0, "一").text(72.0, 112.0, "二").page();
        assert_eq!(texts(&page), ["一", "二"]);
    }

    #[test]
    fn no_character_is_lost() {
        let page =
            draw().text(72.0, 100.0, "a b").size(6.0).text(80.0, 97.0, "c").text(400.0, 50.0, "d").page();
        let kept: usize = texts(&page).iter().flat_map(|t| t.chars()).filter(|c| !c.is_whitespace()).count();
        assert_eq!(kept, 4);
    }

    #[test]
    fn an_empty_page_has_no_lines() {
        assert!(texts(&Page::default()).is_empty());
    }
}
