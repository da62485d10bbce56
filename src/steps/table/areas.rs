//! Where tables may be: frames and bands of rules, rows of aligned text, and
//! what the layout step took for a table.

mod captions;
mod open;

use super::{
    Sheet,
    ruling::{self, Ruling},
};
use crate::{
    content::{Label, Line, Region},
    geometry::Rect,
};

/// Points. Rules this near meet.
const MEETING: f32 = 3.0;
/// Points. Rules over and under one table begin and end alike.
const ALIKE: f32 = 6.0;
/// Points. A shorter rule is a fraction's, a tick's or a mark's.
const SHORTEST_RULE: f32 = 12.0;

/// Points. What is drawn smaller holds no two rows or columns.
const SMALLEST: (f32, f32) = (30.0, 10.0);
/// Share of the page. A larger box is its ground.
const GROUND: f32 = 0.5;
/// Areas apart. A page with more is a map or a drawing, and only what meets is looked at: comparing all with each other
/// would take time without bound.
const MOST_AREAS: usize = 500;

/// The lines that stand on one row with each line.
struct Rows<'a> {
    lines: &'a [Line],
    mates: Vec<Vec<usize>>,
}

impl<'a> Rows<'a> {
    fn of(lines: &'a [Line]) -> Self {
        // Side by side in memory, as each is compared with all.
        let rects: Vec<Rect> = lines.iter().map(|line| line.rect).collect();
        let mates = |(i, own): (usize, &Rect)| {
            let shares = |(j, rect): (usize, &Rect)| (j != i && rect.shares_row(own)).then_some(j);
            rects.iter().enumerate().filter_map(shares).collect()
        };
        Self { lines, mates: rects.iter().enumerate().map(mates).collect() }
    }

    /// Whether all text between two areas stands in rows of several pieces.
    fn lie_between(&self, a: &Rect, b: &Rect) -> bool {
        let (upper, lower) = if a.y0 <= b.y0 { (a, b) } else { (b, a) };
        if lower.y0 <= upper.y1 {
            return true;
        }
        let gap = Rect::new(upper.x0.min(lower.x0), upper.y1, upper.x1.max(lower.x1), lower.y0);
        let inside = |i: usize| gap.contains(self.lines[i].rect.center());
        let beside = |i: usize, j: usize| self.lines[i].rect.overlap_x(&self.lines[j].rect) <= 0.0;
        let in_row = |&i: &usize| self.mates[i].iter().any(|&j| beside(i, j) && inside(j));
        let between: Vec<usize> = (0..self.lines.len()).filter(|&i| inside(i)).collect();
        let rows = between.iter().filter(|i| in_row(i)).count();
        !between.is_empty() && 3 * rows >= 2 * between.len()
    }

    /// From and to, x: how far no text stands beside an area, but in it.
    fn clear_beside(&self, area: &Rect) -> (f32, f32) {
        let beside = || self.lines.iter().map(|l| l.rect).filter(|r| r.overlap_y(area) > 0.0);
        let (left, right) = (area.x0 - ALIKE, area.x1 + ALIKE);
        let from =
            beside().filter(|r| r.x0 < left).map(|r| r.x1.min(area.x0)).fold(f32::NEG_INFINITY, f32::max);
        let to = beside().filter(|r| r.x1 > right).map(|r| r.x0.max(area.x1)).fold(f32::INFINITY, f32::min);
        (from, to)
    }
}

/// Areas that rules draw: those that meet, and those of one width that stand over each other with rows between. Also
/// whether there were too many to look for the latter.
fn ruled(sheet: &Sheet, rows: &Rows) -> (Vec<Rect>, bool) {
    let long = |r: &&Rect| r.width().max(r.height()) >= SHORTEST_RULE;
    let cell = |b: &&Rect| b.area() < GROUND * sheet.page.area() && ruling::is_cell(b);
    let rules: Vec<Rect> =
        sheet.rules.iter().filter(long).chain(sheet.boxes.iter().filter(cell)).copied().collect();
    let mut areas = grouped(&rules, |a, b| a.inflate(MEETING).intersection(b).is_some());
    let too_many = areas.len() > MOST_AREAS;
    if !too_many {
        areas = joined(&areas, &rules, rows);
        let bare = |a: &Rect| !is_framed(&rules, a);
        areas = areas.iter().map(|a| if bare(a) { open::opened(a, &areas, rows) } else { *a }).collect();
    }
    areas.retain(|a| a.width() > SMALLEST.0 && a.height() > SMALLEST.1);
    (areas, too_many)
}

/// Areas of one width with rows between are one. Two that are drawn whole are two tables, and so is one between two
/// rules, or another of its own width.
fn joined(areas: &[Rect], rules: &[Rect], rows: &Rows) -> Vec<Rect> {
    let is_bare = |a: &Rect| !is_framed(rules, a);
    let whole: Vec<Rect> = areas.iter().filter(|a| !is_bare(a)).copied().collect();
    let others = bands(areas, rows);
    let between = |w: &Rect, a: &Rect, b: &Rect| w.y0 > a.y1.min(b.y1) && w.y1 < a.y0.max(b.y0);
    grouped(areas, |a, b| {
        is_one_width(a, b)
            && (is_bare(a) || is_bare(b))
            && !whole.iter().any(|w| between(w, a, b) && w.overlap_x(a) > 0.0)
            && !others.iter().any(|o| between(&o.rect, a, b) && o.parts(a))
            && rows.lie_between(a, b)
    })
}

fn is_one_width(a: &Rect, b: &Rect) -> bool {
    (a.x0 - b.x0).abs() < ALIKE && (a.x1 - b.x1).abs() < ALIKE
}

/// Two rules of one width that follow each other, with rows between.
struct Band {
    rect: Rect,
    /// How far no other text stands beside it.
    clear: (f32, f32),
}

impl Band {
    /// Whether it is a table by itself between two rules of another width, and no part of what stands between them.
    fn parts(&self, rule: &Rect) -> bool {
        let fills = self.clear.0 < rule.x0 + ALIKE && rule.x1 - ALIKE < self.clear.1;
        self.rect.overlap_x(rule) > 0.0 && !is_one_width(&self.rect, rule) && fills
    }
}

fn bands(areas: &[Rect], rows: &Rows) -> Vec<Band> {
    let follower = |a: &Rect| {
        let below = areas.iter().filter(|b| b.y0 > a.y1 && b.overlap_x(a) > 0.0);
        below.min_by(|b, c| b.y0.total_cmp(&c.y0))
    };
    let pair =
        |a: &Rect| Some(a.union(follower(a).filter(|b| is_one_width(a, b) && rows.lie_between(a, b))?));
    areas.iter().filter_map(pair).map(|rect| Band { rect, clear: rows.clear_beside(&rect) }).collect()
}

/// Whether upright lines are drawn in an area.
fn is_framed(rules: &[Rect], area: &Rect) -> bool {
    rules.iter().any(|r| r.height() > MEETING && area.contains(r.center()))
}

/// Boxes around groups of rectangles that `meet`, directly or through others.
fn grouped(rects: &[Rect], meet: impl Fn(&Rect, &Rect) -> bool) -> Vec<Rect> {
    let mut sorted: Vec<Rect> = rects.to_vec();
    sorted.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let mut groups: Vec<Rect> = Vec::new();
    for rect in sorted {
        let mut whole = rect;
        while let Some(i) = groups.iter().position(|g| meet(g, &whole)) {
            whole = whole.union(&groups.swap_remove(i));
        }
        groups.push(whole);
    }
    groups
}

/// Pieces of text. Fewer are no table.
const FEWEST_PIECES: usize = 6;
/// Characters on average. Pieces of text that are longer are prose.
const LONGEST_PIECE: f32 = 40.0;
/// Words. A longer line is prose.
const MOST_WORDS: usize = 9;
/// Times the line's height. Rows of one table stand no farther apart.
const ROW_GAP: f32 = 1.6;

/// Areas of short pieces that stand beside and under each other, without rules.
fn aligned(rows: &Rows) -> Vec<Rect> {
    let is_short = |line: &Line| line.text().split_whitespace().count() <= MOST_WORDS;
    let (short, prose): (Vec<usize>, Vec<usize>) =
        (0..rows.lines.len()).partition(|&i| is_short(&rows.lines[i]));
    let rects = |of: &[usize]| of.iter().map(|&i| rows.lines[i].rect).collect::<Vec<Rect>>();
    let prose = rects(&prose);
    let beside: Vec<usize> = short.iter().copied().filter(|&i| !rows.mates[i].is_empty()).collect();
    let height = |r: &Rect| r.height().clamp(6.0, 20.0);
    // A group reaches from one row to the next, and along its row as far as no prose stands between.
    let meet = |a: &Rect, b: &Rect| {
        let below = a.overlap_x(b) > 0.0 && -a.overlap_y(b) < ROW_GAP * height(b);
        let along = a.overlap_y(b) > 0.0 && is_clear_between(&prose, a, b);
        below || along
    };
    let mut areas = grouped(&rects(&beside), meet);
    areas.retain(|a| {
        let inside = short.iter().map(|&i| &rows.lines[i]).filter(|l| a.contains(l.rect.center()));
        let (count, sum) = inside.fold((0, 0), |(n, sum), line| (n + 1, sum + line.text().len()));
        count >= FEWEST_PIECES && (sum as f32) < LONGEST_PIECE * count as f32
    });
    areas
}

/// Whether no prose stands in the gap between two neighbours on a row.
fn is_clear_between(prose: &[Rect], a: &Rect, b: &Rect) -> bool {
    let (left, right) = if a.x0 <= b.x0 { (a, b) } else { (b, a) };
    let gap = Rect::new(left.x1, left.y0.max(right.y0), right.x0, left.y1.min(right.y1));
    right.x0 <= left.x1 || !prose.iter().any(|r| r.overlap_area(&gap) > 0.0)
}

/// Where a table may be, and what says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) rect: Rect,
    /// Drawn by rules or boxes.
    pub(super) ruled: bool,
    /// The layout step's score for a table here.
    pub(super) seen: Option<f32>,
}

/// Areas to read, the best first: what rules draw and the layout step sees alike, what either does, and what is only
/// aligned. Also what was left undone, as a warning.
pub(super) fn candidates(sheet: &Sheet, regions: &[Region]) -> (Vec<Area>, Option<String>) {
    let rows = Rows::of(sheet.lines);
    let mut areas: Vec<Area> = Vec::new();
    let seen: Vec<&Region> = regions.iter().filter(|r| r.label == Label::Table).collect();
    let (ruled, too_many) = ruled(sheet, &rows);
    for rect in ruled {
        let over = seen.iter().find(|r| r.rect.overlap_area(&rect) > 0.5 * rect.area().min(r.rect.area()));
        areas.push(Area { rect, ruled: true, seen: over.map(|r| r.score) });
    }
    let frames: Vec<Rect> = areas.iter().map(|a| a.rect).filter(|a| is_framed(&sheet.rules, a)).collect();
    for region in &seen {
        // Rules that draw less than the region holds are a part of its table.
        let drawn = areas.iter().position(|a| a.ruled && a.rect.share_in(&region.rect) > 0.8);
        let rect = drawn.map_or(region.rect, |i| region.rect.union(&areas[i].rect));
        let known = areas.iter().any(|a| a.rect.overlap_area(&region.rect) > 0.85 * region.rect.area());
        if !known && !holds_two(&region.rect, &frames) {
            let rect = fitted(sheet, &rect);
            areas.push(Area { rect, ruled: drawn.is_some(), seen: Some(region.score) });
        }
    }
    areas.extend(aligned(&rows).into_iter().map(|rect| Area { rect, ruled: false, seen: None }));
    let mut areas: Vec<Area> = areas.iter().flat_map(|area| captions::parted(sheet, area)).collect();
    let rank = |a: &Area| (a.ruled as u8 + 2 * a.seen.is_some() as u8, a.rect.area());
    areas.sort_by(|a, b| {
        let ((x, v), (y, w)) = (rank(a), rank(b));
        y.cmp(&x).then(w.total_cmp(&v))
    });
    let warning = || {
        format!(
            "rules draw more than {MOST_AREAS} separate areas: tables between two of them were not looked for"
        )
    };
    (areas, too_many.then(warning))
}

/// Share of a frame. A region over more of it is meant for its table.
const REACHED: f32 = 0.2;

/// Whether a region reaches over two tables that are drawn whole, one below the other.
fn holds_two(region: &Rect, frames: &[Rect]) -> bool {
    let mut over: Vec<&Rect> =
        frames.iter().filter(|f| f.overlap_area(region) > REACHED * f.area()).collect();
    over.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    over.windows(2).any(|pair| pair[0].y1 < pair[1].y0 && pair[0].overlap_x(pair[1]) > 0.0)
}

/// Share of an area's width. Rules that are longer stand over and under the whole table.
const WHOLE_RULE: f32 = 0.75;

/// An area without the lines of a title above its first rule and of notes below its last.
fn fitted(sheet: &Sheet, area: &Rect) -> Rect {
    let ruling = Ruling::within(sheet, area);
    let whole: Vec<f32> =
        ruling.horizontal.iter().filter(|r| r.length() > WHOLE_RULE * area.width()).map(|r| r.at).collect();
    let [first, .., last] = whole.as_slice() else { return *area };
    let lines = || sheet.lines.iter().filter(|l| area.contains(l.rect.center()));
    let alone = |l: &Line| !lines().any(|m| !std::ptr::eq(m, l) && m.rect.shares_row(&l.rect));
    let text = |from: f32, to: f32| {
        let mut own = lines().filter(|l| from < l.rect.center().y && l.rect.center().y < to).peekable();
        own.peek().is_some() && own.all(alone)
    };
    let top = if text(area.y0, *first) { *first } else { area.y0 };
    let foot = if text(*last, area.y1) { *last } else { area.y1 };
    Rect::new(area.x0, top, area.x1, foot)
}
