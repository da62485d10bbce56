//! Every output format leaves nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use flatleaf::{
    Models, Ocr, Options, Result,
    content::PageContent,
    extract::{Layout, extract},
    frames::{self, FrameFormat},
    json, markdown,
};
use suite::{Form, inputs};

/// polars writes in rayon's pool, whose queue takes the next block of 63 jobs before the last one is read through.
const QUEUE: heap::Exception =
    heap::Exception { bytes: 1_520, blocks: 1, why: "a block of rayon's queue (crossbeam-deque)" };

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    let document = inputs::sample();
    let models = Models::with_loader(|name| panic!("{name} is not needed"));
    let plain = Options { layout: Layout::None, ocr: Ocr::Never, ..Options::default() };
    let pages = extract(&document, &models, &plain).collect::<Result<Vec<_>>>().expect("sound pages");
    let folder = tempfile::tempdir().expect("there is room for a folder");

    heap::assert_flat("markdown", form, |_| assert!(!markdown::markdown(&pages).is_empty()));
    heap::assert_flat("json", form, |_| {
        assert!(!json::document(document.info(), &pages, &[], |_| None).is_empty());
    });
    heap::assert_flat_but("frames", form, QUEUE, |_| every_frame(&pages).expect("frames can be built"));
    for format in [FrameFormat::Parquet, FrameFormat::Csv, FrameFormat::Ipc, FrameFormat::JsonLines] {
        let path = folder.path().join(format!("blocks.{}", format.extension()));
        heap::assert_flat_but(format.extension(), form, QUEUE, |_| {
            let mut blocks = frames::blocks(&pages).expect("the frame can be built");
            frames::write(&mut blocks, &path, format).expect("there is room for a file");
        });
    }
}

fn every_frame(pages: &[PageContent]) -> Result<()> {
    for frame in [
        frames::pages,
        frames::blocks,
        frames::lines,
        frames::words,
        frames::formulas,
        frames::figures,
        frames::tables,
        frames::cells,
        frames::timings,
    ] {
        frame(pages)?;
    }
    frames::named_tables(pages).iter().try_for_each(|named| frames::typed_table(&named.table).map(drop))
}

#[test]
fn every_format_leaves_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn every_format_leaves_nothing_in_full() {
    scenario(Form::Full);
}
