//! True tables: which files of the corpus have them, and their cells.

use super::{
    markup::{self, Element, Node},
    tex,
};
use crate::grid::{Cell, Grid};
use flatleaf::geometry::{Point, Rect};
use serde::Deserialize;
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
    /// Of each page, for files where the truth has regions: what these hold.
    pub glyphs: Vec<Vec<Point>>,
}

impl Tables {
    fn new(file: String, kind: Kind, tables: Vec<Grid>) -> Self {
        Self { file, kind, alternatives: vec![tables], glyphs: Vec::new() }
    }
}

/// Files that are averaged together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Reports, the European part of the ICDAR 2013 competition: regions and cells.
    Icdar,
    /// Tests of LaTeX features, LaTeXML XML.
    Latexml,
    /// Journal papers, JATS XML.
    Jats,
    /// Images of tables, HTML.
    PubTabNet,
    /// Documents without a table.
    Without,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Icdar => "icdar2013-eu",
            Self::Latexml => "latexml",
            Self::Jats => "jats",
            Self::PubTabNet => "pubtabnet",
            Self::Without => "without",
        }
    }
}

const ICDAR: &str = "tables/icdar2013-eu";

/// Documents without a table: by DocBank's labels, their JATS or LaTeXML XML, or their LaTeX source, which has no
/// environment that sets one; looked through by eye.
const WITHOUT: [&str; 47] = [
    "docs/docbank/117.tar_1409.3407.gz_submitted2_p2.pdf",
    "docs/docbank/132.tar_1410.2655.gz_CRBTSM_parizot_final_p7.pdf",
    "docs/docbank/135.tar_1805.05760.gz_cataracts_p3.pdf",
    "docs/docbank/157.tar_1707.05640.gz_Manuscript_p25.pdf",
    "docs/docbank/20.tar_1801.07927.gz_Manuscript_V5_p0.pdf",
    "docs/docbank/39.tar_1802.04452.gz_ms_p18.pdf",
    "docs/docbank/62.tar_1504.06368.gz_main_p1.pdf",
    "docs/docbank/8.tar_1501.04227.gz_tunablefailure_draft_20160624_p8.pdf",
    "docs/jats/jose.00196.pdf",
    "docs/jats/jose.00209.pdf",
    "docs/jats/jose.00302.pdf",
    "docs/latexml/complex_cleveref_minimal.pdf",
    "docs/latexml/complex_hyperchars.pdf",
    "docs/latexml/complex_labelled.pdf",
    "docs/latexml/complex_versioned_fallback.pdf",
    "docs/latexml/structure_acro.pdf",
    "docs/latexml/structure_app.pdf",
    "docs/latexml/structure_beforeafter.pdf",
    "docs/latexml/structure_columns.pdf",
    "docs/latexml/structure_csquotes.pdf",
    "docs/latexml/structure_endnote.pdf",
    "docs/latexml/structure_epitest.pdf",
    "docs/latexml/structure_faketitlepage.pdf",
    "docs/latexml/structure_figure_grids.pdf",
    "docs/latexml/structure_filelist.pdf",
    "docs/latexml/structure_footnote.pdf",
    "docs/latexml/structure_hyperref.pdf",
    "docs/latexml/structure_mainfile.pdf",
    "docs/latexml/structure_options.pdf",
    "docs/latexml/structure_paralists.pdf",
    "docs/latexml/structure_subcaption.pdf",
    "docs/latexml/structure_titlepage.pdf",
    "docs/latexml/theorem_amstheorem.pdf",
    "docs/latexml/theorem_latextheorem.pdf",
    "docs/latexml/theorem_ntheoremstyle.pdf",
    "docs/latexml/theorem_proofpunct.pdf",
    "docs/latexml/theorem_theorem.pdf",
    "docs/papers/array_channels/paper.pdf",
    "docs/papers/prosecutors_fallacy/paper.pdf",
    "docs/papers/raytracer/paper.pdf",
    "docs/sample_files/pdflatex-4-pages.pdf",
    "docs/sample_files/pdflatex-outline.pdf",
    "docs/texlive/ejpecp/paper.pdf",
    "docs/texlive/inkpaper_cn/paper.pdf",
    "docs/texlive/mathnotes_multivar/paper.pdf",
    "docs/texlive/nwejm_fr/paper.pdf",
    "docs/texlive/subsupscripts/paper.pdf",
];

/// A page as the truth needs it.
pub struct Leaf {
    /// As displayed, in points.
    pub height: f32,
    /// The middle of each visible character.
    pub glyphs: Vec<Point>,
}

/// Every file of the corpus whose tables are known. `leaves` gives the pages of a PDF.
pub fn all(corpus: &Path, leaves: &dyn Fn(&Path) -> Vec<Leaf>) -> io::Result<Vec<Tables>> {
    let mut found = Vec::new();
    for pdf in files(&corpus.join(ICDAR), "pdf")? {
        let leaves = leaves(&pdf);
        let heights: Vec<f32> = leaves.iter().map(|leaf| leaf.height).collect();
        found.push(Tables {
            alternatives: icdar(&pdf, &heights)?,
            glyphs: leaves.into_iter().map(|leaf| leaf.glyphs).collect(),
            ..Tables::new(format!("{ICDAR}/{}", name(&pdf)), Kind::Icdar, Vec::new())
        });
    }
    for (folder, end, kind) in [
        ("tables/latexml", ".xml", Kind::Latexml),
        ("docs/latexml", ".xml", Kind::Latexml),
        ("docs/jats", ".jats.xml", Kind::Jats),
    ] {
        found.extend(of_sources(corpus, folder, end, kind)?);
    }
    found.extend(pubtabnet(corpus)?);
    found.extend(WITHOUT.map(|file| Tables::new(file.to_string(), Kind::Without, Vec::new())));
    Ok(found)
}

/// The PDFs of a folder beside whose XML, with `end` for `.pdf`, has tables.
fn of_sources(corpus: &Path, folder: &str, end: &str, kind: Kind) -> io::Result<Vec<Tables>> {
    let mut found = Vec::new();
    for pdf in files(&corpus.join(folder), "pdf")? {
        let source = pdf.with_extension("").to_string_lossy().into_owned() + end;
        let tables = of_markup(&markup::parse(&fs::read_to_string(source)?));
        if !tables.is_empty() {
            found.push(Tables::new(format!("{folder}/{}", name(&pdf)), kind, tables));
        }
    }
    Ok(found)
}

/// A JSON line for each image: tags of the structure, and the characters of the cells in their order.
fn pubtabnet(corpus: &Path) -> io::Result<Vec<Tables>> {
    let folder = "tables/pubtabnet";
    let lines = fs::read_to_string(corpus.join(folder).join("pubtabnet.jsonl"))?;
    let image = |line: &str| {
        let Annotation { filename, html } = serde_json::from_str(line)?;
        let tables = of_markup(&markup::parse(&html.source()));
        Ok(Tables::new(format!("{folder}/{filename}"), Kind::PubTabNet, tables))
    };
    lines.lines().filter(|line| !line.is_empty()).map(image).collect()
}

#[derive(Deserialize)]
struct Annotation {
    filename: String,
    html: Html,
}

#[derive(Deserialize)]
struct Html {
    structure: Tokens,
    cells: Vec<Tokens>,
}

#[derive(Deserialize)]
struct Tokens {
    tokens: Vec<String>,
}

impl Html {
    /// As one source. A tag with spans comes in pieces: `<td`, ` colspan="2"`, `>`.
    fn source(&self) -> String {
        let mut cells = self.cells.iter();
        let mut source = "<table>".to_string();
        for token in &self.structure.tokens {
            source.push_str(token);
            if token == "<td>" || token == ">" {
                source.extend(cells.next().iter().flat_map(|cell| cell.tokens.iter().map(|t| escaped(t))));
            }
        }
        source + "</table>"
    }
}

/// A character that is markup by itself; longer tokens are tags.
fn escaped(token: &str) -> &str {
    match token {
        "<" => "&lt;",
        ">" => "&gt;",
        "&" => "&amp;",
        other => other,
    }
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
/// `heights` are those of its pages as displayed, in points.
pub fn icdar(pdf: &Path, heights: &[f32]) -> io::Result<Vec<Vec<Grid>>> {
    let stem = pdf.with_extension("").to_string_lossy().into_owned();
    let other = stem.strip_suffix('a').map(|stem| format!("{stem}b"));
    let mut alternatives = Vec::new();
    for stem in [Some(stem), other].into_iter().flatten() {
        let read = |part: &str| fs::read_to_string(format!("{stem}-{part}.xml"));
        alternatives.push(competition(&read("reg")?, &read("str")?, heights));
    }
    Ok(alternatives)
}

/// Whether a file has the competition's truth beside it.
pub fn has_regions(file: &Path) -> bool {
    Path::new(&format!("{}-reg.xml", file.with_extension("").display())).is_file()
}

/// Each region of a table is one of its own; in the European part no table has a second. `regions` are of the
/// page as displayed with y upwards; where a page is turned, the boxes of `cells` are not, so they are left alone.
fn competition(regions: &str, cells: &str, heights: &[f32]) -> Vec<Grid> {
    let (regions, cells) = (markup::parse(regions), markup::parse(cells));
    let (regions, cells) = (regions.outermost(&["region"]), cells.outermost(&["region"]));
    let grid = |(region, cells): (&&Element, &&Element)| {
        let page = region.number("page")?;
        Some(Grid {
            page: Some(page),
            rect: region_rect(region, *heights.get(page - 1)?),
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
    fn pubtabnet_tokens_are_put_together() {
        let html: Html = serde_json::from_str(
            r#"{"structure":{"tokens":["<thead>","<tr>","<td"," colspan=\"2\"",">","</td>","</tr>","</thead>",
                "<tbody>","<tr>","<td>","</td>","<td>","</td>","</tr>","</tbody>"]},
                "cells":[{"tokens":["<b>","a","<","</b>"]},{"tokens":[]},{"tokens":["x"," ","y"]}]}"#,
        )
        .unwrap();
        let head = Cell { column_span: 2, ..Cell::at(0, 0, "a<") };
        let found = of_markup(&markup::parse(&html.source()));
        assert_eq!(found[0].cells, [head, Cell::at(1, 0, ""), Cell::at(1, 1, "x y")]);
    }

    #[test]
    fn competition_files_give_cells_with_spans_and_regions_from_the_top() {
        let regions = "<document><table id='1'><region id='1' page='2'><instruction instr-id='1'/>\
             <bounding-box x1='10' y1='700' x2='110' y2='740'/></region></table></document>";
        let cells = "<document><table id='1'><region page='2'>\
             <cell start-row='0' start-col='1' end-col='2'><bounding-box x1='1' y1='1' x2='2' y2='2'/>\
             <content>to &lt;air\nkg</content></cell>\
             <cell start-row='1' start-col='0'><content>x</content></cell></region></table></document>";
        let found = competition(regions, cells, &[842.0, 800.0]);
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
