//! What a notebook is sent, without a kernel.

use std::sync::Arc;

use polars::prelude::*;

use super::*;
use crate::{
    Error,
    content::{Formula, Label, Page, Raster, Region},
    geometry::Rect,
    memory,
    model::Loaded,
    steps::drawing::draw,
};

fn region() -> Region {
    Region { rect: Rect::new(1.0, 2.0, 3.0, 4.0), label: Label::Title, score: 0.5 }
}

fn raster(width: u32) -> Raster {
    Raster { pixels: image::RgbImage::new(width, 10), scale: 1.0 }
}

/// The MIME types of what is shown.
fn mimes(value: &impl Show) -> Vec<&'static str> {
    value.bundle().parts().into_iter().map(|(mime, _)| mime).collect()
}

#[test]
fn what_is_only_debug_prints_as_such() {
    assert_eq!(Some(7).bundle(), Bundle { text: "Some(7)".into(), rich: Rich::Nothing });
    assert_eq!("a\nb".bundle().text, "\"a\\nb\"");
}

#[test]
fn a_very_long_text_is_cut() {
    let text = vec!["ä"; 100_000].bundle().text;
    assert!(text.len() < 10_010 && text.ends_with('…'), "{}", text.len());
}

#[test]
fn a_frame_is_a_table() {
    let frame = DataFrame::new_infer_height(vec![Column::new("n".into(), [1, 2])]).unwrap();
    assert_eq!(mimes(&frame), ["text/plain", "text/html"]);
    let result: PolarsResult<DataFrame> = Ok(frame);
    assert_eq!(mimes(&result), ["text/plain", "text/html"]);
}

#[test]
fn values_that_are_rows_show_their_frame_wherever_they_are() {
    let regions = vec![region(), region()];
    let shown = regions.bundle();
    assert!(shown.text.contains("label") && !shown.text.contains("document"), "{}", shown.text);
    assert_eq!(regions[..].bundle(), shown);
    assert_eq!(Ok::<_, Error>(regions).bundle(), shown);
    assert_eq!(mimes(&Some(region())), ["text/plain", "text/html"]);
    assert_eq!(None::<Region>.bundle().text, "None");
}

#[test]
fn a_page_is_drawn_and_its_picture_is_a_png() {
    assert_eq!(mimes(&draw().text(1.0, 20.0, "a").page()), ["text/plain", "image/svg+xml"]);
    assert_eq!(mimes(&Arc::new(raster(10))), ["text/plain", "image/png"]);
    let picture: crate::Result<Arc<Raster>> = Ok(Arc::new(raster(10)));
    assert_eq!(mimes(&picture), ["text/plain", "image/png"]);
}

#[test]
fn a_wide_picture_is_made_smaller() {
    let Rich::Png(bytes) = raster(4000).bundle().rich else { panic!("no picture") };
    assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 1000);
}

#[test]
fn a_formula_is_typeset_for_all_viewers() {
    let formula = Formula { latex: Some("x^2".into()), display: true, ..Formula::default() };
    assert_eq!(mimes(&formula), ["text/plain", "text/html", "text/latex"]);
    assert_eq!(formula.bundle().parts()[2].1, "$$ x^2 $$");
}

#[test]
fn several_stand_below_each_other_and_of_very_many_the_first() {
    let formulas = vec![Formula { text: "x".into(), ..Formula::default() }; 30];
    let shown = formulas.bundle();
    assert_eq!(shown.to_html().matches("<code>x</code>").count(), 20);
    assert!(shown.text.ends_with("… and 10 more"), "{}", shown.text);
}

#[test]
fn an_error_says_what_to_do_and_why() {
    let cause = std::io::Error::other("no disk");
    let failed: crate::Result<Page> = Err(Error::Read { path: "a.pdf".into(), source: cause });
    let text = failed.bundle().text;
    assert!(
        text.starts_with("error: a.pdf: cannot be read; check") && text.ends_with("because: no disk"),
        "{text}"
    );
}

#[test]
fn a_snapshot_is_a_table() {
    assert_eq!(mimes(&memory::snapshot()), ["text/plain", "text/html"]);
}

#[test]
fn models_in_memory_are_a_table() {
    let (name, idle) = ("layout".to_owned(), std::time::Duration::from_secs(2));
    let loaded = vec![Loaded { name, disk: 3 << 19, resident: 0, runs: 4, busy: idle, idle }];
    assert!(loaded.bundle().to_html().contains(">1.5</td>"), "{}", loaded.bundle().to_html());
}

#[test]
fn every_part_ends_with_a_newline() {
    let mut out = Vec::new();
    region().bundle().write(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.starts_with("EVCXR_BEGIN_CONTENT text/plain\n"), "{out}");
    assert!(out.contains("\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html\n"), "{out}");
    assert!(out.ends_with("\nEVCXR_END_CONTENT\n"), "{out}");
}

#[test]
fn a_terminal_gets_the_path_of_each_picture() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("pictures");
    let shown = vec![raster(40), raster(20)].bundle().for_terminal(&pictures);
    let path = |number: u32| pictures.join(format!("{number}.png"));
    let lines: Vec<&str> = shown.text.lines().skip(2).collect();
    assert_eq!(lines, [path(1).to_str().unwrap(), path(2).to_str().unwrap()]);
    assert_eq!(image::open(path(2)).unwrap().width(), 20);
    assert_eq!(shown.rich, Rich::Nothing);
    assert_eq!(
        Page::default().bundle().for_terminal(&pictures).text.lines().last(),
        pictures.join("1.svg").to_str()
    );
    assert!(region().bundle().for_terminal(&pictures).text.contains("shape"));
}

#[test]
fn a_folder_that_cannot_be_written_is_told_beside_the_text() {
    let folder = tempfile::NamedTempFile::new().unwrap();
    let shown = raster(40).bundle().for_terminal(folder.path());
    assert!(shown.text.contains("no picture in"), "{}", shown.text);
}
