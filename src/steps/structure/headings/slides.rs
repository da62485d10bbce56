//! Titles of slides: they stand at one place on each, in whatever size.

use std::{cmp::Reverse, collections::HashSet};

use super::{Candidate, Look, is_wordy};
use crate::{
    content::{Block, Evidence, Kind, PageContent},
    geometry::{Point, Turn},
    steps::assemble::kind,
};

/// Times as wide as high, at least.
const LANDSCAPE: f32 = 1.2;
/// Slides on which there is a title at the place, at least.
const FEWEST: usize = 3;
/// Points. Titles begin this near to each other.
const SAME_PLACE: f32 = 3.0;
/// Share of the slide's height in which titles stand.
const HEAD: f32 = 0.3;

/// Adds to `found` what stands where most titles of slides do, and looks like them.
pub(super) fn add_titles(found: &mut Vec<Candidate>, pages: &[PageContent]) {
    let Some((place, look)) = commonest(found, pages) else { return };
    let is_title = |block: &Block, page: &PageContent| {
        matches!(block.kind, Kind::Paragraph | Kind::Heading | Kind::Caption)
            && block.lines.len() <= 2
            && Look::of(&block.lines) == look
            && near(place_of(block, page), place)
            && kind::may_be_heading(&block.lines)
            && is_wordy(&block.text)
    };
    let known: HashSet<(usize, usize)> = found.iter().map(|c| (c.page, c.block)).collect();
    for (p, page) in pages.iter().enumerate().filter(|(_, page)| is_slide(page)) {
        let is_new = |(b, block): &(usize, &Block)| !known.contains(&(p, *b)) && is_title(block, page);
        found.extend(page.blocks.iter().enumerate().filter(is_new).map(|(block, _)| Candidate {
            page: p,
            block,
            look,
            number: None,
            outline: None,
            known: false,
            evidence: Evidence::Place,
        }));
    }
    found.sort_by_key(|c| (c.page, c.block));
}

fn is_slide(page: &PageContent) -> bool {
    page.width >= LANDSCAPE * page.height && page.turn == Turn::None
}

/// From the top left of the slide.
fn place_of(block: &Block, page: &PageContent) -> Option<Point> {
    let line = block.lines.first()?.rect;
    (line.y0 < HEAD * page.height).then_some(Point::new(line.x0, line.y0))
}

fn near(a: Option<Point>, b: Point) -> bool {
    a.is_some_and(|a| (a.x - b.x).abs() < SAME_PLACE && (a.y - b.y).abs() < SAME_PLACE)
}

/// Where headings of one look stand on the most slides; `None` where they do on too few.
fn commonest(found: &[Candidate], pages: &[PageContent]) -> Option<(Point, Look)> {
    let place = |c: &Candidate| {
        let page = &pages[c.page];
        place_of(&page.blocks[c.block], page).filter(|_| is_slide(page))
    };
    let count = |at: Point, look: Look| {
        let mut on: Vec<usize> =
            found.iter().filter(|c| c.look == look && near(place(c), at)).map(|c| c.page).collect();
        on.dedup();
        on.len()
    };
    // Most titles of a document stand at the very same place, which is counted once.
    let mut places: Vec<(Point, Look)> = Vec::new();
    for at in found.iter().rev().filter_map(|c| Some((place(c)?, c.look))) {
        if !places.contains(&at) {
            places.push(at);
        }
    }
    let counted = places.into_iter().map(|(at, look)| (count(at, look), at, look));
    counted.min_by_key(|(n, ..)| Reverse(*n)).filter(|(n, ..)| *n >= FEWEST).map(|(_, at, look)| (at, look))
}

#[cfg(test)]
mod tests {
    use crate::{
        content::{Kind, Page},
        steps::{
            drawing::draw,
            structure::samples::{bold, of_kind, prose, structured},
        },
    };

    fn slide(size: f32, title: &str) -> Page {
        let page = prose(bold(draw(), size, 60.0, title), 200.0, title.len()).page();
        Page { height: 400.0, ..page }
    }

    fn titles(pages: &[Page]) -> Vec<String> {
        of_kind(&structured(pages), Kind::Heading).iter().map(|b| b.text.clone()).collect()
    }

    #[test]
    fn what_stands_at_the_place_of_titles_is_one() {
        let slides = [slide(10.0, "Oaks"), slide(10.0, "Tall beeches"), slide(10.0, "Elms")];
        let last = draw().font(1).text(72.0, 60.0, "Summary,");
        let last = Page { height: 400.0, ..prose(last.font(0), 200.0, 3).page() };
        let found = titles(&[slides.to_vec(), vec![last]].concat());
        assert_eq!(found, ["Oaks", "Tall beeches", "Elms", "Summary,"]);
    }
}
