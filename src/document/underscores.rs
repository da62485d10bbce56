//! Underscores that are drawn: the first fonts of TeX have none, and it sets a short line on the baseline instead.

use crate::{
    content::{Char, Page},
    geometry::{Point, Rect},
};

/// Of the font size. TeX's line is .3 long.
const LENGTH: std::ops::RangeInclusive<f32> = 0.24..=0.62;
/// Of the font size. The line lies on the baseline.
const OFF_BASELINE: f32 = 0.1;
/// Of the font size. TeX leaves .06 before and nothing after; a word space is more.
const BESIDE: f32 = 0.13;
/// Of the font size. What stands nearer above or below makes the line an underline or a fraction bar.
const CLEAR: f32 = 0.7;
/// Of the line's length. Serifs of the letters beside it reach over it by less.
const COVERED: f32 = 0.25;
/// Of the font size. The tips of a horizontal brace, which lines join, are lower than letters.
const LOWEST_LETTER: f32 = 0.35;
/// Of the largest font size. What stands near a line has its baseline no farther from it.
const REACH: f32 = 1.3;
/// A page of more short lines is a drawing.
const MOST: usize = 1_000;

/// Puts a `_` among the characters of `page` for each line drawn as one, and takes the line from its bars.
pub(super) fn write(page: &mut Page) {
    let sizes = page.chars.iter().map(|c| c.size);
    let largest = sizes.fold(0.0, f32::max);
    let short = |bar: &&Rect| bar.width() <= LENGTH.end() * largest;
    if !(1..=MOST).contains(&page.bars.iter().filter(short).count()) {
        return;
    }
    let rows = Rows::of(&page.chars, largest);
    let mut written: Vec<(usize, Char)> = Vec::new();
    page.bars.retain(|bar| {
        let found = if short(&bar) { rows.underscore(bar) } else { None };
        written.extend(found);
        found.is_none()
    });
    // From the last, so that places stay true; of several at one place, the leftmost comes to stand first.
    written.sort_by(|(i, a), (j, b)| j.cmp(i).then(b.ink.x0.total_cmp(&a.ink.x0)));
    for (at, char) in written {
        page.chars.insert(at, char);
    }
}

/// Characters by their height on the page.
struct Rows<'a> {
    chars: &'a [Char],
    order: Vec<usize>,
    largest: f32,
}

impl<'a> Rows<'a> {
    fn of(chars: &'a [Char], largest: f32) -> Self {
        let visible =
            |&i: &usize| !chars[i].generated && chars[i].angle == 0.0 && !chars[i].unicode.is_whitespace();
        let mut order: Vec<usize> = (0..chars.len()).filter(visible).collect();
        order.sort_by(|&a, &b| chars[a].origin.y.total_cmp(&chars[b].origin.y));
        Self { chars, order, largest }
    }

    /// The underscore that a line stands for, with the place of the character that it comes before.
    fn underscore(&self, bar: &Rect) -> Option<(usize, Char)> {
        let y = bar.center().y;
        let reach = REACH * self.largest;
        let from = self.order.partition_point(|&i| self.chars[i].origin.y < y - reach);
        let near = self.order[from..].iter().copied().take_while(|&i| self.chars[i].origin.y <= y + reach);
        let (mut left, mut right) = (None, None);
        for i in near {
            let char = &self.chars[i];
            if char.ink.overlap_x(bar) > COVERED * bar.width()
                && (char.ink.center().y - y).abs() < CLEAR * char.size
            {
                return None;
            }
            if (char.origin.y - y).abs() > OFF_BASELINE * char.size
                || !LENGTH.contains(&(bar.width() / char.size))
                || char.ink.height() < LOWEST_LETTER * char.size && char.unicode != '_'
            {
                continue;
            }
            let beside = |gap: f32| gap.abs() < BESIDE * char.size;
            if beside(bar.x0 - char.rect.x1) {
                left = Some(i);
            } else if beside(char.origin.x - bar.x1) {
                right = Some(i);
            }
        }
        let at = left.map(|i| i + 1).or(right)?;
        let model = &self.chars[left.or(right)?];
        let x0 = left.map_or(bar.x0, |i| self.chars[i].rect.x1);
        let x1 = right.map_or(bar.x1, |i| self.chars[i].origin.x);
        let rect = Rect::new(x0, model.rect.y0, x1, model.rect.y1);
        let origin = Point::new(x0, model.origin.y);
        Some((
            at,
            Char { unicode: '_', origin, rect, ink: *bar, soft_hyphen: false, unmapped: false, ..*model },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::drawing::{Drawing, draw};

    fn read(mut page: Page) -> String {
        write(&mut page);
        page.chars.iter().map(|c| c.unicode).collect()
    }

    #[test]
    fn a_line_between_two_letters_on_their_baseline_is_an_underscore() {
        let page = draw().text(10.0, 100.0, "ab").text(23.6, 100.0, "c").rule(20.6, 99.6, 23.6, 100.0).page();
        assert_eq!(read(page), "ab_c");
        let page =
            draw().text(16.6, 100.0, "a").rule(10.0, 99.6, 13.0, 100.0).rule(13.6, 99.6, 16.6, 100.0).page();
        assert_eq!(read(page), "_a", "only one of the two stands beside a letter");
    }

    #[test]
    fn a_line_under_a_letter_or_between_two_words_is_none() {
        let under = draw().text(10.0, 100.0, "abc").rule(15.0, 100.5, 20.0, 100.9).page();
        assert_eq!(read(under), "abc");
        let apart =
            draw().text(10.0, 100.0, "ab").text(30.0, 100.0, "c").rule(23.5, 99.6, 26.5, 100.0).page();
        assert_eq!(read(apart), "abc");
    }

    #[test]
    fn a_line_between_the_tips_of_a_brace_is_none() {
        let tip = |page: Drawing, x: f32| page.text(x, 100.0, "z").ink(Rect::new(x, 97.9, x + 4.5, 100.0));
        let brace = tip(tip(draw(), 10.0), 17.5).rule(14.8, 99.6, 17.5, 100.0).page();
        assert_eq!(read(brace), "zz");
    }

    #[test]
    fn a_fraction_bar_in_a_subscript_is_none() {
        let script = draw().text(10.0, 100.0, "x").size(7.0).text(15.4, 97.0, "1").text(15.4, 106.5, "2");
        assert_eq!(read(script.rule(15.2, 99.6, 19.2, 100.0).page()), "x12");
    }
}
