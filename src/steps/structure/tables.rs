//! Tables that go on on the next page.

use super::near;
use crate::content::{Block, Carried, Cell, Kind, PageContent, Part, Table, Why};

/// Share of the table's width. Columns of one table stand no farther apart on its two pages.
const SAME_COLUMN: f32 = 0.03;

/// Finds the tables that go on with one that ends the page before: under the same columns, or under the same header,
/// with nothing but captions and what belongs to the sheet between. Each stays on its page; [`whole_table`] joins
/// them.
pub fn join_tables(pages: &mut [PageContent]) {
    for n in 1..pages.len() {
        let (before, after) = pages.split_at_mut(n);
        let (upper, lower) = (&before[n - 1], &mut after[0]);
        let Some(last) = last_table(upper).filter(|_| lower.number == upper.number + 1) else { continue };
        let titles_differ = new_caption(lower);
        let Some(index) = first_table(lower).filter(|_| !titles_differ) else { continue };
        let first = &mut lower.blocks[index];
        let (Some(above), Some(table)) = (&last.table, &mut first.table) else { continue };
        if let Some((repeated, why)) = goes_on(above, table) {
            carry(table, last.id.clone(), repeated, why);
        }
    }
}

fn carry(table: &mut Table, of: String, repeated: usize, why: Why) {
    table.carried = Some(Carried { of, repeated, why });
    if repeated == 0 {
        table.header_rows = 0;
        table.cells.iter_mut().for_each(|cell| cell.header = false);
    }
}

/// What else stands on a page without ending its table: captions, notes and what belongs to the sheet.
fn is_beside(block: &Block) -> bool {
    block.kind.is_furniture() || matches!(block.kind, Kind::Footnote | Kind::Caption)
}

fn last_table(page: &PageContent) -> Option<&Block> {
    let last = page.blocks.iter().rev().find(|b| !is_beside(b))?;
    Some(last).filter(|b| b.table.is_some())
}

fn first_table(page: &PageContent) -> Option<usize> {
    let first = page.blocks.iter().position(|b| !is_beside(b))?;
    page.blocks[first].table.is_some().then_some(first)
}

/// Whether a caption over the page's first table names another one than goes on.
fn new_caption(page: &PageContent) -> bool {
    let before = page.blocks.iter().take_while(|b| b.table.is_none());
    let named = |b: &Block| {
        let text = b.text.to_lowercase();
        text.starts_with("tab") && !text.contains("cont")
    };
    before.filter(|b| b.kind == Kind::Caption).any(named)
}

/// How many rows of the lower table repeat the upper one's header, and why they are one; `None` if they are not.
fn goes_on(upper: &Table, lower: &Table) -> Option<(usize, Why)> {
    if upper.columns != lower.columns {
        return None;
    }
    let repeated = repeated_rows(upper, lower);
    if repeated > 0 {
        return Some((repeated, Why::Header));
    }
    same_columns(upper, lower).then_some((0, Why::Columns))
}

/// Rows at the top that say the same.
fn repeated_rows(upper: &Table, lower: &Table) -> usize {
    let texts = |table: &Table, row: usize| -> Vec<(usize, String)> {
        let own = table.filled().filter(|c| c.row == row);
        own.map(|c| (c.column, c.text.split_whitespace().collect())).collect()
    };
    let most = upper.header_rows.max(1).min(lower.rows);
    let same = |row: &usize| {
        let here = texts(upper, *row);
        !here.is_empty() && here == texts(lower, *row)
    };
    (0..most).take_while(same).count()
}

/// Whether the columns stand at the same places, from the tables' left edges.
fn same_columns(upper: &Table, lower: &Table) -> bool {
    let slack = SAME_COLUMN * upper.rect.width().max(lower.rect.width());
    let lefts = |table: &Table| -> Vec<f32> {
        (0..table.columns)
            .filter_map(|n| {
                let own = table.cells.iter().filter(|c| c.column == n && c.column_span == 1);
                own.map(|c| c.rect.x0 - table.rect.x0).reduce(f32::min)
            })
            .collect()
    };
    let (a, b) = (lefts(upper), lefts(lower));
    a.len() == b.len()
        && near(upper.rect.width(), lower.rect.width(), 2.0 * slack)
        && a.iter().zip(&b).all(|(a, b)| near(*a, *b, slack))
}

/// The table that begins in the block `id`, with the rows of the blocks that go on with it; headers that are repeated
/// are left out, and `parts` says which rows are whose. Its box is that of its first part. `None` where no table begins
/// there: none is there at all, or one that goes on with another of these pages. `pages` are of one document.
pub fn whole_table(pages: &[PageContent], id: &str) -> Option<Table> {
    let has = |page: &PageContent, id: &str| page.blocks.iter().position(|b| b.id == id);
    let (page, block) = pages.iter().enumerate().find_map(|(n, page)| Some((n, has(page, id)?)))?;
    let mut whole = pages[page].blocks[block].table.clone()?;
    if whole.carried.as_ref().is_some_and(|c| pages.iter().any(|page| has(page, &c.of).is_some())) {
        return None;
    }
    whole.parts = vec![Part { page: pages[page].number, block: id.to_owned(), first_row: 0 }];
    let mut last = id;
    // A table goes on on the next page or not at all.
    for page in &pages[page + 1..] {
        let Some((block, table, repeated)) = follower(page, last) else { break };
        whole.parts.push(Part { page: page.number, block: block.id.clone(), first_row: whole.rows });
        append(&mut whole, table, repeated);
        last = &block.id;
    }
    Some(whole)
}

/// The block of the page whose table goes on with that of the block `of`, and how many rows it repeats.
fn follower<'a>(page: &'a PageContent, of: &str) -> Option<(&'a Block, &'a Table, usize)> {
    page.blocks.iter().find_map(|block| {
        let table = block.table.as_ref()?;
        let carried = table.carried.as_ref().filter(|c| c.of == of)?;
        Some((block, table, carried.repeated))
    })
}

/// Adds the rows of `lower` from `skip` on.
fn append(whole: &mut Table, lower: &Table, skip: usize) {
    let moved = |cell: &Cell| Cell { row: cell.row - skip + whole.rows, ..cell.clone() };
    let cells: Vec<Cell> = lower.cells.iter().filter(|c| c.row >= skip).map(moved).collect();
    whole.cells.extend(cells);
    whole.rows += lower.rows - skip;
    whole.confidence = whole.confidence.min(lower.confidence);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{
            drawing::{Drawing, draw},
            structure::samples::structured,
        },
    };

    /// A ruled table of three columns whose rows begin at `y`.
    fn ruled(page: Drawing, y: f32, rows: &[[&str; 3]]) -> Drawing {
        let (edges, foot) = ([72.0, 200.0, 300.0, 400.0], y + 20.0 * rows.len() as f32);
        let page = (0..=rows.len()).fold(page, |page, n| {
            let y = y + 20.0 * n as f32;
            page.rule(72.0, y, 400.0, y + 0.5)
        });
        let page = edges.iter().fold(page, |page, &x| page.rule(x, y, x + 0.5, foot));
        rows.iter().enumerate().fold(page, |page, (n, row)| {
            let cell = |page: Drawing, (k, text): (usize, &&str)| {
                page.text(edges[k] + 6.0, y + 14.0 + 20.0 * n as f32, text)
            };
            row.iter().enumerate().fold(page, cell)
        })
    }

    fn joined(pages: &[Page]) -> Table {
        let mut pages = structured(pages);
        join_tables(&mut pages);
        let first = pages[0].blocks.iter().find(|b| b.table.is_some()).expect("a table").id.clone();
        whole_table(&pages, &first).expect("it begins here")
    }

    fn column(table: &Table, n: usize) -> Vec<&str> {
        table.cells.iter().filter(|c| c.column == n).map(|c| c.text.as_str()).collect()
    }

    const HEAD: [&str; 3] = ["Tree", "Height", "Age"];

    #[test]
    fn a_repeated_header_is_dropped() {
        let first = ruled(draw(), 600.0, &[HEAD, ["Oak", "31", "400"], ["Elm", "25", "150"]]).page();
        let next = ruled(draw(), 80.0, &[HEAD, ["Fir", "40", "200"]]).page();
        let table = joined(&[first, next]);
        assert_eq!(column(&table, 0), ["Tree", "Oak", "Elm", "Fir"]);
        assert_eq!(table.parts.iter().map(|p| (p.page, p.first_row)).collect::<Vec<_>>(), [(1, 0), (2, 3)]);
    }

    #[test]
    fn columns_at_the_same_places_go_on() {
        let first = ruled(draw(), 600.0, &[HEAD, ["Oak", "31", "400"], ["Elm", "25", "150"]]).page();
        let next = ruled(draw(), 80.0, &[["Fir", "40", "200"], ["Ash", "22", "90"]]).page();
        assert_eq!(column(&joined(&[first, next]), 0), ["Tree", "Oak", "Elm", "Fir", "Ash"]);
    }

    #[test]
    fn a_page_left_out_parts_two_tables() {
        let first = ruled(draw(), 600.0, &[HEAD, ["Oak", "31", "400"]]).page();
        let next = ruled(draw(), 80.0, &[HEAD, ["Fir", "40", "200"]]).page();
        let mut pages = structured(&[first, draw().page(), next]);
        pages.remove(1);
        join_tables(&mut pages);
        let first = pages[0].blocks[0].id.clone();
        assert_eq!(column(&whole_table(&pages, &first).unwrap(), 0), ["Tree", "Oak"]);
    }

    #[test]
    fn text_between_parts_two_tables() {
        let first = ruled(draw(), 500.0, &[HEAD, ["Oak", "31", "400"], ["Elm", "25", "150"]])
            .text(72.0, 650.0, "Several words that fill most of one line of text in a column")
            .page();
        let next = ruled(draw(), 80.0, &[HEAD, ["Fir", "40", "200"]]).page();
        assert_eq!(column(&joined(&[first, next]), 0), ["Tree", "Oak", "Elm"]);
    }
}
