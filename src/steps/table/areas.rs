//! Where tables may be: frames and bands of rules, rows of aligned text, and
//! what the layout step took for a table.

use super::{Sheet, ruling::Ruling};
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

/// Areas that rules draw: those that meet, and those of one width that stand over each other with rows between.
fn ruled(sheet: &Sheet) -> Vec<Rect> {
    let long = |r: &&Rect| r.width().max(r.height()) >= SHORTEST_RULE;
    let sheet_area = sheet.page.area();
    let cell = |b: &&Rect| b.area() < 0.5 * sheet_area && b.width() > 5.0 && b.height() > 5.0;
    let rules: Vec<Rect> =
        sheet.rules.iter().filter(long).chain(sheet.boxes.iter().filter(cell)).copied().collect();
    let mut areas = grouped(&rules, |a, b| a.inflate(MEETING).intersection(b).is_some());
    // Two that are drawn whole are two tables, and so is one between two rules.
    let is_bare = |a: &Rect| !rules.iter().any(|r| r.height() > MEETING && a.contains(r.center()));
    let whole: Vec<Rect> = areas.iter().filter(|a| !is_bare(a)).copied().collect();
    let alike = |a: &Rect, b: &Rect| {
        (is_bare(a) || is_bare(b))
            && (a.x0 - b.x0).abs() < ALIKE
            && (a.x1 - b.x1).abs() < ALIKE
            && !whole.iter().any(|w| w.y0 > a.y1.min(b.y1) && w.y1 < a.y0.max(b.y0) && w.overlap_x(a) > 0.0)
            && rows_between(sheet, a, b)
    };
    areas = grouped(&areas, alike);
    areas.retain(|a| a.width() > 30.0 && a.height() > 10.0);
    areas
}

/// Whether all text between two areas stands in rows of several pieces.
fn rows_between(sheet: &Sheet, a: &Rect, b: &Rect) -> bool {
    let (upper, lower) = if a.y0 <= b.y0 { (a, b) } else { (b, a) };
    let gap = Rect::new(upper.x0.min(lower.x0), upper.y1, upper.x1.max(lower.x1), lower.y0.max(upper.y1));
    if lower.y0 <= upper.y1 {
        return true;
    }
    let between: Vec<&Line> = sheet.lines.iter().filter(|l| gap.contains(l.rect.center())).collect();
    let is_row = |l: &&&Line| {
        let beside =
            between.iter().filter(|m| m.rect.shares_row(&l.rect) && m.rect.overlap_x(&l.rect) <= 0.0).count();
        beside >= 1
    };
    let rows = between.iter().filter(is_row).count();
    !between.is_empty() && 3 * rows >= 2 * between.len()
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

/// Characters on average. Pieces of text that are longer are prose.
const LONGEST_PIECE: f32 = 40.0;
/// Words. A longer line is prose.
const MOST_WORDS: usize = 9;
/// Times the line's height. Rows of one table stand no farther apart.
const ROW_GAP: f32 = 1.6;

/// Areas of short pieces that stand beside and under each other, without rules.
fn aligned(sheet: &Sheet) -> Vec<Rect> {
    let short: Vec<&Line> = sheet.lines.iter().filter(|l| is_short(l)).collect();
    let beside = |l: &Line| sheet.lines.iter().any(|m| !std::ptr::eq(m, l) && m.rect.shares_row(&l.rect));
    let own: Vec<Rect> = short.iter().filter(|l| beside(l)).map(|l| l.rect).collect();
    let height = |r: &Rect| r.height().clamp(6.0, 20.0);
    // A group reaches from one row to the next, and along its row as far as no prose stands between.
    let meet = |a: &Rect, b: &Rect| {
        let below = a.overlap_x(b) > 0.0 && -a.overlap_y(b) < ROW_GAP * height(b);
        let along = a.overlap_y(b) > 0.0 && clear_between(sheet, a, b);
        below || along
    };
    let mut areas = grouped(&own, meet);
    areas.retain(|a| {
        let inside = short.iter().filter(|l| a.contains(l.rect.center())).map(|l| l.text().len() as f32);
        let (count, sum) = inside.fold((0.0, 0.0), |(n, sum), len| (n + 1.0, sum + len));
        count >= 6.0 && sum / count < LONGEST_PIECE
    });
    areas
}

fn is_short(line: &Line) -> bool {
    line.text().split_whitespace().count() <= MOST_WORDS
}

/// Whether no prose stands in the gap between two neighbours on a row.
fn clear_between(sheet: &Sheet, a: &Rect, b: &Rect) -> bool {
    let (left, right) = if a.x0 <= b.x0 { (a, b) } else { (b, a) };
    let gap = Rect::new(left.x1, left.y0.max(right.y0), right.x0, left.y1.min(right.y1));
    right.x0 <= left.x1 || !sheet.lines.iter().any(|l| !is_short(l) && l.rect.overlap_area(&gap) > 0.0)
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
/// aligned.
pub(super) fn candidates(sheet: &Sheet, regions: &[Region]) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    let seen: Vec<&Region> = regions.iter().filter(|r| r.label == Label::Table).collect();
    for rect in ruled(sheet) {
        let over = seen.iter().find(|r| r.rect.overlap_area(&rect) > 0.5 * rect.area().min(r.rect.area()));
        areas.push(Area { rect, ruled: true, seen: over.map(|r| r.score) });
    }
    let frames: Vec<Rect> = areas.iter().map(|a| a.rect).filter(|a| is_framed(sheet, a)).collect();
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
    areas.extend(aligned(sheet).into_iter().map(|rect| Area { rect, ruled: false, seen: None }));
    let rank = |a: &Area| (a.ruled as u8 + 2 * a.seen.is_some() as u8, a.rect.area());
    areas.sort_by(|a, b| {
        let ((x, v), (y, w)) = (rank(a), rank(b));
        y.cmp(&x).then(w.total_cmp(&v))
    });
    areas
}

/// Whether upright lines are drawn in it.
fn is_framed(sheet: &Sheet, area: &Rect) -> bool {
    sheet.rules.iter().any(|r| r.height() > MEETING && area.contains(r.center()))
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
