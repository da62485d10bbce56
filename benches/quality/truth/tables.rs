//! True tables: which files of the corpus have them, and their cells.

use super::{
    markup::{self, Element, Node},
    tex,
};
use crate::grid::{Cell, Grid};
use flatleaf::geometry::Rect;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A file whose tables are known.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Relative to the corpus.
    pub file: String,
    pub kind: Kind,
    /// All tables of the file. More than one list where more than one reading is right: the best counts.
    pub alternatives: Vec<Vec<Grid>>,
}

/// Files that are averaged together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Reports, the European part of the ICDAR 2013 competition: regions and cells.
    Icdar,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Icdar => "icdar2013-eu",
        }
    }
}

const ICDAR: &str = "tables/icdar2013-eu";

/// How high a page of a file is as displayed, in points.
pub type Height<'a> = dyn Fn(&Path, usize) -> f32 + 'a;

/// Every file of the corpus with true tables.
pub fn all(corpus: &Path, height: &Height) -> io::Result<Vec<Tables>> {
    let mut found = Vec::new();
    for pdf in files(&corpus.join(ICDAR), "pdf")? {
        let alternatives = icdar(&pdf, height)?;
        found.push(Tables { file: format!("{ICDAR}/{}", name(&pdf)), kind: Kind::Icdar, alternatives });
    }
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn files(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == extension));
    paths.sort();
    Ok(paths)
}

/// The tables of a document of ICDAR 2013, from the two files beside it. `eu-009a.pdf` has two readings, `a` with the
/// heading above its table and `b` without: both count as right, as in the competition.
pub fn icdar(pdf: &Path, height: &Height) -> io::Result<Vec<Vec<Grid>>> {
    let stem = pdf.with_extension("").to_string_lossy().into_owned();
    let other = stem.strip_suffix('a').map(|stem| format!("{stem}b"));
    let mut alternatives = Vec::new();
    for stem in [Some(stem), other].into_iter().flatten() {
        let read = |part: &str| fs::read_to_string(format!("{stem}-{part}.xml"));
        alternatives.push(competition(&read("reg")?, &read("str")?, &|page| height(pdf, page)));
    }
    Ok(alternatives)
}

/// Each region of a table is one of its own; in the European part no table has a second. `regions` are of the
/// page as displayed with y upwards; where a page is turned, the boxes of `cells` are not, so they are left alone.
fn competition(regions: &str, cells: &str, height: &dyn Fn(usize) -> f32) -> Vec<Grid> {
    let (regions, cells) = (markup::parse(regions), markup::parse(cells));
    let (regions, cells) = (regions.outermost(&["region"]), cells.outermost(&["region"]));
    let grid = |(region, cells): (&&Element, &&Element)| {
        let page = region.number("page")?;
        Some(Grid {
            page: Some(page),
            rect: region_rect(region, height(page)),
            cells: cells.outermost(&["cell"]).into_iter().filter_map(cell).collect(),
            confidence: None,
        })
    };
    regions.iter().zip(&cells).filter_map(grid).collect()
}

fn region_rect(region: &Element, height: f32) -> Option<Rect> {
    let sides = region.outermost(&["bounding-box"]).into_iter().filter_map(|side| {
        let side = |name| side.number::<f32>(name);
        Some(Rect::new(side("x1")?, height - side("y2")?, side("x2")?, height - side("y1")?))
    });
    sides.reduce(|all, one| all.union(&one))
}

fn cell(element: &Element) -> Option<Cell> {
    let (row, column) = (element.number("start-row")?, element.number("start-col")?);
    let span = |end, start: usize| element.number(end).map_or(1, |end: usize| end.max(start) - start + 1);
    Some(Cell {
        row_span: span("end-row", row),
        column_span: span("end-col", column),
        text: element.outermost(&["content"]).first().map(|content| content.text()).unwrap_or_default(),
        ..Cell::at(row, column, "")
    })
}

/// Elements that hold a table, in HTML and JATS, and in LaTeXML. Those inside a cell are text of that cell.
const TABLES: [&str; 2] = ["table", "tabular"];
/// Elements whose inside is no text of a cell.
const SILENT: [&str; 4] = ["script", "style", "mml:math", "tags"];

/// The outermost tables of HTML, JATS or LaTeXML.
pub fn of_markup(root: &Element) -> Vec<Grid> {
    let rows = |table: &&Element| !table.outermost(&["tr"]).is_empty();
    tables_in(root).into_iter().filter(rows).map(grid).collect()
}

/// LaTeXML and JATS put a `table` with its caption around what has the rows.
fn tables_in(root: &Element) -> Vec<&Element> {
    let inner = |table| match wrapped(table) {
        inner if inner.is_empty() => vec![table],
        inner => inner,
    };
    root.outermost(&TABLES).into_iter().flat_map(inner).collect()
}

fn wrapped(table: &Element) -> Vec<&Element> {
    let stops = ["table", "tabular", "tr"];
    table.outermost(&stops).into_iter().filter(|inner| inner.name != "tr").collect()
}

/// A cell stands in the first column of its row that no cell from above covers, as in HTML.
fn grid(table: &Element) -> Grid {
    let mut cells: Vec<Cell> = Vec::new();
    for (row, line) in table.outermost(&["tr"]).into_iter().enumerate() {
        let mut column = 0;
        for element in line.outermost(&["td", "th"]) {
            let covered = |column| {
                let covers = |cell: &Cell| cell.rows().contains(&row) && cell.columns().contains(&column);
                cells.iter().any(covers)
            };
            while covered(column) {
                column += 1;
            }
            let cell = Cell {
                row_span: element.number("rowspan").unwrap_or(1).max(1),
                column_span: element.number("colspan").unwrap_or(1).max(1),
                ..Cell::at(row, column, &cell_text(element))
            };
            column = cell.columns().end;
            cells.push(cell);
        }
    }
    Grid { cells, ..Grid::default() }
}

/// Formulas as the characters that they print; a space where an element parts words.
fn cell_text(element: &Element) -> String {
    let text = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(inner) => match (inner.name.as_str(), inner.attribute("tex")) {
            ("Math", Some(source)) => tex::formula(&source.replace("\\\\", " ")),
            ("tex-math", _) => tex::formula(&inner.text()),
            (name, _) if SILENT.contains(&name) => String::new(),
            ("br" | "break" | "p" | "td" | "tr", _) => format!(" {} ", cell_text(inner)),
            _ => cell_text(inner),
        },
    };
    element.children.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::normalised;

    #[test]
    fn cells_of_markup_step_aside_for_those_that_span_rows() {
        let root = markup::parse(
            "<table><caption>T</caption><tabular><tr><td rowspan='2'>a</td><td>b</td></tr>\
             <tr><td><p>c</p><break/>d</td></tr></tabular></table>",
        );
        let found = of_markup(&root);
        let places: Vec<_> = found[0].cells.iter().map(|c| (c.row, c.column, normalised(&c.text))).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(places, [(0, 0, "a".into()), (0, 1, "b".into()), (1, 1, "c d".into())]);
    }

    #[test]
    fn competition_files_give_cells_with_spans_and_regions_from_the_top() {
        let regions = "<document><table id='1'><region id='1' page='2'><instruction instr-id='1'/>\
             <bounding-box x1='10' y1='700' x2='110' y2='740'/></region></table></document>";
        let cells = "<document><table id='1'><region page='2'>\
             <cell start-row='0' start-col='1' end-col='2'><bounding-box x1='1' y1='1' x2='2' y2='2'/>\
             <content>to &lt;air\nkg</content></cell>\
             <cell start-row='1' start-col='0'><content>x</content></cell></region></table></document>";
        let found = competition(regions, cells, &|_| 800.0);
        let head = Cell { column_span: 2, ..Cell::at(0, 1, "to <air\nkg") };
        let expected = Grid {
            page: Some(2),
            rect: Some(Rect::new(10.0, 60.0, 110.0, 100.0)),
            cells: vec![head, Cell::at(1, 0, "x")],
            confidence: None,
        };
        assert_eq!(found, [expected]);
    }
}
