//! Lines in the order of a tagged PDF's structure tree, where the tree is
//! sound. Many are not: trees written by converters can follow the order of
//! drawing, or hold a page in one paragraph.

use std::collections::HashMap;

use crate::{
    content::{Line, Page, Role},
    geometry::Rect,
};

/// Share of a page's characters that a sound tree knows, artifacts included.
const TAGGED: f32 = 0.95;
/// Elements with lines. A tree of fewer orders nothing.
const FEWEST_ELEMENTS: usize = 3;
/// Share of steps from line to line that may lead back up into what was just read.
const BACKWARDS: f32 = 0.05;

/// The order of `lines` by the page's structure tree: their indices. Lines that the tree does not know come after the
/// line above them. `None` where the tree is missing or not sound.
pub fn sound_order(page: &Page, lines: &[Line]) -> Option<Vec<usize>> {
    if page.tags.is_empty() || !is_tagged(page) {
        return None;
    }
    let elements = elements(page, lines);
    if elements.len() < FEWEST_ELEMENTS || !runs_downwards(&elements, lines) {
        return None;
    }
    let mut order: Vec<usize> = elements.into_iter().flat_map(|e| e.lines).collect();
    insert_untagged(&mut order, lines);
    Some(order)
}

fn is_tagged(page: &Page) -> bool {
    let visible = page.chars.iter().filter(|c| !c.generated && !c.invisible && !c.unicode.is_whitespace());
    let (all, tagged) = visible.fold((0, 0), |(n, t), c| (n + 1, t + usize::from(c.tag.is_some())));
    tagged > 0 && tagged as f32 >= TAGGED * all as f32
}

struct Element {
    role: Role,
    /// In the order they were given in.
    lines: Vec<usize>,
}

/// The elements that have lines, in the tree's order.
fn elements(page: &Page, lines: &[Line]) -> Vec<Element> {
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut elements: Vec<Element> = Vec::new();
    for tag in page.tags.iter().filter(|t| t.role != Role::Artifact) {
        places.entry(tag.element).or_insert_with(|| {
            elements.push(Element { role: tag.role, lines: Vec::new() });
            elements.len() - 1
        });
    }
    for (index, line) in lines.iter().enumerate() {
        let tag = line.tag().and_then(|tag| page.tags.get(usize::from(tag)));
        if let Some(&place) = tag.and_then(|tag| places.get(&tag.element)) {
            elements[place].lines.push(index);
        }
    }
    elements.retain(|e| !e.lines.is_empty());
    elements
}

/// Reading leads up only from the foot of a column to the head of another.
fn runs_downwards(elements: &[Element], lines: &[Line]) -> bool {
    let (mut steps, mut backwards) = (0, 0);
    let mut before: Option<Rect> = None;
    for element in elements {
        // What is written in a figure or formula has no order.
        if matches!(element.role, Role::Figure | Role::Formula) {
            before = None;
            continue;
        }
        // The part of the element in the column that it ends in.
        let mut part: Option<Rect> = None;
        for &index in &element.lines {
            let rect = lines[index].rect;
            if let Some(last) = part.or(before) {
                let up = rect.center().y < last.y0;
                steps += 1;
                backwards += usize::from(up && last.overlap_x(&rect) > 0.0);
                part = part.filter(|_| !up);
            }
            part = Some(part.map_or(rect, |p| p.union(&rect)));
        }
        before = part;
    }
    backwards as f32 <= BACKWARDS * steps as f32
}

/// Puts each line that is not in `order` after the nearest above it; what is below all others, last.
fn insert_untagged(order: &mut Vec<usize>, lines: &[Line]) {
    let mut known = vec![false; lines.len()];
    order.iter().for_each(|&i| known[i] = true);
    let mut rest: Vec<usize> = (0..lines.len()).filter(|&i| !known[i]).collect();
    let top = |i: usize| lines[i].rect.y0;
    rest.sort_by(|&a, &b| top(a).total_cmp(&top(b)));
    for i in rest {
        let rect = lines[i].rect;
        let above = |&(_, &other): &(usize, &usize)| {
            lines[other].rect.overlap_x(&rect) > 0.0 && top(other) <= rect.y0
        };
        let nearest = order.iter().enumerate().filter(above).max_by(|a, b| top(*a.1).total_cmp(&top(*b.1)));
        let lowest = order.iter().all(|&other| lines[other].rect.y1 <= rect.y0);
        let at = if lowest { order.len() } else { nearest.map_or(0, |(at, _)| at + 1) };
        order.insert(at, i);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{
        drawing::{Drawing, draw},
        text,
    };

    fn order_of(drawing: Drawing) -> Option<Vec<String>> {
        let page = drawing.page();
        let lines = text::lines(&text::spans(&page));
        Some(sound_order(&page, &lines)?.into_iter().map(|i| lines[i].text()).collect())
    }

    /// Two columns of two paragraphs, drawn row by row.
    fn columns(tags: [u16; 4]) -> Drawing {
        draw()
            .tag(tags[0])
            .text(72.0, 100.0, "first")
            .tag(tags[2])
            .text(320.0, 100.0, "third")
            .tag(tags[1])
            .text(72.0, 130.0, "second")
            .tag(tags[3])
            .text(320.0, 130.0, "fourth")
    }

    #[test]
    fn lines_follow_the_tree() {
        assert_eq!(order_of(columns([0, 1, 2, 3])).unwrap(), ["first", "second", "third", "fourth"]);
    }

    #[test]
    fn a_tree_that_leads_upwards_is_not_sound() {
        assert_eq!(order_of(columns([1, 0, 3, 2])), None);
    }

    #[test]
    fn a_page_of_one_element_or_without_tags_has_no_order() {
        assert_eq!(order_of(columns([0, 0, 0, 0])), None);
        assert_eq!(order_of(draw().text(72.0, 100.0, "untagged")), None);
    }

    #[test]
    fn a_tree_that_leaves_much_out_is_not_sound() {
        let mut page = columns([0, 1, 2, 3]).page();
        page.chars.iter_mut().take(5).for_each(|c| c.tag = None);
        assert_eq!(sound_order(&page, &text::lines(&text::spans(&page))), None);
    }

    #[test]
    fn an_untagged_line_comes_after_the_one_above_it() {
        let mut page = columns([0, 1, 2, 3]).text(320.0, 115.0, "-").page();
        let chars = page.chars.len();
        page.chars[chars - 1].tag = None;
        let lines = text::lines(&text::spans(&page));
        let order = sound_order(&page, &lines).unwrap();
        let texts: Vec<_> = order.into_iter().map(|i| lines[i].text()).collect();
        assert_eq!(texts, ["first", "second", "third", "-", "fourth"]);
    }
}
