//! Which of the two senders, text layer or OCR, speaks for a page or a part of it.

use std::collections::BTreeMap;

use super::{Layout, Ocr, Options};
use crate::{
    Models, Result,
    content::{Char, Line, Page, Raster},
    geometry::{Pose, Rect, Turn},
    steps::{
        ocr::{self, Effort, Reading},
        text,
    },
};

/// Characters. A layer of fewer says nothing about a page that is mostly picture.
const FEWEST_CHARS: usize = 8;
/// Share of characters without meaning, from which the layer is garbage.
const GARBAGE: f32 = 0.3;
/// Share of the page that images must cover before a page without text is worth reading.
const PICTURE_PAGE: f32 = 0.02;
/// Share of the page that is painted on a scan, where a layer of few characters may be a stamp or number.
const SCAN: f32 = 0.5;
/// Share of the page. Smaller images without text (logos, icons) are not read.
const READABLE_IMAGE: f32 = 0.05;
/// Share of the page. A larger image behind text is its background or the scan under an OCR layer.
const BACKGROUND: f32 = 0.7;

/// What to read from where.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// The text layer speaks for the page.
    pub(super) text_layer: bool,
    /// OCR speaks for the whole page.
    pub(super) whole_page: bool,
    /// OCR speaks for these images, of which the layer says nothing. As displayed.
    pub(super) areas: Vec<Rect>,
    /// The layout model looks at the page.
    pub(super) layout: bool,
}

impl Plan {
    /// Whether OCR needs a raster.
    pub(super) fn reads_pixels(&self) -> bool {
        self.whole_page || !self.areas.is_empty()
    }
}

/// Decides for one page.
pub(super) fn plan(page: &Page, options: &Options) -> Plan {
    let plan = senders(page, options.ocr);
    let layout = match options.layout {
        Layout::Auto => !plan.text_layer || is_painted(page),
        Layout::Always => true,
        Layout::None => false,
    };
    Plan { layout, ..plan }
}

/// Whether anything but characters is on the page. Where nothing is, the layout model adds nothing that geometry and
/// fonts do not say, measured on documents with ground truth (benches/README.md).
fn is_painted(page: &Page) -> bool {
    !(page.images.is_empty() && page.drawings.is_empty() && page.boxes.is_empty() && page.rules.is_empty())
}

fn senders(page: &Page, ocr: Ocr) -> Plan {
    let ocr_only = || Plan { whole_page: true, ..Default::default() };
    let layer_only = || Plan { text_layer: true, ..Default::default() };
    match ocr {
        Ocr::Never => layer_only(),
        Ocr::Always => ocr_only(),
        Ocr::Auto if needs_ocr(page) => ocr_only(),
        Ocr::Auto => Plan { areas: silent_images(page), ..layer_only() },
    }
}

/// No text although there is something to see, or text that is none.
fn needs_ocr(page: &Page) -> bool {
    let visible = page.chars.iter().filter(|c| !c.generated && !c.unicode.is_whitespace());
    let (mut all, mut garbage) = (0, 0);
    for char in visible {
        all += 1;
        garbage += usize::from(is_garbage(char));
    }
    let painted: f32 = page.images.iter().chain(&page.drawings).map(Rect::area).sum();
    let pictured = painted > PICTURE_PAGE * page.rect().area();
    // A page number beside pictures is the text of a page of pictures.
    let scanned = all == 0 || painted > SCAN * page.rect().area();
    (all < FEWEST_CHARS && pictured && scanned) || (all > 0 && garbage as f32 > GARBAGE * all as f32)
}

fn is_garbage(char: &Char) -> bool {
    let private = matches!(u32::from(char.unicode), 0xE000..=0xF8FF | 0xF0000..=0x10FFFF);
    char.unmapped || private || char.unicode.is_control() || char.unicode == char::REPLACEMENT_CHARACTER
}

/// Images large enough to carry text, over which the layer has none.
fn silent_images(page: &Page) -> Vec<Rect> {
    let area = page.rect().area().max(1.0);
    let worth = |r: &&Rect| (READABLE_IMAGE..BACKGROUND).contains(&(r.area() / area));
    let silent = |r: &&Rect| !page.chars.iter().any(|c| !c.generated && r.contains(c.rect.center()));
    page.images.iter().filter(worth).filter(silent).copied().collect()
}

/// What OCR reads on the page; `None` when the plan has nothing for it.
pub(super) fn read(
    models: &Models,
    raster: Option<&Raster>,
    plan: &Plan,
    effort: &Effort,
) -> Result<Option<Reading>> {
    match raster {
        Some(raster) if plan.whole_page => ocr::read_with(models, raster, &[], effort).map(Some),
        Some(raster) if !plan.areas.is_empty() => {
            ocr::read_with(models, raster, &plan.areas, effort).map(Some)
        }
        _ => Ok(None),
    }
}

/// How the page lies: OCR measures it on a scan; in a text layer most of the text shows it.
pub(super) fn pose(page: &Page, reading: Option<&Reading>, plan: &Plan) -> Pose {
    let size = (page.width, page.height);
    match reading {
        Some(reading) if plan.whole_page => Pose { turn: reading.turn, skew: reading.skew, size },
        _ => Pose { turn: main_turn(page), skew: 0.0, size },
    }
}

/// Which way most characters on the page run; of equally many, the first turn.
fn main_turn(page: &Page) -> Turn {
    let mut counts: BTreeMap<Turn, usize> = BTreeMap::new();
    let shows =
        |c: &&Char| !c.generated && !c.unicode.is_whitespace() && page.rect().contains(c.rect.center());
    for char in page.chars.iter().filter(shows) {
        *counts.entry(Turn::nearest(char.angle)).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|&(turn, count)| (count, std::cmp::Reverse(turn)));
    most.map_or(Turn::None, |(turn, _)| *turn)
}

/// All lines of the page, from both senders, in the upright frame.
pub(super) fn upright_lines(
    text: Vec<Line>,
    reading: Option<Reading>,
    pose: &Pose,
    plan: &Plan,
) -> Vec<Line> {
    let mut lines = text;
    let read = reading.map(|r| text::joined(r.spans)).unwrap_or_default();
    if plan.whole_page {
        return read;
    }
    lines.extend(read);
    for line in &mut lines {
        map_line(line, &|rect| pose.to_upright(rect));
    }
    lines
}

/// Moves a line with its spans and words into another frame.
pub(super) fn map_line(line: &mut Line, map: &impl Fn(&Rect) -> Rect) {
    line.rect = map(&line.rect);
    for span in &mut line.spans {
        span.rect = map(&span.rect);
        for word in &mut span.words {
            word.rect = map(&word.rect);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::drawing::draw;

    fn with_image(mut page: Page, rect: [f32; 4]) -> Page {
        page.images.push(rect.into());
        page
    }

    #[test]
    fn a_page_with_text_is_not_read_from_pixels() {
        let page = draw().text(72.0, 100.0, "enough characters").page();
        assert_eq!(senders(&page, Ocr::Auto), Plan { text_layer: true, ..Default::default() });
    }

    #[test]
    fn a_scan_is_read_from_pixels_unless_forbidden() {
        let page = with_image(draw().page(), [0.0, 0.0, 612.0, 792.0]);
        assert!(senders(&page, Ocr::Auto).whole_page && !senders(&page, Ocr::Never).whole_page);
    }

    #[test]
    fn an_invisible_layer_over_a_scan_counts_as_text() {
        let mut page =
            with_image(draw().text(72.0, 100.0, "recognised before").page(), [0.0, 0.0, 612.0, 792.0]);
        page.chars.iter_mut().for_each(|c| c.invisible = true);
        assert!(senders(&page, Ocr::Auto).text_layer && senders(&page, Ocr::Always).whole_page);
    }

    #[test]
    fn unmapped_glyphs_are_garbage() {
        let mut page = draw().text(72.0, 100.0, "unreadable glyphs").page();
        page.chars.iter_mut().for_each(|c| c.unmapped = true);
        assert!(senders(&page, Ocr::Auto).whole_page);
    }

    #[test]
    fn an_image_that_the_layer_says_nothing_of_is_read() {
        let page =
            with_image(draw().text(72.0, 700.0, "a page with a picture").page(), [72.0, 72.0, 400.0, 300.0]);
        assert_eq!(senders(&page, Ocr::Auto).areas.len(), 1);
        let page =
            with_image(draw().text(80.0, 100.0, "text over the picture").page(), [72.0, 72.0, 400.0, 300.0]);
        assert!(senders(&page, Ocr::Auto).areas.is_empty());
    }

    #[test]
    fn a_page_of_sideways_text_is_turned() {
        let page = draw().turned(90.0).text(300.0, 72.0, "downwards").page();
        assert_eq!(main_turn(&page), Turn::Right);
    }
}
