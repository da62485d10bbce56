//! Contents to Markdown: headings, lists, tables, formulas, pictures, notes;
//! running heads, running feet and page numbers are left out.

mod escape;
mod inline;
mod list;
mod notes;
mod passage;
mod table;

use std::collections::HashMap;

use crate::{
    content::{Block, Formula, Kind, Mark, MarkKind, PageContent, Source},
    steps::structure::whole_table,
};

use escape::{escaped, guarded};
use inline::{Known, destination, inline};
use list::List;
use notes::Notes;
use passage::{Passage, body, passages};

/// Words a line. A figure's text with lines this long on average is prose on a picture, not the labels of one. On a
/// page of nothing but figures their text is all there is, and stays.
const PROSE_WORDS: usize = 6;

/// The document as GitHub-flavoured Markdown; formulas between dollar signs.
pub fn markdown(pages: &[PageContent]) -> String {
    with_figures(pages, |_| None)
}

/// As [`markdown`], with a picture's path for each figure that `path_of` knows by name.
pub fn with_figures(pages: &[PageContent], path_of: impl Fn(&str) -> Option<String>) -> String {
    let passages = passages(pages);
    let writer = Writer {
        pages,
        notes: Notes::of(&passages),
        formulas: pages.iter().flat_map(|p| &p.formulas).map(|f| (f.id.as_str(), f)).collect(),
        only_figures: body(pages).all(|(_, block)| block.kind == Kind::Figure),
        path_of: &path_of,
    };
    let mut sheet = Sheet::default();
    for (n, passage) in passages.iter().enumerate() {
        match passage.block.kind {
            Kind::Footnote if writer.notes.number(passage).is_some() => {}
            Kind::Footnote => sheet.note(guarded(writer.inline(passage))),
            Kind::ListItem => sheet.item(passage.block.level.unwrap_or(1), writer.item(passage)),
            _ => sheet.paragraph(&writer.passage(passage)),
        }
        for &note in writer.notes.first_referred_to(n) {
            sheet.note(writer.note(&passages[note]));
        }
    }
    sheet.finish()
}

/// The Markdown so far.
#[derive(Default)]
struct Sheet {
    text: String,
    list: List,
    /// Notes that come after the list, so that they do not break it in two.
    waiting: Vec<String>,
}

impl Sheet {
    fn paragraph(&mut self, paragraph: &str) {
        if paragraph.is_empty() {
            return;
        }
        self.list = List::default();
        for note in std::mem::take(&mut self.waiting) {
            self.part(&note);
        }
        self.part(paragraph);
    }

    fn note(&mut self, note: String) {
        if self.list.is_empty() { self.paragraph(&note) } else { self.waiting.push(note) }
    }

    fn item(&mut self, level: u8, (marker, text): (String, String)) {
        let begins = self.list.is_empty();
        let (indent, parted) = self.list.place(level, &marker);
        let line = format!("{}{marker}{text}", " ".repeat(indent));
        if begins || parted {
            self.part(line.trim_end());
        } else {
            self.text.push('\n');
            self.text.push_str(line.trim_end());
        }
    }

    fn part(&mut self, part: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(part);
    }

    fn finish(mut self) -> String {
        for note in std::mem::take(&mut self.waiting) {
            self.part(&note);
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text
    }
}

/// What is known of the whole document when one passage is written.
struct Writer<'a> {
    pages: &'a [PageContent],
    notes: Notes<'a>,
    /// By id.
    formulas: HashMap<&'a str, &'a Formula>,
    only_figures: bool,
    path_of: &'a dyn Fn(&str) -> Option<String>,
}

impl Writer<'_> {
    /// A passage that is neither a list item nor a footnote.
    fn passage(&self, passage: &Passage) -> String {
        let block = passage.block;
        match block.kind {
            Kind::Heading => self.heading(passage),
            Kind::Table => self.table(block),
            Kind::Formula => self.formula(block),
            Kind::Figure => self.figure(passage),
            Kind::Code => fenced(&passage.text),
            Kind::Reference => reference(self.inline(passage)),
            _ => guarded(self.inline(passage)),
        }
    }

    fn inline(&self, passage: &Passage) -> String {
        self.marked_up(&passage.text, &passage.marks)
    }

    fn marked_up(&self, text: &str, marks: &[Mark]) -> String {
        inline(text, marks, &Known { notes: &self.notes.numbers, formulas: &self.formulas })
    }

    /// A displayed formula; its symbols as text where no LaTeX of it holds.
    fn formula(&self, block: &Block) -> String {
        let formula = block.formula.as_ref().and_then(|id| self.formulas.get(id.as_str()));
        match formula.filter(|f| f.is_valid()).and_then(|f| f.latex.as_ref().zip(Some(f))) {
            Some((latex, formula)) => {
                let tag = formula.number.as_ref().map_or(String::new(), |n| format!(" \\tag{{{n}}}"));
                format!("$$\n{latex}{tag}\n$$")
            }
            None => rows(&block.text),
        }
    }

    /// A table with what goes on with it on later pages; nothing for what was written so before.
    fn table(&self, block: &Block) -> String {
        match &block.table {
            Some(_) => {
                let whole = whole_table(self.pages, &block.id);
                whole.map_or_else(String::new, |whole| table::table(&whole, self.pages))
            }
            None => rows(&block.text),
        }
    }

    /// A heading is bold by itself.
    fn heading(&self, passage: &Passage) -> String {
        let level = usize::from(passage.block.level.unwrap_or(1)).clamp(1, 6);
        let emphasis = |mark: &&Mark| matches!(mark.kind, MarkKind::Bold | MarkKind::Italic);
        let marks: Vec<Mark> = passage.marks.iter().filter(|mark| !emphasis(mark)).cloned().collect();
        format!("{} {}", "#".repeat(level), self.marked_up(&passage.text, &marks))
    }

    /// Markdown's marker, and the text after the printed one.
    fn item(&self, passage: &Passage) -> (String, String) {
        let (marker, printed) = list::marker(passage);
        let (text, marks) = passage.after(printed);
        (marker, guarded(self.marked_up(text, &marks)))
    }

    /// A footnote that the text refers to.
    fn note(&self, passage: &Passage) -> String {
        let marker = passage.block.marker.as_deref().filter(|m| passage.text.starts_with(m));
        let (text, marks) = passage.after(marker.map_or(0, str::len));
        let number = self.notes.number(passage).expect("only notes that are referred to come here");
        format!("[^{number}]: {}", guarded(self.marked_up(text, &marks)))
    }

    fn figure(&self, passage: &Passage) -> String {
        let name = passage.block.figure.and_then(|i| passage.page.figures.get(i)).map(|f| f.name.as_str());
        let picture = name.and_then(self.path_of).map(|path| format!("![]({})", destination(&path)));
        let text = self.shows_text(passage).then(|| rows(&passage.text));
        let parts = picture.into_iter().chain(text).filter(|s| !s.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }

    /// Whether a figure's text is part of what one reads, and not what the picture shows.
    fn shows_text(&self, passage: &Passage) -> bool {
        let (page, block) = (passage.page, passage.block);
        let in_picture = block.source == Source::Ocr && page.source == Source::TextLayer;
        if in_picture && !self.only_figures {
            return false;
        }
        let words: usize = block.lines.iter().map(|l| l.text().split_whitespace().count()).sum();
        let prose = words >= PROSE_WORDS * block.lines.len().max(1);
        prose || page.blocks.iter().all(|b| b.kind == Kind::Figure || b.kind.is_furniture())
    }
}

/// Entries that begin with a number may count as a list.
fn reference(line: String) -> String {
    if line.starts_with(|c: char| c.is_ascii_digit()) { line } else { guarded(line) }
}

/// A region whose inner order is not known: its rows as lines.
fn rows(text: &str) -> String {
    text.lines().map(|line| guarded(escaped(line, false))).collect::<Vec<_>>().join("  \n")
}

fn fenced(text: &str) -> String {
    let fence = if text.contains("```") { "~~~~" } else { "```" };
    format!("{fence}\n{text}\n{fence}")
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
