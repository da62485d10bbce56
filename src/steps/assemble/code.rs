//! Program listings in a frame or on a ground of their own: each is read as a whole, row by row.

use super::{IN_REGION, Painted, figures, kind};
use crate::{content::Line, geometry::Rect};

/// Lines and share of the listing's area that they cover at least.
const FEWEST_LINES: usize = 2;
const COVER: f32 = 0.03;
/// Points. The rules over and under a listing begin and end this near to each other.
const SAME_EDGE: f32 = 2.0;
/// Rules. A page of more is a table or a drawing.
const MOST_RULES: usize = 200;

/// Where the listings are that something painted sets apart, none inside another.
pub(super) fn listings(lines: &[Line], painted: Option<&Painted>) -> Vec<Rect> {
    let Some(painted) = painted.filter(|_| lines.iter().any(|l| kind::is_code([l]))) else {
        return Vec::new();
    };
    let grounds: Vec<Rect> =
        painted.boxes.iter().chain(&painted.drawings).take(figures::MOST_PARTS).copied().collect();
    let mut found: Vec<Rect> = figures::clusters(&grounds);
    found.extend(grounds);
    found.extend(between_rules(&painted.rules));
    found.retain(|rect| is_listing(rect, lines));
    found.sort_by(|a, b| b.area().total_cmp(&a.area()));
    let mut apart: Vec<Rect> = Vec::new();
    for rect in found {
        if apart.iter().all(|other| other.intersection(&rect).is_none()) {
            apart.push(rect);
        }
    }
    apart
}

/// The areas between horizontal rules of one width that follow each other downwards.
fn between_rules(rules: &[Rect]) -> Vec<Rect> {
    let mut across: Vec<&Rect> = rules.iter().filter(|r| r.width() > r.height()).collect();
    across.truncate(MOST_RULES);
    across.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let same = |a: &Rect, b: &Rect| (a.x0 - b.x0).abs() < SAME_EDGE && (a.x1 - b.x1).abs() < SAME_EDGE;
    let under = |(n, top): (usize, &&Rect)| {
        across[n + 1..].iter().find(|bottom| same(top, bottom)).map(|bottom| top.union(bottom))
    };
    across.iter().enumerate().filter_map(under).collect()
}

/// Whether an area holds lines of fixed pitch and nothing else, most of them one under the other: names in the boxes of a
/// diagram stand beside each other.
fn is_listing(rect: &Rect, lines: &[Line]) -> bool {
    let inside: Vec<&Line> = lines.iter().filter(|l| l.rect.share_in(rect) >= IN_REGION).collect();
    if inside.len() < FEWEST_LINES || !kind::is_code(inside.iter().copied()) {
        return false;
    }
    let covered: f32 = inside.iter().map(|l| l.rect.area()).sum();
    let mut rows = inside;
    rows.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0));
    // Several spaces in a line leave it in pieces.
    let under = |pair: &&[&Line]| pair[0].rect.overlap_y(&pair[1].rect) < 0.5 * pair[0].rect.height();
    covered > COVER * rect.area() && 2 * rows.windows(2).filter(under).count() >= rows.len() - 1
}
