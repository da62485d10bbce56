//! Drops what looks like a heading and is part of something else: cells of a table, entries of a list, names under the title.

use super::{Candidate, Look};
use crate::{
    content::{Evidence, PageContent},
    steps::{
        assemble::{blocks::BodyStyle, kind},
        structure::near,
    },
};

/// Of the body's size. The document's title is at least this large.
const TITLE: f32 = 1.15;
/// Share of the first page's height in which the title stands.
const TITLE_ZONE: f32 = 0.6;
/// Blocks of one look that follow each other without text between: cells of a table or lines of a cover, not headings.
const MOST_IN_A_ROW: usize = 4;
/// Points. Cells of one row stand on one line; headings of two columns seldom do.
const SAME_ROW: f32 = 0.6;

/// Drops candidates that stand in rows or long runs of one look: the cells of a table, the lines of an address.
pub(super) fn drop_rows(found: &mut Vec<Candidate>, pages: &[PageContent]) {
    let mut keep = vec![true; found.len()];
    let mut start = 0;
    while start < found.len() {
        let next =
            |a: &Candidate, b: &Candidate| a.page == b.page && b.block == a.block + 1 && a.look == b.look;
        let mut end = start + 1;
        while end < found.len() && next(&found[end - 1], &found[end]) {
            end += 1;
        }
        if end - start >= 2
            && found[start..end].iter().all(|c| c.number.is_some() && c.outline.is_none())
            && counts(&found[start..end])
        {
            // A list or the contents: sections have text under them.
            (start..end).for_each(|i| keep[i] = false);
        } else if end - start >= MOST_IN_A_ROW {
            (start..end).filter(|&i| !found[i].is_sure()).for_each(|i| keep[i] = false);
        }
        start = end;
    }
    for (i, c) in found.iter().enumerate().filter(|(_, c)| !c.is_sure()) {
        let rect = pages[c.page].blocks[c.block].rect;
        let beside = found.iter().filter(|d| {
            let other = pages[d.page].blocks[d.block].rect;
            d.page == c.page && d.look == c.look && near(other.y1, rect.y1, SAME_ROW)
        });
        keep[i] &= beside.count() < 2;
    }
    let mut kept = keep.into_iter();
    found.retain(|_| kept.next().unwrap_or(true));
}

/// Whether all are numbered at one depth, so that none is the section of the next.
fn counts(run: &[Candidate]) -> bool {
    let depth = |c: &Candidate| c.number.map(|n| (n.scheme, n.depth));
    run.windows(2).all(|pair| depth(&pair[0]) == depth(&pair[1]))
}

/// Page and block of the document's title: the largest text high on the first page.
pub(super) fn title(found: &[Candidate], pages: &[PageContent], body: &BodyStyle) -> Option<(usize, usize)> {
    let first = found.iter().filter(|c| c.page == 0 && c.number.is_none() && !c.known);
    let high = |c: &&Candidate| {
        let (page, block) = (&pages[0], &pages[0].blocks[c.block]);
        block.rect.y0 < TITLE_ZONE * page.height && kind::size_of(&block.lines) > TITLE * body.size
    };
    let largest = found.iter().map(|c| c.look.size).max()?;
    let best = first.filter(high).max_by_key(|c| (c.look.size, std::cmp::Reverse(c.block)))?;
    let alone = found.iter().filter(|c| c.look == best.look).all(|c| c.page == 0);
    (best.look.size == largest && alone).then_some((best.page, best.block))
}

/// What follows the title without text between, no bolder than it and in a look of its own.
fn drop_names(found: &mut Vec<Candidate>, title: Option<(usize, usize)>, pages: &[PageContent]) {
    let Some((page, block)) = title else { return };
    let rect = |block: usize| &pages[page].blocks[block].rect;
    // A section's title stands at the left edge also where the document's is centred.
    let set_off = |c: &Candidate| rect(c.block).x1 < rect(block).x0;
    let mut last = block;
    let names: Vec<usize> = (0..found.len())
        .filter(|&i| {
            let c = &found[i];
            let follows = c.page == page && c.block > block && c.block <= last + 2;
            let alone = found.iter().filter(|d| d.look == c.look && d.page > page).count() == 0;
            let name = follows && alone && !c.look.bold && !c.is_sure() && !set_off(c);
            last = if name { c.block } else { last };
            name
        })
        .collect();
    let mut place = 0..;
    found.retain(|_| place.next().is_some_and(|n| !names.contains(&n)));
}

/// Names and places under the title are set large too, but in a look that no section has.
pub(super) fn drop_front_matter(
    found: &mut Vec<Candidate>,
    title: Option<(usize, usize)>,
    pages: &[PageContent],
) {
    drop_names(found, title, pages);
    let Some(first_section) = found.iter().find(|c| c.is_sure()).map(|c| (c.page, c.block)) else { return };
    if first_section.0 > 1 {
        return;
    }
    let sections: Vec<Look> =
        found.iter().filter(|c| (c.page, c.block) >= first_section).map(|c| c.look).collect();
    found.retain(|c| {
        let at = (c.page, c.block);
        at >= first_section
            || Some(at) == title
            || title.is_none() && c.evidence == Evidence::Size
            || sections.contains(&c.look)
    });
}
