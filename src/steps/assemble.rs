//! Lines and regions to blocks in reading order. No line is lost or repeated:
//! each lands in exactly one block.
//!
//! Everything here is in the upright frame of the page's text.

mod blocks;
mod kind;

use crate::{
    content::{Block, Kind, Label, Line, Region, Source},
    geometry::Rect,
    steps::order,
};

use blocks::Draft;

/// Share of a line that lies in a region, from which it belongs to it.
const IN_REGION: f32 = 0.5;
/// Share of the page. A picture smaller than this without a region of its own is an ornament.
const SMALLEST_FIGURE: f32 = 0.01;
/// Share of the page. A picture larger than this is the scanned page itself, or its background.
const LARGEST_FIGURE: f32 = 0.85;
/// Points. Parts of one drawing lie this near to each other.
const SAME_FIGURE: f32 = 4.0;
/// Share of a figure's region that images and drawings cover at least.
const PAINTED: f32 = 0.1;
/// Lines, words a line, and share of the region's area that these cover: more is text, whatever the layout step says.
const TEXT_LINES: usize = 8;
const TEXT_WORDS: usize = 3;
const TEXT_COVER: f32 = 0.2;
/// Share of a picture that text may cover; above this it is a background.
const TEXT_IN_FIGURE: f32 = 0.35;

/// What a page's blocks are made of.
pub struct Parts<'a> {
    /// The page in its upright frame.
    pub page: Rect,
    /// Counted from 1.
    pub number: usize,
    /// From the text layer or from OCR.
    pub lines: Vec<Line>,
    /// From the layout step; may be empty.
    pub regions: &'a [Region],
    /// Where images and drawings are painted; `None` where the page does not say, as on a scan.
    pub pictures: Option<&'a [Rect]>,
}

/// A page's parts as blocks in reading order.
pub fn assemble(parts: Parts) -> Vec<Block> {
    let regions = with_pictures(&parts);
    let items = items(&parts.lines, &regions);
    let boxes: Vec<Rect> = items.iter().map(|item| item.rect).collect();
    let mut order = order::reading_order(&boxes);
    furniture_outside(&mut order, &items, &regions, &parts.page);
    let style = blocks::BodyStyle::of(&parts.lines);
    let drafts = blocks::group(&order, &items, &parts.lines, &regions);
    let mut lines: Vec<Option<Line>> = parts.lines.into_iter().map(Some).collect();
    let finish = |(n, draft): (usize, Draft)| {
        let own: Vec<Line> = draft.lines.iter().filter_map(|&i| lines[i].take()).collect();
        block(format!("p{}-b{}", parts.number, n + 1), &draft, own, &regions, &style, &parts.page)
    };
    drafts.into_iter().enumerate().map(finish).collect()
}

/// One thing that the reading order places: a line, or a region that is placed as a whole.
struct Item {
    rect: Rect,
    /// Row by row.
    lines: Vec<usize>,
    region: Option<usize>,
}

/// Tables, figures and formulas are read as one, whatever their lines look like.
fn is_whole(label: Label) -> bool {
    matches!(label, Label::Table | Label::Figure | Label::Equation)
}

/// The regions, less the figures in which nothing is painted, and a figure for each picture that has none.
fn with_pictures(parts: &Parts) -> Vec<Region> {
    let mut regions = parts.regions.to_vec();
    regions.retain(|r| r.label != Label::Figure || !is_text(&r.rect, &parts.lines));
    let Some(painted) = parts.pictures else { return regions };
    regions.retain(|r| {
        let ink: f32 = painted.iter().map(|p| p.overlap_area(&r.rect)).sum();
        r.label != Label::Figure || ink > PAINTED * r.rect.area()
    });
    for rect in pictures(painted) {
        let share = rect.area() / parts.page.area().max(1.0);
        // What OCR read in a picture belongs to it; what the layer prints over one may make it a background.
        let printed = parts.lines.iter().filter(|l| l.source() == Source::TextLayer);
        let text: f32 = printed.map(|l| l.rect.overlap_area(&rect)).sum();
        let known = regions.iter().any(|r| is_whole(r.label) && rect.share_in(&r.rect) > 0.5);
        if (SMALLEST_FIGURE..LARGEST_FIGURE).contains(&share) && !known && text < TEXT_IN_FIGURE * rect.area()
        {
            regions.push(Region { rect, label: Label::Figure, score: 0.5 });
        }
    }
    regions
}

/// Whether what the layout step took for a figure is a column or a page of text.
fn is_text(rect: &Rect, lines: &[Line]) -> bool {
    let inside: Vec<&Line> = lines.iter().filter(|l| l.rect.share_in(rect) >= IN_REGION).collect();
    let words: usize = inside.iter().map(|l| l.text().split_whitespace().count()).sum();
    let covered: f32 = inside.iter().map(|l| l.rect.area()).sum();
    inside.len() >= TEXT_LINES && words >= TEXT_WORDS * inside.len() && covered > TEXT_COVER * rect.area()
}

/// Pictures that touch are parts of one.
fn pictures(parts: &[Rect]) -> Vec<Rect> {
    let mut whole: Vec<Rect> = Vec::new();
    for part in parts {
        let mut rect = *part;
        // A part can close the gap between several, so look again after each join.
        while let Some(i) = whole.iter().position(|w| w.inflate(SAME_FIGURE).intersection(&rect).is_some()) {
            rect = rect.union(&whole.swap_remove(i));
        }
        whole.push(rect);
    }
    whole
}

fn items(lines: &[Line], regions: &[Region]) -> Vec<Item> {
    let mut whole: Vec<Item> = Vec::new();
    let mut index_of = vec![None; regions.len()];
    for (i, region) in regions.iter().enumerate().filter(|(_, r)| is_whole(r.label)) {
        index_of[i] = Some(whole.len());
        whole.push(Item { rect: region.rect, lines: Vec::new(), region: Some(i) });
    }
    let mut single: Vec<Item> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let region = region_of(line, regions);
        match region.and_then(|r| index_of[r]) {
            Some(item) => whole[item].lines.push(i),
            None => single.push(Item { rect: line.rect, lines: vec![i], region }),
        }
    }
    for item in &mut whole {
        row_by_row(&mut item.lines, lines);
    }
    // A formula or table of which nothing can be read is still a region; a formula without characters is not.
    whole.retain(|item| !item.lines.is_empty() || !is_equation(item, regions));
    whole.append(&mut single);
    whole
}

fn is_equation(item: &Item, regions: &[Region]) -> bool {
    item.region.is_some_and(|r| regions[r].label == Label::Equation)
}

/// The region that holds most of the line; the smallest of several.
fn region_of(line: &Line, regions: &[Region]) -> Option<usize> {
    let holds = |r: &Region| line.rect.share_in(&r.rect) >= IN_REGION;
    let candidates = regions.iter().enumerate().filter(|(_, r)| holds(r));
    candidates.min_by(|(_, a), (_, b)| a.rect.area().total_cmp(&b.rect.area())).map(|(i, _)| i)
}

fn row_by_row(members: &mut [usize], lines: &[Line]) {
    members.sort_by(|&a, &b| lines[a].rect.center().y.total_cmp(&lines[b].rect.center().y));
    let mut start = 0;
    while start < members.len() {
        let first = lines[members[start]].rect;
        let same =
            |&&i: &&usize| first.overlap_y(&lines[i].rect) > 0.5 * first.height().min(lines[i].rect.height());
        let end = start + members[start..].iter().take_while(same).count().max(1);
        members[start..end].sort_by(|&a, &b| lines[a].rect.x0.total_cmp(&lines[b].rect.x0));
        start = end;
    }
}

/// Running heads before, running feet after everything else, each in its own order.
fn furniture_outside(order: &mut [usize], items: &[Item], regions: &[Region], page: &Rect) {
    let place = |i: usize| match items[i].region.map(|r| regions[r].label) {
        Some(Label::Header) if kind::in_margin(&items[i].rect, page) => 0,
        Some(Label::Footer) if kind::in_margin(&items[i].rect, page) => 2,
        _ => 1,
    };
    order.sort_by_key(|&i| place(i));
}

fn block(
    id: String,
    draft: &Draft,
    lines: Vec<Line>,
    regions: &[Region],
    style: &blocks::BodyStyle,
    page: &Rect,
) -> Block {
    let region = draft.region.map(|r| &regions[r]);
    let kind = kind::of(&lines, region.map(|r| r.label), style, page);
    let rect = Rect::around_all(lines.iter().map(|l| &l.rect).chain(draft.whole.then_some(&draft.rect)));
    let text = match kind {
        Kind::Code => blocks::code_text(&lines),
        Kind::Table | Kind::Formula | Kind::Figure => blocks::row_text(&lines),
        _ => blocks::flowing_text(&lines),
    };
    Block {
        id,
        kind,
        evidence: crate::content::Evidence::Default,
        level: (kind == Kind::Heading).then_some(1),
        marks: Vec::new(),
        marker: None,
        caption_of: None,
        continues: None,
        rect: rect.unwrap_or(draft.rect),
        text,
        confidence: confidence(&lines, region),
        source: lines.first().map_or(Source::TextLayer, Line::source),
        region: region.map(|r| (r.label, r.score)),
        lines,
        table: None,
        formula: (kind == Kind::Formula)
            .then(|| crate::content::Formula { display: true, ..Default::default() }),
        figure: None,
    }
}

fn confidence(lines: &[Line], region: Option<&Region>) -> f32 {
    if lines.is_empty() {
        return region.map_or(0.0, |r| r.score);
    }
    lines.iter().map(Line::confidence).sum::<f32>() / lines.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{drawing::draw, text},
    };

    fn blocks_of(page: &Page, regions: &[Region]) -> Vec<Block> {
        let lines = text::lines(&text::spans(page));
        assemble(Parts { page: page.rect(), number: 1, lines, regions, pictures: Some(&page.images) })
    }

    fn region(label: Label, rect: [f32; 4]) -> Region {
        Region { rect: rect.into(), label, score: 0.9 }
    }

    const PROSE: &str = "Several words that fill most of one line of text in a column";

    #[test]
    fn lines_of_one_paragraph_are_one_block_and_a_gap_starts_another() {
        let page = draw()
            .text(72.0, 100.0, PROSE)
            .text(72.0, 112.0, PROSE)
            .text(72.0, 124.0, "and its end.")
            .text(72.0, 150.0, PROSE)
            .page();
        let blocks = blocks_of(&page, &[]);
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].text, format!("{PROSE} {PROSE} and its end."));
    }

    #[test]
    fn a_word_broken_at_the_line_end_is_mended() {
        let page = draw().text(72.0, 100.0, "a broken exam-").text(72.0, 112.0, "ple of this").page();
        assert_eq!(blocks_of(&page, &[])[0].text, "a broken example of this");
    }

    #[test]
    fn a_large_line_over_text_is_a_heading() {
        let page = draw()
            .size(16.0)
            .text(72.0, 80.0, "Results")
            .size(10.0)
            .text(72.0, 110.0, PROSE)
            .text(72.0, 122.0, PROSE)
            .page();
        let kinds: Vec<Kind> = blocks_of(&page, &[]).iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [Kind::Heading, Kind::Paragraph]);
    }

    #[test]
    fn a_table_region_keeps_its_lines_row_by_row() {
        let page = draw()
            .text(80.0, 100.0, "a")
            .text(80.0, 112.0, "b")
            .text(300.0, 100.0, "1")
            .text(300.0, 112.0, "2")
            .page();
        let blocks = blocks_of(&page, &[region(Label::Table, [70.0, 85.0, 400.0, 120.0])]);
        assert_eq!((blocks.len(), blocks[0].kind), (1, Kind::Table));
        assert_eq!(blocks[0].text, "a 1\nb 2");
    }

    #[test]
    fn a_column_of_text_is_no_figure() {
        let page = (0..10).fold(draw(), |page, n| page.text(72.0, 100.0 + 12.0 * n as f32, PROSE)).page();
        let blocks = blocks_of(&page, &[region(Label::Figure, [60.0, 80.0, 400.0, 220.0])]);
        assert_eq!((blocks.len(), blocks[0].kind), (1, Kind::Paragraph));
    }

    #[test]
    fn running_heads_come_first_and_feet_last() {
        let page = draw().text(72.0, 700.0, "12").text(72.0, 100.0, PROSE).text(400.0, 40.0, "Head").page();
        let regions = [
            region(Label::Footer, [60.0, 680.0, 500.0, 720.0]),
            region(Label::Header, [60.0, 20.0, 560.0, 50.0]),
        ];
        let kinds: Vec<Kind> = blocks_of(&page, &regions).iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [Kind::Header, Kind::Paragraph, Kind::Footer]);
    }

    #[test]
    fn list_items_are_blocks_of_their_own() {
        let page = draw().text(72.0, 100.0, "• first item").text(72.0, 112.0, "• second item").page();
        let blocks = blocks_of(&page, &[]);
        assert_eq!(blocks.iter().map(|b| b.kind).collect::<Vec<_>>(), [Kind::ListItem, Kind::ListItem]);
    }

    #[test]
    fn no_character_is_lost_or_repeated() {
        let page = draw()
            .text(72.0, 100.0, PROSE)
            .size(20.0)
            .text(72.0, 60.0, "Title")
            .size(7.0)
            .text(72.0, 700.0, "1 A note")
            .text(300.0, 300.0, "loose")
            .page();
        let regions = [
            region(Label::Text, [60.0, 80.0, 400.0, 110.0]),
            region(Label::Figure, [250.0, 250.0, 400.0, 400.0]),
        ];
        let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let kept: usize = blocks_of(&page, &regions).iter().map(|b| count(&b.text)).sum();
        assert_eq!(kept, page.chars.iter().filter(|c| !c.unicode.is_whitespace()).count());
    }

    #[test]
    fn an_empty_page_has_no_blocks() {
        assert!(blocks_of(&Page::default(), &[]).is_empty());
    }
}
