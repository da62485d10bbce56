//! Overlays, charts, what notebooks show and reports leave nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use flatleaf::{
    Models, Ocr, Options, Result,
    extract::{Layout, extract},
    frames,
    notebook::Show,
    plot,
    report::Report,
};
use suite::{Form, inputs};

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    let document = inputs::sample();
    let models = Models::with_loader(|name| panic!("{name} is not needed"));
    let plain = Options { layout: Layout::None, ocr: Ocr::Never, ..Options::default() };
    let pages = extract(&document, &models, &plain).collect::<Result<Vec<_>>>().expect("sound pages");
    let raster = document.render(1, 72.0).expect("a sound page");
    heap::assert_flat("overlay", form, |_| {
        assert_eq!(plot::overlay(&raster, &pages[0]).dimensions(), raster.pixels.dimensions());
    });
    let timings = frames::timings(&pages).expect("a frame");
    heap::assert_flat("chart", form, |_| {
        let chart = plot::stage_times(&timings).expect("a chart");
        assert!(chart.svg().expect("drawn").contains("</svg>"));
        assert!(!chart.picture().expect("drawn").is_empty());
    });
    heap::assert_flat("shown", form, |_| {
        let shown = (pages.bundle(), raster.bundle(), pages[0].formulas.bundle());
        assert!(!shown.0.to_html().is_empty());
    });
    heap::assert_flat("report", form, |_| {
        let mut report = Report::new(Vec::new()).expect("memory to write to");
        report.document(&document, &pages[..1], &[]).expect("a sound page");
        assert!(report.finish().expect("memory to write to").ends_with(b"</html>\n"));
    });
}

#[test]
fn pictures_leave_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn pictures_leave_nothing_in_full() {
    scenario(Form::Full);
}
