//! What tests/data/sample.pdf must give: headings, columns in order, lists,
//! tables, captions, a scanned page, and nothing of the running heads.

use std::{collections::HashSet, sync::OnceLock};

use flatleaf::{
    Document, Error, Models, Ocr, Options,
    content::{Kind, PageContent, Source},
    extract::{self, Layout},
    frames, json, markdown,
    steps::structure::structure,
};
use polars::prelude::*;
use rapidfuzz::distance::levenshtein;
use serde_json::Value;

use crate::need;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sample.pdf");
const SCAN_SOURCE: &str = include_str!("../data/scan.tex");

const HEADINGS: [&str; 11] = [
    "How Rivers Are Gauged",
    "Abstract",
    "1 Why gauge a river",
    "2 The stage",
    "3 The discharge",
    "4 The rating curve",
    "5 What goes wrong",
    "6 What the numbers are for",
    "Instructions to the Gauge Reader",
    "In time of flood",
    "In time of frost",
];

/// In reading order: down the left column, down the right one, over the pages.
const SENTENCES: [&str; 13] = [
    "Nobody can weigh a river",
    "A town that drinks from a river",
    "three habits:",
    "The oldest instrument is a painted board.",
    "the section is cut into narrow strips",
    "the depth with a rod and the speed with a current meter",
    "A good crew needs an hour for twenty strips. During that hour the river must hold still",
    "With enough dots, a curve can be drawn through them",
    "The curve holds as long as the channel does.",
    "they are the ones for which bridges are built.",
    "A long record is worth more than a precise one.",
    "Go down to the gauge every morning",
    "Never strike towards the board itself.",
];

/// Rows of both tables, cell by cell.
const ROWS: [&[&str]; 6] = [
    &["Month", "Stage (m)", "Discharge"],
    &["June", "0.84", "12.6"],
    &["September", "0.72", "10.1"],
    &["Instrument", "Measures", "Typical error", "Fails when"],
    &["Float in a well", "Stage", "3 mm", "silt blocks the inlet"],
    &["Current meter", "Velocity", "2 per cent", "weed winds round the wheel"],
];

struct Sample {
    document: Document,
    pages: Vec<PageContent>,
    markdown: String,
}

/// The sample with default options, extracted once for all tests.
fn sample() -> Option<&'static Sample> {
    static SAMPLE: OnceLock<Option<Sample>> = OnceLock::new();
    SAMPLE.get_or_init(|| need::models().map(read_sample)).as_ref()
}

fn read_sample(models: &Models) -> Sample {
    let document = Document::open(SAMPLE).unwrap();
    let mut pages = pages(&document, models, Options::default());
    structure(&mut pages, &document.outline().unwrap());
    let markdown = markdown::markdown(&pages);
    Sample { document, pages, markdown }
}

fn pages(document: &Document, models: &Models, options: Options) -> Vec<PageContent> {
    extract::extract(document, models, &options).collect::<Result<_, _>>().unwrap()
}

fn count(pages: &[PageContent], kind: Kind) -> usize {
    pages.iter().flat_map(|page| &page.blocks).filter(|block| block.kind == kind).count()
}

fn assert_in_order(text: &str, parts: &[&str]) {
    let mut from = 0;
    for part in parts {
        match text[from..].find(part) {
            Some(at) => from += at + part.len(),
            None => panic!("{part:?} is missing, or comes too early, in:\n{text}"),
        }
    }
}

fn headings(markdown: &str) -> Vec<&str> {
    markdown.lines().filter(|l| l.starts_with('#')).map(|l| l.trim_start_matches('#').trim()).collect()
}

/// A row of a table as its words, whether it stands between bars or only in a line.
fn words(row: &str) -> Vec<&str> {
    row.split(|c: char| c == '|' || c.is_whitespace()).filter(|word| !word.is_empty()).collect()
}

#[test]
fn headings_are_headings_and_nothing_else_is() {
    let Some(sample) = sample() else { return };
    assert_eq!(headings(&sample.markdown), HEADINGS);
}

#[test]
fn columns_are_read_one_after_the_other() {
    let Some(sample) = sample() else { return };
    assert_in_order(&sample.markdown, &SENTENCES);
}

#[test]
fn lists_keep_their_items() {
    let Some(sample) = sample() else { return };
    assert_in_order(
        &sample.markdown,
        &[
            "\n- read the stage often, at a place that does not shift;\n",
            "- measure the discharge rarely, but at very different stages;\n",
            "- distrust any reading taken on the day after a flood.\n",
            "\n1. Choose a site below a rock bar, which no flood will move.\n",
            "2. Measure again soon after each flood.\n",
            "3. Keep all curves ever used, with the dates on which they were valid.\n",
        ],
    );
}

#[test]
fn table_cells_stand_in_their_rows() {
    let Some(sample) = sample() else { return };
    for row in ROWS {
        let wanted = words(&row.join(" ")).join(" ");
        let found = sample.markdown.lines().any(|line| words(line).join(" ") == wanted);
        assert!(found, "no row {row:?} in:\n{}", sample.markdown);
    }
    assert_eq!(count(&sample.pages, Kind::Table), 2);
}

#[test]
fn captions_footnote_formulas_and_figures_are_blocks() {
    let Some(sample) = sample() else { return };
    assert_in_order(
        &sample.markdown,
        &[
            "Stage is measured from a fixed mark",
            "Table 1: Readings at one bridge in a dry summer.",
            "Figure 1: A cross-section cut into strips. Arrows mark where the current meter is held.",
            "Table 2: Instruments for stage and discharge, and where each of them fails.",
            "Figure 2: A staff gauge. Each block is two centimetres high.",
        ],
    );
    let kinds = [Kind::Caption, Kind::Footnote, Kind::Formula, Kind::Figure];
    assert_eq!(kinds.map(|kind| count(&sample.pages, kind)), [4, 1, 2, 2]);
    let figures: Vec<_> = sample.pages.iter().flat_map(|page| &page.figures).map(|f| &f.name).collect();
    assert_eq!(figures, ["page-0001-figure-1.png", "page-0002-figure-1.png"]);
}

#[test]
fn running_heads_and_page_numbers_are_left_out() {
    let Some(sample) = sample() else { return };
    assert!(!sample.markdown.contains("Hydrometry") && !sample.markdown.contains("A sample document"));
    assert!(!sample.markdown.lines().any(|line| ["1", "2"].contains(&line.trim())), "{}", sample.markdown);
    assert_eq!((count(&sample.pages, Kind::Header), count(&sample.pages, Kind::Footer)), (2, 2));
}

#[test]
fn letters_that_hang_over_keep_their_space_and_ligatures_none() {
    let Some(sample) = sample() else { return };
    assert_in_order(
        &sample.markdown,
        &["The craft of gauging", "at very different stages", "the shape of the channel"],
    );
}

#[test]
fn mathematical_letters_are_characters() {
    let Some(sample) = sample() else { return };
    assert!(!sample.markdown.contains('\u{FFFD}'), "{}", sample.markdown);
}

/// Of scan.tex what ends up as ink.
fn scanned_text() -> String {
    let (_, body) = SCAN_SOURCE.split_once("\\begin{document}").unwrap();
    let (body, _) = body.split_once("\\end{document}").unwrap();
    let commands = ["\\begin{center}\\Large\\bfseries", "\\end{center}", "\\section*{", "}"];
    let text = commands.iter().fold(body.to_owned(), |text, command| text.replace(command, " "));
    folded(&text)
}

fn folded(text: &str) -> String {
    text.replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_scanned_page_is_read() {
    let Some(sample) = sample() else { return };
    let page = &sample.pages[2];
    let read = page.blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join(" ");
    let similar = levenshtein::normalized_similarity(scanned_text().chars(), folded(&read).chars());
    assert!(similar > 0.98, "{similar}: {read}");
    assert_eq!(page.source, Source::Ocr);
    // convert turned it by one degree clockwise.
    assert!((page.skew - 1.0).abs() < 0.3, "skew {}", page.skew);
}

#[test]
fn json_follows_schema_1() {
    let Some(sample) = sample() else { return };
    let text = json::document(sample.document.info(), &sample.pages, &[], |_| None);
    let root: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&root["schema"], &root["document"]["pages"]), (&1.into(), &3.into()));
    assert_eq!(root["document"]["title"], "How Rivers Are Gauged");
    assert!(!text.contains("null"), "fields that do not apply are left out");
    let pages = root["pages"].as_array().unwrap();
    let mut ids = HashSet::new();
    for (page, number) in pages.iter().zip(1..) {
        assert_eq!(page["number"], number);
        let source = if number == 3 { "ocr" } else { "text_layer" };
        for block in page["blocks"].as_array().unwrap() {
            assert!(ids.insert(block["id"].as_str().unwrap()), "{block}");
            assert_eq!(block["source"], source);
            assert_block(page, block);
        }
    }
}

fn assert_block(page: &Value, block: &Value) {
    let number = |value: &Value| value.as_f64().unwrap();
    let sides: Vec<f64> = block["box"].as_array().unwrap().iter().map(number).collect();
    let [x0, y0, x1, y1] = sides[..] else { panic!("{block}") };
    // A point for rounding, and for glyphs that hang over the edge.
    let inside =
        x0 > -1.0 && y0 > -1.0 && x1 < number(&page["width"]) + 1.0 && y1 < number(&page["height"]) + 1.0;
    assert!(inside && x0 < x1 && y0 < y1, "{block}");
    assert!((0.0..=1.0).contains(&number(&block["confidence"])), "{block}");
    assert!(["text", "kind", "evidence"].iter().all(|field| block[field].is_string()), "{block}");
    assert!(block["level"].is_u64() || block["kind"] != "heading", "{block}");
}

#[test]
fn frames_have_the_documented_columns_and_join() {
    let Some(sample) = sample() else { return };
    let pages = frames::pages(&sample.pages).unwrap();
    let place = ["x0", "y0", "x1", "y1"];
    let columns = |frame: &DataFrame| -> Vec<String> {
        frame.get_column_names_owned().iter().map(ToString::to_string).collect()
    };
    let placed = [
        (
            frames::blocks(&sample.pages).unwrap(),
            "block order kind evidence level text marker caption_of continues confidence source label score",
        ),
        (
            frames::lines(&sample.pages).unwrap(),
            "block line text size bold italic monospace confidence source",
        ),
        (frames::words(&sample.pages).unwrap(), "block line word text confidence"),
        (frames::figures(&sample.pages).unwrap(), "figure"),
    ];
    for (frame, between) in placed {
        let expected = ["document", "page"].into_iter().chain(between.split(' ')).chain(place);
        assert_eq!(columns(&frame), expected.collect::<Vec<_>>());
        let joined = frame.inner_join(&pages, ["document", "page"], ["document", "page"]).unwrap();
        assert!(frame.height() > 0 && joined.height() == frame.height(), "{between}");
    }
    let timings = frames::timings(&sample.pages).unwrap();
    assert_eq!(columns(&timings), ["document", "page", "stage", "seconds", "resident", "growth"]);
    let documents = frames::documents(sample.document.info(), &sample.pages).unwrap();
    assert_eq!((documents.height(), pages.height()), (1, 3));
}

#[test]
fn without_the_layout_model_the_text_is_the_same() {
    let Some(models) = need::models() else { return };
    let options = Options { layout: Layout::None, ocr: Ocr::Never, ..Default::default() };
    let pages = pages(&Document::open(SAMPLE).unwrap(), models, options);
    let text = markdown::markdown(&pages);
    assert_in_order(&text, &SENTENCES[..11]);
    assert!(headings(&text).contains(&"4 The rating curve"), "{text}");
}

#[test]
fn without_ocr_a_scan_gives_no_text() {
    let Some(models) = need::models() else { return };
    let options = Options { ocr: Ocr::Never, pages: Some(vec![3]), ..Default::default() };
    let pages = pages(&Document::open(SAMPLE).unwrap(), models, options);
    assert_eq!((pages.len(), pages[0].number), (1, 3));
    assert!(pages[0].blocks.iter().all(|block| block.text.is_empty()));
}

#[test]
fn pages_come_in_the_order_wanted_and_a_missing_one_is_an_error() {
    let Some(models) = need::models() else { return };
    let document = Document::open(SAMPLE).unwrap();
    let options =
        Options { layout: Layout::None, ocr: Ocr::Never, pages: Some(vec![2, 9, 1]), ..Default::default() };
    let results: Vec<_> = extract::extract(&document, models, &options).collect();
    let [Ok(second), Err(missing), Ok(first)] = &results[..] else { panic!("{results:?}") };
    assert_eq!((second.number, first.number), (2, 1));
    assert!(matches!(missing, Error::NoSuchPage { page: 9, pages: 3, .. }), "{missing}");
}
