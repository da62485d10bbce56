//! Glyphs to segments: what stands on one baseline without a wide gap, and whether
//! it is running text.

use super::{
    glyphs::{Glyph, Sign, Weight},
    inline::QUADS,
    parse::AXIS,
    symbols::Class,
    write::{LONGEST_OPERATOR, is_operator_word},
};
use crate::{
    geometry::{Rect, median},
    steps::text::is_ideograph,
};

/// Of the font size. Glyphs on one baseline differ by less.
const SAME_BASELINE: f32 = 0.08;
/// Of the font size: a wider gap parts columns and cells. A quad within a formula is 1.
const GAP: f32 = 1.4;
/// Of the font size: a space between words. TeX's thin space is 0.17.
pub(super) const WORD_GAP: f32 = 0.19;
/// Of the font size: how far over and under the baseline the parts of a line have their middles.
const BAND: (f32, f32) = (1.1, 0.6);
/// Of the font size: what is no wider gap beside a line is about it.
pub(super) const BESIDE: f32 = 1.5;
/// Of the font size: how far from the axis of their line bars of fractions are, and how wide they are at most.
const ON_AXIS: f32 = 0.2;
const WIDEST_BAR: f32 = 25.0;
/// Ideographs are words without spaces between: as many are text.
pub(super) const FEW_IDEOGRAPHS: usize = 4;
/// Letters. Slanted words of the text are longer than products of variables.
pub(super) const MOST_BORROWED: usize = 3;
/// Share of letters of words from which a segment is running text.
const PROSE: f32 = 0.5;
/// Of the font size. Lines of one paragraph begin below each other, and are set no farther apart.
const ALIGNED: f32 = 0.3;
const LEADING: f32 = 1.8;
/// Of the font size: the first line of a paragraph or item begins no farther left of the others.
const HANGING: f32 = 3.0;

/// Glyphs on one baseline.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Into the list of glyphs, by place.
    pub glyphs: Vec<usize>,
    pub rect: Rect,
    /// From and to where signs can stand about it.
    pub reach: (f32, f32),
    pub baseline: f32,
    /// Of most of its glyphs, points.
    pub size: f32,
    /// How many words of the text; names of functions are none.
    pub words: usize,
    pub prose: bool,
    /// Glyphs of names of functions.
    pub names: Vec<usize>,
}

impl Segment {
    /// Height that fractions and tall signs of the line stand about.
    pub fn axis(&self) -> f32 {
        self.baseline - AXIS * self.size
    }
}

/// All glyphs that stand on a baseline, from top to bottom.
pub(super) fn segments(glyphs: &[Glyph], bars: &[Rect]) -> Vec<Segment> {
    let mut order: Vec<usize> = (0..glyphs.len()).filter(|&n| !glyphs[n].on_axis).collect();
    order.sort_by(|&a, &b| glyphs[a].baseline.total_cmp(&glyphs[b].baseline));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for n in order {
        match rows.last_mut() {
            Some(row) if glyphs[n].baseline - glyphs[row[0]].baseline < SAME_BASELINE * glyphs[n].size => {
                row.push(n)
            }
            _ => rows.push(vec![n]),
        }
    }
    let mut sizes: Vec<f32> = glyphs.iter().map(|g| g.size).collect();
    let body = median(&mut sizes).unwrap_or_default();
    let signs = glyphs.iter().filter(|g| g.on_axis || g.size < 0.9 * body).map(|g| g.ink);
    let fillers = ByTop::new(signs.chain(bars.iter().copied()));
    let mut found: Vec<Segment> = rows.into_iter().flat_map(|row| parted(row, glyphs, &fillers)).collect();
    aligned(&mut found, glyphs);
    let bars = ByTop::new(bars.iter().copied());
    for segment in &mut found {
        segment.reach = reach(segment, &bars);
    }
    found
}

/// How far a line reaches: somewhat beyond its signs, and as far as fractions go that it begins or ends with.
fn reach(line: &Segment, bars: &ByTop) -> (f32, f32) {
    let (size, axis) = (line.size, line.axis());
    let band = Rect::new(line.rect.x0, axis - ON_AXIS * size, line.rect.x1, axis + ON_AXIS * size);
    let mut fractions: Vec<&Rect> =
        bars.beside(&band).filter(|bar| bar.width() < WIDEST_BAR * size).collect();
    let (mut from, mut to) = (line.rect.x0 - BESIDE * size, line.rect.x1 + BESIDE * size);
    fractions.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    for bar in fractions.iter().filter(|bar| bar.x0 > line.rect.x0) {
        to = if bar.x0 < to { to.max(bar.x1 + BESIDE * size) } else { to };
    }
    fractions.sort_by(|a, b| b.x1.total_cmp(&a.x1));
    for bar in fractions.iter().filter(|bar| bar.x1 < line.rect.x1) {
        from = if bar.x1 > from { from.min(bar.x0 - BESIDE * size) } else { from };
    }
    (from, to)
}

fn parted(mut row: Vec<usize>, glyphs: &[Glyph], fillers: &ByTop) -> Vec<Segment> {
    row.sort_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut reach = f32::NEG_INFINITY;
    for n in row {
        let glyph = &glyphs[n];
        match parts.last_mut() {
            Some(part)
                if glyph.pen.0 - reach < widest_gap(&glyphs[part[part.len() - 1]], glyph) * glyph.size =>
            {
                part.push(n)
            }
            Some(part) if is_filled(reach, glyph, fillers) => part.push(n),
            _ => parts.push(vec![n]),
        }
        reach = reach.max(glyph.pen.1);
    }
    parts.into_iter().map(|part| segment(part, glyphs)).collect()
}

/// Of the font size. A comma of a formula goes before quads, but not before the number of the formula.
fn widest_gap(before: &Glyph, glyph: &Glyph) -> f32 {
    let comma = before.class() == Class::Punctuation && before.weight == Weight::Weak && before.name() == ",";
    if comma && glyph.name() != "(" { QUADS } else { GAP }
}

/// Rectangles by their tops, so that those at a height are found without looking at all.
pub(super) struct ByTop {
    rects: Vec<Rect>,
    tallest: f32,
}

impl ByTop {
    pub fn new(rects: impl Iterator<Item = Rect>) -> Self {
        let mut rects: Vec<Rect> = rects.collect();
        rects.sort_by(|a, b| a.y0.total_cmp(&b.y0));
        let tallest = rects.iter().map(Rect::height).fold(0.0, f32::max);
        Self { rects, tallest }
    }

    /// Those that share a height with `rect`.
    pub fn beside(&self, rect: &Rect) -> impl Iterator<Item = &Rect> {
        let (top, bottom) = (rect.y0 - self.tallest, rect.y1);
        let from = self.rects.partition_point(|r| r.y0 < top);
        self.rects[from..].iter().take_while(move |r| r.y0 < bottom)
    }
}

/// Whether a gap before a glyph holds fractions, scripts or tall signs, which stand on no baseline of the row.
fn is_filled(from: f32, glyph: &Glyph, fillers: &ByTop) -> bool {
    let (size, to) = (glyph.size, glyph.pen.0);
    let (top, bottom) = (glyph.baseline - BAND.0 * size, glyph.baseline + BAND.1 * size);
    let fills = |r: &&Rect| {
        let y = r.center().y;
        r.x1 > from
            && r.x0 < to
            && y > top
            && y < bottom
            && r.x0 > from - 0.5 * size
            && r.x1 < to + 0.5 * size
    };
    let band = Rect::new(from, top, to.max(from), bottom);
    let mut filled: Vec<(f32, f32)> = fillers.beside(&band).filter(fills).map(|r| (r.x0, r.x1)).collect();
    filled.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reach = from;
    for (x0, x1) in filled {
        if x0 - reach > GAP * size {
            return false;
        }
        reach = reach.max(x1);
    }
    to - reach < GAP * size
}

fn segment(part: Vec<usize>, glyphs: &[Glyph]) -> Segment {
    let rect = Rect::around_all(part.iter().map(|&n| &glyphs[n].ink)).unwrap_or_default();
    let mut sizes: Vec<f32> = part.iter().map(|&n| glyphs[n].size).collect();
    let variables =
        |run: &[usize]| run.len() <= MOST_BORROWED && run.iter().all(|&n| glyphs[n].is_borrowed());
    let (mut names, mut words, mut letters) = (Vec::new(), 0, 0);
    for run in runs(&part, glyphs) {
        if is_name(run, glyphs) {
            names.extend(run);
        } else if run.len() > 1 && !variables(run) {
            words += 1;
            letters += run.len();
        }
    }
    let prose = letters as f32 > PROSE * part.len() as f32
        || ideographs(&part, glyphs) >= FEW_IDEOGRAPHS
        || opens_with_ideograph(&part, glyphs)
        || opens_item(&part, glyphs);
    Segment {
        names,
        reach: (rect.x0, rect.x1),
        rect,
        baseline: glyphs[part[0]].baseline,
        size: median(&mut sizes).unwrap_or_default(),
        words,
        prose,
        glyphs: part,
    }
}

/// Whether the first letter, behind the number of an item, is an ideograph.
pub(super) fn opens_with_ideograph(part: &[usize], glyphs: &[Glyph]) -> bool {
    let of_text = |&&n: &&usize| glyphs[n].weight <= Weight::Neutral;
    let mut letters = part.iter().take_while(of_text).filter_map(|&n| glyphs[n].letter());
    letters.find(|c| c.is_alphabetic()).is_some_and(is_ideograph)
}

/// Whether it begins with the bullet, number or letter of an item of a list, such as "2.", "C)" and "(iv)".
pub(super) fn opens_item(part: &[usize], glyphs: &[Glyph]) -> bool {
    let of_text = |n: usize| glyphs[n].weight <= Weight::Neutral;
    let names = |n: usize| of_text(n) && glyphs[n].letter().is_some_and(|c| c.is_ascii_alphanumeric());
    let opens = |n: usize| of_text(n) && glyphs[n].unicode() == '(';
    let in_brackets = part.first().is_some_and(|&n| opens(n));
    let marker = &part[usize::from(in_brackets)..];
    let length = marker.iter().take_while(|&&n| names(n)).take(5).count();
    let apart =
        |end: usize, next: usize, gap: f32| glyphs[next].pen.0 - glyphs[end].pen.1 > gap * glyphs[end].size;
    if let &[bullet, next, ..] = part
        && glyphs[bullet].unicode() == '•'
    {
        return apart(bullet, next, ITEM_GAP);
    }
    let counts = length == 1 || is_counter(&marker[..length], glyphs, in_brackets);
    let Some(&[end, next]) = marker.get(length..length + 2).filter(|_| length > 0 && counts) else {
        return false;
    };
    let closes = of_text(end)
        && match in_brackets {
            true => glyphs[end].unicode() == ')',
            false => matches!(glyphs[end].unicode(), '.' | ')' | '、' | '．'),
        };
    closes && apart(end, next, if in_brackets { ITEM_GAP } else { WORD_GAP })
}

/// Of the font size. TeX sets an item's mark off by .5, and the signs of a formula by less than .3.
const ITEM_GAP: f32 = 0.35;

/// Whether several signs are a number, or in brackets a Roman one.
fn is_counter(signs: &[usize], glyphs: &[Glyph], in_brackets: bool) -> bool {
    let digits = signs.len() < 3 && signs.iter().all(|&n| glyphs[n].unicode().is_ascii_digit());
    digits || in_brackets && signs.iter().all(|&n| "ivx".contains(glyphs[n].unicode()))
}

/// How many of its signs are ideographs.
pub(super) fn ideographs(part: &[usize], glyphs: &[Glyph]) -> usize {
    part.iter().filter(|&&n| glyphs[n].letter().is_some_and(is_ideograph)).count()
}

/// What a run of letters spells.
pub(super) fn spelled(run: &[usize], glyphs: &[Glyph]) -> String {
    run.iter().filter_map(|&n| glyphs[n].letter()).collect()
}

/// Whether a run of letters is a function's name.
pub(super) fn is_name(run: &[usize], glyphs: &[Glyph]) -> bool {
    run.len() <= LONGEST_OPERATOR && is_operator_word(&spelled(run, glyphs))
}

/// The words of a segment: letters of text without a gap between.
pub(super) fn runs<'a>(part: &'a [usize], glyphs: &'a [Glyph]) -> impl Iterator<Item = &'a [usize]> {
    let is_letter = |n: usize| {
        matches!(glyphs[n].sign, Sign::Letter(c) if !c.is_numeric()) && glyphs[n].weight <= Weight::Neutral
    };
    let runs =
        part.chunk_by(move |&a, &b| is_letter(a) && is_letter(b) && goes_on(glyphs[a].pen.1, &glyphs[b]));
    runs.filter(move |run| is_letter(run[0]))
}

/// Whether a letter goes on the word that ends before it. Some fonts have narrow spaces, which pdfium knows.
fn goes_on(end: f32, glyph: &Glyph) -> bool {
    let gap = (glyph.pen.0 - end) / glyph.size;
    gap < WORD_GAP && !(glyph.spaced && gap > 0.1)
}

/// Whether a line goes on a formula that the line of text above it breaks off at an operator. `above` are segments from
/// top to bottom.
fn goes_on_formula(line: &Segment, above: &[Segment], glyphs: &[Glyph]) -> bool {
    let breaks_off = |s: &Segment| {
        let last = s.glyphs.last().map(|&n| &glyphs[n]);
        last.is_some_and(|g| {
            matches!(g.class(), Class::Binary | Class::Relation) && g.weight > Weight::Neutral
        })
    };
    let right_above = |s: &&Segment| {
        let indent = (line.rect.x0 - s.rect.x0) / line.size;
        let leading = (line.baseline - s.baseline) / line.size;
        s.prose && (0.5..LEADING).contains(&leading) && (-ALIGNED..HANGING).contains(&indent)
    };
    above.iter().filter(right_above).any(|s| breaks_off(s) && s.rect.x1 > line.rect.x1)
}

/// Lines that go on a paragraph are running text, however full of formulas.
fn aligned(segments: &mut [Segment], glyphs: &[Glyph]) {
    for n in 0..segments.len() {
        if segments[n].prose || segments[n].size < 1.0 {
            continue;
        }
        if segments[n].words == 0 {
            segments[n].prose = goes_on_formula(&segments[n], &segments[n.saturating_sub(40)..n], glyphs);
            continue;
        }
        let line = &segments[n];
        let first_is_word =
            runs(&line.glyphs, glyphs).next().is_some_and(|w| w[0] == line.glyphs[0] && w.len() > 1);
        let beside = |other: &Segment| {
            other.prose
                && other.words > 1
                && (other.rect.x0 - line.rect.x0).abs() < ALIGNED * line.size
                && (other.baseline - line.baseline).abs() < LEADING * line.size
        };
        let from = segments[..n].iter().rev().take(40);
        let neighbours = from.chain(segments[n + 1..].iter().take(40)).any(beside);
        if neighbours || first_is_word && line.words > 2 {
            segments[n].prose = true;
        }
    }
}
