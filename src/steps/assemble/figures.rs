//! What is painted on a page to the figures on it. The layout step's regions
//! are one witness: where the page says what is painted, a figure needs paint
//! that is no background of text, and text that is prose is never part of one.

use std::cell::LazyCell;

use super::{IN_REGION, Painted, kind};
use crate::{
    content::{Label, Line, Region, Source},
    geometry::{Rect, Turn},
    steps::wording::{self, Float},
};

/// Share of the page. A picture smaller than this without a region of its own is an ornament.
const SMALLEST: f32 = 0.008;
/// Share of the page. A picture larger than this is the scanned page itself, or its background.
const LARGEST: f32 = 0.85;
/// Points. Parts of one drawing lie this near to each other.
const SAME: f32 = 5.0;
/// Share of a figure's region that images and drawings cover at least.
const PAINTED: f32 = 0.08;
/// Share of a picture that text may cover; above this it is a background.
const BACKGROUND: f32 = 0.35;
/// Lines, words a line, and share of the region's area that these cover: more is text, whatever the layout step says.
const TEXT_LINES: usize = 6;
const TEXT_WORDS: usize = 4;
const TEXT_COVER: f32 = 0.2;
/// Words. The labels of a figure have no more.
const LABEL_WORDS: usize = 4;
/// Of a label's height. Tick marks and legends stand no farther from what is painted.
const LABEL_GAP: f32 = 1.3;
/// Of the body's size. Labels outside what is painted are set smaller than this.
const LABEL_SIZE: f32 = 0.96;
/// Share of the page's width. Drawings from edge to edge, up to the head or foot of the page, decorate it.
const ACROSS: f32 = 0.95;
/// Score from which the layout step's figures are figures whatever stands in them.
const SURE: f32 = 0.8;
/// The score of a figure that the layout step does not see.
pub(super) const UNSEEN: f32 = 0.0;
/// Parts. Beyond this, only a coarser joining keeps the time in bounds.
pub(super) const MOST_PARTS: usize = 3000;

/// The regions other than figures, and after them the figures that are believed.
pub(super) fn settle(
    lines: &[Line],
    regions: &[Region],
    painted: Option<&Painted>,
    listings: &[Rect],
    page: &Rect,
    body: f32,
) -> Vec<Region> {
    let mut settled: Vec<Region> = regions.iter().filter(|r| r.label != Label::Figure).cloned().collect();
    // Most pages have nothing that could be one's figure.
    let captions = LazyCell::new(|| captions(lines));
    let decorated = |rect: &Rect, share: f32| {
        is_decorated(rect, lines, body, share) && !captions.iter().any(|caption| is_under(caption, rect))
    };
    let decoration = |r: &Region| r.score < SURE && decorated(&r.rect, 0.5);
    let text = |rect: &Rect| match painted {
        Some(_) => is_text(rect, lines, TEXT_WORDS),
        // A scan says nothing of paint, and the layout step calls whole receipts figures.
        None => is_text(rect, lines, 0),
    };
    let believed = |r: &&Region| r.label == Label::Figure && !text(&r.rect) && !decoration(r);
    let seen: Vec<&Region> = regions.iter().filter(believed).collect();
    let Some(painted) = painted else {
        settled.extend(seen.into_iter().cloned());
        return settled;
    };
    let mut paint = paint(painted, lines, page);
    paint.retain(|rect| !listings.iter().any(|listing| rect.share_in(listing) > 0.5));
    let mut figures: Vec<Region> = Vec::new();
    for region in seen {
        let inside: Vec<Rect> =
            paint.iter().filter_map(|p| p.intersection(&region.rect.inflate(SAME))).collect();
        let ink: f32 = inside.iter().map(Rect::area).sum();
        if let (true, Some(rect)) = (ink > PAINTED * region.rect.area(), Rect::around_all(&inside)) {
            figures.push(Region { rect, ..region.clone() });
        }
    }
    let known = |rect: &Rect, among: &[Region]| among.iter().any(|r| rect.share_in(&r.rect) > 0.5);
    for rect in clusters(&paint) {
        let share = rect.area() / page.area().max(1.0);
        let table = settled.iter().any(|r| r.label == Label::Table && rect.share_in(&r.rect) > 0.5);
        if (SMALLEST..LARGEST).contains(&share)
            && !table
            && !known(&rect, &figures)
            && !is_text(&rect, lines, TEXT_WORDS)
            && !decorated(&rect, 0.0)
        {
            figures.push(Region { rect, label: Label::Figure, score: UNSEEN });
        }
    }
    let strokes = strokes(painted, page);
    let free = |caption: &&Rect| !figures.iter().any(|figure| is_under(caption, &figure.rect));
    let waiting: Vec<Rect> = match strokes.len() < FEWEST_STROKES {
        true => Vec::new(),
        false => captions.iter().filter(free).copied().collect(),
    };
    let taken = |rect: &Rect| {
        let table = settled.iter().any(|r| r.label == Label::Table && rect.overlap_area(&r.rect) > 0.0);
        table || known(rect, &figures) || listings.iter().any(|l| l.share_in(rect) > 0.5)
    };
    let ruled = |rect: &Rect| !taken(rect) && !is_text(rect, lines, TEXT_WORDS);
    let drawn: Vec<Rect> = over(&waiting, &strokes, page).into_iter().filter(ruled).collect();
    figures.extend(drawn.into_iter().map(|rect| Region { rect, label: Label::Figure, score: UNSEEN }));
    settled.extend(with_labels(figures, lines, body));
    settled
}

/// Strokes. What is drawn with fewer is no figure, whatever stands under it.
const FEWEST_STROKES: usize = 4;

/// What is drawn over captions that have no figure, with straight lines too: diagrams of boxes, and grids.
fn over(captions: &[Rect], strokes: &[Rect], page: &Rect) -> Vec<Rect> {
    if captions.is_empty() {
        return Vec::new();
    }
    let is_drawn = |rect: &Rect| {
        let share = rect.area() / page.area().max(1.0);
        (SMALLEST..LARGEST).contains(&share)
            && captions.iter().any(|caption| is_under(caption, rect))
            && strokes.iter().filter(|s| s.share_in(rect) > 0.5).count() >= FEWEST_STROKES
    };
    clusters(strokes).into_iter().filter(is_drawn).collect()
}

/// All that is drawn, but for what goes across the page.
fn strokes(painted: &Painted, page: &Rect) -> Vec<Rect> {
    let plain = |rect: &&Rect| rect.width() <= ACROSS * page.width();
    let filled = painted.images.iter().chain(&painted.drawings).chain(&painted.boxes);
    painted.rules.iter().chain(filled).filter(plain).take(MOST_PARTS).copied().collect()
}

/// The lines that name figures.
fn captions(lines: &[Line]) -> Vec<Rect> {
    let names_figure = |l: &&Line| wording::captioned(&l.text()) == Some(Float::Figure);
    lines.iter().filter(names_figure).map(|l| l.rect).collect()
}

/// What is painted and no ground for text; signs without letters, as charts are dotted with, among it.
fn paint(painted: &Painted, lines: &[Line], page: &Rect) -> Vec<Rect> {
    let printed: Vec<&Line> = lines.iter().filter(|l| l.source() == Source::TextLayer).collect();
    let stands_on = |l: &Rect, rect: &Rect| l.overlap_area(rect) > 0.5 * l.area().min(rect.area());
    let holds_text = |rect: &Rect| printed.iter().any(|l| stands_on(&l.rect, rect));
    let covered = |rect: &Rect| {
        printed.iter().map(|l| l.rect.overlap_area(rect)).sum::<f32>() > BACKGROUND * rect.area()
    };
    let whole = |rect: &Rect| rect.area() > LARGEST * page.area();
    let bleeds = |rect: &Rect| {
        let across = rect.width() > ACROSS * page.width();
        across && (rect.y0 <= page.y0 + 1.0 || rect.y1 >= page.y1 - 1.0)
    };
    let drawings = painted.drawings.iter().filter(|r| !(bleeds(r) && holds_text(r)));
    let pictures = painted.images.iter().chain(drawings).take(MOST_PARTS);
    let mut paint: Vec<Rect> = pictures.filter(|r| !whole(r) && !covered(r)).copied().collect();
    let plain = |rect: &&Rect| rect.width() <= ACROSS * page.width() && !whole(rect) && !holds_text(rect);
    let boxes: Vec<Rect> = painted.boxes.iter().take(MOST_PARTS).filter(plain).copied().collect();
    // One or two are the ground of a page or a band across it; bars of a chart are more.
    if boxes.len() >= FEWEST_BARS {
        paint.extend(boxes);
    }
    let signs: Vec<Rect> = printed.iter().filter(|l| is_sign(l)).map(|l| l.rect).collect();
    if signs.len() >= FEWEST_SIGNS {
        paint.extend(signs);
    }
    paint
}

/// Filled rectangles without text.
const FEWEST_BARS: usize = 4;

/// Lines of bare signs. A page with fewer has bullets rather than a chart.
const FEWEST_SIGNS: usize = 30;

/// Dots, circles and crosses alone.
fn is_sign(line: &Line) -> bool {
    let mut signs = line.spans.iter().flat_map(|s| s.text.chars());
    signs.all(|c| c.is_whitespace() || "●○•◦■□▲△▼▽◆◇✕×+∗*·–—-_|".contains(c))
}

/// Whether what was taken for a figure is a column or a page of text, of `least` words a line.
fn is_text(rect: &Rect, lines: &[Line], least: usize) -> bool {
    let inside: Vec<&Line> = lines.iter().filter(|l| l.rect.share_in(rect) >= IN_REGION).collect();
    let words: usize = inside.iter().map(|l| l.text().split_whitespace().count()).sum();
    let covered: f32 = inside.iter().map(|l| l.rect.area()).sum();
    inside.len() >= TEXT_LINES && words >= least * inside.len() && covered > TEXT_COVER * rect.area()
}

/// Whether text of the body's size stands there, as on a slide, more than one line and `share` of all: then what is
/// painted decorates it.
fn is_decorated(rect: &Rect, lines: &[Line], body: f32, share: f32) -> bool {
    let printed =
        |l: &&Line| l.source() == Source::TextLayer && l.rect.share_in(rect) >= IN_REGION && !is_sign(l);
    let (mut all, mut large) = (0, 0);
    for line in lines.iter().filter(printed) {
        let letters = line.spans.iter().flat_map(|s| s.text.chars()).filter(|c| c.is_alphabetic()).count();
        all += 1;
        large += usize::from(letters >= 2 && line.size() >= LABEL_SIZE * body && line.turn() == Turn::None);
    }
    large >= 2 && large as f32 > share * all as f32
}

/// Of a line's height. A caption under a figure stands no farther from it.
const CAPTION_GAP: f32 = 2.5;

fn is_under(caption: &Rect, figure: &Rect) -> bool {
    let gap = caption.y0 - figure.y1;
    (-caption.height()..CAPTION_GAP * caption.height()).contains(&gap)
        && caption.overlap_x(figure) > 0.5 * caption.width().min(figure.width())
}

/// Pictures that touch are parts of one.
pub(super) fn clusters(parts: &[Rect]) -> Vec<Rect> {
    let mut whole: Vec<Rect> = Vec::new();
    for part in parts.iter().take(MOST_PARTS) {
        join(&mut whole, *part);
    }
    whole
}

fn join(whole: &mut Vec<Rect>, part: Rect) {
    let mut rect = part;
    // A part can close the gap between several, so look again after each join.
    while let Some(i) = whole.iter().position(|w| w.inflate(SAME).intersection(&rect).is_some()) {
        rect = rect.union(&whole.swap_remove(i));
    }
    whole.push(rect);
}

/// Grows each figure by the labels in and beside it, and joins those that meet.
fn with_labels(mut figures: Vec<Region>, lines: &[Line], body: f32) -> Vec<Region> {
    for _ in 0..3 {
        for figure in &mut figures {
            let core = figure.rect;
            for line in lines.iter().filter(|l| is_label(l)) {
                let near = core.inflate(LABEL_GAP * line.rect.height().min(14.0));
                let beside = line.rect.share_in(&near) > 0.5
                    && (line.rect.overlap_x(&core) > 0.0 || line.rect.overlap_y(&core) > 0.0);
                let small = line.size() < LABEL_SIZE * body || line.turn() != Turn::None;
                let inside = line.rect.share_in(&core) > IN_REGION;
                if (inside || beside && small) && line.rect.width() < core.width().max(40.0) {
                    figure.rect = figure.rect.union(&line.rect);
                }
            }
        }
        figures = joined(figures);
    }
    figures
}

fn joined(figures: Vec<Region>) -> Vec<Region> {
    let mut whole: Vec<Region> = Vec::new();
    for mut figure in figures {
        while let Some(i) = whole.iter().position(|w| w.rect.intersection(&figure.rect).is_some()) {
            let other = whole.swap_remove(i);
            figure = Region {
                rect: figure.rect.union(&other.rect),
                score: figure.score.max(other.score),
                ..figure
            };
        }
        whole.push(figure);
    }
    whole
}

/// Few words that name no float and begin no sentence.
fn is_label(line: &Line) -> bool {
    let text = line.text();
    wording::captioned(&text).is_none()
        && !kind::starts_subcaption(&text)
        && text.split_whitespace().count() <= LABEL_WORDS
        && !kind::is_bold(line)
}

/// Whether a line in a figure's box is part of the figure: a label, or what OCR read there.
pub(super) fn owns(line: &Line) -> bool {
    let text = line.text();
    let named = wording::captioned(&text).is_some() || kind::starts_subcaption(&text);
    line.source() == Source::Ocr || line.turn() != Turn::None || !(named || kind::is_prose(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{drawing::draw, text},
    };

    /// The figures on a page of text at 10 points.
    fn figures(page: &Page, regions: &[Region], painted: &Painted) -> Vec<Rect> {
        let lines = text::lines(&text::spans(page));
        let settled = settle(&lines, regions, Some(painted), &[], &page.rect(), 10.0);
        settled.iter().map(|r| r.rect).collect()
    }

    fn drawings(rects: &[Rect]) -> Painted {
        Painted { drawings: rects.to_vec(), ..Default::default() }
    }

    const CHART: Rect = Rect { x0: 100.0, y0: 100.0, x1: 300.0, y1: 200.0 };

    #[test]
    fn a_region_without_paint_is_dropped_and_one_of_a_scan_is_not() {
        let page = draw().page();
        let region = Region { rect: CHART, label: Label::Figure, score: 0.9 };
        assert_eq!(figures(&page, std::slice::from_ref(&region), &Painted::default()), []);
        let sign = drawings(&[Rect::new(120.0, 120.0, 140.0, 140.0)]);
        assert_eq!(figures(&page, std::slice::from_ref(&region), &sign), []);
        let on_scan = settle(&[], std::slice::from_ref(&region), None, &[], &page.rect(), 10.0);
        assert_eq!(on_scan, [region]);
    }

    #[test]
    fn a_region_shrinks_to_its_paint() {
        let region = Region { rect: Rect::new(60.0, 80.0, 400.0, 260.0), label: Label::Figure, score: 0.9 };
        assert_eq!(figures(&draw().page(), &[region], &drawings(&[CHART])), [CHART]);
    }

    #[test]
    fn labels_of_a_chart_belong_to_it() {
        let page = draw().size(5.0).text(150.0, 206.0, "2019").page();
        let grown = Rect { y1: 207.0, ..CHART };
        assert_eq!(figures(&page, &[], &drawings(&[CHART])), [grown]);
    }

    #[test]
    fn prose_and_captions_beside_a_chart_do_not() {
        let page = draw()
            .size(5.0)
            .text(150.0, 206.0, "Several words of a text under it")
            .text(150.0, 96.0, "Figure 1: Years")
            .page();
        assert_eq!(figures(&page, &[], &drawings(&[CHART])), [CHART]);
    }

    #[test]
    fn bars_of_a_chart_are_a_figure_and_bands_behind_headings_are_not() {
        let bars = [100.0, 130.0, 160.0, 190.0].map(|x| Rect::new(x, 100.0, x + 30.0, 200.0));
        let bars = Painted { boxes: bars.to_vec(), ..Default::default() };
        assert_eq!(figures(&draw().page(), &[], &bars), [Rect::new(100.0, 100.0, 220.0, 200.0)]);
        let ys = [100.0, 200.0, 300.0, 400.0];
        let bands = ys.map(|y| Rect::new(72.0, y, 540.0, y + 30.0));
        let bands = Painted { boxes: bands.to_vec(), ..Default::default() };
        let page = ys.iter().fold(draw().size(16.0), |page, y| page.text(80.0, y + 20.0, "Results"));
        assert_eq!(figures(&page.page(), &[], &bands), []);
    }

    #[test]
    fn a_slides_decoration_is_no_figure() {
        let ground = drawings(&[Rect::new(50.0, 100.0, 560.0, 400.0)]);
        let ys = [150.0, 200.0, 250.0];
        let slide = ys.iter().fold(draw(), |page, y| page.text(80.0, *y, "• a point to make")).page();
        assert_eq!(figures(&slide, &[], &ground), []);
        let captioned = ys.iter().fold(draw(), |page, y| page.text(80.0, *y, "a large label"));
        let captioned = captioned.text(200.0, 415.0, "Figure 1: A plan").page();
        assert_eq!(figures(&captioned, &[], &ground), ground.drawings);
        let labels = ys.iter().fold(draw().size(6.0), |page, y| page.text(80.0, *y, "a label")).page();
        assert_eq!(figures(&labels, &[], &ground), ground.drawings);
    }

    #[test]
    fn a_picture_from_edge_to_edge_behind_a_title_is_no_figure() {
        let sky = drawings(&[Rect::new(0.0, 0.0, 612.0, 120.0)]);
        let titled = draw().size(24.0).text(80.0, 60.0, "A title").page();
        assert_eq!(figures(&titled, &[], &sky), []);
        assert_eq!(figures(&draw().page(), &[], &sky), sky.drawings);
    }

    #[test]
    fn a_diagram_of_boxes_over_a_caption_is_a_figure() {
        let frame = |x: f32| {
            let (y0, y1) = (100.0, 150.0);
            let across = [y0, y1].map(|y| Rect::new(x, y, x + 120.0, y + 0.5));
            let down = [x, x + 120.0].map(|x| Rect::new(x, y0, x + 0.5, y1));
            [across, down].concat()
        };
        let painted = Painted { rules: [frame(100.0), frame(220.0)].concat(), ..Default::default() };
        let page = draw().text(110.0, 120.0, "read").text(230.0, 120.0, "write");
        assert_eq!(figures(&page.clone().page(), &[], &painted), []);
        let found = figures(&page.text(150.0, 170.0, "Figure 1: Two steps").page(), &[], &painted);
        assert_eq!(found, [Rect::new(100.0, 100.0, 340.5, 150.5)]);
    }

    #[test]
    fn ornaments_and_the_scanned_page_itself_are_no_figures() {
        let images = vec![Rect::new(300.0, 700.0, 320.0, 720.0), Rect::new(0.0, 0.0, 612.0, 792.0)];
        let painted = Painted { images, ..Default::default() };
        assert_eq!(figures(&draw().page(), &[], &painted), []);
    }
}
