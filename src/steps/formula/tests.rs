use super::*;
use crate::{
    content::Line,
    steps::{
        drawing::{Drawing, draw},
        text,
    },
};

/// The glyphs of a formula: font, size, place on the baseline, text.
fn formula(parts: &[(&str, f32, f32, f32, &str)]) -> Drawing {
    parts
        .iter()
        .fold(draw(), |page, &(font, size, x, y, text)| page.named_font(font).size(size).text(x, y, text))
}

/// The LaTeX of all glyphs of a page, wherever they stand.
fn latex(drawing: Drawing) -> String {
    let page = drawing.page();
    let fonts = Fonts::of(&page);
    let glyphs: Vec<Glyph> = page.chars.iter().enumerate().filter_map(|(n, c)| fonts.glyph(n, c)).collect();
    write::latex(&parse::parse(&glyphs, &page.bars, &[]))
}

const PROSE: &str = "Several words that fill most of one line of text, up to the variable";

#[test]
fn letters_and_digits_of_ascii_are_no_symbols() {
    let all = ('0'..='9').chain('A'..='Z').chain('a'..='z');
    assert_eq!(all.filter(|&c| symbols::Symbol::of(c).is_some()).collect::<String>(), "");
}

#[test]
fn no_operator_is_longer_than_the_longest() {
    assert!(write::is_operator_word("projlim") && "projlim".len() == write::LONGEST_OPERATOR);
}

#[test]
fn a_sign_mapped_to_two_characters_is_one_glyph() {
    let mut page = formula(&[("LMMathExtension10", 10.0, 100.0, 100.0, "∑")]).page();
    let selector = Char { unicode: '\u{FE01}', ..page.chars[0] };
    page.chars.insert(1, selector);
    assert_eq!(glyphs_of(&page, &Fonts::of(&page)).len(), 1);
    page.chars[1].origin.x += 10.0;
    assert_eq!(glyphs_of(&page, &Fonts::of(&page)).len(), 2, "newtx's radicals are selectors alone");
}

#[test]
fn all_codes_of_the_encodings_have_known_names() {
    let tables = [
        encodings::LETTERS,
        encodings::SYMBOLS,
        encodings::EXTENSION,
        encodings::AMS_A,
        encodings::AMS_B,
        encodings::ST_MARY,
        encodings::SYMBOLS_C,
    ];
    for table in tables {
        assert_eq!(table.split_ascii_whitespace().count(), 128);
    }
    let unknown = |name: &&str| name.chars().count() > 1 && symbols::Symbol::named(name).is_none();
    for table in &tables[..5] {
        let lost: Vec<&str> = table.split_ascii_whitespace().filter(unknown).collect();
        assert!(lost.len() < 20, "{lost:?}");
    }
}

#[test]
fn scripts_are_told_by_their_baselines() {
    let drawn = formula(&[
        ("CMMI10", 10.0, 100.0, 100.0, "x"),
        ("CMR7", 7.0, 105.0, 96.0, "2"),
        ("CMMI7", 7.0, 105.0, 102.5, "i"),
        ("CMR10", 10.0, 111.0, 100.0, "+"),
        ("CMMI10", 10.0, 118.0, 100.0, "y"),
    ]);
    assert_eq!(latex(drawn), "x_{i}^{2}+y");
}

#[test]
fn what_stands_over_and_under_a_bar_is_a_fraction() {
    let drawn = formula(&[("CMMI10", 10.0, 102.0, 93.0, "a"), ("CMMI10", 10.0, 102.0, 112.0, "b")])
        .rule(101.0, 99.6, 108.0, 100.0);
    assert_eq!(latex(drawn), "\\frac{a}{b}");
}

#[test]
fn a_bar_over_a_letter_alone_is_an_overline() {
    let drawn = formula(&[("CMMI10", 10.0, 100.0, 100.0, "a")]).rule(100.0, 90.4, 105.0, 90.8);
    assert_eq!(latex(drawn), "\\overline{a}");
}

#[test]
fn raw_codes_of_an_extension_font_are_its_signs() {
    // ∑ at 0x58 stands about the axis, its limits over and under it.
    let drawn = formula(&[
        ("CMEX10", 10.0, 100.0, 100.5, "X"),
        ("CMMI7", 7.0, 100.8, 109.0, "i"),
        ("CMMI7", 7.0, 100.8, 90.0, "n"),
        ("CMMI10", 10.0, 108.0, 100.0, "x"),
    ]);
    assert_eq!(latex(drawn), "\\sum_{i}^{n}x");
}

#[test]
fn symbols_without_a_name_of_adobe_come_by_their_codes() {
    let drawn = formula(&[
        ("CMMI10", 10.0, 100.0, 100.0, "x"),
        ("CMSY10", 10.0, 108.0, 100.0, "\u{2208}"),
        ("CMSY10", 10.0, 116.0, 100.0, "b"),
        ("CMMI10", 10.0, 121.0, 100.0, "y"),
        ("CMSY10", 10.0, 126.0, 100.0, "c"),
    ]);
    assert_eq!(latex(drawn), "x\\in\\lfloor y\\rfloor");
}

#[test]
fn names_of_functions_are_commands_and_words_are_text() {
    let drawn = formula(&[
        ("CMR10", 10.0, 100.0, 100.0, "sin"),
        ("CMMI10", 10.0, 117.0, 100.0, "x"),
        ("CMR10", 10.0, 132.0, 100.0, "if"),
    ]);
    assert_eq!(latex(drawn), "\\sin x\\quad \\text{if}");
}

#[test]
fn a_variable_in_a_line_of_text_is_inline_and_keeps_its_place() {
    let page = draw()
        .text(72.0, 100.0, PROSE)
        .named_font("CMMI10")
        .text(72.0 + 5.0 * (PROSE.len() + 1) as f32, 100.0, "x")
        .font(0)
        .text(72.0 + 5.0 * (PROSE.len() + 3) as f32, 100.0, "and on.")
        .page();
    let found = find(&page, &[]);
    assert_eq!(found.len(), 1);
    let formula = &found[0].formula;
    assert_eq!((formula.latex.as_deref(), formula.display, formula.is_valid()), (Some("x"), false, true));
    let lines = text::lines(&text::spans_with(&page, &found));
    assert_eq!(lines.iter().map(Line::text).collect::<Vec<_>>(), [format!("{PROSE} x and on.")]);
    assert_eq!(lines[0].spans[1].formula.as_deref(), Some("p1-f1"));
}

#[test]
fn a_formula_on_its_own_line_is_a_display_with_its_number() {
    let page = draw()
        .text(72.0, 100.0, PROSE)
        .named_font("CMMI10")
        .text(250.0, 130.0, "a")
        .named_font("CMR10")
        .text(258.0, 130.0, "=")
        .named_font("CMMI10")
        .text(266.0, 130.0, "b")
        .font(0)
        .text(400.0, 130.0, "(12)")
        .text(72.0, 160.0, PROSE)
        .page();
    let found = find(&page, &[]);
    assert_eq!(found.len(), 1);
    let formula = &found[0].formula;
    assert_eq!(
        (formula.latex.as_deref(), formula.display, formula.number.as_deref()),
        (Some("a=b"), true, Some("12"))
    );
    assert_eq!(found[0].chars.len(), 7);
}

#[test]
fn bullets_and_marks_of_notes_are_no_formulas() {
    let page = draw()
        .named_font("CMSY10")
        .text(72.0, 100.0, "\u{2022}")
        .font(0)
        .text(82.0, 100.0, PROSE)
        .named_font("CMSY7")
        .size(7.0)
        .text(82.0 + 5.0 * PROSE.len() as f32, 96.0, "\u{2020}")
        .page();
    assert!(find(&page, &[]).is_empty());
}

#[test]
fn a_page_without_fonts_for_formulas_has_none() {
    assert!(find(&draw().text(72.0, 100.0, "x = 5 + y").page(), &[]).is_empty());
    assert!(find(&Page::default(), &[]).is_empty());
}

#[test]
fn what_does_not_parse_is_told() {
    assert_eq!(check::problem("\\frac{a}{b}"), None);
    assert!(check::problem("\\frac{a").is_some());
    assert!(check::problem("\\nosuchcommand{a}").is_some());
}

#[test]
fn every_symbol_that_is_written_parses() {
    let lost: Vec<&str> = symbols::all()
        .filter(|symbol| {
            let glyph = Glyph {
                at: 0,
                sign: Sign::Symbol(*symbol),
                alphabet: glyphs::Alphabet::Italic,
                weight: glyphs::Weight::Strong,
                ink: Rect::new(0.0, 0.0, 5.0, 5.0),
                pen: (0.0, 5.0),
                baseline: 5.0,
                size: 10.0,
                on_axis: false,
                spaced: false,
            };
            check::problem(&write::latex(&Node::Glyph(glyph))).is_some()
        })
        .map(|symbol| symbol.name)
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn a_line_that_begins_with_a_bracket_is_no_argument_of_the_break() {
    let drawn = formula(&[("CMMI10", 10.0, 100.0, 100.0, "a"), ("CMR10", 10.0, 100.0, 115.0, "[b]")]);
    let latex = latex(drawn);
    assert!(latex.contains("\\\\ {}["), "{latex}");
    assert_eq!(check::problem(&latex), None);
}

/// The LaTeX of what is found on a page.
fn found(drawing: Drawing) -> Vec<String> {
    find(&drawing.page(), &[]).into_iter().filter_map(|found| found.formula.latex).collect()
}

/// Behind [`PROSE`] and a space.
const BEHIND: f32 = 72.0 + 5.0 * (PROSE.len() + 1) as f32;

#[test]
fn a_stop_of_a_font_for_formulas_ends_one_also_behind_a_space() {
    let drawn = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 100.0, "x");
    assert_eq!(found(drawn.named_font("STIXMath").text(BEHIND + 10.0, 100.0, ".")), ["x."]);
}

#[test]
fn angle_brackets_around_an_address_are_text() {
    let drawn = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 100.0, "<").font(0);
    let drawn =
        drawn.text(BEHIND + 5.0, 100.0, "someone").named_font("CMMI10").text(BEHIND + 40.0, 100.0, ">");
    assert_eq!(found(drawn.font(0).text(BEHIND + 50.0, 100.0, "or")), Vec::<String>::new());
    let drawn = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 100.0, "<").font(0);
    assert_eq!(found(drawn.text(BEHIND + 10.0, 100.0, "is a relation")), ["<"]);
}

#[test]
fn an_item_of_a_list_is_no_display() {
    let item = draw().text(72.0, 100.0, "(ii)").named_font("CMMI10").text(97.0, 100.0, "a");
    let item = item.named_font("CMSY10").text(105.0, 100.0, "=").named_font("CMMI10").text(113.0, 100.0, "b");
    let is_display = |found: &super::Found| found.formula.display;
    assert!(!find(&item.page(), &[]).iter().any(is_display));
}

#[test]
fn a_greek_letter_alone_among_words_is_a_variable() {
    let page = || draw().named_font("CMMI10").text(72.0, 60.0, "x").font(0);
    assert_eq!(found(page().text(72.0, 100.0, PROSE).text(BEHIND, 100.0, "Λ")), ["x", "\\Lambda"]);
    assert_eq!(found(page().text(72.0, 100.0, PROSE).text(BEHIND, 100.0, "λα")), ["x"]);
    assert_eq!(found(page().text(72.0, 100.0, "5 Λ")), ["x"], "a label of a plot");
}

#[test]
fn an_accent_is_of_the_line_that_the_file_has_it_in() {
    let lines = draw().text(72.0, 88.0, PROSE).text(72.0, 100.0, "Let several words stand here, then");
    let accented =
        lines.named_font("CMR10").text(250.0, 93.0, "˙").named_font("CMMI10").text(250.0, 100.0, "b");
    assert_eq!(found(accented.font(0).text(260.0, 100.0, "and more words")), ["\\dot{b}"]);
}

#[test]
fn a_line_over_the_lower_part_of_a_fraction_is_as_wide_as_its_bar() {
    let letters = [("CMMI10", 10.0, 101.0, 93.0, "a"), ("CMMI10", 10.0, 101.0, 112.0, "b")];
    let (bar, over) = ((99.6, 100.0), (102.4, 102.8));
    let drawn = |(first, second): ((f32, f32), (f32, f32))| {
        formula(&letters).rule(101.0, first.0, 106.0, first.1).rule(101.0, second.0, 106.0, second.1)
    };
    assert_eq!(latex(drawn((bar, over))), "\\frac{a}{\\overline{b}}");
    assert_eq!(latex(drawn((over, bar))), "\\frac{a}{\\overline{b}}");
}

#[test]
fn an_arrow_over_a_letter_may_be_built_of_two_signs() {
    let drawn = formula(&[
        ("CMSY10", 10.0, 101.0, 92.0, "\u{2212}"),
        ("CMSY10", 10.0, 100.5, 92.0, "\u{2192}"),
        ("CMMI10", 10.0, 100.5, 102.0, "D"),
    ]);
    assert_eq!(latex(drawn), "\\overrightarrow{D}");
}

#[test]
fn a_cell_far_from_the_next_is_of_the_matrix_around_it() {
    let drawn =
        draw().text(72.0, 100.0, PROSE).named_font("CMR10").text(240.0, 130.0, "=").named_font("CMMI10");
    let drawn = drawn.text(250.0, 130.0, "aaaaaaaaaaaaaaaaaaaaa");
    // The one at 300 hangs together with no other.
    let cells = [(250.0, 144.0), (350.0, 144.0), (250.0, 158.0), (300.0, 158.0), (350.0, 158.0)];
    let drawn = cells.into_iter().fold(drawn, |page, (x, y)| page.text(x, y, "b"));
    assert_eq!(found(drawn).len(), 1);
}

#[test]
fn the_parts_of_a_fraction_in_a_line_hang_together() {
    let over = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 93.0, "x");
    let over = over.named_font("CMSY10").text(BEHIND + 7.2, 93.0, "\u{2212}").named_font("CMR10");
    let drawn = over.text(BEHIND + 14.4, 93.0, "4").text(BEHIND + 7.0, 107.5, "2");
    let drawn = drawn.rule(BEHIND, 97.3, BEHIND + 19.4, 97.7);
    assert_eq!(found(drawn), ["\\frac{x-4}{2}"]);
}

#[test]
fn what_is_over_the_bar_of_a_high_fraction_is_of_its_line() {
    let drawn = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 92.0, "xxxx");
    let high = |x: f32| {
        let over = drawn.clone().named_font("CMR10").text(x, 83.0, "1");
        over.rule(BEHIND, 86.0, BEHIND + 20.0, 86.4)
    };
    assert_eq!(found(high(BEHIND + 7.0)), ["\\frac{1}{xxxx}"]);
    let rule = drawn.named_font("CMR10").text(BEHIND + 7.0, 83.0, "1");
    let found = found(rule.rule(72.0, 86.0, BEHIND + 20.0, 86.4));
    assert!(found.iter().all(|latex| !latex.contains("frac")), "{found:?}");
}

#[test]
fn the_name_of_an_item_and_an_ideograph_before_a_formula_are_text() {
    for text in ["C.", "12.", "b)", "设"] {
        let page = draw().text(72.0, 100.0, text).named_font("CMMI10").text(90.0, 100.0, "y");
        let page = page.named_font("CMR10").text(98.0, 100.0, "=").named_font("CMMI10");
        let found = find(&page.text(106.0, 100.0, "x").page(), &[]);
        let formulas: Vec<_> =
            found.iter().map(|f| (f.formula.latex.as_deref(), f.formula.display)).collect();
        assert_eq!(formulas, [(Some("y=x"), false)], "{text}");
    }
}

#[test]
fn cases_on_a_line_of_text_are_of_it_and_the_text_behind_is_not() {
    let page = draw().text(72.0, 100.0, "求下列函数").named_font("CMMI10").text(130.0, 100.0, "y");
    let page = page.named_font("CMR10").text(138.0, 100.0, "=").named_font("CMEX10");
    let page = page.text(146.0, 90.0, "8").text(146.0, 100.0, "<").text(146.0, 110.0, ":");
    let page = page.named_font("CMR10").text(153.0, 90.0, "1").text(153.0, 110.0, "0");
    let page = page.named_font("CMMI10").text(170.0, 90.0, "x").text(170.0, 110.0, "z");
    let page = page.font(0).text(180.0, 100.0, "的反函数");
    assert_eq!(found(page), ["y=\\begin{cases}1 & x \\\\ 0 & z\\end{cases}"]);
}

#[test]
fn a_formula_that_a_line_breaks_at_an_operator_goes_on_in_the_next() {
    let page = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 100.0, "x");
    let page = page.named_font("CMSY10").text(BEHIND + 8.0, 100.0, "\u{2212}").named_font("CMMI10");
    let rest = |leading: f32| {
        let page = page.clone().text(72.0, 100.0 + leading, "y").named_font("CMSY10");
        find(
            &page
                .text(80.0, 100.0 + leading, "\u{2208}")
                .named_font("CMMI10")
                .text(90.0, 100.0 + leading, "z")
                .page(),
            &[],
        )
    };
    assert!(rest(14.0).iter().all(|f| !f.formula.display));
    assert!(rest(30.0).iter().any(|f| f.formula.display), "set apart");
}

#[test]
fn ghostscript_maps_variants_of_greek_letters_to_odd_characters() {
    assert_eq!(latex(formula(&[("CMMI10", 10.0, 100.0, 100.0, "\u{1EB}\u{33A}")])), "\\epsilon\\varrho");
}

#[test]
fn the_limit_beside_an_integral_is_not_that_of_the_next_line() {
    // ∫ at 0x5A; its limit stands beside its foot, and over the one below.
    let line = |page: Drawing, y: f32| {
        let page = page.named_font("CMEX10").text(100.0, y, "Z").named_font("CMMI7").size(7.0);
        page.text(103.0, y + 3.5, "R").named_font("CMMI10").size(10.0).text(110.0, y, "x")
    };
    let latex = latex(line(line(draw(), 100.0), 114.0));
    assert_eq!(latex.matches("\\int_{R}x").count(), 2, "{latex}");
}

/// The glyph `text` as TeX's fonts have it: as wide and high as said, of the font size, from its origin on.
fn sign(drawing: Drawing, (font, x, y): (&str, f32, f32), text: &str, [x0, y0, x1, y1]: [f32; 4]) -> Drawing {
    let size = 10.0;
    let ink = Rect::new(x + x0 * size, y - y1 * size, x + x1 * size, y - y0 * size);
    drawing.named_font(font).size(size).text(x, y, text).ink(ink)
}

#[test]
fn an_arrow_takes_the_pieces_of_its_shaft() {
    let minus = [0.08, 0.23, 0.69, 0.27];
    let mut drawn = draw();
    for x in [100.0, 103.4, 109.0] {
        drawn = sign(drawn, ("CMSY10", x, 100.0), "\u{2212}", minus);
    }
    drawn = sign(drawn, ("CMSY10", 112.4, 100.0), "→", [0.06, -0.01, 0.94, 0.51]);
    let drawn = drawn.size(7.0).named_font("CMMI7").text(106.0, 92.0, "f");
    assert_eq!(latex(drawn), "\\xrightarrow{f}");
    let apart = sign(draw(), ("CMSY10", 100.0, 100.0), "\u{2212}", minus);
    let apart = sign(apart, ("CMSY10", 110.5, 100.0), "→", [0.06, -0.01, 0.94, 0.51]);
    assert_eq!(latex(apart), "-\\rightarrow");
}

#[test]
fn lines_of_a_limit_are_as_small_as_it() {
    let drawn = formula(&[
        ("CMEX10", 10.0, 100.0, 100.5, "X"),
        ("CMMI7", 7.0, 100.8, 109.0, "i"),
        ("CMMI7", 7.0, 100.8, 117.0, "j"),
    ]);
    assert_eq!(latex(drawn), "\\sum_{\\substack{i \\\\ j}}");
}

#[test]
fn a_frame_around_a_formula_is_boxed_and_a_table_is_none() {
    let drawn = || formula(&[("CMMI10", 10.0, 100.0, 100.0, "x"), ("CMSY10", 10.0, 108.0, 100.0, "∈")]);
    let sides = |drawing: Drawing, top: f32| {
        drawing
            .rule(96.0, 88.0, 117.0, 88.4)
            .rule(96.0, 105.6, 117.0, 106.0)
            .rule(96.0, top, 96.4, 106.0)
            .rule(116.6, top, 117.0, 106.0)
    };
    assert_eq!(found(sides(drawn(), 88.0)), ["\\boxed{x\\in}"]);
    assert_eq!(found(sides(drawn(), 60.0)), ["x\\in"], "lines that go on are a table's");
}

#[test]
fn a_congruence_ends_with_its_modulus() {
    let at = BEHIND;
    let page = draw()
        .text(72.0, 100.0, PROSE)
        .named_font("CMMI10")
        .text(at, 100.0, "a")
        .named_font("CMSY10")
        .text(at + 8.0, 100.0, "≡")
        .named_font("CMMI10")
        .text(at + 16.0, 100.0, "b")
        .named_font("CMR10")
        .text(at + 26.0, 100.0, "(mod")
        .text(at + 49.0, 100.0, "4)");
    assert_eq!(found(page), ["a\\equiv b(\\bmod 4)"]);
}

#[test]
fn an_upright_d_before_a_variable_is_of_the_formula() {
    let at = BEHIND;
    let line = |gap: f32| {
        let page = draw().text(72.0, 100.0, PROSE).named_font("CMR10").text(at, 100.0, "d");
        found(page.named_font("CMMI10").text(at + 5.0 + gap, 100.0, "y"))
    };
    assert_eq!(line(0.0), ["\\mathrm{d}y"]);
    assert_eq!(line(3.0), ["y"]);
}

#[test]
fn a_comma_of_the_text_with_space_before_it_is_of_the_formula() {
    let at = BEHIND;
    let line = |gap: f32| {
        let page = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(at, 100.0, "xy");
        found(page.font(0).text(at + 10.0 + gap, 100.0, ",").text(at + 24.0, 100.0, "as said."))
    };
    assert_eq!(line(3.3), ["xy,"]);
    assert_eq!(line(0.0), ["xy"]);
}

#[test]
fn formulas_that_are_lines_of_a_paragraph_are_inline() {
    let lines = |leading: f32| {
        (0..3).fold(draw().text(72.0, 90.0, "Heading"), |page, n| {
            let y = 110.0 + n as f32 * leading;
            let page = page.named_font("CMMI10").text(87.0, y, "a").named_font("CMSY10");
            page.text(95.0, y, "∈").named_font("CMMI10").text(103.0, y, "B").font(0)
        })
    };
    let display = |page: Page| find(&page, &[]).iter().map(|f| f.formula.display).collect::<Vec<_>>();
    assert_eq!(display(lines(12.0).page()), [false, false, false]);
    assert_eq!(display(lines(15.0).page()), [true]);
}

#[test]
fn fonts_of_other_packages_have_codes_of_their_own() {
    let name = |font: &str, code: char| {
        let page = draw().named_font(font).text(100.0, 100.0, code.encode_utf8(&mut [0; 4])).page();
        Fonts::of(&page).glyph(0, &page.chars[0]).map(|glyph| glyph.name())
    };
    assert_eq!(name("Fourier-Math-Extension", '\u{B7}'), Some("["));
    assert_eq!(name("Fourier-Math-Extension", '\u{C3}'), Some("("));
    assert_eq!(name("MathDesign-CH-Regular-Extension-10", '\u{82}'), Some("("));
    assert_eq!(name("txsyc", ','), Some("neq"));
    assert_eq!(name("txsys", '\u{AE}'), Some("vec"));
}

#[test]
fn a_selector_goes_with_its_sign() {
    let mut page =
        formula(&[("LMMathExtension10", 10.0, 100.0, 100.0, "∑"), ("CMMI10", 10.0, 112.0, 100.0, "x")])
            .named_font("CMSY10")
            .text(120.0, 100.0, "∈")
            .page();
    page.chars.insert(1, Char { unicode: '\u{FE01}', ..page.chars[0] });
    let chars: Vec<usize> = find(&page, &[]).into_iter().flat_map(|found| found.chars).collect();
    assert!(chars.contains(&1), "{chars:?}");
}

#[test]
fn heavy_letters_are_told_by_the_names_of_their_fonts() {
    let bold = |font: &str| {
        let mut page = formula(&[(font, 10.0, 100.0, 100.0, "x")]).page();
        page.fonts[usize::from(page.chars[0].font)].weight = 700;
        let fonts = Fonts::of(&page);
        fonts.glyph(0, &page.chars[0]).map(|glyph| glyph.alphabet)
    };
    assert_eq!(bold("HFBRMI10"), Some(glyphs::Alphabet::Italic));
    assert_eq!(bold("CMMIB10"), Some(glyphs::Alphabet::BoldItalic));
}

#[test]
fn a_reference_to_the_literature_is_no_part_of_the_formula_before_it() {
    let line = |gap: f32| {
        let drawn = draw().text(72.0, 100.0, PROSE).named_font("CMMI10").text(BEHIND, 100.0, "x");
        found(drawn.named_font("CMR10").text(BEHIND + 5.0 + gap, 100.0, "[10,12]"))
    };
    assert_eq!(line(2.0), ["x"]);
    assert_eq!(line(0.0), ["x[10,12]"]);
}

#[test]
fn a_script_that_is_a_word_is_whole_beside_a_lone_letter() {
    let page = draw().text(72.0, 60.0, PROSE).named_font("CMMI10").text(72.0, 100.0, "g").size(7.0);
    let page = page.named_font("CMR7").text(77.0, 102.0, "NMDAxyz").font(0).size(10.0);
    assert_eq!(found(page.text(72.0, 140.0, PROSE)), ["g_{\\mathrm{NMDAxyz}}"]);
}

#[test]
fn formulas_below_one_another_keep_their_scripts_where_words_stand_before_one() {
    let row = |page: Drawing, n: usize| {
        let y = 100.0 + 11.0 * n as f32;
        let page = page.named_font("CMMI10").size(10.0).text(104.0, y, "x");
        page.named_font("CMMI7").size(7.0).text(109.0, y + 1.5, "j")
    };
    let page = draw().text(72.0, 100.0, "Orig.");
    let rows = (0..4).fold(page, row);
    assert_eq!(found(rows), ["x_{j}"; 4]);
}

#[test]
fn halves_of_a_sign_are_joined_in_displays_of_many_lines() {
    let line = |drawn: Drawing, y: f32| {
        let drawn = sign(drawn, ("CMSY10", 100.0, y), "⇐", [0.06, -0.01, 0.94, 0.51]);
        let drawn = sign(drawn, ("CMSY10", 108.3, y), "⇒", [0.06, -0.01, 0.94, 0.51]);
        drawn.named_font("CMMI10").text(120.0, y, "x")
    };
    let latex = latex((0..5).fold(draw(), |drawn, n| line(drawn, 100.0 + 15.0 * n as f32)));
    assert_eq!(latex.matches("\\Longleftrightarrow").count(), 5, "{latex}");
}

#[test]
fn what_a_brace_alone_holds_ends_at_a_wide_gap() {
    let brace = |page: Drawing| sign(page, ("CMEX10", 100.0, 88.0), "\u{8}", [0.1, -2.4, 0.5, 0.0]);
    let rows = |page: Drawing| {
        let page = page.named_font("CMMI10").text(108.0, 94.0, "a").text(108.0, 106.0, "b");
        page.text(118.0, 94.0, "c").text(118.0, 106.0, "d")
    };
    let drawn = |x: f32| latex(rows(brace(draw())).text(x, 102.5, "y"));
    assert!(drawn(143.0).ends_with("\\end{cases}\\qquad y"), "{}", drawn(143.0));
}
