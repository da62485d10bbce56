//! Characters to the glyphs of formulas: which symbol each is, in which alphabet,
//! and how far its font speaks for a formula.

use std::sync::LazyLock;

use super::{
    encodings,
    symbols::{Class, Symbol},
};
use crate::{
    content::{Char, Font, Page},
    geometry::Rect,
};

/// The shape of letters and digits, where it means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// As variables are set; what is no letter is this too.
    Italic,
    Roman,
    Bold,
    BoldItalic,
    Sans,
    Mono,
    /// The slanted letters of text.
    TextItalic,
    Calligraphic,
    Script,
    Fraktur,
    Double,
}

/// What a glyph prints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sign {
    /// A letter or digit.
    Letter(char),
    Symbol(Symbol),
}

/// How far a glyph speaks for a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// A letter of text.
    Text,
    /// Stands in text and formulas alike.
    Neutral,
    /// Of a font for formulas, but text borrows it: bullets, dots.
    Weak,
    /// Only formulas have it.
    Strong,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Index into [`Page::chars`].
    pub at: usize,
    pub sign: Sign,
    pub alphabet: Alphabet,
    pub weight: Weight,
    /// Around the ink.
    pub ink: Rect,
    /// Where the pen goes from and to.
    pub pen: (f32, f32),
    pub baseline: f32,
    /// Points.
    pub size: f32,
    /// Hangs about the axis of the formula rather than standing on its baseline.
    pub on_axis: bool,
    /// pdfium or the file has a space before it.
    pub spaced: bool,
}

impl Glyph {
    pub fn class(&self) -> Class {
        match self.sign {
            Sign::Letter(_) => Class::Ordinary,
            Sign::Symbol(symbol) => symbol.class,
        }
    }

    /// A slanted letter of the text on a page whose formulas have no letters of their own.
    pub fn is_borrowed(&self) -> bool {
        self.weight == Weight::Neutral
            && self.alphabet == Alphabet::Italic
            && matches!(self.sign, Sign::Letter(c) if c.is_alphabetic())
    }

    /// Whether it is set small right behind another, no farther than `gap` of that one's font size, and off its line.
    pub fn is_script_of(&self, base: &Glyph, gap: f32) -> bool {
        let off = (self.baseline - base.baseline).abs() / base.size;
        self.size < 0.85 * base.size
            && (self.pen.0 - base.pen.1).abs() < gap * base.size
            && (0.05..0.6).contains(&off)
    }

    /// Text and formulas have Greek letters.
    pub fn is_greek(&self) -> bool {
        matches!(self.sign, Sign::Symbol(symbol) if ('Α'..='ϖ').contains(&symbol.unicode))
    }

    pub fn name(&self) -> &'static str {
        match self.sign {
            Sign::Letter(_) => "",
            Sign::Symbol(symbol) => symbol.name,
        }
    }

    /// As plain text.
    pub fn unicode(&self) -> char {
        match self.sign {
            Sign::Letter(c) => c,
            Sign::Symbol(symbol) => symbol.unicode,
        }
    }

    pub fn letter(&self) -> Option<char> {
        match self.sign {
            Sign::Letter(c) => Some(c),
            Sign::Symbol(_) => None,
        }
    }
}

/// Of the font size: ϕ reaches higher over the baseline, φ does not.
const PHI: f32 = 0.55;

/// What a font's codes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Text,
    /// Has Unicode, and is made for formulas.
    Unicode,
    /// Greek letters and signs that word processors put into text.
    Borrowed,
    Letters,
    Symbols,
    Extension,
    AmsA,
    AmsB,
    StMary,
    /// The third font of signs of txfonts and its kin.
    SymbolsC,
    /// One alphabet alone.
    Of(Alphabet),
}

/// Starts of names in small letters, without the subset prefix.
const FACES: [(&str, Face); 79] = [
    ("cmmi", Face::Letters),
    ("lmmathitalic", Face::Letters),
    ("rtxmi", Face::Letters),
    ("txmi", Face::Letters),
    ("pxmi", Face::Letters),
    ("rpxmi", Face::Letters),
    ("ntxmi", Face::Letters),
    ("newtxmi", Face::Letters),
    ("kp--m-italic", Face::Letters),
    ("fourier-math-letters", Face::Letters),
    ("eurm", Face::Letters),
    ("eurb", Face::Letters),
    ("hfbrmi", Face::Letters),
    ("hfbrmb", Face::Letters),
    ("mtmi", Face::Letters),
    ("rmtmi", Face::Letters),
    ("rblmi", Face::Letters),
    ("mt2mi", Face::Letters),
    ("lucidanewmath-italic", Face::Letters),
    ("lucidanewmath-alt", Face::Letters),
    ("lucidanewmath-demiit", Face::Letters),
    ("kp-light-m-italic", Face::Letters),
    ("cmsy", Face::Symbols),
    ("hfbrsy", Face::Symbols),
    ("mtsy", Face::Symbols),
    ("blsy", Face::Symbols),
    ("mt2sy", Face::Symbols),
    ("lucidanewmath-sym", Face::Symbols),
    ("txbsy", Face::Symbols),
    ("pxbsy", Face::Symbols),
    ("kp-light-m-sya", Face::AmsA),
    ("kp-light-m-syb", Face::AmsB),
    ("kp-light-m-syc", Face::SymbolsC),
    ("kp-light-m-sy", Face::Symbols),
    ("cmbsy", Face::Symbols),
    ("lmmathsymbols", Face::Symbols),
    ("txsya", Face::AmsA),
    ("txsyb", Face::AmsB),
    ("pxsya", Face::AmsA),
    ("pxsyb", Face::AmsB),
    ("txsyc", Face::SymbolsC),
    ("txsy", Face::Symbols),
    ("pxsyc", Face::SymbolsC),
    ("pxsy", Face::Symbols),
    ("kp--m-sya", Face::AmsA),
    ("kp--m-syb", Face::AmsB),
    ("kp--m-syc", Face::SymbolsC),
    ("kp--m-sy", Face::Symbols),
    ("fourier-math-symbols", Face::Symbols),
    ("cmex", Face::Extension),
    ("mtex", Face::Extension),
    ("blex", Face::Extension),
    ("mt2ex", Face::Extension),
    ("lucidanewmath-ext", Face::Extension),
    ("txbex", Face::Extension),
    ("pxbex", Face::Extension),
    ("kp-light-m-ex", Face::Extension),
    ("lmmathextension", Face::Extension),
    ("txex", Face::Extension),
    ("pxex", Face::Extension),
    ("kp--m-ex", Face::Extension),
    ("fourier-math-extension", Face::Extension),
    ("euex", Face::Extension),
    ("msam", Face::AmsA),
    ("msbm", Face::AmsB),
    ("stmary", Face::StMary),
    ("hfbras", Face::AmsA),
    ("hfbrbs", Face::AmsB),
    ("newpxmi", Face::Letters),
    ("fourier-math-cal", Face::Of(Alphabet::Calligraphic)),
    ("fourier-math-blackboard", Face::Of(Alphabet::Double)),
    ("pazomathblackboard", Face::Of(Alphabet::Double)),
    ("eufm", Face::Of(Alphabet::Fraktur)),
    ("eufb", Face::Of(Alphabet::Fraktur)),
    ("eusm", Face::Of(Alphabet::Calligraphic)),
    ("eusb", Face::Of(Alphabet::Calligraphic)),
    ("rsfs", Face::Of(Alphabet::Script)),
    ("bbm", Face::Of(Alphabet::Double)),
    ("dsrom", Face::Of(Alphabet::Double)),
];

fn face(font: &Font) -> Face {
    let name = font.name.to_lowercase();
    let known = FACES.iter().find(|(start, _)| name.starts_with(start)).map(|&(_, face)| face);
    match known {
        Some(face) => face,
        None if name.starts_with("mathdesign") && name.contains("-mathitalic") => Face::Letters,
        None if name.starts_with("mathdesign") && name.contains("-symbol") => Face::Symbols,
        None if name.starts_with("mathdesign") && name.contains("-extension") => Face::Extension,
        None if name.starts_with("bbold") => Face::Of(Alphabet::Double),
        None if name == "symbol" || name == "symbolmt" => Face::Borrowed,
        None if name.contains("math") || name.starts_with("standardsym") => Face::Unicode,
        None => Face::Text,
    }
}

/// What the codes beyond TeX's 128 are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Tex,
    Newtx,
    MathDesign,
}

fn dialect(font: &Font) -> Dialect {
    let name = font.name.to_lowercase();
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if starts(&["mathdesign"]) {
        Dialect::MathDesign
    } else if starts(&["tx", "px", "rtx", "rpx", "ntx", "newtx", "newpx"]) {
        Dialect::Newtx
    } else {
        Dialect::Tex
    }
}

/// The alphabet of a font's letters.
fn alphabet(font: &Font, face: Face) -> Alphabet {
    let name = font.name.to_lowercase();
    let bold = match face {
        // Of light faces too, the fonts of letters say that they are heavy.
        Face::Letters => {
            ["mib", "bmi", "rmb", "eurb", "bold", "medium"].iter().any(|part| name.contains(part))
        }
        _ => font.weight >= 600 || name.starts_with("cmbsy"),
    };
    match face {
        Face::Of(alphabet) => alphabet,
        Face::Letters if bold => Alphabet::BoldItalic,
        Face::Letters => Alphabet::Italic,
        Face::Symbols => Alphabet::Calligraphic,
        Face::AmsB => Alphabet::Double,
        _ if bold && font.italic => Alphabet::BoldItalic,
        _ if bold => Alphabet::Bold,
        _ if font.fixed_pitch => Alphabet::Mono,
        _ if font.sans => Alphabet::Sans,
        _ if font.italic => Alphabet::TextItalic,
        _ => Alphabet::Roman,
    }
}

/// A page's fonts, as formulas use them.
pub(super) struct Fonts {
    faces: Vec<(Face, Alphabet, Dialect)>,
    /// No font has letters for formulas alone, so that the slanted letters of the text are their variables.
    borrows_letters: bool,
}

impl Fonts {
    pub fn of(page: &Page) -> Self {
        let kind = |font: &Font| (face(font), alphabet(font, face(font)), dialect(font));
        let faces: Vec<(Face, Alphabet, Dialect)> = page.fonts.iter().map(kind).collect();
        let has_letters = |c: &Char| {
            let face = faces.get(usize::from(c.font)).map_or(Face::Text, |f| f.0);
            face == Face::Letters && c.unicode.is_ascii_alphabetic()
                || face == Face::Unicode && mathematical_letter(c.unicode).is_some()
        };
        let borrows_letters = !page.chars.iter().any(has_letters);
        Self { faces, borrows_letters }
    }

    /// Whether any font of the page can speak for a formula.
    pub fn has_formulas(&self) -> bool {
        self.faces.iter().any(|(face, ..)| !matches!(face, Face::Text | Face::Borrowed))
    }

    /// `None` for what prints nothing. In TeX's own encodings, codes of white space are signs.
    pub fn glyph(&self, at: usize, char: &Char) -> Option<Glyph> {
        let (face, alphabet, dialect) = *self.faces.get(usize::from(char.font))?;
        if char.generated
            || char.unicode.is_whitespace()
                && matches!(face, Face::Text | Face::Unicode | Face::Borrowed | Face::Of(_))
        {
            return None;
        }
        let (sign, alphabet) = self.sign((face, alphabet, dialect), char)?;
        let borrowed = self.borrows_letters && face == Face::Text && alphabet == Alphabet::TextItalic;
        let alphabet = match alphabet {
            _ if borrowed => Alphabet::Italic,
            // Where Times lends its letters, the script of Ralph Smith stands for calligraphic ones.
            Alphabet::Script if self.borrows_letters => Alphabet::Calligraphic,
            alphabet => alphabet,
        };
        let on_axis = face == Face::Extension || is_tall(sign, char);
        let ink = if char.ink.area() > 0.0 { char.ink } else { char.rect };
        let weight = weight(face, sign, borrowed);
        let pen = (char.origin.x.min(ink.x0), char.rect.x1);
        Some(Glyph {
            at,
            sign,
            alphabet,
            weight,
            ink,
            pen,
            baseline: char.origin.y,
            size: char.size,
            on_axis,
            spaced: false,
        })
    }

    fn sign(
        &self,
        (face, alphabet, dialect): (Face, Alphabet, Dialect),
        char: &Char,
    ) -> Option<(Sign, Alphabet)> {
        let code = u32::from(char.unicode);
        // Names of glyphs and the PDF's own maps swap the two; the one that \phi prints has a stem.
        if face != Face::Text && matches!(char.unicode, 'φ' | 'ϕ' | '𝜑' | '𝜙') {
            let has_stem = char.origin.y - char.ink.y0 > PHI * char.size;
            let alphabet = mathematical_letter(char.unicode).map_or(alphabet, |(_, alphabet)| alphabet);
            return named(if has_stem { "phi" } else { "varphi" }, alphabet);
        }
        let own = match dialect {
            Dialect::Newtx => newtx(face, code),
            Dialect::MathDesign => math_design(face, code),
            Dialect::Tex => ghostscript(face, char.unicode),
        };
        if let Some(name) = own {
            return sign_named(name).map(|sign| (sign, Alphabet::Italic));
        }
        let (code, is_raw) = match (dialect, face) {
            (Dialect::Tex, Face::Extension) => shifted(code),
            _ => (code, false),
        };
        let table = match face {
            Face::Letters => &ENCODINGS.letters,
            Face::Symbols => &ENCODINGS.symbols,
            Face::Extension => &ENCODINGS.extension,
            Face::AmsA => &ENCODINGS.ams_a,
            Face::AmsB => &ENCODINGS.ams_b,
            Face::StMary => &ENCODINGS.st_mary,
            Face::SymbolsC => &ENCODINGS.symbols_c,
            Face::Text | Face::Unicode | Face::Borrowed | Face::Of(_) => {
                return by_unicode(char.unicode, alphabet);
            }
        };
        // Names that Adobe's list has, whose characters are not their codes.
        let is_own = match face {
            Face::Symbols => "|{}\\()[]+/*,<=:;?".contains(char.unicode) || code >= 0x80,
            Face::Extension => code >= 0x80 || is_mapped_delimiter(char),
            Face::Letters => code >= 0x80 || is_named_punctuation(char),
            _ => code >= 0x80,
        };
        let is_own = is_own && !is_raw;
        match table.get(code as usize) {
            Some(&Some(sign)) if !is_own => Some((sign, of_symbol(sign, alphabet))),
            _ => by_unicode(char.unicode, alphabet),
        }
    }
}

/// What the fonts of the newtx package have beyond TeX's 128 codes; none of it is in Adobe's list.
fn newtx(face: Face, code: u32) -> Option<&'static str> {
    const DELIMITERS: [&str; 6] = ["⎛", "⎞", "⎝", "⎠", "⎜", "⎟"];
    const ACCENTS: [&str; 9] = ["hat", "tilde", "bar", "breve", "dot", "ddot", "mathring", "check", "dddot"];
    match (face, code) {
        (Face::Extension, 0xA9..=0xAE) => Some(DELIMITERS[code as usize - 0xA9]),
        (Face::Extension, 0xCD | 0xD5) => Some("sum"),
        (Face::Extension, 0xCE | 0xD6) => Some("prod"),
        (Face::Extension, 0xD0 | 0xD8) => Some("bigcup"),
        (Face::Extension, 0xD1 | 0xD9) => Some("bigcap"),
        // Its larger radicals are mapped to variation selectors.
        (Face::Extension, 0xFE00..=0xFE0F) => Some("surd"),
        (Face::Symbols, 0xA0..=0xA8) if !matches!(code, 0xA7) => Some(ACCENTS[code as usize - 0xA0]),
        (Face::Symbols, 0xAE) => Some("vec"),
        _ => None,
    }
}

/// What the fonts of the mathdesign package have beyond TeX's 128 codes: delimiters of sizes between its own.
fn math_design(face: Face, code: u32) -> Option<&'static str> {
    Some(match code {
        _ if face != Face::Extension => return None,
        0x80..=0x82 => "(",
        0x8A..=0x8C => ")",
        0x94..=0x96 => "[",
        0x97..=0x99 => "]",
        0x9A..=0x9C => "lfloor",
        0x9D..=0x9F => "rfloor",
        0xA0..=0xA2 => "lceil",
        0xA3..=0xA5 => "rceil",
        0xA6..=0xA8 => "lbrace",
        0xA9..=0xAB => "rbrace",
        0xAC..=0xAE => "langle",
        0xB6..=0xB8 => "rangle",
        0xC0..=0xC2 => "/",
        0xC3..=0xC5 => "backslash",
        0xC6..=0xC8 => "surd",
        _ => return None,
    })
}

/// The code that a font has a second time beyond the 128, for programs that cannot print control characters; and whether
/// it is one.
fn shifted(code: u32) -> (u32, bool) {
    match code {
        0xA1..=0xAA => (code - 0xA1, true),
        0xAD..=0xC3 => (code - 0xA3, true),
        0xC4 => (0x7F, true),
        _ => (code, false),
    }
}

/// What Ghostscript's maps call variants of Greek letters in TeX's font of letters, which has no such characters.
fn ghostscript(face: Face, unicode: char) -> Option<&'static str> {
    match unicode {
        _ if face != Face::Letters => None,
        '\u{1EB}' => Some("epsilon"),
        '\u{33A}' => Some("varrho"),
        '\u{31F}' => Some("varpi"),
        _ => None,
    }
}

fn of_symbol(sign: Sign, alphabet: Alphabet) -> Alphabet {
    match (sign, alphabet) {
        (Sign::Letter(c), _) if c.is_ascii_digit() => Alphabet::Roman,
        (Sign::Letter(_), _) | (_, Alphabet::Bold | Alphabet::BoldItalic) => alphabet,
        _ => Alphabet::Italic,
    }
}

fn named(name: &str, alphabet: Alphabet) -> Option<(Sign, Alphabet)> {
    Symbol::named(name).map(|symbol| (Sign::Symbol(symbol), alphabet))
}

/// In fonts whose delimiters the PDF maps itself, parentheses come as such; among raw codes `(` and `)` are the largest
/// braces. The ink of parentheses begins or ends farther from the pen.
fn is_mapped_delimiter(char: &Char) -> bool {
    let size = char.size.max(0.1);
    let bearing = (char.ink.x0 - char.origin.x) / size;
    let (wide, high) = (char.ink.width() / size, char.ink.height() / size);
    match char.unicode {
        // The largest braces are three times as high as their size.
        '(' => bearing > 0.19 || high < 2.8,
        ')' => bearing < 0.08 || high < 2.8,
        // Among raw codes unions, and the tips of horizontal braces.
        '[' | ']' => wide < 0.6,
        '{' | '}' => high > 0.6,
        '|' => wide < 0.2,
        _ => false,
    }
}

/// Comma, stop, slash and relations come by their names, hooks and triangles by the same codes: those stand on the
/// baseline, or are as high as a letter.
fn is_named_punctuation(char: &Char) -> bool {
    let high = char.ink.height() / char.size.max(0.1);
    match char.unicode {
        ',' => char.ink.y1 > char.origin.y + 0.05 * char.size,
        '.' => high < 0.3,
        '/' => high > 0.7,
        c => "<>=+-()[]{}|!;:*".contains(c),
    }
}

/// Big delimiters and operators of fonts with Unicode stand about the axis, as those of TeX's do.
fn is_tall(sign: Sign, char: &Char) -> bool {
    let Sign::Symbol(symbol) = sign else { return false };
    let fence = matches!(symbol.class, Class::Open | Class::Close | Class::Piece | Class::Operator)
        || matches!(symbol.name, "vert" | "Vert" | "/" | "backslash");
    symbol.class == Class::Operator || fence && char.ink.height() > 1.15 * char.size
}

fn weight(face: Face, sign: Sign, borrowed: bool) -> Weight {
    match (face, sign) {
        (_, Sign::Symbol(symbol)) => of_symbol_weight(face, symbol),
        (Face::Text | Face::Unicode, Sign::Letter(c)) if c.is_ascii_digit() => Weight::Neutral,
        (Face::Text, Sign::Letter(_)) if borrowed => Weight::Neutral,
        (Face::Text, Sign::Letter(_)) => Weight::Text,
        (_, Sign::Letter(c)) if !c.is_alphabetic() => Weight::Weak,
        (_, Sign::Letter(_)) => Weight::Strong,
    }
}

fn of_symbol_weight(face: Face, symbol: Symbol) -> Weight {
    // TeX takes these from its fonts for formulas in formulas alone.
    let of_tex = matches!(face, Face::Letters | Face::Symbols)
        && matches!(symbol.name, "times" | "pm" | "rightarrow" | "leftarrow" | "neg" | "<" | ">");
    if of_tex {
        return Weight::Strong;
    }
    let borrowed = matches!(
        symbol.name,
        "bullet"
            | "cdot"
            | "dagger"
            | "ddagger"
            | "mathsection"
            | "mathparagraph"
            | "ldots"
            | "checkmark"
            | "square"
            | "blacksquare"
            | "circ"
            | "ast"
            | "*"
            | "."
            | ","
            | "/"
            | "|"
            | "vert"
            | "<"
            | ">"
            | "lbrace"
            | "rbrace"
            | "backslash"
            | "setminus"
            | "diamond"
            | "neg"
            | "bigcirc"
            | "star"
            | "rightarrow"
            | "leftarrow"
            | "-"
            | "copyright"
            | "degree"
            | "times"
            | "pm"
            | "prime"
            | "bigstar"
            | "blacktriangleright"
            | "triangleright"
    );
    match symbol.class {
        _ if face == Face::Text && symbol.name.is_ascii() && symbol.name.len() == 1 => Weight::Neutral,
        _ if face == Face::Extension => Weight::Strong,
        _ if borrowed => Weight::Weak,
        Class::Punctuation | Class::Open | Class::Close if face == Face::Text => Weight::Neutral,
        Class::Accent if face == Face::Text => Weight::Neutral,
        // Text has Greek letters and signs too.
        _ if face == Face::Text || face == Face::Borrowed => Weight::Weak,
        _ if matches!(symbol.name, "+" | "=" | "(" | ")" | "[" | "]" | ":" | ";" | "!") => Weight::Weak,
        _ => Weight::Strong,
    }
}

/// A sign by its Unicode, which can say the alphabet itself.
fn by_unicode(unicode: char, alphabet: Alphabet) -> Option<(Sign, Alphabet)> {
    // Nearly all of a page, and no symbols.
    if unicode.is_ascii_alphanumeric() {
        return Some((Sign::Letter(unicode), alphabet));
    }
    if let Some((letter, alphabet)) = mathematical_letter(unicode) {
        return match Symbol::of(letter) {
            Some(symbol) => Some((Sign::Symbol(symbol), alphabet)),
            None => Some((Sign::Letter(letter), alphabet)),
        };
    }
    if let Some(symbol) = spacing_accent(unicode).or_else(|| Symbol::of(unicode)) {
        return Some((Sign::Symbol(symbol), of_symbol(Sign::Symbol(symbol), alphabet)));
    }
    (!unicode.is_control()).then_some((Sign::Letter(unicode), alphabet))
}

/// Accents as fonts have them: with a width of their own.
fn spacing_accent(unicode: char) -> Option<Symbol> {
    let name = match unicode {
        'ˆ' | '^' => "hat",
        '˜' | '~' => "tilde",
        '¯' | 'ˉ' => "bar",
        '´' => "acute",
        '`' => "grave",
        '˘' => "breve",
        'ˇ' => "check",
        '˙' => "dot",
        '¨' => "ddot",
        '˚' => "mathring",
        '\u{20d7}' => "vec",
        _ => return None,
    };
    Symbol::named(name)
}

/// A letter of Unicode's mathematical alphabets, with its alphabet.
fn mathematical_letter(unicode: char) -> Option<(char, Alphabet)> {
    use Alphabet::{Bold, BoldItalic, Calligraphic, Double, Fraktur, Italic, Mono, Sans};
    let code = u32::from(unicode);
    let holes = match unicode {
        'ℎ' => Some(('h', Italic)),
        'ℬ' | 'ℰ' | 'ℱ' | 'ℋ' | 'ℐ' | 'ℒ' | 'ℳ' | 'ℛ' => {
            "ℬBℰEℱFℋHℐIℒLℳMℛR".chars().skip_while(|&c| c != unicode).nth(1).map(|c| (c, Calligraphic))
        }
        'ℭ' => Some(('C', Fraktur)),
        'ℌ' => Some(('H', Fraktur)),
        'ℨ' => Some(('Z', Fraktur)),
        'ℂ' | 'ℍ' | 'ℕ' | 'ℙ' | 'ℚ' | 'ℝ' | 'ℤ' => {
            "ℂCℍHℕNℙPℚQℝRℤZ".chars().skip_while(|&c| c != unicode).nth(1).map(|c| (c, Double))
        }
        _ => None,
    };
    if holes.is_some() {
        return holes;
    }
    let latin = [
        Bold,
        Italic,
        BoldItalic,
        Calligraphic,
        Calligraphic,
        Fraktur,
        Double,
        Fraktur,
        Sans,
        Sans,
        Sans,
        Sans,
        Mono,
    ];
    let greek = [Bold, Italic, BoldItalic, Bold, BoldItalic];
    let digits = [Bold, Double, Sans, Sans, Mono];
    match code {
        0x1D400..=0x1D6A3 => {
            let (block, n) = ((code - 0x1D400) / 52, (code - 0x1D400) % 52);
            let letter = if n < 26 { b'A' + n as u8 } else { b'a' + (n - 26) as u8 };
            Some((char::from(letter), latin[block as usize]))
        }
        0x1D6A4 => Some(('ı', Italic)),
        0x1D6A5 => Some(('ȷ', Italic)),
        0x1D6A8..=0x1D7C9 => {
            let (block, n) = ((code - 0x1D6A8) / 58, (code - 0x1D6A8) % 58);
            let letter =
                "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ".chars().nth(n as usize)?;
            Some((letter, greek[block as usize]))
        }
        0x1D7CE..=0x1D7FF => {
            let (block, n) = ((code - 0x1D7CE) / 10, (code - 0x1D7CE) % 10);
            Some((char::from(b'0' + n as u8), digits[block as usize]))
        }
        _ => None,
    }
}

struct Encodings {
    letters: Vec<Option<Sign>>,
    symbols: Vec<Option<Sign>>,
    extension: Vec<Option<Sign>>,
    ams_a: Vec<Option<Sign>>,
    ams_b: Vec<Option<Sign>>,
    st_mary: Vec<Option<Sign>>,
    symbols_c: Vec<Option<Sign>>,
}

static ENCODINGS: LazyLock<Encodings> = LazyLock::new(|| {
    let signs = |names: &str| names.split_ascii_whitespace().map(sign_named).collect();
    Encodings {
        letters: signs(encodings::LETTERS),
        symbols: signs(encodings::SYMBOLS),
        extension: signs(encodings::EXTENSION),
        ams_a: signs(encodings::AMS_A),
        ams_b: signs(encodings::AMS_B),
        st_mary: signs(encodings::ST_MARY),
        symbols_c: signs(encodings::SYMBOLS_C),
    }
});

fn sign_named(name: &str) -> Option<Sign> {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_alphanumeric() => Some(Sign::Letter(c)),
        (Some('-'), None) => None,
        _ => Symbol::named(name).map(Sign::Symbol),
    }
}
