//! Lines and regions to blocks in reading order. No line is lost or repeated:
//! each lands in exactly one block.
//!
//! Everything here is in the upright frame of the page's text.

pub(in crate::steps) mod blocks;
mod cells;
mod code;
mod figures;
pub(in crate::steps) mod flow;
pub(in crate::steps) mod kind;
mod margin;

use crate::{
    content::{
        Block, Evidence, Formula, Kind, Label, Line, Link, Page, Region, Role, Source, Span, Table, Tag,
        block_id,
    },
    geometry::Rect,
    steps::{
        order::{self, Sort},
        tags,
        text::is_right_to_left,
        wording::{self, Float},
    },
};

use blocks::{BodyStyle, Draft};
use flow::Vocabulary;

/// Share of a line that lies in a region, from which it belongs to it.
const IN_REGION: f32 = 0.5;
/// Share of a table's width. Lines this long on the whole are a column of text.
const FULL_LINE: f32 = 0.6;

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
    /// From the table step.
    pub tables: Vec<Table>,
    /// From the formula step. `lines` has each as a span.
    pub formulas: &'a [Formula],
    /// What is painted; `None` where the page does not say, as on a scan.
    pub painted: Option<&'a Painted>,
    /// Link annotations.
    pub links: &'a [Link],
    /// The page as the PDF has it, for its structure tree; `None` where OCR reads it.
    pub source: Option<&'a Page>,
}

/// What is painted on a page besides text, in its upright frame.
#[derive(Clone, Debug, Default)]
pub struct Painted {
    /// As in [`crate::content::Page::images`].
    pub images: Vec<Rect>,
    /// As in [`crate::content::Page::boxes`].
    pub boxes: Vec<Rect>,
    /// As in [`crate::content::Page::drawings`].
    pub drawings: Vec<Rect>,
    /// As in [`crate::content::Page::rules`].
    pub rules: Vec<Rect>,
}

/// A page's parts as blocks in reading order.
pub fn assemble(mut parts: Parts) -> Vec<Block> {
    let (lines, numbers) = margin::apart(std::mem::take(&mut parts.lines));
    parts.lines = lines;
    let style = BodyStyle::of(&parts.lines);
    let listings = code::listings(&parts.lines, parts.painted);
    let regions = believed(&parts, &listings, style.size);
    let items = items(&parts.lines, &regions, parts.painted, &listings);
    let tree = parts.source.and_then(|page| Some((page, tags::sound_order(page, &parts.lines)?)));
    let mut order = match &tree {
        Some((_, lines)) => by_tree(&items, lines),
        None => by_geometry(&items, &parts.lines, &parts.page),
    };
    furniture_outside(&mut order, &items, &regions, &parts.page);
    let tags = tree.map_or(&[][..], |(page, _)| &page.tags);
    let drafts = blocks::group(&order, &items, &parts.lines, &regions, tags);
    let words = Vocabulary::of(&parts.lines);
    let mut lines: Vec<Option<Line>> = parts.lines.into_iter().map(Some).collect();
    let finish = |(n, draft): (usize, Draft)| {
        let own: Vec<Line> = draft.lines.iter().filter_map(|&i| lines[i].take()).collect();
        let mut block = block(block_id(parts.number, n), &draft, own, &regions);
        block.table = draft.region.and_then(|r| table_of(&regions[r], &parts.tables)).cloned();
        if let Some(table) = &block.table {
            (block.kind, block.evidence, block.confidence) = (Kind::Table, Evidence::Grid, table.confidence);
        }
        block.role = role(&block.lines, tags);
        name(&mut block, &style, &parts.page);
        write(&mut block, parts.links, &words);
        block
    };
    let mut blocks: Vec<Block> = drafts.into_iter().enumerate().map(finish).collect();
    blocks.extend(line_numbers(block_id(parts.number, blocks.len()), numbers));
    blocks
}

/// The items in the order that their places tell. Scripts that run from the right, and columns of vertical lines, are
/// read in the mirror.
fn by_geometry(items: &[Item], lines: &[Line], page: &Rect) -> Vec<usize> {
    let spans = || lines.iter().flat_map(|l| &l.spans);
    let leftward = |s: &Span| {
        s.vertical || s.text.chars().filter(|&c| is_right_to_left(c)).count() * 2 > s.text.chars().count()
    };
    let weight = |s: &Span| s.text.chars().count();
    let all: usize = spans().map(weight).sum();
    let mirrored = 2 * spans().filter(|s| leftward(s)).map(weight).sum::<usize>() > all;
    let seen = |r: &Rect| if mirrored { Rect::new(page.x1 - r.x1, r.y0, page.x1 - r.x0, r.y1) } else { *r };
    let boxes: Vec<Rect> = items.iter().map(|item| seen(&item.rect)).collect();
    let floats: Vec<Rect> =
        items.iter().filter(|item| item.shape == Shape::Float).map(|item| item.rect).collect();
    let sorts: Vec<Sort> = items.iter().map(|item| sort(item, lines, &floats)).collect();
    order::reading_order_of(&boxes, &sorts)
}

fn sort(item: &Item, lines: &[Line], floats: &[Rect]) -> Sort {
    if item.shape == Shape::Float {
        return Sort::Float;
    }
    let &[line] = item.lines.as_slice() else { return Sort::Text };
    let text = lines[line].text();
    match () {
        _ if kind::names_part(&text, &item.rect, floats) => Sort::PartCaption,
        _ if kind::starts_list_item(&text) => Sort::ListItem,
        _ if wording::captioned(&text) == Some(Float::Figure) => Sort::FigureCaption,
        _ => Sort::Text,
    }
}

/// The items in the order in which the structure tree has their first lines; one without lines comes after what is
/// above it.
fn by_tree(items: &[Item], lines: &[usize]) -> Vec<usize> {
    let mut place = vec![0; lines.len()];
    lines.iter().enumerate().for_each(|(n, &line)| place[line] = n);
    let first = |item: &Item| item.lines.iter().map(|&i| place[i]).min();
    let above = |item: &Item| {
        let higher = items.iter().filter(|i| i.rect.y1 <= item.rect.y0 && i.rect.overlap_x(&item.rect) > 0.0);
        higher.filter_map(first).max().map_or(0, |n| n + 1)
    };
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&i| first(&items[i]).unwrap_or_else(|| above(&items[i])));
    order
}

/// What most of the lines are in the structure tree.
fn role(lines: &[Line], tags: &[Tag]) -> Option<Role> {
    let roles: Vec<Role> = lines.iter().filter_map(|l| Some(tags.get(usize::from(l.tag()?))?.role)).collect();
    let most = roles.iter().max_by_key(|role| roles.iter().filter(|r| r == role).count())?;
    (2 * roles.iter().filter(|r| *r == most).count() > lines.len()).then_some(*most)
}

/// What the margin counts, as one block.
fn line_numbers(id: String, lines: Vec<Line>) -> Option<Block> {
    let rect = Rect::around_all(lines.iter().map(|l| &l.rect))?;
    let draft = Draft { rect, lines: Vec::new(), region: None, whole: false };
    let text = flow::rows(&lines);
    let block = block(id, &draft, lines, &[]);
    Some(Block { kind: Kind::LineNumber, evidence: Evidence::Margin, text, ..block })
}

/// The regions that the page's own content does not speak against, and a figure for each picture.
fn believed(parts: &Parts, listings: &[Rect], body: f32) -> Vec<Region> {
    let seen = with_tables(&with_formulas(parts.regions, parts.formulas), &parts.tables);
    let mut regions = figures::settle(&parts.lines, &seen, parts.painted, listings, &parts.page, body);
    let rules = parts.painted.map_or(&[][..], |p| &p.rules);
    regions.retain(|r| {
        let found = table_of(r, &parts.tables).is_some();
        r.label != Label::Table || found || !is_column(&r.rect, &parts.lines, rules)
    });
    regions
}

/// The regions with those of the tables that were read in place of what the layout step saw there.
fn with_tables(regions: &[Region], tables: &[Table]) -> Vec<Region> {
    let over = |r: &Region, t: &Table| {
        let shared = r.rect.overlap_area(&t.rect);
        match r.label {
            Label::Table => shared > IN_REGION * r.rect.area().min(t.rect.area()),
            _ => shared > IN_REGION * r.rect.area(),
        }
    };
    let mut kept: Vec<Region> =
        regions.iter().filter(|r| !tables.iter().any(|t| over(r, t))).cloned().collect();
    kept.extend(tables.iter().map(|table| {
        let seen = regions.iter().filter(|r| r.label == Label::Table && over(r, table));
        let score = seen.map(|r| r.score).fold(figures::UNSEEN, f32::max);
        Region { rect: table.rect, label: Label::Table, score }
    }));
    kept
}

/// The regions with those of the displayed formulas that were read in place of what the layout step saw there.
fn with_formulas(regions: &[Region], formulas: &[Formula]) -> Vec<Region> {
    let displays = || formulas.iter().filter(|f| f.display);
    let over = |r: &Region, f: &Formula| {
        let shared = r.rect.overlap_area(&f.rect);
        shared > IN_REGION * r.rect.area().min(f.rect.area())
    };
    let is_equation = |r: &Region| r.label == Label::Equation;
    let mut kept: Vec<Region> =
        regions.iter().filter(|r| !is_equation(r) || !displays().any(|f| over(r, f))).cloned().collect();
    kept.extend(displays().map(|formula| {
        let seen = regions.iter().filter(|r| is_equation(r) && over(r, formula));
        let score = seen.map(|r| r.score).fold(figures::UNSEEN, f32::max);
        Region { rect: formula.rect, label: Label::Equation, score }
    }));
    kept
}

/// The table that a region was made for.
fn table_of<'a>(region: &Region, tables: &'a [Table]) -> Option<&'a Table> {
    tables.iter().find(|t| region.label == Label::Table && t.rect == region.rect)
}

/// Whether what the layout step took for a table is running text, in one column or more: sentences that fill their
/// columns, with no rules between rows.
fn is_column(rect: &Rect, lines: &[Line], rules: &[Rect]) -> bool {
    let inside: Vec<&Line> = lines.iter().filter(|l| l.rect.share_in(rect) >= IN_REGION).collect();
    let prose = |wide: f32| inside.iter().filter(|l| l.rect.width() > wide && kind::is_prose(l)).count();
    let share = |count: usize| count as f32 / inside.len().max(1) as f32;
    let full = prose(FULL_LINE * rect.width());
    if full >= 3 && share(full) >= 0.6 {
        return true;
    }
    let ruled = rules.iter().filter(|r| cells::parts_rows(r, rect)).count() >= FEWEST_RULES;
    let half = prose(0.6 * FULL_LINE * rect.width());
    !ruled && half >= FEWEST_PROSE && share(half) >= 0.2
}

/// Rules of the table's width. Fewer than top, head and foot of a table part no rows.
const FEWEST_RULES: usize = 3;
/// Lines. Less prose in columns can be a table's wrapped cells.
const FEWEST_PROSE: usize = 10;

/// One thing that the reading order places: a line, or a region that is placed as a whole.
struct Item {
    rect: Rect,
    /// Row by row.
    lines: Vec<usize>,
    region: Option<usize>,
    shape: Shape,
}

/// What is placed as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Line,
    /// A figure or table.
    Float,
    Formula,
    /// In a frame or on a ground of its own.
    Listing,
}

impl Shape {
    /// Tables, figures and formulas are read as one, whatever their lines look like.
    fn of(label: Label) -> Self {
        match label {
            Label::Table | Label::Figure => Shape::Float,
            Label::Equation => Shape::Formula,
            _ => Shape::Line,
        }
    }
}

impl Item {
    fn whole(rect: Rect, region: Option<usize>, shape: Shape) -> Self {
        Self { rect, lines: Vec::new(), region, shape }
    }
}

fn items(lines: &[Line], regions: &[Region], painted: Option<&Painted>, listings: &[Rect]) -> Vec<Item> {
    let rules = painted.map_or(&[][..], |p| &p.rules);
    let drawn = painted.is_some();
    let listing = |rect: &Rect| Item::whole(*rect, None, Shape::Listing);
    let mut whole: Vec<Item> = listings.iter().map(listing).collect();
    let mut index_of = vec![None; regions.len()];
    for (i, region) in regions.iter().enumerate() {
        let shape = Shape::of(region.label);
        if shape != Shape::Line {
            index_of[i] = Some(whole.len());
            whole.push(Item::whole(region.rect, Some(i), shape));
        }
    }
    let mut single: Vec<Item> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let region = region_of(line, regions, drawn);
        let listed = || listings.iter().position(|rect| line.rect.share_in(rect) >= IN_REGION);
        match region.and_then(|r| index_of[r]).or_else(listed) {
            Some(item) => whole[item].lines.push(i),
            None => single.push(Item { rect: line.rect, lines: vec![i], region, shape: Shape::Line }),
        }
    }
    for item in &mut whole {
        match item.shape {
            Shape::Listing => item.lines = cells::rows(&item.lines, lines).concat(),
            _ => cells::sort(&mut item.lines, lines, rules, &item.rect),
        }
    }
    // A figure or table of which nothing can be read is still one; a formula or listing without characters is not.
    whole.retain(|item| !item.lines.is_empty() || item.shape == Shape::Float);
    whole.append(&mut single);
    whole
}

/// The region that holds most of the line; the smallest of several. Prose is part of no picture and no formula. The page
/// says where pictures are if it is `drawn`.
fn region_of(line: &Line, regions: &[Region], drawn: bool) -> Option<usize> {
    let holds = |r: &Region| {
        line.rect.share_in(&r.rect) >= IN_REGION
            && match r.label {
                Label::Figure => figures::owns(line),
                Label::Equation => is_formula(line) || !kind::is_prose(line),
                _ => true,
            }
    };
    // What OCR reads in a picture is part of it, though it looks like a title there.
    let outside = |r: &Region| drawn && line.source() == Source::Ocr && r.label != Label::Figure;
    let candidates = regions.iter().enumerate().filter(|(_, r)| holds(r));
    let smallest = candidates
        .min_by(|(_, a), (_, b)| outside(a).cmp(&outside(b)).then(a.rect.area().total_cmp(&b.rect.area())));
    smallest.map(|(i, _)| i).or_else(|| most_of(line, regions))
}

/// Whether the line is one formula that was read.
fn is_formula(line: &Line) -> bool {
    matches!(line.spans.as_slice(), [span] if span.formula.is_some())
}

/// The figure that holds most of a line that OCR read over several pictures at once.
fn most_of(line: &Line, regions: &[Region]) -> Option<usize> {
    let figures = || regions.iter().enumerate().filter(|(_, r)| r.label == Label::Figure);
    let held: f32 = figures().map(|(_, r)| line.rect.share_in(&r.rect)).sum();
    let read = line.source() == Source::Ocr && held >= IN_REGION;
    let most = figures()
        .max_by(|(_, a), (_, b)| line.rect.share_in(&a.rect).total_cmp(&line.rect.share_in(&b.rect)));
    most.filter(|_| read).map(|(i, _)| i)
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

/// A block that has no text yet and, unless it is a figure by what is painted alone, no kind.
fn block(id: String, draft: &Draft, lines: Vec<Line>, regions: &[Region]) -> Block {
    let region = draft.region.map(|r| &regions[r]);
    let rect = Rect::around_all(lines.iter().map(|l| &l.rect).chain(draft.whole.then_some(&draft.rect)));
    let (kind, evidence) = match region {
        Some(figure) if figure.label == Label::Figure && figure.score == figures::UNSEEN => {
            (Kind::Figure, Evidence::Painting)
        }
        Some(equation) if equation.label == Label::Equation && lines.iter().any(is_formula) => {
            (Kind::Formula, Evidence::Glyphs)
        }
        _ => (Kind::Paragraph, Evidence::Default),
    };
    Block {
        id,
        kind,
        evidence,
        level: None,
        rect: rect.unwrap_or(draft.rect),
        text: String::new(),
        marks: Vec::new(),
        marker: None,
        caption_of: None,
        continues: None,
        confidence: confidence(&lines, region),
        source: lines.first().map_or(Source::TextLayer, Line::source),
        region: region.filter(|r| r.score > figures::UNSEEN).map(|r| (r.label, r.score)),
        role: None,
        formula: lines
            .iter()
            .filter(|_| kind == Kind::Formula)
            .flat_map(|l| &l.spans)
            .find_map(|s| s.formula.clone()),
        lines,
        table: None,
        figure: None,
    }
}

/// Settles what a block is, by the style of the text around it.
pub(in crate::steps) fn name(block: &mut Block, style: &BodyStyle, page: &Rect) {
    if matches!(block.evidence, Evidence::Painting | Evidence::Grid | Evidence::Glyphs) {
        return;
    }
    let label = block.region.map(|(label, _)| label);
    let by_tree = block.role.and_then(|role| kind::of_role(role, &block.lines, page));
    (block.kind, block.evidence) = match by_tree {
        Some(kind) => (kind, Evidence::Tag),
        None => kind::of(&block.lines, label, style, page),
    };
    block.level = matches!(block.kind, Kind::Heading | Kind::ListItem).then_some(1);
}

/// Writes a block's text and marks anew from its lines, as its kind asks for.
pub(in crate::steps) fn write(block: &mut Block, links: &[Link], words: &Vocabulary) {
    (block.text, block.marks) = match block.kind {
        Kind::Code => (flow::code(&block.lines), Vec::new()),
        Kind::Table | Kind::Formula | Kind::Figure | Kind::LineNumber => {
            (flow::rows(&block.lines), Vec::new())
        }
        _ => flow::flowing(&block.lines, links, words),
    };
    block.marker = match block.kind {
        Kind::ListItem => kind::list_marker(&block.text).map(str::to_owned),
        Kind::Footnote => kind::note_marker(&block.text, &block.marks).map(str::to_owned),
        _ => None,
    };
}

/// The confidence in a figure for which what is painted alone speaks.
const PAINTED: f32 = 0.5;

fn confidence(lines: &[Line], region: Option<&Region>) -> f32 {
    if lines.is_empty() {
        return region.map_or(0.0, |r| if r.score > figures::UNSEEN { r.score } else { PAINTED });
    }
    lines.iter().map(Line::confidence).sum::<f32>() / lines.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{
            drawing::{Drawing, draw},
            text,
        },
    };

    fn blocks_of(page: &Page, regions: &[Region]) -> Vec<Block> {
        blocks_painted(page, regions, &Painted { images: page.images.clone(), ..Default::default() })
    }

    fn blocks_painted(page: &Page, regions: &[Region], painted: &Painted) -> Vec<Block> {
        let lines = text::lines(&text::spans(page));
        assemble(Parts {
            page: page.rect(),
            number: 1,
            lines,
            regions,
            tables: Vec::new(),
            formulas: &[],
            painted: Some(painted),
            links: &[],
            source: None,
        })
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
    fn entries_that_hang_are_blocks_of_their_own() {
        let entry =
            |page: Drawing, y: f32| page.text(72.0, y, PROSE).text(92.0, y + 12.0, "and the rest of it.");
        let page = entry(entry(draw(), 100.0), 124.0).page();
        assert_eq!(blocks_of(&page, &[]).len(), 2);
        // A line that is set in within a sentence does not end it.
        let page = draw().text(72.0, 100.0, PROSE).text(92.0, 112.0, "and then").text(72.0, 124.0, "goes on");
        assert_eq!(blocks_of(&page.page(), &[]).len(), 1);
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
    fn a_listing_on_its_ground_is_one_block_row_by_row() {
        let mut page = draw()
            .font(1)
            .text(80.0, 100.0, "let scene = (")
            .text(100.0, 112.0, "camera,")
            .text(170.0, 112.0, "light")
            .text(80.0, 136.0, ");")
            .font(0)
            .text(72.0, 170.0, PROSE)
            .page();
        page.fonts[1].fixed_pitch = true;
        let ground = Rect::new(72.0, 86.0, 540.0, 146.0);
        let painted = Painted { drawings: vec![ground], ..Default::default() };
        let blocks = blocks_painted(&page, &[], &painted);
        assert_eq!(blocks.iter().map(|b| b.kind).collect::<Vec<_>>(), [Kind::Code, Kind::Paragraph]);
        assert_eq!(blocks[0].text, "let scene = (\n    camera,       light\n\n);");
    }

    #[test]
    fn a_figure_says_whether_the_layout_step_saw_it() {
        let mut page = draw().text(72.0, 600.0, PROSE).page();
        page.images.push([100.0, 100.0, 300.0, 300.0].into());
        let said = |regions: &[Region]| {
            let blocks = blocks_of(&page, regions);
            let figure = blocks.iter().find(|b| b.kind == Kind::Figure).unwrap();
            (figure.evidence, figure.region)
        };
        assert_eq!(said(&[]), (Evidence::Painting, None));
        let seen = region(Label::Figure, [95.0, 95.0, 305.0, 305.0]);
        assert_eq!(said(&[seen]), (Evidence::Region, Some((Label::Figure, 0.9))));
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
