//! Running heads, running feet and page numbers: lines at the outer edge of the
//! page that come again at the same height on other pages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::near;
use crate::{
    content::{Block, Evidence, Kind, Line, PageContent},
    geometry::{Rect, Turn},
    steps::assemble::{blocks::BodyStyle, kind::HEADING_SIZE},
};

/// Share of the page's height at head and foot in which furniture stands.
const ZONE: f32 = 0.2;
/// Rows at each edge that can be furniture.
const ROWS: usize = 5;
/// Points. Lines of a running head stand at one height, give or take this.
const SAME_HEIGHT: f32 = 4.0;
/// Points. A running head whose words change from page to page keeps its place more closely.
const SAME_SLOT: f32 = 1.5;
/// Pages. Text that comes again on fewer is not running.
const FEWEST: usize = 2;
/// Pages, and share of pages, where there is furniture farther out: titles of slides come again too.
const FEWEST_INNER: usize = 3;
const INNER: f32 = 0.3;
/// Share of pages with running heads at one height, from which other words at that height are one too.
const SLOT: f32 = 0.25;
/// Share of pages on which text larger than the body must come again to be furniture: titles of slides do not.
const EVERYWHERE: f32 = 0.6;

/// A line near the head or foot of its page.
struct Edge {
    page: usize,
    block: usize,
    line: usize,
    foot: bool,
    /// From the outermost row, 0.
    row: usize,
    /// Points from the top or, for a foot, from the bottom of the page to the line's middle.
    y: f32,
    size: f32,
    key: String,
}

/// Sets blocks of furniture apart from the text and marks them.
pub(super) fn mark(pages: &mut [PageContent], body: &BodyStyle) {
    let edges: Vec<Edge> = pages.iter().enumerate().flat_map(|(n, page)| edges(n, page)).collect();
    let mut by_page: BTreeMap<usize, HashMap<(usize, usize), bool>> = BTreeMap::new();
    for edge in running(&edges, pages.len(), body).into_iter().map(|i| &edges[i]) {
        by_page.entry(edge.page).or_default().insert((edge.block, edge.line), edge.foot);
    }
    by_page.iter().for_each(|(&n, own)| set_apart(&mut pages[n], own));
}

/// The lines of a page's outer rows, at the head and at the foot.
fn edges(number: usize, page: &PageContent) -> Vec<Edge> {
    if page.turn != Turn::None {
        return Vec::new();
    }
    let mut lines: Vec<(usize, usize, &Line)> = Vec::new();
    for (b, block) in page.blocks.iter().enumerate().filter(|(_, b)| b.kind != Kind::Figure) {
        lines.extend(
            block.lines.iter().enumerate().filter(|(_, l)| l.turn() == Turn::None).map(|(n, l)| (b, n, l)),
        );
    }
    let mut found = Vec::new();
    for foot in [false, true] {
        let depth = |l: &Line| if foot { page.height - l.rect.center().y } else { l.rect.center().y };
        let mut zone: Vec<_> = lines.iter().filter(|(_, _, l)| depth(l) < ZONE * page.height).collect();
        zone.sort_by(|a, b| depth(a.2).total_cmp(&depth(b.2)));
        let (mut row, mut last) = (0, None::<Rect>);
        for &&(block, line, l) in &zone {
            if last.is_some_and(|r| r.overlap_y(&l.rect) < 0.4 * r.height().min(l.rect.height())) {
                row += 1;
            }
            last = Some(l.rect);
            if row < ROWS {
                found.push(Edge {
                    page: number,
                    block,
                    line,
                    foot,
                    row,
                    y: depth(l),
                    size: l.size(),
                    key: key(&l.text()),
                });
            }
        }
    }
    found
}

/// The text without what changes from page to page: numbers, in figures or Roman.
fn key(text: &str) -> String {
    let mut key = String::new();
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let roman = !bare.is_empty() && bare.len() <= 6 && bare.chars().all(|c| "ivxlIVXL".contains(c));
        if roman {
            key.push('#');
            continue;
        }
        for c in word.chars() {
            match c.is_numeric() {
                true if key.ends_with('#') => (),
                true => key.push('#'),
                false => key.extend(c.to_lowercase()),
            }
        }
    }
    key
}

/// Which of the edges are furniture, from the outermost row inward as long as there is some in each.
fn running(edges: &[Edge], pages: usize, body: &BodyStyle) -> BTreeSet<usize> {
    let mut by_key: HashMap<(bool, &str), Vec<usize>> = HashMap::new();
    for (i, edge) in edges.iter().enumerate() {
        by_key.entry((edge.foot, &edge.key)).or_default().push(i);
    }
    let mut on_pages = vec![0; edges.len()];
    for same in by_key.into_values() {
        count_pages(&same, edges, &mut on_pages);
    }
    let share = |part: f32| (part * pages as f32).ceil() as usize;
    let inner = FEWEST_INNER.max(share(INNER)).min(pages.max(FEWEST));
    let again = |i: &usize| {
        let large = edges[*i].size > HEADING_SIZE * body.size;
        let fewest = if edges[*i].row == 0 { FEWEST } else { inner };
        on_pages[*i] >= fewest && (!large || on_pages[*i] as f32 >= EVERYWHERE * pages as f32)
    };
    let repeated: BTreeSet<usize> = (0..edges.len()).filter(again).collect();
    let mut slots = Slots::of(repeated.iter().map(|&i| &edges[i]), pages);
    let fewest = FEWEST.max(share(SLOT));
    let mut in_slot =
        |edge: &Edge| edge.row == 0 && edge.size <= HEADING_SIZE * body.size && slots.have(edge, fewest);
    let furniture = |i: &usize| repeated.contains(i) || in_slot(&edges[*i]);
    let candidates: BTreeSet<usize> = (0..edges.len()).filter(furniture).collect();
    let rows: BTreeSet<(usize, bool, usize)> =
        candidates.iter().map(|&i| (edges[i].page, edges[i].foot, edges[i].row)).collect();
    let reached = |e: &Edge| (0..e.row).all(|row| rows.contains(&(e.page, e.foot, row)));
    candidates.into_iter().filter(|&i| reached(&edges[i])).collect()
}

/// On how many pages a line of one key stands at one height, for each of the edges of a key. A window over them by
/// height, so that a long document takes no longer for each of its pages.
fn count_pages(same: &[usize], edges: &[Edge], on_pages: &mut [usize]) {
    let mut by_height = same.to_vec();
    by_height.sort_by(|&a, &b| edges[a].y.total_cmp(&edges[b].y));
    let mut inside: HashMap<usize, usize> = HashMap::new();
    let (mut from, mut to) = (0, 0);
    for &i in &by_height {
        let height = edges[i].y;
        while let Some(&next) = by_height.get(to).filter(|&&j| edges[j].y - height <= SAME_HEIGHT) {
            *inside.entry(edges[next].page).or_default() += 1;
            to += 1;
        }
        while height - edges[by_height[from]].y > SAME_HEIGHT {
            let page = edges[by_height[from]].page;
            inside.entry(page).and_modify(|n| *n -= 1);
            if inside[&page] == 0 {
                inside.remove(&page);
            }
            from += 1;
        }
        on_pages[i] = inside.len();
    }
}

/// Where running heads stand, and on which pages.
struct Slots<'a> {
    /// Of heads and of feet, by height.
    by_height: [Vec<&'a Edge>; 2],
    /// For each page, the last question that it was counted for.
    counted: Vec<usize>,
    questions: usize,
}

impl<'a> Slots<'a> {
    fn of(edges: impl Iterator<Item = &'a Edge>, pages: usize) -> Self {
        let (mut feet, mut heads): (Vec<_>, Vec<_>) = edges.partition(|e| e.foot);
        for slots in [&mut heads, &mut feet] {
            slots.sort_by(|a, b| a.y.total_cmp(&b.y));
        }
        Self { by_height: [heads, feet], counted: vec![0; pages], questions: 0 }
    }

    /// Whether there are running heads of its size at a line's height on so many other pages.
    fn have(&mut self, edge: &Edge, fewest: usize) -> bool {
        self.questions += 1;
        let slots = &self.by_height[usize::from(edge.foot)];
        let from = slots.partition_point(|s| edge.y - s.y > SAME_SLOT);
        let mut found = 0;
        for slot in slots[from..].iter().take_while(|s| s.y - edge.y <= SAME_SLOT) {
            if slot.page != edge.page && near(slot.size, edge.size, 0.3) {
                let new = std::mem::replace(&mut self.counted[slot.page], self.questions) != self.questions;
                found += usize::from(new);
            }
            if found >= fewest {
                return true;
            }
        }
        false
    }
}

/// Cuts the lines out of their blocks into blocks of their own, heads first and feet last on the page.
fn set_apart(page: &mut PageContent, own: &HashMap<(usize, usize), bool>) {
    let (mut heads, mut text, mut feet) = (Vec::new(), Vec::new(), Vec::new());
    for (b, mut block) in std::mem::take(&mut page.blocks).into_iter().enumerate() {
        let lines = std::mem::take(&mut block.lines);
        let had_lines = !lines.is_empty();
        let (mut head, mut rest, mut foot) = (Vec::new(), Vec::new(), Vec::new());
        for (n, line) in lines.into_iter().enumerate() {
            match own.get(&(b, n)) {
                Some(false) => head.push(line),
                Some(true) => foot.push(line),
                None => rest.push(line),
            }
        }
        heads.extend(part(&block, head, Some(Kind::Header)));
        feet.extend(part(&block, foot, Some(Kind::Footer)));
        match part(&block, rest, None) {
            Some(whole) => text.push(whole),
            None if !had_lines => text.push(block),
            None => (),
        }
    }
    let old_heads = text.extract_if(.., |b| b.kind == Kind::Header).collect::<Vec<_>>();
    let old_feet = text.extract_if(.., |b| b.kind == Kind::Footer).collect::<Vec<_>>();
    let (heads, feet) = (as_one(heads), as_one(feet));
    page.blocks = heads.into_iter().chain(old_heads).chain(text).chain(feet).chain(old_feet).collect();
    page.number_blocks();
}

/// What stands at the head or the foot of one page, row by row.
fn as_one(mut parts: Vec<Block>) -> Option<Block> {
    let mut lines: Vec<Line> = parts.iter_mut().flat_map(|b| std::mem::take(&mut b.lines)).collect();
    let rect = Rect::around_all(lines.iter().map(|l| &l.rect))?;
    let row = |l: &Line| (l.rect.center().y / SAME_HEIGHT).round();
    lines.sort_by(|a, b| row(a).total_cmp(&row(b)).then(a.rect.x0.total_cmp(&b.rect.x0)));
    parts.into_iter().next().map(|first| Block { lines, rect, ..first })
}

/// A block of some of the lines; `None` for no lines.
fn part(block: &Block, lines: Vec<Line>, kind: Option<Kind>) -> Option<Block> {
    let rect = Rect::around_all(lines.iter().map(|l| &l.rect))?;
    let whole = matches!(block.kind, Kind::Figure | Kind::Table | Kind::Formula);
    let mut part = Block { lines, ..block.clone() };
    match kind {
        Some(kind) => {
            (part.kind, part.evidence, part.level, part.region) = (kind, Evidence::Repetition, None, None);
            (part.table, part.formula, part.figure) = (None, None, None);
            part.rect = rect;
        }
        None if !whole => part.rect = rect,
        None => (),
    }
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{
            drawing::draw,
            structure::samples::{PROSE, bold, content, pages, prose, structured},
        },
    };

    fn kinds(page: &PageContent) -> Vec<Kind> {
        page.blocks.iter().map(|b| b.kind).collect()
    }

    #[test]
    fn what_comes_again_at_the_edges_is_running_heads_and_feet() {
        let page = |n: usize| {
            let page = draw().text(72.0, 40.0, &format!("Journal of Trees {n}"));
            prose(page, 100.0, 2 * n).text(72.0, 750.0, &format!("Volume {n} of all")).page()
        };
        let drawn = [page(1), page(2), page(3)];
        assert_eq!(kinds(&pages(&drawn)[0]), [Kind::Paragraph; 3]);
        for page in structured(&drawn) {
            assert_eq!(kinds(&page), [Kind::Header, Kind::Paragraph, Kind::Footer]);
        }
    }

    #[test]
    fn other_words_at_the_place_of_running_heads_are_one_too() {
        let heads = ["Journal of Trees", "On the oak", "Journal of Trees", "Journal of Trees"];
        let page = |(n, head): (usize, &&str)| prose(draw().text(72.0, 40.0, head), 100.0, 2 * n).page();
        let drawn: Vec<Page> = heads.iter().enumerate().map(page).collect();
        assert_eq!(kinds(&structured(&drawn)[1]), [Kind::Header, Kind::Paragraph]);
    }

    #[test]
    fn a_heading_that_stands_once_at_the_top_stays() {
        let first = prose(bold(draw(), 14.0, 40.0, "Introduction"), 100.0, 0).page();
        let drawn = [first, prose(draw(), 100.0, 2).page(), prose(draw(), 100.0, 4).page()];
        assert_eq!(kinds(&structured(&drawn)[0]), [Kind::Heading, Kind::Paragraph]);
    }

    #[test]
    fn a_running_head_in_one_block_with_text_is_set_apart() {
        let page = |n: usize| {
            draw()
                .text(72.0, 60.0, "Journal of Trees")
                .text(72.0, 72.0, PROSE[n])
                .text(72.0, 84.0, PROSE[n + 1])
                .page()
        };
        let drawn = [page(0), page(2), page(4)];
        assert_eq!(kinds(&content(&drawn[0], 1, &[])), [Kind::Paragraph]);
        let texts: Vec<String> = structured(&drawn)[1].blocks.iter().map(|b| b.text.clone()).collect();
        assert_eq!(texts, ["Journal of Trees".to_owned(), format!("{} {}", PROSE[2], PROSE[3])]);
    }

    #[test]
    fn numbers_and_roman_numbers_are_no_part_of_a_running_head() {
        assert_eq!(key("12 Journal of Trees"), key("xiv JOURNAL of trees"));
        assert_ne!(key("Journal of Trees"), key("Journal of Birds"));
    }
}
