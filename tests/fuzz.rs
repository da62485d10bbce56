//! What parsers and steps must take without a panic: anything. Each test makes up inputs, most of them nearly sound, and
//! shrinks one that fails. `PROPTEST_CASES=1000000 cargo test --release --test fuzz -- --nocapture` looks for longer.

use flatleaf::{
    Document, Error,
    content::{Axis, Cell, Char, Font, Page, PageContent, Rule, Table},
    frames,
    geometry::{Point, Rect},
    html,
    markdown::markdown,
    model::{output, tokenizer::Tokenizer},
    steps::{
        assemble::{Painted, Parts, assemble},
        formula::{self, mathml},
        structure::{join_tables, structure},
        table::{self, Sheet},
        text,
    },
};
use ndarray::Array2;
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Names from which the steps tell what a font is.
const FONTS: [&str; 6] = ["Serif", "CMR10", "CMMI10", "CMSY10", "CMEX10", "Serif-Bold"];
/// What LaTeX is made of, in any order.
const LATEX: &str =
    r"(\\[a-z]{1,8}|\\(frac|sqrt|left\(|right\)|begin\{matrix\}|end\{matrix\}|text\{)|[{}^_&$%#~ ]|.){0,24}";
/// What cells hold: numbers, dates, money and shares in many spellings, and anything.
const CELL: &str = r"([-+−(]?[$€]? ?[0-9]{0,6}([.,' ][0-9]{0,3}){0,3}[%)]?( ?[kM])?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|\PC{0,9})";

/// How each kind of image begins.
const HEADS: [&[u8]; 7] = [
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    b"\xff\xd8\xff\xe1\0\x20Exif\0\0MM\0\x2a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
];

/// Nothing is written beside the tests.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Points: most on the page, a few anywhere a damaged file may put them.
fn place() -> impl Strategy<Value = f32> {
    prop_oneof![20 => -20.0..820.0_f32, 1 => any::<f32>()]
}

fn boxed() -> impl Strategy<Value = Rect> {
    let likely = (place(), place(), 0.0..400.0_f32, 0.0..60.0_f32);
    prop_oneof![
        12 => likely.prop_map(|(x, y, width, height)| Rect::new(x, y, x + width, y + height)),
        6 => (place(), place(), 10.0..500.0_f32).prop_map(|(x, y, width)| Rect::new(x, y, x + width, y + 0.5)),
        6 => (place(), place(), 10.0..500.0_f32).prop_map(|(x, y, height)| Rect::new(x, y, x + 0.5, y + height)),
        1 => any::<[f32; 4]>().prop_map(|[x0, y0, x1, y1]| Rect::new(x0, y0, x1, y1)),
    ]
}

/// Characters side by side.
fn run() -> impl Strategy<Value = Vec<Char>> {
    let text = prop_oneof![4 => "[a-zA-Z0-9 .,()=+-]{1,30}", 1 => r"\PC{1,12}", 1 => any::<String>()];
    let angle = prop_oneof![8 => Just(0.0_f32), 1 => Just(90.0), 1 => any::<f32>()];
    let size = prop_oneof![20 => 1.0..40.0_f32, 1 => any::<f32>()];
    (text, 0..FONTS.len() as u16, size, place(), place(), angle, any::<[bool; 3]>()).prop_map(
        |(text, font, size, x, y, angle, flags)| {
            let step = |n: usize| 0.5 * size * n as f32;
            let at = |n| {
                let (sin, cos) = angle.to_radians().sin_cos();
                Point::new(x + step(n) * cos, y + step(n) * sin)
            };
            text.chars()
                .enumerate()
                .map(|(n, unicode)| char(unicode, font, size, at(n), angle, flags))
                .collect()
        },
    )
}

fn char(unicode: char, font: u16, size: f32, at: Point, angle: f32, flags: [bool; 3]) -> Char {
    Char {
        unicode,
        font,
        size,
        origin: at,
        rect: Rect::new(at.x, at.y - 0.7 * size, at.x + 0.5 * size, at.y + 0.2 * size),
        ink: Rect::new(at.x, at.y - 0.45 * size, at.x + 0.45 * size, at.y),
        angle,
        generated: false,
        invisible: flags[0],
        unmapped: flags[1],
        soft_hyphen: flags[2] && unicode == '-',
        tag: None,
    }
}

fn page() -> impl Strategy<Value = Page> {
    let few = || vec(boxed(), 0..4);
    (vec(run(), 0..24), vec(boxed(), 0..24), few(), few(), few()).prop_map(
        |(runs, rules, bars, images, boxes)| {
            let rule = |rect: Rect| {
                let flat = rect.width() >= rect.height();
                Rule { rect, axis: if flat { Axis::Horizontal } else { Axis::Vertical } }
            };
            let font = |name: &&str| Font { name: (*name).into(), weight: 400, ..Font::default() };
            Page {
                width: 612.0,
                height: 792.0,
                chars: runs.concat(),
                fonts: FONTS.iter().map(font).collect(),
                rules: rules.into_iter().map(rule).collect(),
                bars,
                images,
                boxes,
                ..Page::default()
            }
        },
    )
}

/// The page through all steps that need no model.
fn content(page: Page, number: usize) -> PageContent {
    let found = formula::find(&page, &[]);
    let lines = text::lines(&text::spans_with(&page, &found));
    let tables = table::find(&Sheet::of(&page, &lines), &[]).tables;
    let formulas: Vec<_> = found.into_iter().map(|found| found.formula).collect();
    let painted = Painted {
        images: page.images.clone(),
        boxes: page.boxes.clone(),
        drawings: page.drawings.clone(),
        rules: page.rules.iter().map(|rule| rule.rect).collect(),
    };
    let blocks = assemble(Parts {
        page: page.rect(),
        number,
        lines,
        regions: &[],
        tables,
        formulas: &formulas,
        painted: Some(&painted),
        links: &[],
        source: Some(&page),
    });
    PageContent { number, width: page.width, height: page.height, blocks, formulas, ..PageContent::default() }
}

fn grid() -> impl Strategy<Value = Table> {
    (1..6_usize, vec(CELL, 0..40), 0..3_usize).prop_map(|(columns, texts, header_rows)| {
        let rows = texts.len().div_ceil(columns);
        let cell = |(n, text): (usize, String)| Cell {
            row: n / columns,
            column: n % columns,
            row_span: 1,
            column_span: 1,
            header: n / columns < header_rows,
            text,
            confidence: 1.0,
            rect: Rect::default(),
        };
        let cells = texts.into_iter().enumerate().map(cell).collect();
        Table { rows, columns, header_rows: header_rows.min(rows), cells, ..Table::default() }
    })
}

/// A `tokenizer.json` with some of its parts as they should be.
fn tokenizer() -> impl Strategy<Value = String> {
    let words = vec(("[a-zĠ▁]{1,4}", option::of(any::<i64>())), 0..6);
    let kinds = prop_oneof![Just("BPE"), Just("Unigram"), Just("WordLevel"), Just("WordPiece")];
    let sound = (kinds, words, any::<bool>()).prop_map(|(kind, words, special)| {
        let entry = |(n, (word, id)): (usize, &(String, Option<i64>))| format!("{word:?}:{}", id.unwrap_or(n as i64));
        let vocabulary: Vec<String> = words.iter().enumerate().map(entry).collect();
        format!(
            r#"{{"model":{{"type":"{kind}","vocab":{{{}}}}},"added_tokens":[{{"id":1,"content":"<s>","special":{special}}}]}}"#,
            vocabulary.join(",")
        )
    });
    prop_oneof![4 => sound, 1 => r#"[\[\]{}":,a-z0-9]{0,60}"#]
}

/// Numbers as a model answers, now and then none.
fn scores() -> impl Strategy<Value = Array2<f32>> {
    let value = prop_oneof![12 => 0.0..1.0_f32, 1 => any::<f32>()];
    (0..9_usize, 1..9_usize, vec(value, 81)).prop_map(|(rows, columns, values)| {
        Array2::from_shape_fn((rows, columns), |(row, column)| values[9 * row + column])
    })
}

/// The head of an image file, then anything.
fn image() -> impl Strategy<Value = Vec<u8>> {
    (select(&HEADS[..]), vec(any::<u8>(), 0..200)).prop_map(|(head, rest)| [head, &rest].concat())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pages_of_anything_are_read(drafts in vec(page(), 1..4)) {
        let numbered = drafts.into_iter().zip(1..);
        let mut pages: Vec<PageContent> = numbered.map(|(page, number)| content(page, number)).collect();
        structure(&mut pages, &[]);
        markdown(&pages);
        join_tables(&mut pages);
        markdown(&pages);
        for frame in [frames::blocks, frames::lines, frames::words, frames::cells, frames::formulas] {
            prop_assert!(frame(&pages).is_ok());
        }
    }

    #[test]
    fn any_latex_is_typeset_or_refused(latex in LATEX, display: bool) {
        if let Err(reason) = mathml(&latex, display) {
            prop_assert!(!reason.is_empty());
        }
    }

    #[test]
    fn any_cells_are_frames_of_one_width(table in grid()) {
        let typed = frames::typed_table(&table).map(|frame| frame.shape());
        let plain = frames::table(&table).map(|frame| frame.shape());
        prop_assert_eq!(typed.ok(), plain.ok());
        prop_assert!(html::table(&table).contains("<table"));
    }

    #[test]
    fn any_tokenizer_is_read_or_refused(file in tokenizer(), tokens in vec(any::<u32>(), 0..8)) {
        match Tokenizer::parse(&file) {
            Ok(tokenizer) => drop(tokenizer.decode(&tokens)),
            Err(reason) => prop_assert!(!reason.is_empty()),
        }
    }

    #[test]
    fn any_answer_of_a_model_is_taken(scores in scores(), threshold in any::<f32>()) {
        output::blobs(scores.view(), threshold);
        prop_assert!(output::ctc(scores.view()).len() <= scores.nrows());
        prop_assert!(output::until(0, scores.view()).len() <= scores.nrows());
        prop_assert_eq!(scores.outer_iter().map(output::expected).count(), scores.nrows());
    }

    #[test]
    fn any_image_is_opened_or_refused(bytes in image()) {
        match Document::from_bytes("any", bytes, None) {
            Ok(document) => (1..=document.pages().min(3)).for_each(|page| drop(document.render(page, 20.0))),
            Err(Error::Library { .. }) => prop_assert!(false, "an image needs no library"),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
