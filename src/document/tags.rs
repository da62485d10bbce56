//! The structure tree of a tagged PDF: which element owns which marked content
//! of a page. Nothing is done for a page without a tree.

use std::{collections::HashMap, ffi::c_int};

use pdfium_render::prelude::{FPDF_PAGE, FPDF_PAGEOBJECT, FPDF_STRUCTELEMENT, FPDF_STRUCTTREE, FPDF_WCHAR};

use super::library::{Bindings, utf16};
use crate::content::{Role, Tag};

/// Elements within elements. Damaged files can contain themselves.
const DEEPEST_ELEMENT: u8 = 60;
/// Elements looked at on one page; the same damage, in breadth.
const MOST_ELEMENTS: usize = 50_000;
/// The element of all artifacts of a page.
const ARTIFACTS: u32 = u32::MAX;

/// A page's tags, and where they stand in its content.
#[derive(Default)]
pub(super) struct Tags {
    /// In the tree's order.
    pub(super) list: Vec<Tag>,
    /// Indices into `list`, by marked-content id.
    by_content: HashMap<c_int, u16>,
    artifact: Option<u16>,
}

impl Tags {
    pub(super) fn read(pdfium: &Bindings, page: FPDF_PAGE) -> Self {
        // SAFETY: the page is open.
        let handle = unsafe { pdfium.FPDF_StructTree_GetForPage(page) };
        if handle.is_null() {
            return Self::default();
        }
        let tree = Tree { pdfium, handle };
        let mut walk = Walk { pdfium, tags: Self::default(), seen: 0, elements: 0 };
        // SAFETY: the tree is open.
        let count = unsafe { pdfium.FPDF_StructTree_CountChildren(tree.handle) }.max(0);
        for index in 0..count {
            // SAFETY: the index is below the count.
            let child = unsafe { pdfium.FPDF_StructTree_GetChildAtIndex(tree.handle, index) };
            walk.element(child, &Place::default());
        }
        walk.tags
    }

    /// The tag of a text object.
    pub(super) fn of(&mut self, pdfium: &Bindings, object: FPDF_PAGEOBJECT) -> Option<u16> {
        if self.by_content.is_empty() {
            return None;
        }
        // SAFETY: the object belongs to the open page.
        let content = unsafe { pdfium.FPDFPageObj_GetMarkedContentID(object) };
        match self.by_content.get(&content) {
            Some(&tag) => Some(tag),
            None if is_artifact(pdfium, object) => self.artifact(),
            None => None,
        }
    }

    fn artifact(&mut self) -> Option<u16> {
        if self.artifact.is_none() {
            self.artifact = self.push(Tag { role: Role::Artifact, element: ARTIFACTS });
        }
        self.artifact
    }

    fn push(&mut self, tag: Tag) -> Option<u16> {
        let index = u16::try_from(self.list.len()).ok()?;
        self.list.push(tag);
        Some(index)
    }
}

fn is_artifact(pdfium: &Bindings, object: FPDF_PAGEOBJECT) -> bool {
    // SAFETY: the object belongs to the open page.
    let count = unsafe { pdfium.FPDFPageObj_CountMarks(object) };
    (0..count.max(0)).any(|index| {
        let name = utf16(|buffer, length| {
            let mut needed = 0;
            // SAFETY: the index is below the count; the buffer is as long as it says; `needed` is ours.
            unsafe {
                let mark = pdfium.FPDFPageObj_GetMark(object, index as _);
                pdfium.FPDFPageObjMark_GetName(mark, buffer.cast::<FPDF_WCHAR>(), length, &mut needed);
            }
            needed
        });
        name.as_deref() == Some("Artifact")
    })
}

/// A structure tree, closed on drop.
struct Tree<'a> {
    pdfium: &'a Bindings,
    handle: FPDF_STRUCTTREE,
}

impl Drop for Tree<'_> {
    fn drop(&mut self) {
        // SAFETY: opened in `Tags::read`, closed once, here.
        unsafe { self.pdfium.FPDF_StructTree_Close(self.handle) };
    }
}

/// Where in the tree an element stands.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: u8,
    /// Sections around it.
    sections: u8,
    /// The block that it is a part of.
    block: Option<Tag>,
}

struct Walk<'a> {
    pdfium: &'a Bindings,
    tags: Tags,
    seen: usize,
    elements: u32,
}

impl Walk<'_> {
    fn element(&mut self, element: FPDF_STRUCTELEMENT, outer: &Place) {
        self.seen += 1;
        if element.is_null() || outer.depth > DEEPEST_ELEMENT || self.seen > MOST_ELEMENTS {
            return;
        }
        let pdfium = self.pdfium;
        // SAFETY: the element belongs to the open tree; the buffer is as long as it says.
        let kind =
            utf16(|buffer, length| unsafe { pdfium.FPDF_StructElement_GetType(element, buffer, length) });
        let place = enter(kind.as_deref().unwrap_or_default(), outer, &mut self.elements);
        let mut own = None;
        // SAFETY: as above.
        let count = unsafe { pdfium.FPDF_StructElement_CountChildren(element) }.max(0);
        for index in 0..count {
            // SAFETY: the index is below the count. A child is an element, content of this page, or neither.
            let (child, content) = unsafe {
                (
                    pdfium.FPDF_StructElement_GetChildAtIndex(element, index),
                    pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index),
                )
            };
            if !child.is_null() {
                self.element(child, &place);
            } else if content >= 0 {
                self.own(content, &mut own, &place);
            }
        }
    }

    /// Notes that the element at `place`, whose entry in the list is `own` once it has one, owns some content.
    fn own(&mut self, content: c_int, own: &mut Option<u16>, place: &Place) {
        if own.is_none() {
            let tag = place.block.unwrap_or_else(|| fresh(Role::Other, &mut self.elements));
            *own = self.tags.push(tag);
        }
        if let Some(own) = *own {
            self.tags.by_content.entry(content).or_insert(own);
        }
    }
}

fn fresh(role: Role, elements: &mut u32) -> Tag {
    *elements += 1;
    Tag { role, element: *elements }
}

/// The place inside an element of a standard type (ISO 32000-2, 14.8.4).
fn enter(kind: &str, outer: &Place, elements: &mut u32) -> Place {
    let mut place = Place { depth: outer.depth + 1, ..*outer };
    let mut new = |role| Some(fresh(role, elements));
    place.block = match (kind, outer.block) {
        ("Document" | "DocumentFragment" | "L" | "TOC" | "Index", _) => None,
        ("Part" | "Art" | "Sect", _) => {
            place.sections = outer.sections.saturating_add(1);
            None
        }
        ("H", _) => new(Role::Heading(outer.sections.max(1))),
        ("Title", _) => new(Role::Heading(1)),
        ("P" | "BibEntry", Some(Tag { role: Role::Quote, .. })) => new(Role::Quote),
        ("P" | "BibEntry", Some(item)) if holds_paragraphs(item.role) => Some(item),
        ("P" | "BibEntry", _) => new(Role::Paragraph),
        ("LI", _) => new(Role::ListItem),
        // Web browsers write no better name for most blocks.
        ("Div", None | Some(Tag { role: Role::Other, .. })) => new(Role::Other),
        ("Lbl", Some(item)) => Some(Tag { role: Role::Label, ..item }),
        ("Lbl", None) => new(Role::Label),
        ("Table" | "TD" | "TH", _) => new(Role::Table),
        ("Caption", _) => new(Role::Caption),
        ("Figure", _) => new(Role::Figure),
        ("Note" | "FENote", _) => new(Role::Note),
        ("TOCI", _) => new(Role::TocItem),
        ("BlockQuote", _) => new(Role::Quote),
        ("Artifact", _) => Some(Tag { role: Role::Artifact, element: ARTIFACTS }),
        ("Code", Some(block)) => Some(Tag { role: Role::Code, ..block }),
        ("Code", None) => new(Role::Code),
        ("Formula", Some(block)) => Some(Tag { role: Role::Formula, ..block }),
        ("Formula", None) => new(Role::Formula),
        (kind, block) => match heading_level(kind) {
            Some(level) => new(Role::Heading(level)),
            None => block, // Span, Link, Reference, LBody, TR, Div, and whatever is new.
        },
    };
    place
}

fn holds_paragraphs(role: Role) -> bool {
    !matches!(role, Role::Paragraph | Role::Heading(_) | Role::Other)
}

/// `H1` is 1. PDF 2.0 knows no largest level.
fn heading_level(kind: &str) -> Option<u8> {
    kind.strip_prefix('H')?.parse().ok().filter(|&level| level > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Role and element inside the last of nested elements.
    fn inside(kinds: &[&str], elements: &mut u32) -> Option<Tag> {
        kinds.iter().fold(Place::default(), |outer, kind| enter(kind, &outer, elements)).block
    }

    #[test]
    fn a_link_in_a_paragraph_is_the_paragraph() {
        let tag = inside(&["Document", "Sect", "P", "Link"], &mut 0);
        assert_eq!(tag, Some(Tag { role: Role::Paragraph, element: 1 }));
    }

    #[test]
    fn label_and_paragraphs_of_an_item_are_one_element() {
        let mut elements = 0;
        let item = enter("LI", &enter("L", &Place::default(), &mut elements), &mut elements);
        let label = enter("Lbl", &item, &mut elements).block;
        let body = enter("LBody", &item, &mut elements);
        let text = enter("P", &body, &mut elements).block;
        assert_eq!(label, Some(Tag { role: Role::Label, element: 1 }));
        assert_eq!(text, Some(Tag { role: Role::ListItem, element: 1 }));
    }

    #[test]
    fn a_heading_has_its_number_or_the_depth_of_its_section() {
        let role = |kinds: &[&str]| inside(kinds, &mut 0).map(|t| t.role);
        assert_eq!(role(&["H3"]), Some(Role::Heading(3)));
        assert_eq!(role(&["Document", "Sect", "Sect", "H"]), Some(Role::Heading(2)));
        assert_eq!(role(&["Document", "Sect"]), None);
    }
}
