//! Blocks and pages for tests.

use std::sync::Arc;

use crate::content::{Block, Evidence, Kind, Mark, MarkKind, PageContent, Source};

/// A block of text by its id.
pub(super) fn block(id: &str, kind: Kind, text: &str) -> Block {
    Block {
        id: id.into(),
        kind,
        evidence: Evidence::Default,
        level: None,
        rect: Default::default(),
        text: text.into(),
        marks: vec![],
        marker: None,
        caption_of: None,
        continues: None,
        lines: vec![],
        confidence: 1.0,
        source: Source::TextLayer,
        region: None,
        role: None,
        table: None,
        formula: None,
        figure: None,
    }
}

impl Block {
    /// With a mark over the first place of `part`.
    pub(super) fn marked(mut self, part: &str, kind: MarkKind) -> Self {
        let start = self.text.find(part).expect("the part is in the text");
        self.marks.push(Mark { start, end: start + part.len(), kind });
        self
    }
}

/// A letter page of a text layer.
pub(super) fn page(number: usize, blocks: Vec<Block>) -> PageContent {
    PageContent {
        document: Arc::from("a.pdf"),
        number,
        width: 612.0,
        height: 792.0,
        blocks,
        ..PageContent::default()
    }
}
