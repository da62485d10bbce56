//! Every visible character of a text layer comes out in some block, and no other does: over all PDFs of the corpus by
//! geometry alone, over papers with the layout model. What a block may do to its characters is undone on both sides.
//! Formulas spell their glyphs anew, since fonts for formulas give many by raw codes: of these, letters and digits of
//! text fonts must all be there.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
};

use flatleaf::{
    Document, Models, Ocr, Options,
    content::{Char, Label, Page, PageContent},
    extract,
    extract::Layout,
    steps::{
        formula::{self, Found},
        structure::structure,
    },
};
use unicode_normalization::UnicodeNormalization;

use crate::need;

/// Points. Text whose middle lies farther outside the page is not displayed.
const BLEED: f32 = 1.0;
/// Of the failures, how many are written out.
const NAMED: usize = 40;

/// How often each character comes.
type Count = BTreeMap<char, i64>;

/// As it is compared: compatibility forms and ligatures taken apart, spacing accents combining, hyphens alike.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let accent = |c| match c {
        '`' | 'ˋ' => '\u{300}',
        'ˊ' => '\u{301}',
        '^' | 'ˆ' => '\u{302}',
        '~' => '\u{303}',
        'ˉ' => '\u{304}',
        'ˇ' => '\u{30C}',
        'ħ' => 'h',
        'ı' => 'i',
        'ȷ' => 'j',
        '\u{AD}' | '\u{2010}' | '\u{2011}' | '\u{FE63}' | '\u{FF0D}' => '-',
        c => c,
    };
    text.nfkd().map(accent).filter(|c| !c.is_whitespace() && !c.is_control())
}

fn count(text: &str, into: &mut Count) {
    folded(text).for_each(|c| *into.entry(c).or_default() += 1);
}

fn is_visible(char: &Char, page: &Page) -> bool {
    let shown = page.rect().inflate(BLEED).contains(char.rect.center());
    shown && !char.generated && !char.unicode.is_whitespace() && !char.unicode.is_control()
}

/// What is lost and what is new, `None` where the page came out whole. A hyphen may go from the end of each line.
fn difference(page: &Page, content: &PageContent) -> Option<String> {
    let (mut layer, mut blocks) = (Count::new(), Count::new());
    let formulas = formulas(page, content);
    let owned: HashSet<usize> = formulas.iter().flat_map(|found| found.chars.iter().copied()).collect();
    let free = |(n, c): &(usize, &Char)| is_visible(c, page) && !owned.contains(n);
    let visible = page.chars.iter().enumerate().filter(free).map(|(_, c)| c.unicode);
    count(&visible.collect::<String>(), &mut layer);
    content.blocks.iter().for_each(|block| count(&block.text, &mut blocks));
    let spans = content.blocks.iter().flat_map(|b| &b.lines).flat_map(|l| &l.spans);
    let mut of_formulas = Count::new();
    spans.filter(|s| s.formula.is_some()).for_each(|s| count(&s.text, &mut of_formulas));
    for (c, n) in of_formulas {
        *blocks.entry(c).or_default() -= n;
    }
    let lines = content.blocks.iter().flat_map(|block| &block.lines);
    let joints = lines.filter(|line| folded(&line.text()).last() == Some('-')).count() as i64;

    let of = |counts: &Count, c: char| counts.get(&c).copied().unwrap_or(0);
    let more = |a: &Count, b: &Count| -> Vec<(char, i64)> {
        a.iter().map(|(&c, n)| (c, n - of(b, c))).filter(|&(_, n)| n > 0).collect()
    };
    let mut lost = more(&layer, &blocks);
    lost.retain(|&(c, n)| c != '-' || n > joints);
    let new = more(&blocks, &layer);
    let written = |list: &[(char, i64)]| {
        let one = |&(c, n): &(char, i64)| format!("{c:?}×{n}");
        list.iter().take(12).map(one).collect::<Vec<_>>().join(" ")
    };
    lost.extend(formulas.iter().flat_map(|found| lost_in(found, page)));
    (!lost.is_empty() || !new.is_empty())
        .then(|| format!("page {}: lost {} new {}", page.number, written(&lost), written(&new)))
}

/// The formulas that the page's extraction has found, with their characters.
fn formulas(page: &Page, content: &PageContent) -> Vec<Found> {
    if content.formulas.iter().all(|f| f.source.is_none()) {
        return Vec::new();
    }
    let equations = content.regions.iter().filter(|r| r.label == Label::Equation).map(|r| r.rect);
    formula::find(page, &equations.collect::<Vec<_>>())
}

/// Letters and digits of text fonts that a formula does not have.
fn lost_in(found: &Found, page: &Page) -> Vec<(char, i64)> {
    let is_text = |c: &Char| {
        let name = page.fonts[usize::from(c.font)].name.to_lowercase();
        c.unicode.is_ascii_alphanumeric()
            && ["cmr", "cmti", "cmbx", "nimbus", "times"].iter().any(|s| name.starts_with(s))
    };
    let (mut owned, mut text) = (Count::new(), Count::new());
    let chars = found.chars.iter().map(|&n| &page.chars[n]).filter(|c| is_text(c));
    count(&chars.map(|c| c.unicode).collect::<String>(), &mut owned);
    count(&found.formula.text, &mut text);
    count(found.formula.number.as_deref().unwrap_or_default(), &mut text);
    let lacking = |(c, n): (char, i64)| (c, n - text.get(&c).copied().unwrap_or(0));
    owned.into_iter().map(lacking).filter(|&(_, n)| n > 0).collect()
}

/// How many pages were read, and of each that loses or gains characters, which. Documents and pages that cannot be
/// read have none to lose.
fn differences(file: &Path, models: &Models, options: &Options) -> (usize, Vec<String>) {
    let Ok(document) = Document::open(file) else { return (0, Vec::new()) };
    let mut contents: Vec<PageContent> =
        extract(&document, models, options).filter_map(|page| page.ok()).collect();
    structure(&mut contents, &document.outline().unwrap_or_default());
    let of = |content: &PageContent| difference(&document.page(content.number).ok()?, content);
    let named = |text| format!("{}, {text}", file.display());
    (contents.len(), contents.iter().filter_map(of).map(named).collect())
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(pdfs(&path));
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Of all PDFs in `folders`, as many at a time as there are cores.
fn assert_kept(folders: &[&str], layout: Layout) {
    let (Some(models), Some(folders)) =
        (need::models(), folders.iter().map(|folder| need::corpus(folder)).collect::<Option<Vec<_>>>())
    else {
        return;
    };
    let options = Options { layout, ocr: Ocr::Never, ..Options::default() };
    let queue = Mutex::new(folders.iter().flat_map(|folder| pdfs(folder)).collect::<Vec<_>>());
    let found = Mutex::new((0, Vec::new()));
    let next = || queue.lock().unwrap().pop();
    let work = || {
        while let Some(file) = next() {
            let (pages, differences) = differences(&file, models, &options);
            let mut found = found.lock().unwrap();
            found.0 += pages;
            found.1.extend(differences);
        }
    };
    let cores = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let (pages, mut found) = found.into_inner().unwrap();
    found.sort();
    let named = found.iter().take(NAMED).cloned().collect::<Vec<_>>().join("\n");
    assert!(pages > 0 && found.is_empty(), "{} of {pages} pages:\n{named}", found.len());
}

#[test]
fn no_character_of_a_text_layer_is_lost_or_new() {
    assert_kept(&["docs", "tables", "formulas", "hostile", "ocr"], Layout::None);
}

#[test]
fn no_character_is_lost_or_new_with_the_layout_model() {
    assert_kept(&["docs/papers", "docs/jats"], Layout::Always);
}
