//! Formulas against true ones: typeset by TeX, read, compared.

pub mod cdm;
pub mod compile;
pub mod documents;
pub mod lists;
pub mod matching;
pub mod normal;
pub mod prose;
pub mod report;
pub mod score;

use flatleaf::{content::PageContent, geometry::Rect};
use serde::{Deserialize, Serialize};

/// A formula that a tool gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub page: usize,
    pub rect: Option<Rect>,
    pub display: bool,
    /// `None` where the tool found a formula but could not read it.
    pub latex: Option<String>,
    pub number: Option<String>,
    /// Why the tool itself does not trust it.
    pub problem: Option<String>,
}

/// What Flatleaf found on a page.
pub fn of_page(page: &PageContent) -> Vec<Found> {
    let found = page.formulas.iter().map(|formula| Found {
        page: page.number,
        rect: Some(formula.rect),
        display: formula.display,
        latex: formula.latex.clone(),
        number: formula.number.clone(),
        problem: formula.problem.clone(),
    });
    found.collect()
}

/// The display formulas of a tool that gives Markdown.
pub fn of_markdown(markdown: &str) -> Vec<Found> {
    let parts = markdown.split("$$").skip(1).step_by(2).map(str::to_string);
    let brackets =
        markdown.split("\\[").skip(1).filter_map(|rest| Some(rest.split_once("\\]")?.0.to_string()));
    let found = |latex: String| Found { display: true, latex: Some(latex), ..Found::default() };
    parts.chain(brackets).map(found).collect()
}
