//! What glyphs are, to what is written: ligatures, presentation forms, radicals,
//! and letters that are drawn apart from their accents.

use crate::content::Char;

/// Of the font size. An accent on a capital is raised by less than this.
const RAISED: f32 = 0.4;
/// Of the accent's width: how much of it stands over its letter.
const OVER: f32 = 0.5;

/// Characters. pdfium gives the raised accent of a capital only after the text that it interrupts.
const LATE: usize = 200;

/// The characters as they are spelled: one for an accent and its letter, a mark after the letter that it belongs to,
/// lam before alef. Marks and the letters of one glyph have one box.
pub(super) fn spelled(chars: &[Char]) -> Vec<Char> {
    let mut out: Vec<Char> = Vec::with_capacity(chars.len());
    // An accent that was drawn before its letter.
    let mut waiting: Option<Char> = None;
    for &char in chars {
        // The reader puts a space or line end between accent and letter when it loses the line.
        if char.generated && waiting.is_some() {
            continue;
        }
        if let Some(accent) = waiting.take() {
            match carry(&char, &accent) {
                Some(letter) => {
                    // Word processors write a space under a mark that they place.
                    out.pop_if(|c| {
                        c.unicode == ' ' && c.rect.width() == 0.0 && c.origin.y == accent.origin.y
                    });
                    out.extend(letter);
                    continue;
                }
                None => out.push(accent),
            }
        }
        if is_accent(char.unicode) || is_mark(char.unicode) {
            let from = out.len().saturating_sub(LATE);
            match (from..out.len()).rev().find_map(|at| Some((at, carry(&out[at], &char)?))) {
                Some((at, letter)) => drop(out.splice(at..=at, letter)),
                None => waiting = Some(char),
            }
        } else if let Some(alef) = out.pop_if(|last| is_lam_after_alef(last, &char)) {
            let rect = alef.rect.union(&char.rect);
            out.push(Char { rect, ..char });
            out.push(Char { rect, ..alef });
        } else {
            out.push(char);
        }
    }
    out.extend(waiting);
    out
}

const LAM: char = '\u{644}';

/// pdfium turns right-to-left text round letter by letter, and with it the two letters of this one glyph.
fn is_lam_after_alef(alef: &Char, lam: &Char) -> bool {
    lam.unicode == LAM
        && matches!(alef.unicode, '\u{622}' | '\u{623}' | '\u{625}' | '\u{627}' | '\u{671}')
        && alef.origin == lam.origin
}

/// A letter with the accent or mark that stands over it; `None` where it is not over it, or where there is no such
/// letter.
fn carry(letter: &Char, accent: &Char) -> Option<Vec<Char>> {
    let (over, ink) = (letter.ink.overlap_x(&accent.ink), accent.ink.width());
    let near = (letter.origin.y - accent.origin.y).abs() < RAISED * letter.size.max(accent.size);
    let turned = letter.angle != 0.0 || accent.angle != 0.0;
    if turned || !near || over <= OVER * ink || !letter.unicode.is_alphabetic() {
        return None;
    }
    if let Some(unicode) = composed(letter.unicode, accent.unicode) {
        // In formulas the accent is of another font, and a sign of its own.
        return (letter.font == accent.font).then(|| vec![Char { unicode, ..*letter }]);
    }
    is_mark(accent.unicode).then(|| vec![*letter, Char { unicode: accent.unicode, ..*letter }])
}

/// Nonspacing marks: of Latin, Greek and Cyrillic, of Hebrew, of Arabic.
fn is_mark(c: char) -> bool {
    c >= '\u{0300}'
        && matches!(u32::from(c),
        0x0300..=0x036F
        | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5 | 0x05C7
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E4 | 0x06E7..=0x06E8
        | 0x06EA..=0x06ED)
}

fn is_accent(c: char) -> bool {
    let may_be = c == '\u{60}' || c >= '\u{A8}';
    may_be && ACCENTS.iter().any(|&(spacing, _, _)| spacing == c)
}

/// The letter with the accent, if Unicode has it as one.
fn composed(letter: char, accent: char) -> Option<char> {
    let (_, _, pairs) = ACCENTS.iter().find(|(spacing, mark, _)| accent == *spacing || accent == *mark)?;
    let base = match letter {
        'ı' => 'i',
        'ȷ' => 'j',
        _ => letter,
    };
    let mut pairs = pairs.chars();
    while let (Some(plain), Some(accented)) = (pairs.next(), pairs.next()) {
        if plain == base {
            return Some(accented);
        }
    }
    None
}

/// As a spacing character, as a mark, and what it makes of which letters.
const ACCENTS: [(char, char, &str); 13] = [
    ('\u{0060}', '\u{0300}', "AÀEÈIÌOÒUÙaàeèiìoòuùYỲyỳWẀwẁ"),
    ('\u{00B4}', '\u{0301}', "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźWẂwẃ"),
    ('\u{02C6}', '\u{0302}', "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷ"),
    ('\u{02DC}', '\u{0303}', "AÃNÑOÕaãnñoõIĨiĩUŨuũEẼeẽ"),
    ('\u{00AF}', '\u{0304}', "AĀaāEĒeēIĪiīOŌoōUŪuū"),
    ('\u{02D8}', '\u{0306}', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭ"),
    ('\u{02D9}', '\u{0307}', "CĊcċEĖeėGĠgġIİZŻzż"),
    ('\u{00A8}', '\u{0308}', "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸWẄwẅ"),
    ('\u{02DA}', '\u{030A}', "AÅaåUŮuů"),
    ('\u{02DD}', '\u{030B}', "OŐoőUŰuű"),
    ('\u{02C7}', '\u{030C}', "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔ"),
    ('\u{00B8}', '\u{0327}', "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ"),
    ('\u{02DB}', '\u{0328}', "AĄaąEĘeęIĮiįUŲuų"),
];

/// Appends a character as one would type it.
pub(super) fn push_written_out(text: &mut String, c: char) {
    match u32::from(c) {
        0x00AD => text.push('-'),
        0x2F00..=0x2FD5 => text.extend(RADICALS.chars().nth(u32::from(c) as usize - 0x2F00)),
        0x2E9F => text.push('母'),
        0x2EF3 => text.push('龟'),
        0xFB00 => text.push_str("ff"),
        0xFB01 => text.push_str("fi"),
        0xFB02 => text.push_str("fl"),
        0xFB03 => text.push_str("ffi"),
        0xFB04 => text.push_str("ffl"),
        0xFB05 => text.push_str("st"),
        0xFB06 => text.push_str("st"),
        0xFB50..=0xFBB1 => text.extend(nth_form(EXTENDED_ARABIC, u32::from(c) - 0xFB50)),
        0xFBFC..=0xFBFF => text.push('\u{6CC}'),
        0xFDF2 => text.push_str("\u{627}\u{644}\u{644}\u{647}"),
        0xFE80..=0xFEF4 => text.extend(nth_form(ARABIC, u32::from(c) - 0xFE80)),
        0xFEF5 | 0xFEF6 => text.push_str("\u{644}\u{622}"),
        0xFEF7 | 0xFEF8 => text.push_str("\u{644}\u{623}"),
        0xFEF9 | 0xFEFA => text.push_str("\u{644}\u{625}"),
        0xFEFB | 0xFEFC => text.push_str("\u{644}\u{627}"),
        _ => text.push(c),
    }
}

/// The letter that the `n`th form belongs to.
fn nth_form(letters: &str, mut n: u32) -> Option<char> {
    let mut letters = letters.chars();
    while let (Some(letter), Some(forms)) = (letters.next(), letters.next()?.to_digit(10)) {
        if n < forms {
            return Some(letter);
        }
        n -= forms;
    }
    None
}

/// U+FE80 and on: each letter, and how many forms it has.
const ARABIC: &str = "\
    \u{621}1\u{622}2\u{623}2\u{624}2\u{625}2\u{626}4\u{627}2\u{628}4\u{629}2\u{62A}4\u{62B}4\
    \u{62C}4\u{62D}4\u{62E}4\u{62F}2\u{630}2\u{631}2\u{632}2\u{633}4\u{634}4\u{635}4\u{636}4\
    \u{637}4\u{638}4\u{639}4\u{63A}4\u{641}4\u{642}4\u{643}4\u{644}4\u{645}4\u{646}4\u{647}4\
    \u{648}2\u{649}2\u{64A}4";

/// U+FB50 and on: as above.
const EXTENDED_ARABIC: &str = "\
    \u{671}2\u{67B}4\u{67E}4\u{680}4\u{67A}4\u{67F}4\u{679}4\u{6A4}4\u{6A6}4\u{684}4\u{683}4\
    \u{686}4\u{687}4\u{68D}2\u{68C}2\u{68E}2\u{688}2\u{698}2\u{691}2\u{6A9}4\u{6AF}4\u{6B3}4\
    \u{6B1}4\u{6BA}2\u{6BB}4\u{6C0}2\u{6C1}4\u{6BE}4\u{6D2}2\u{6D3}2";

/// The ideographs of U+2F00 and on, to which some fonts map them instead.
const RADICALS: &str = "\
    一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾\
    干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生\
    用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷\
    豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻\
    黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::steps::drawing::draw;

    /// What is spelled by characters drawn at these places.
    fn spelling(chars: &[(f32, f32, &str)]) -> String {
        let page = chars.iter().fold(draw(), |drawing, &(x, y, text)| drawing.text(x, y, text)).page();
        spelled(&page.chars).iter().map(|c| c.unicode).collect()
    }

    #[test]
    fn an_accent_over_a_letter_is_one_letter() {
        assert_eq!(spelling(&[(72.0, 100.0, "\u{B4}"), (72.3, 100.0, "e")]), "é");
        assert_eq!(spelling(&[(72.0, 100.0, "e"), (72.3, 100.0, "\u{B4}")]), "é");
        assert_eq!(spelling(&[(72.0, 98.0, "\u{A8}"), (72.3, 100.0, "U")]), "Ü");
        assert_eq!(spelling(&[(72.0, 100.0, "\u{2C6}"), (72.3, 100.0, "ı")]), "î");
        assert_eq!(spelling(&[(72.0, 100.0, "U. Und"), (72.3, 98.0, "\u{A8}")]), "Ü. Und");
    }

    #[test]
    fn an_accent_beside_a_letter_stays_itself() {
        assert_eq!(spelling(&[(72.0, 100.0, "\u{B4}e")]), "\u{B4}e");
        assert_eq!(spelling(&[(72.0, 80.0, "\u{B4}"), (72.0, 100.0, "e")]), "\u{B4}e");
    }

    #[test]
    fn a_mark_comes_after_its_letter() {
        let tanwin = [(80.0, 100.0, "\u{64B}"), (79.5, 99.0, "\u{636}"), (74.5, 99.0, "\u{627}")];
        assert_eq!(spelling(&tanwin), "\u{636}\u{64B}\u{627}");
    }

    #[test]
    fn lam_comes_before_the_alef_of_its_glyph() {
        let glyph = [(80.0, 100.0, "\u{625}"), (80.0, 100.0, "\u{644}")];
        assert_eq!(spelling(&glyph), "\u{644}\u{625}");
        let word = [(80.0, 100.0, "\u{627}"), (75.0, 100.0, "\u{644}")];
        assert_eq!(spelling(&word), "\u{627}\u{644}");
    }

    #[test]
    fn the_tables_are_those_of_unicode() {
        for (_, mark, pairs) in ACCENTS {
            let pairs: Vec<char> = pairs.chars().collect();
            for pair in pairs.chunks(2) {
                assert_eq!(
                    [pair[0], mark].iter().collect::<String>().nfc().collect::<String>(),
                    pair[1].to_string()
                );
            }
        }
        let codes = [0x2F00..=0x2FD5, 0xFB50..=0xFBB1, 0xFBFC..=0xFBFF, 0xFDF2..=0xFDF2, 0xFE80..=0xFEFC];
        for c in codes.into_iter().flatten().filter_map(char::from_u32) {
            let mut text = String::new();
            push_written_out(&mut text, c);
            assert_eq!(text, c.to_string().nfkc().collect::<String>(), "{c:?}");
        }
    }
}
