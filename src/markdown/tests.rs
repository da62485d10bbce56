use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{
    samples::{block, page},
    *,
};
use crate::{
    content::{Continuation, Figure, Joint, Target},
    geometry::Rect,
};

fn written(blocks: Vec<Block>) -> String {
    markdown(&[page(1, blocks)])
}

fn note(id: &str) -> MarkKind {
    MarkKind::Note(id.into())
}

fn item(level: u8, text: &str, marker: &str) -> Block {
    let mut item = block(text, Kind::ListItem, text);
    (item.level, item.marker) = (Some(level), Some(marker.into()));
    item
}

fn footnote(id: &str, text: &str, marker: &str) -> Block {
    let mut note = block(id, Kind::Footnote, text);
    note.marker = Some(marker.into());
    note
}

fn continuing(mut block: Block, of: &str, joint: Joint) -> Block {
    block.continues = Some(Continuation { of: of.into(), joint });
    block
}

/// What a reader of Markdown makes of it, as one line of tags and text.
fn rendered(markdown: &str) -> String {
    let options = Options::ENABLE_FOOTNOTES | Options::ENABLE_TABLES;
    let mut out = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(tag) => out.push_str(&format!("<{}>", name(&tag))),
            Event::End(TagEnd::Paragraph) => out.push_str("</p>"),
            Event::End(_) => out.push_str("</>"),
            Event::Text(text) => out.push_str(&text),
            Event::Code(text) => out.push_str(&format!("<code>{text}</>")),
            Event::InlineHtml(html) => out.push_str(&html),
            Event::FootnoteReference(n) => out.push_str(&format!("<ref {n}>")),
            other => panic!("{other:?} in {markdown}"),
        }
    }
    out
}

fn name(tag: &Tag) -> String {
    match tag {
        Tag::Paragraph => "p".into(),
        Tag::Heading { level, .. } => level.to_string(),
        Tag::List(Some(start)) => format!("ol {start}"),
        Tag::List(None) => "ul".into(),
        Tag::Item => "li".into(),
        Tag::Emphasis => "em".into(),
        Tag::Strong => "strong".into(),
        Tag::Link { dest_url, .. } => format!("a {dest_url}"),
        Tag::FootnoteDefinition(n) => format!("note {n}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn emphasis_in_emphasis_is_read_as_it_was_meant() {
    let text = "Of rivers and their beds by one who knew (both).";
    let marked = block("a", Kind::Paragraph, text)
        .marked("rivers and their", MarkKind::Bold)
        .marked("their beds by", MarkKind::Italic)
        .marked("beds", MarkKind::Link(Target::Uri("http://a.org/b_(c)".into())))
        .marked("knew", MarkKind::Monospace)
        .marked("(both).", MarkKind::Bold);
    assert_eq!(
        rendered(&written(vec![marked])),
        "<p>Of <strong>rivers and <em>their</></> <em><a http://a.org/b_(c)>beds</> by</> one who \
         <code>knew</> <strong>(both).</></p>"
    );
}

#[test]
fn no_asterisk_shows_whatever_is_marked() {
    let text = "ab (c).d";
    let places: Vec<usize> = (0..=text.len()).collect();
    for (&a, &b) in places.iter().flat_map(|a| places.iter().map(move |b| (a, b))).filter(|(a, b)| a < b) {
        for (&c, &d) in places.iter().flat_map(|c| places.iter().map(move |d| (c, d))).filter(|(c, d)| c < d)
        {
            let mut marked = block("a", Kind::Paragraph, text);
            marked.marks = vec![
                Mark { start: a, end: b, kind: MarkKind::Bold },
                Mark { start: c, end: d, kind: MarkKind::Italic },
            ];
            let shown = rendered(&written(vec![marked]));
            let bare = ["<p>", "</p>", "<strong>", "<em>", "</>"].iter().fold(shown, |s, t| s.replace(t, ""));
            assert_eq!(bare, text, "bold {a}..{b}, italic {c}..{d}");
        }
    }
}

#[test]
fn a_heading_is_not_bold_again_but_keeps_what_is_not_emphasis() {
    let mut heading = block("a", Kind::Heading, "The H2 of x")
        .marked("The", MarkKind::Bold)
        .marked("of", MarkKind::Italic)
        .marked("2", MarkKind::Subscript)
        .marked("x", MarkKind::Monospace);
    heading.level = Some(3);
    assert_eq!(written(vec![heading]), "### The H<sub>2</sub> of `x`\n");
}

#[test]
fn a_paragraph_that_begins_with_a_number_is_no_list() {
    let blocks =
        vec![block("a", Kind::Paragraph, "12. May was cold"), block("b", Kind::Reference, "1. A. Bee")];
    assert_eq!(written(blocks), "12\\. May was cold\n\n1. A. Bee\n");
}

#[test]
fn a_text_goes_on_with_its_marks() {
    let first = block("a", Kind::Paragraph, "It was bold and").marked("bold and", MarkKind::Bold);
    let second = continuing(block("b", Kind::Paragraph, "brave then"), "a", Joint::Space)
        .marked("brave", MarkKind::Bold);
    let pages = [page(1, vec![first, block("h", Kind::Footer, "1")]), page(2, vec![second])];
    assert_eq!(markdown(&pages), "It was **bold and brave** then\n");
}

#[test]
fn a_list_goes_on_over_pages() {
    let pages = [
        page(1, vec![item(1, "• a", "•"), block("f", Kind::Footer, "1")]),
        page(2, vec![item(1, "• b", "•")]),
    ];
    assert_eq!(markdown(&pages), "- a\n- b\n");
}

#[test]
fn nested_items_are_nested() {
    let blocks = vec![
        item(1, "1. one", "1."),
        item(2, "(a) letter", "(a)"),
        item(3, "• deep", "•"),
        item(2, "3) three", "3)"),
        item(1, "2. two", "2."),
        item(1, "– dash", "–"),
        block("p", Kind::Paragraph, "After."),
    ];
    let text = written(blocks);
    assert_eq!(text, "1. one\n   - (a) letter\n     - deep\n\n   3) three\n2. two\n\n- dash\n\nAfter.\n");
    assert_eq!(
        rendered(&text).replace("<p>", "").replace("</p>", ""),
        "<ol 1><li>one<ul><li>(a) letter<ul><li>deep</></></></><ol 3><li>three</></></><li>two</></>\
         <ul><li>dash</></>After."
    );
}

#[test]
fn footnotes_follow_what_refers_to_them_first() {
    let blocks = vec![
        block("a", Kind::Paragraph, "One.1").marked("1", note("n1")),
        block("b", Kind::Paragraph, "Two.2 Again.1").marked("2", note("n2")).marked("1", note("n1")),
        footnote("n1", "1 First", "1"),
        continuing(footnote("n1b", "note.", ""), "n1", Joint::Space),
        footnote("n2", "2Second_ note.", "2").marked("2", MarkKind::Superscript),
    ];
    let text = written(blocks);
    assert_eq!(text, "One.[^1]\n\n[^1]: First note.\n\nTwo.[^2] Again.[^1]\n\n[^2]: Second\\_ note.\n");
    assert_eq!(
        rendered(&text),
        "<p>One.<ref 1></p><note 1><p>First note.</p></><p>Two.<ref 2> Again.<ref 1></p>\
         <note 2><p>Second_ note.</p></>"
    );
}

#[test]
fn footnotes_do_not_break_a_list() {
    let blocks = vec![
        item(1, "• a1", "•").marked("1", note("n")),
        footnote("m", "† nobody asks", "†"),
        footnote("n", "1 of a", "1"),
        item(1, "• b", "•"),
        block("p", Kind::Paragraph, "After."),
    ];
    let text = written(blocks);
    assert_eq!(text, "- a[^1]\n- b\n\n[^1]: of a\n\n† nobody asks\n\nAfter.\n");
    assert_eq!(
        rendered(&text),
        "<ul><li>a<ref 1></><li>b</></><note 1><p>of a</p></><p>† nobody asks</p><p>After.</p>"
    );
}

#[test]
fn a_footnote_that_nobody_refers_to_stays_with_its_marker() {
    let alone = footnote("n", "1 A note.", "1").marked("1", MarkKind::Superscript);
    let table = block("t", Kind::Table, "x1").marked("1", note("n"));
    assert_eq!(written(vec![table, alone]), "x1\n\n<sup>1</sup> A note.\n");
}

#[test]
fn code_keeps_its_lines_and_has_no_markup() {
    let code = block("a", Kind::Code, "a *b*\n  c").marked("b", MarkKind::Bold);
    assert_eq!(written(vec![code]), "```\na *b*\n  c\n```\n");
}

fn figure(source: Source, text: &str) -> Block {
    let mut figure = block("f", Kind::Figure, text);
    (figure.source, figure.figure) = (source, Some(0));
    figure
}

#[test]
fn what_ocr_read_in_a_picture_of_a_digital_page_is_left_out() {
    let read = figure(Source::Ocr, "Stage 3");
    let text = block("p", Kind::Paragraph, "Text.");
    assert_eq!(written(vec![read.clone(), text]), "Text.\n");
    assert_eq!(written(vec![read.clone(), block("h", Kind::Header, "Head")]), "Stage 3\n");
    let pages = [page(1, vec![read]), page(2, vec![block("p", Kind::Paragraph, "Text.")])];
    assert_eq!(markdown(&pages), "Text.\n");
}

#[test]
fn a_figure_is_its_picture() {
    let mut page = page(1, vec![figure(Source::TextLayer, "x"), block("p", Kind::Paragraph, "Text.")]);
    page.figures = vec![Figure { rect: Rect::default(), name: "1.png".into(), crop: None }];
    let path = |name: &str| Some(format!("my file/{name}"));
    assert_eq!(with_figures(&[page], path), "![](<my file/1.png>)\n\nText.\n");
}
