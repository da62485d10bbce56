//! Captions to the figures, tables and listings that they name.

use crate::{
    content::{Block, Evidence, Kind, PageContent},
    geometry::Rect,
    steps::{
        assemble::kind,
        wording::{self, Float},
    },
};

/// Of the page's height. A caption farther from a float than this belongs to none.
const FARTHEST: f32 = 0.25;

/// Ties each caption to the nearest float of its kind on its page.
pub(super) fn tie(pages: &mut [PageContent]) {
    for page in pages {
        let floats: Vec<(String, Kind, Rect)> = page
            .blocks
            .iter()
            .filter(|b| matches!(b.kind, Kind::Figure | Kind::Table | Kind::Code))
            .map(|b| (b.id.clone(), b.kind, b.rect))
            .collect();
        for block in page.blocks.iter_mut().filter(|b| b.kind == Kind::Caption) {
            block.caption_of = nearest(block, &floats, FARTHEST * page.height);
        }
    }
}

/// Marks what names the parts of a figure.
pub(super) fn name_parts(pages: &mut [PageContent]) {
    for page in pages {
        let figures: Vec<Rect> =
            page.blocks.iter().filter(|b| b.kind == Kind::Figure).map(|b| b.rect).collect();
        let names_part =
            |b: &Block| b.lines.first().is_some_and(|line| kind::names_part(&b.text, &line.rect, &figures));
        for block in page.blocks.iter_mut().filter(|b| b.kind == Kind::ListItem && names_part(b)) {
            (block.kind, block.evidence, block.level, block.marker) =
                (Kind::Caption, Evidence::Marker, None, None);
        }
    }
}

fn nearest(caption: &Block, floats: &[(String, Kind, Rect)], farthest: f32) -> Option<String> {
    let wants = match wording::captioned(&caption.text) {
        Some(Float::Figure) => Some(Kind::Figure),
        Some(Float::Table) => Some(Kind::Table),
        Some(Float::Text) => Some(Kind::Code),
        None => None,
    };
    let distance = |rect: &Rect| {
        let gap = |overlap: f32| (-overlap).max(0.0);
        gap(caption.rect.overlap_y(rect)) + gap(caption.rect.overlap_x(rect))
    };
    let is_wanted = |kind: Kind| wants.map_or(kind != Kind::Code, |wanted| wanted == kind);
    let fits = floats.iter().filter(|(_, kind, rect)| is_wanted(*kind) && distance(rect) <= farthest);
    fits.min_by(|a, b| distance(&a.2).total_cmp(&distance(&b.2))).map(|(id, ..)| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::{Label, Region},
        steps::{
            drawing::draw,
            structure::samples::{content, of_kind},
        },
    };

    /// Ids of what each caption is tied to, on a page with two pictures over a table.
    fn tied(captions: &[(f32, f32, &str)]) -> Vec<Option<String>> {
        let page = captions.iter().fold(draw(), |page, (x, y, text)| page.text(*x, *y, text));
        let mut page = page.text(110.0, 330.0, "oak").text(200.0, 330.0, "12").page();
        page.images = vec![[100.0, 100.0, 280.0, 250.0].into(), [320.0, 100.0, 500.0, 250.0].into()];
        let table = Region { rect: [100.0, 310.0, 280.0, 400.0].into(), label: Label::Table, score: 0.9 };
        let mut pages = [content(&page, 1, &[table])];
        tie(&mut pages);
        let name = |id: &String| {
            let block = pages[0].blocks.iter().find(|b| b.id == *id).unwrap();
            format!("{:?} at {}", block.kind, block.rect.x0)
        };
        of_kind(&pages, Kind::Caption).iter().map(|b| b.caption_of.as_ref().map(name)).collect()
    }

    #[test]
    fn a_caption_is_tied_to_the_nearest_float_of_its_kind() {
        let between = [(100.0, 270.0, "Table 1: Trees"), (330.0, 270.0, "Figure 1: An oak")];
        let expected = ["Table at 100", "Figure at 320"].map(|name| Some(name.to_owned()));
        assert_eq!(tied(&between), expected);
    }

    #[test]
    fn a_caption_far_from_all_is_tied_to_none() {
        assert_eq!(tied(&[(100.0, 700.0, "Figure 7: A beech")]), [None]);
    }
}
