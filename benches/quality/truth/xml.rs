//! JATS, LaTeXML and OpenDocument files to the text they stand for, in document
//! order.

use super::{Truth, markup, tex};
use crate::metrics::Heading;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// One XML vocabulary, as far as it matters for text.
struct Dialect {
    /// Elements whose inside is not printed.
    silent: &'static [&'static str],
    /// Elements that end a line.
    block: &'static [&'static str],
    /// Elements that end a word.
    word: &'static [&'static str],
    /// Elements that nest headings.
    section: &'static [&'static str],
    /// Elements that hold a heading's text.
    title: &'static [&'static str],
    /// Elements whose inside is a formula in LaTeX.
    formula: &'static [&'static str],
    /// The level of the heading that an element just opened is; `None` where it is none.
    level: fn(&Walk, &BytesStart) -> Option<usize>,
}

/// Journal archiving suite: the front's titles, people, places and abstract, the body, the references.
/// Identifiers, dates, licences and the journal's own data are left out: a page prints them where it likes.
const JATS: Dialect = Dialect {
    silent: &[
        "journal-meta",
        "article-id",
        "contrib-id",
        "pub-date",
        "volume",
        "issue",
        "fpage",
        "lpage",
        "permissions",
        "history",
        "self-uri",
        "kwd-group",
        "article-categories",
        "elocation-id",
        "mml:math",
        "object-id",
        "label",
        "custom-meta-group",
        "funding-group",
        "counts",
        "author-notes",
        "notes",
        "graphic",
        "pub-id-ref",
    ],
    block: &[
        "article-title",
        "title",
        "p",
        "contrib-group",
        "aff",
        "abstract",
        "sec",
        "list",
        "list-item",
        "table",
        "tr",
        "caption",
        "disp-formula",
        "ref",
        "preformat",
        "code",
        "def-item",
        "boxed-text",
        "fn",
        "disp-quote",
    ],
    word: &[
        "td",
        "th",
        "name",
        "given-names",
        "surname",
        "string-name",
        "year",
        "source",
        "uri",
        "pub-id",
        "contrib",
        "institution",
        "person-group",
        "publisher-name",
        "publisher-loc",
        "ext-link",
        "lpage",
        "issue",
        "term",
        "break",
        "collab",
        "edition",
        "country",
        "comment",
        "conf-name",
        "conf-loc",
        "month",
        "day",
    ],
    section: &["sec", "ref-list", "abstract", "ack", "app"],
    title: &["title", "article-title"],
    formula: &["tex-math"],
    level: Walk::nested_level,
};

/// LaTeXML's own schema. `tags` repeats numbers for machines; `tag` inside a title is printed.
const LATEXML: Dialect = Dialect {
    silent: &[
        "tags",
        "toctitle",
        "toccaption",
        "resource",
        "pagination",
        "indexmark",
        "ERROR",
        "XMath",
        "MathBranch",
        "glossary",
        "glossarydefinition",
        "navigation",
        "rdf",
        "bibentry",
        "picture",
        "TOC",
    ],
    block: &[
        "title",
        "subtitle",
        "p",
        "para",
        "section",
        "creator",
        "date",
        "abstract",
        "item",
        "itemize",
        "enumerate",
        "tr",
        "table",
        "figure",
        "caption",
        "equation",
        "equationgroup",
        "bibitem",
        "note",
        "quote",
        "theorem",
        "proof",
        "keywords",
        "verbatim",
        "listing",
        "listingline",
        "break",
        "block",
        "tabular",
        "bibblock",
    ],
    word: &["td", "th", "tag", "personname", "contact", "glossaryphrase"],
    section: &[
        "part",
        "chapter",
        "section",
        "subsection",
        "subsubsection",
        "paragraph",
        "appendix",
        "bibliography",
        "index",
    ],
    title: &["title"],
    formula: &[],
    level: Walk::nested_level,
};

/// OpenDocument's content. What a master page prints on every slide or sheet is in another file.
const OPEN_DOCUMENT: Dialect = Dialect {
    silent: &[
        "office:automatic-styles",
        "office:annotation",
        "text:tracked-changes",
        "text:note-citation",
        "presentation:notes",
        "svg:desc",
        "svg:title",
    ],
    block: &["text:h", "text:p", "text:list-item", "table:table-row", "draw:frame", "draw:custom-shape"],
    word: &["table:table-cell", "text:s", "text:tab", "text:line-break"],
    section: &[],
    title: &["text:h", "text:p", "draw:frame"],
    formula: &[],
    level: Walk::outline_level,
};

/// Of the `content.xml` in an OpenDocument file.
pub fn open_document(source: &str) -> Truth {
    let mut walk = Walk::new(&OPEN_DOCUMENT);
    walk.run(source);
    walk.finish()
}

pub fn jats(source: &str) -> Truth {
    let mut walk = Walk::new(&JATS);
    walk.run(source);
    walk.finish()
}

pub fn latexml(source: &str) -> Truth {
    let mut walk = Walk::new(&LATEXML);
    walk.run(source);
    walk.finish()
}

struct Walk {
    dialect: &'static Dialect,
    open: Vec<String>,
    /// Depth at which a silent element began.
    silent: Option<usize>,
    out: String,
    headings: Vec<Heading>,
    title: Option<Title>,
    formula: Option<usize>,
    /// The reference being read, and those of the list so far.
    reference: Option<Reference>,
    references: Vec<String>,
    /// Of an author: the source has it before the given names, the page after.
    surname: String,
    /// OpenDocument's styles made from that of the document's title.
    title_styles: Vec<String>,
}

/// A heading being read.
struct Title {
    /// Where its text began.
    start: usize,
    level: usize,
    /// Of its element.
    depth: usize,
}

/// One entry of a bibliography, by field.
#[derive(Default)]
struct Reference {
    /// Of people: surname first.
    people: Vec<(String, String)>,
    fields: Vec<(String, String)>,
}

impl Reference {
    fn add(&mut self, open: &[String], text: &str) {
        let text = text.trim();
        let Some(field) = open.last().filter(|_| !text.is_empty()) else { return };
        match field.as_str() {
            "surname" | "string-name" | "collab" => self.people.push((text.into(), String::new())),
            "given-names" => {
                if let Some(person) = self.people.last_mut() {
                    person.1 = initials(text);
                }
            }
            _ => match self.fields.last_mut().filter(|(last, _)| last == field) {
                Some((_, value)) => value.extend([" ", text]),
                None => self.fields.push((field.clone(), text.into())),
            },
        }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    /// As the American Psychological Association prints it, which these journals follow.
    fn printed(&self) -> String {
        let people: Vec<String> = self.people.iter().map(|(surname, given)| named(surname, given)).collect();
        let mut text = match people.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{}, & {last}", before.join(", ")),
            _ => people.join(""),
        };
        let year = self.field("year");
        text.push_str(&format!(" ({}). ", if year.is_empty() { "n.d." } else { year }));
        text.push_str(&format!("{}. {}", self.field("article-title"), self.field("source")));
        let join = |before: &str, field: &str, after: &str| match self.field(field) {
            "" => String::new(),
            value => format!("{before}{value}{after}"),
        };
        text.push_str(&join(", ", "volume", ""));
        text.push_str(&join("(", "issue", ")"));
        text.push_str(&join(", ", "fpage", ""));
        text.push_str(&join("–", "lpage", ""));
        text.push_str(&join(". ", "publisher-name", ""));
        text.push_str(". ");
        let identifier = join("https://doi.org/", "pub-id", "");
        text.push_str(if identifier.is_empty() { self.field("uri") } else { &identifier });
        text
    }
}

fn named(surname: &str, given: &str) -> String {
    if given.is_empty() { surname.to_string() } else { format!("{surname}, {given}") }
}

/// `Jean-Luc B.` to `J.-L. B.`
fn initials(names: &str) -> String {
    let initial = |part: &str| part.chars().next().map(|c| format!("{c}.")).unwrap_or_default();
    let name = |name: &str| name.split('-').map(initial).collect::<Vec<_>>().join("-");
    names.split_whitespace().map(name).collect::<Vec<_>>().join(" ")
}

impl Walk {
    fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            open: Vec::new(),
            silent: None,
            out: String::new(),
            headings: Vec::new(),
            title: None,
            formula: None,
            reference: None,
            references: Vec::new(),
            surname: String::new(),
            title_styles: vec!["Title".to_string()],
        }
    }

    fn run(&mut self, source: &str) {
        let mut reader = Reader::from_str(source);
        reader.config_mut().check_end_names = false;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => self.begin(&element),
                Ok(Event::Empty(element)) => {
                    self.begin(&element);
                    self.end();
                }
                Ok(Event::End(_)) => self.end(),
                Ok(Event::Text(text)) => self.text(&text),
                Ok(Event::CData(text)) => self.text(&text),
                Ok(Event::GeneralRef(reference)) => self.reference(&reference),
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    fn begin(&mut self, element: &BytesStart) {
        self.open.push(element.name().as_ref().to_string());
        let name = self.open.last().map(String::as_str).unwrap_or_default();
        if name == "style:style"
            && attribute(element, "style:parent-style-name").is_some_and(|n| n == "Title")
        {
            self.title_styles.extend(attribute(element, "style:name"));
            return;
        }
        if self.silent.is_some() {
            return;
        }
        if self.dialect.silent.contains(&name) && !self.in_reference() {
            self.silent = Some(self.open.len());
        } else if name == "ref" && self.is_jats() {
            self.reference = Some(Reference::default());
        } else if let Some(level) = self.heading_level(name, element) {
            self.out.push('\n');
            self.title = Some(Title { start: self.out.len(), level, depth: self.open.len() });
        } else if self.dialect.formula.contains(&name) {
            self.formula = Some(self.out.len());
        } else if self.dialect.block.contains(&name) {
            self.out.push('\n');
        } else if name == "Math" {
            self.mathematics(element);
        }
    }

    fn end(&mut self) {
        let depth = self.open.len();
        let name = self.open.pop().unwrap_or_default();
        if let Some(at) = self.silent {
            self.silent = (at != depth).then_some(at);
            return;
        }
        match name.as_str() {
            "ref" => self.references.extend(self.reference.take().map(|reference| reference.printed())),
            "ref-list" => self.print_references(),
            _ => {}
        }
        if self.title.as_ref().is_some_and(|title| title.depth == depth) {
            self.keep_title();
        }
        if self.dialect.formula.contains(&name.as_str()) {
            self.keep_formula();
        }
        if name == "given-names" || name == "contrib" {
            let surname = std::mem::take(&mut self.surname);
            self.out.extend([" ", &surname]);
        }
        if self.dialect.block.contains(&name.as_str()) {
            self.out.push('\n');
        } else if self.dialect.word.contains(&name.as_str()) {
            self.out.push(' ');
        }
    }

    /// LaTeXML's formulas carry their source.
    fn mathematics(&mut self, element: &BytesStart) {
        if let Some(source) = attribute(element, "tex") {
            self.out.push_str(&tex::formula(&source.replace("\\\\", " ")));
        }
    }

    fn text(&mut self, text: &str) {
        match (&mut self.reference, self.silent) {
            (_, Some(_)) => {}
            (Some(reference), _) => reference.add(&self.open, text),
            (None, _) if self.open.last().is_some_and(|name| name == "surname") => {
                self.surname = text.to_string()
            }
            (None, _) => self.out.push_str(text),
        }
    }

    /// The list is in order of the source; a page has it in order of names.
    fn print_references(&mut self) {
        let titled = self.headings.last().is_some_and(|last| self.out.trim_end().ends_with(&last.title));
        if !titled {
            self.out.push_str("\nReferences\n");
            self.headings.push(Heading::new(1, "References"));
        }
        self.references.sort_by_key(|reference| reference.to_lowercase());
        for reference in std::mem::take(&mut self.references) {
            self.out.extend([&reference, "\n"]);
        }
    }

    fn is_jats(&self) -> bool {
        self.dialect.section.contains(&"ref-list")
    }

    fn reference(&mut self, name: &str) {
        self.text(&markup::character(name));
    }

    /// Volume, pages and the like are printed in a reference, and only there.
    fn in_reference(&self) -> bool {
        self.open.iter().any(|name| name == "ref")
            && !matches!(self.open.last().map(String::as_str), Some("label"))
    }

    fn heading_level(&self, name: &str, element: &BytesStart) -> Option<usize> {
        let candidate = self.dialect.title.contains(&name) && self.title.is_none();
        candidate.then(|| (self.dialect.level)(self, element)).flatten()
    }

    /// Titles of sections, by how deep these are.
    fn nested_level(&self, _: &BytesStart) -> Option<usize> {
        let parent = self.open.iter().rev().nth(1).map(String::as_str).unwrap_or_default();
        let heads = self.dialect.section.contains(&parent) || matches!(parent, "title-group" | "document");
        let sections = self.open.iter().filter(|name| self.dialect.section.contains(&name.as_str()));
        heads.then(|| sections.count())
    }

    /// Headings that say their level, paragraphs in the style of the document's title, and titles of slides.
    fn outline_level(&self, element: &BytesStart) -> Option<usize> {
        match self.open.last()?.as_str() {
            "text:h" => Some(attribute(element, "text:outline-level").map_or(1, |n| n.parse().unwrap_or(1))),
            "text:p" => {
                attribute(element, "text:style-name").filter(|n| self.title_styles.contains(n)).map(|_| 0)
            }
            _ => attribute(element, "presentation:class").filter(|class| class == "title").map(|_| 1),
        }
    }

    fn keep_title(&mut self) {
        if let Some(Title { start, level, .. }) = self.title.take() {
            let title = self.out[start..].split_whitespace().collect::<Vec<_>>().join(" ");
            if !title.is_empty() {
                self.headings.push(Heading::new(level, &title));
            }
        }
    }

    fn keep_formula(&mut self) {
        if let Some(start) = self.formula.take() {
            let source = self.out.split_off(start);
            let bare = inside_document(&source);
            self.out.push_str(&tex::formula(bare));
        }
    }

    fn finish(self) -> Truth {
        Truth { text: self.out, headings: self.headings, ..Truth::default() }
    }
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let value = element.try_get_attribute(name).ok().flatten()?;
    Some(value.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// Some publishers wrap each formula in a whole LaTeX document.
fn inside_document(source: &str) -> &str {
    let inside = source.split("\\begin{document}").nth(1).unwrap_or(source);
    inside.split("\\end{document}").next().unwrap_or(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::normalised;

    #[test]
    fn jats_gives_body_and_references_in_order_without_identifiers() {
        let truth = jats(
            "<article><front><article-meta><article-id>9</article-id><title-group><article-title>On X</article-title>\
             </title-group></article-meta></front><body><sec><title>Intro</title><p>A &amp; b <tex-math>\\alpha</tex-math>.\
             </p><sec><title>Sub</title><p>c</p></sec></sec></body><back><ref-list><title>References</title><ref>\
             <label>1</label><element-citation><name><surname>Doe</surname><given-names>Ann</given-names></name>\
             <name><surname>Roe</surname></name><article-title>On Y</article-title><source>J. Y</source>\
             <year>1999</year><volume>7</volume></element-citation></ref></ref-list></back></article>",
        );
        let reference = "Doe, A., & Roe (1999). On Y. J. Y, 7.";
        assert_eq!(normalised(&truth.text), format!("On X Intro A & b α. Sub c References {reference}"));
        let titles = [(0, "On X"), (1, "Intro"), (2, "Sub"), (1, "References")];
        assert_eq!(truth.headings, titles.map(|(level, title)| Heading::new(level, title)));
    }

    #[test]
    fn latexml_takes_formulas_from_their_source_and_prints_no_machine_tags() {
        let truth = latexml(
            "<document><title>T</title><section><tags><tag>1</tag></tags><title><tag close=\" \">1</tag>One</title>\
             <para><p>let <Math tex=\"x\\le y\"><XMath><XMTok>x</XMTok></XMath></Math>.</p></para></section></document>",
        );
        assert_eq!(normalised(&truth.text), "T 1 One let x ≤ y.");
        assert_eq!(truth.headings, [Heading::new(0, "T"), Heading::new(1, "1 One")]);
    }

    #[test]
    fn open_document_says_levels_and_keeps_notes_of_slides_out() {
        let truth = open_document(
            "<d><office:automatic-styles><style:style style:name='P1' style:parent-style-name='Title'/>\
             </office:automatic-styles><office:body><text:p text:style-name='P1'>On <text:span>X</text:span></text:p>\
             <text:h text:outline-level='2'>One</text:h><text:p>a<text:s/>b<text:line-break/>c</text:p><table:table>\
             <table:table-row><table:table-cell><text:p>d</text:p></table:table-cell><table:table-cell/></table:table-row>\
             </table:table><draw:frame presentation:class='title'><text:p>Slide</text:p><text:p>title</text:p></draw:frame>\
             <presentation:notes><text:p>say this</text:p></presentation:notes></office:body></d>",
        );
        assert_eq!(normalised(&truth.text), "On X One a b c d Slide title");
        let titles = [(0, "On X"), (2, "One"), (1, "Slide title")];
        assert_eq!(truth.headings, titles.map(|(level, title)| Heading::new(level, title)));
    }
}
