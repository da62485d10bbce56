//! Captions as witnesses of tables: what stands over and under one is two, what stands beside each other over two
//! captions is two, and what `Table 3` names is a table.

use super::{Area, MEETING, fitted};
use crate::{
    content::Line,
    geometry::Rect,
    steps::{table::Sheet, wording::captioned},
};

/// Of a caption's height. What it names stands no farther from it.
const NEAR: f32 = 1.5;
/// A score like the layout step's, for what a caption names as a table.
const NAMED: f32 = 0.5;
/// Rows of text. A part of fewer is no table.
const FEWEST_ROWS: usize = 2;

/// What an area is without the captions in it: itself, or its parts.
pub(super) fn parted(sheet: &Sheet, area: &Area) -> Vec<Area> {
    let near: Vec<&Line> = captions(sheet, &area.rect);
    let inside: Vec<&Line> = near.iter().copied().filter(|l| area.rect.contains(l.rect.center())).collect();
    if inside.is_empty() {
        return vec![Area { seen: area.seen.or_else(|| named(&area.rect, &near)), ..*area }];
    }
    let parts = over_and_under(&area.rect, &inside);
    let parts = parts.iter().flat_map(|part| beside(sheet, part, &near));
    let rows = |part: &Rect| {
        let lines = sheet.lines.iter().map(|l| l.rect).filter(|r| part.contains(r.center()));
        let firsts = lines.clone().filter(|r| !lines.clone().any(|o| o.shares_row(r) && o.x0 < r.x0));
        firsts.count()
    };
    let part = |rect: Rect| {
        let rect = fitted(sheet, &rect);
        Area {
            rect,
            ruled: area.ruled && is_ruled(sheet, &rect),
            seen: area.seen.or_else(|| named(&rect, &near)),
        }
    };
    parts.filter(|part| rows(part) >= FEWEST_ROWS).map(part).collect()
}

/// The captions in an area and just outside, that share their row with nothing but captions.
fn captions<'a>(sheet: &Sheet<'a>, area: &Rect) -> Vec<&'a Line> {
    let is_near = |l: &&Line| {
        let reach = NEAR * l.rect.height();
        area.overlap_x(&l.rect) > 0.0
            && area.y0 - reach < l.rect.center().y
            && l.rect.center().y < area.y1 + reach
    };
    let named: Vec<&Line> =
        sheet.lines.iter().filter(is_near).filter(|l| captioned(&l.text()).is_some()).collect();
    let in_row = |l: &Line, o: &Line| o.rect.shares_row(&l.rect) && o.rect.overlap_x(area) > 0.0;
    let alone =
        |l: &&&Line| sheet.lines.iter().filter(|o| in_row(l, o)).all(|o| captioned(&o.text()).is_some());
    named.iter().filter(alone).copied().collect()
}

/// The score of an area that a caption of a table stands over or under.
fn named(area: &Rect, near: &[&Line]) -> Option<f32> {
    let names = |l: &&&Line| {
        let gap = (area.y0 - l.rect.y1).max(l.rect.y0 - area.y1);
        l.text().to_lowercase().starts_with("tab")
            && gap < NEAR * l.rect.height()
            && area.overlap_x(&l.rect) > 0.0
    };
    near.iter().find(names).map(|_| NAMED)
}

fn over_and_under(area: &Rect, captions: &[&Line]) -> Vec<Rect> {
    let mut cuts: Vec<(f32, f32)> = captions.iter().map(|l| (l.rect.y0, l.rect.y1)).collect();
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut top = area.y0;
    let mut parts = Vec::new();
    for (from, to) in cuts {
        if from > top {
            parts.push(Rect::new(area.x0, top, area.x1, from));
        }
        top = top.max(to);
    }
    if top < area.y1 {
        parts.push(Rect::new(area.x0, top, area.x1, area.y1));
    }
    parts
}

/// An area over or under captions beside each other, cut between these where no line runs across.
fn beside(sheet: &Sheet, part: &Rect, near: &[&Line]) -> Vec<Rect> {
    let touches = |l: &&&Line| {
        let gap = (part.y0 - l.rect.y1).max(l.rect.y0 - part.y1);
        gap < NEAR * l.rect.height()
    };
    let titles: Vec<Rect> = near.iter().filter(touches).map(|l| l.rect).collect();
    let next = |t: &Rect| {
        let right = titles.iter().filter(|o| o.x0 > t.x1 && o.shares_row(t));
        right.map(|o| o.x0).reduce(f32::min)
    };
    let mut between: Vec<f32> = titles.iter().filter_map(|t| Some(0.5 * (t.x1 + next(t)?))).collect();
    between.sort_by(f32::total_cmp);
    let own: Vec<Rect> = sheet.lines.iter().map(|l| l.rect).filter(|r| part.contains(r.center())).collect();
    let mut left = part.x0;
    let mut parts = Vec::new();
    for x in between {
        let is_crossed = own.iter().any(|r| r.x0 < x && x < r.x1);
        // Of captions over and under, the second cut parts nothing.
        let parts_text = own.iter().any(|r| left <= r.center().x && r.x1 < x);
        if parts_text && !is_crossed {
            parts.push(Rect::new(left, part.y0, x, part.y1));
            left = x;
        }
    }
    parts.push(Rect::new(left, part.y0, part.x1, part.y1));
    parts
}

fn is_ruled(sheet: &Sheet, area: &Rect) -> bool {
    let near = area.inflate(MEETING);
    sheet.rules.iter().chain(&sheet.boxes).any(|r| near.contains(r.center()))
}
