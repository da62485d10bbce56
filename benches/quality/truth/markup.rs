//! XML, and the HTML that tools write, as a tree. Forgiving: what is left open
//! ends with what it stands in, and an end that nothing began is passed over.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Element(Element),
    Text(String),
}

/// HTML elements that hold nothing, with or without a slash.
const VOID: [&str; 6] = ["br", "hr", "img", "col", "meta", "link"];
/// HTML elements that may go without an end, with those that end them.
const ENDED_BY: [(&str, &[&str]); 3] =
    [("td", &["td", "th", "tr"]), ("th", &["td", "th", "tr"]), ("tr", &["tr"])];

/// A root without a name around all of `source`.
pub fn parse(source: &str) -> Element {
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                let element = element_of(&element);
                end_before(&mut open, &element.name);
                let is_void = VOID.contains(&element.name.as_str());
                open.push(element);
                if is_void {
                    end_last(&mut open);
                }
            }
            Ok(Event::Empty(element)) => {
                open.push(element_of(&element));
                end_last(&mut open);
            }
            Ok(Event::End(element)) => end(&mut open, element.name().as_ref()),
            Ok(Event::Text(text)) => add_text(&mut open, &text),
            Ok(Event::CData(text)) => add_text(&mut open, &text),
            Ok(Event::GeneralRef(name)) => add_text(&mut open, &character(&name)),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    while open.len() > 1 {
        end_last(&mut open);
    }
    open.remove(0)
}

fn element_of(start: &BytesStart) -> Element {
    let attribute = |found: quick_xml::events::attributes::Attribute| {
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        Some((found.key.as_ref().to_string(), value))
    };
    Element {
        name: start.name().as_ref().to_string(),
        attributes: start.html_attributes().flatten().filter_map(attribute).collect(),
        children: Vec::new(),
    }
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(last) = open.last_mut() {
        last.children.push(Node::Text(text.to_string()));
    }
}

fn end_last(open: &mut Vec<Element>) {
    if let Some(done) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(Node::Element(done));
    }
}

fn end(open: &mut Vec<Element>, name: &str) {
    if open.iter().skip(1).any(|element| element.name == name) {
        while open.last().is_some_and(|element| element.name != name) {
            end_last(open);
        }
        end_last(open);
    }
}

fn end_before(open: &mut Vec<Element>, next: &str) {
    let ends = |last: &Element| ENDED_BY.iter().any(|(name, by)| last.name == *name && by.contains(&next));
    while open.last().is_some_and(ends) {
        end_last(open);
    }
}

/// `amp`, `#38` or `#x26` as the character.
pub fn character(name: &str) -> String {
    let number = name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
    let number = number.or_else(|| name.strip_prefix('#').map(str::parse));
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => number.and_then(Result::ok).and_then(char::from_u32),
    };
    character.map(String::from).unwrap_or_default()
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An attribute that is a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The outermost descendants of one of these names, in order.
    pub fn outermost(&self, names: &[&str]) -> Vec<&Element> {
        let mut found = Vec::new();
        for child in self.elements() {
            if names.contains(&child.name.as_str()) {
                found.push(child);
            } else {
                found.extend(child.outermost(names));
            }
        }
        found
    }

    /// All text inside, as it stands.
    pub fn text(&self) -> String {
        let text = |node: &Node| match node {
            Node::Text(text) => text.clone(),
            Node::Element(element) => element.text(),
        };
        self.children.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_left_open_and_ends_without_beginning_are_borne() {
        let root = parse("<table><tr><td>a<br>b<td colspan=2>c &amp; d</i></table>after");
        let cells: Vec<String> = root.outermost(&["td"]).iter().map(|cell| cell.text()).collect();
        assert_eq!(cells, ["ab", "c & d"]);
        assert_eq!(root.outermost(&["td"])[1].number("colspan"), Some(2));
        assert_eq!(root.children[1], Node::Text("after".into()));
    }
}
