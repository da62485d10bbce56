//! Pictures: pages with what was found drawn over them, and charts of frames.
//!
//! A chart is made from a frame by a function of this module, and drawn as SVG or as pixels:
//!
//! ```
//! # use flatleaf::{content::PageContent, frames, plot};
//! # fn draw(pages: &[PageContent]) -> flatleaf::Result<()> {
//! plot::stage_times(&frames::timings(pages)?)?.save("stages.svg")?;
//! plot::words_per_page(&frames::pages(pages)?)?.save("words.png")?;
//! # Ok(())
//! # }
//! ```
//!
//! | chart | from a frame with |
//! |---|---|
//! | [`stage_times`] | `document`, `page`, `stage`, `seconds`: `timings` |
//! | [`page_times`] | `document`, `page`, `seconds`: `timings` |
//! | [`words_per_page`] | `document`, `page`, `words`, `source`: `pages` |
//! | [`regions_by_label`] | `label`, `score`: regions, `blocks` |
//! | [`confidence_by_kind`] | `kind`, `confidence`: `blocks` |
//! | [`confidence_by_height`] | `y0`, `y1`, `confidence`, and `source` if it has one: spans, `lines` |
//! | [`positions`] | `x0`, `y0`, `x1`, `y1`: regions, `blocks`, whatever has boxes |
//! | [`memory`] | `scenario`, `iteration`, one of the memory's measures, and `deliberate` if it has one |
//! | [`pages_per_second`] | `tool`, `pages`, `seconds` |

mod boxes;
mod chart;
mod charts;
mod data;
mod draw;
mod letters;
mod overlay;
mod palette;
mod png;
mod speed;

pub use boxes::{Boxed, Tagged, boxes};
pub use chart::Chart;
pub use charts::{
    confidence_by_height, confidence_by_kind, memory, positions, regions_by_label, stage_times,
    words_per_page,
};
pub use overlay::overlay;
pub use png::png;
pub use speed::{page_times, pages_per_second};

#[cfg(test)]
mod tests;
