//! What was found against what is asked for: one row for each true formula,
//! and one for each that is none.

use super::{
    Found,
    cdm::{self, Printed},
    documents::Document,
    matching::{Leaf, Line, Match, Place, Wanted, by_order, by_place},
    normal::{Token, distance, is_prose, normalised, symbols},
};
use crate::{metrics::Overlap, truth::Sourced};
use std::collections::BTreeSet;

/// A document with its true formulas.
pub struct Task {
    /// As the readings name it.
    pub file: String,
    /// For people.
    pub name: String,
    pub pages: usize,
    /// The list or folder.
    pub group: String,
    /// The fonts, where the document was compiled here.
    pub setup: Option<String>,
    pub wanted: Vec<Wanted>,
    /// Empty where boxes are not compared.
    pub leaves: Vec<Leaf>,
}

impl Task {
    pub fn compiled(document: &Document) -> flatleaf::Result<Self> {
        let leaves = Leaf::all(&document.pdf)?;
        // What leaves no ink is not asked for.
        let wanted = document.formulas.iter().filter_map(|formula| {
            Some(Wanted {
                page: formula.page,
                rect: Some(leaves.get(formula.page - 1)?.around(formula.rect)?),
                display: formula.display,
                latex: formula.latex.clone(),
                number: formula.number.clone(),
            })
        });
        Ok(Self {
            file: document.pdf.to_string_lossy().into_owned(),
            name: document.name.clone(),
            pages: leaves.len(),
            group: document.list.clone(),
            setup: Some(document.setup.clone()),
            wanted: wanted.collect(),
            leaves,
        })
    }

    /// The true formulas, to be set for comparing as printed.
    pub fn as_set(&self) -> impl Iterator<Item = (String, bool)> {
        self.wanted.iter().map(|wanted| (wanted.latex.clone(), wanted.display))
    }

    /// The same without boxes and numbers, and without what stands in text.
    pub fn displayed(&self) -> Self {
        let displayed = self.wanted.iter().filter(|wanted| wanted.display).cloned();
        let wanted = displayed.map(|wanted| Wanted { number: None, ..wanted }).collect();
        Self {
            file: self.file.clone(),
            name: self.name.clone(),
            pages: self.pages,
            group: self.group.clone(),
            setup: self.setup.clone(),
            wanted,
            leaves: Vec::new(),
        }
    }

    /// `None` where the source has no formula.
    pub fn sourced(source: &Sourced) -> Option<Self> {
        let wanted = |formula: &crate::truth::tex::Formula| Wanted {
            page: 0,
            rect: None,
            display: formula.display,
            latex: super::lists::prepared(&formula.latex),
            number: None,
        };
        let wanted: Vec<Wanted> = source.formulas.iter().map(wanted).collect();
        let seen = |wanted: &Wanted| !symbols(&normalised(&wanted.latex)).is_empty();
        let wanted: Vec<Wanted> = wanted.into_iter().filter(seen).collect();
        (!wanted.is_empty()).then(|| Self {
            file: source.file.clone(),
            name: source.file.clone(),
            pages: source.pages,
            group: source.folder.clone(),
            setup: None,
            wanted,
            leaves: Vec::new(),
        })
    }
}

/// A true formula beside what was found for it; or one found that is none.
#[derive(Clone, Debug)]
pub struct Score {
    pub tool: String,
    pub version: String,
    pub document: String,
    pub group: String,
    pub setup: Option<String>,
    pub page: usize,
    pub display: bool,
    /// `None` where what was found is no formula.
    pub truth: Option<String>,
    /// Empty where it was found, but not read.
    pub found: Option<String>,
    /// At its place, of its kind.
    pub detected: bool,
    /// The same symbols in the same order.
    pub same_symbols: bool,
    /// The same tokens.
    pub same: bool,
    /// 1 where there is nothing to compare.
    pub distance: f64,
    /// 0 where TeX rejects what was found; `None` where it rejects the truth.
    pub cdm: Option<f64>,
    /// Whether the equation number is right, where there is one.
    pub number: Option<bool>,
    /// Why the tool does not trust what it found.
    pub problem: Option<String>,
    /// TeX takes what was found.
    pub compiles: Option<bool>,
}

/// What was found, as it is to be set for comparing as printed.
pub fn to_print(task: &Task, found: &[Found]) -> BTreeSet<(String, bool)> {
    let displayed = |display: bool| move |latex: &String| (latex.clone(), display);
    let mut all = BTreeSet::new();
    for found in found {
        all.extend(found.latex.iter().map(displayed(found.display)));
    }
    // Compared in the truth's style.
    for (wanted, one) in task.wanted.iter().zip(matches(task, found)) {
        let latex = one.found.and_then(|f| found[f].latex.as_ref());
        all.extend(latex.map(displayed(wanted.display)));
    }
    all
}

fn matches(task: &Task, found: &[Found]) -> Vec<Match> {
    if !task.leaves.is_empty() && found.iter().all(|one| one.rect.is_some()) {
        let places = |page: usize, rect, display| Place { page, rect, display };
        let around = |page: usize, rect| {
            task.leaves.get(page.wrapping_sub(1)).and_then(|leaf| leaf.around(rect)).unwrap_or(rect)
        };
        let wanted: Vec<Place> =
            task.wanted.iter().filter_map(|w| Some(places(w.page, w.rect?, w.display))).collect();
        let found: Vec<Place> =
            found.iter().filter_map(|f| Some(places(f.page, around(f.page, f.rect?), f.display))).collect();
        return by_place(&wanted, &found);
    }
    let (ours, theirs) =
        (tokens(task.wanted.iter().map(|w| Some(&w.latex))), tokens(found.iter().map(|f| f.latex.as_ref())));
    let wanted: Vec<Line> =
        task.wanted.iter().zip(&ours).map(|(w, tokens)| Line { display: w.display, tokens }).collect();
    let found: Vec<Line> =
        found.iter().zip(&theirs).map(|(f, tokens)| Line { display: f.display, tokens }).collect();
    by_order(&wanted, &found)
}

fn tokens<'a>(latex: impl Iterator<Item = Option<&'a String>>) -> Vec<Vec<Token>> {
    latex.map(|latex| latex.map(|latex| normalised(latex)).unwrap_or_default()).collect()
}

/// One tool's scores on a document. Two sorts of true formulas count neither way: words and numbers of running text,
/// which nothing on the page tells from text, and those of a document's source that are not LaTeX outside of it, by
/// TeX's own judgement.
pub fn scores(tool: (&str, &str), task: &Task, found: &[Found], printed: &Printed) -> Vec<Score> {
    let base = Score {
        tool: tool.0.to_string(),
        version: tool.1.to_string(),
        document: task.name.clone(),
        group: task.group.clone(),
        setup: task.setup.clone(),
        page: 0,
        display: false,
        truth: None,
        found: None,
        detected: false,
        same_symbols: false,
        same: false,
        distance: 1.0,
        cdm: None,
        number: None,
        problem: None,
        compiles: None,
    };
    let compiles = |found: &Found| {
        let latex = found.latex.as_ref()?;
        printed.get(&cdm::key(latex, found.display)).map(Option::is_some)
    };
    let matches = matches(task, found);
    let mut scores = Vec::new();
    let mut taken = vec![false; found.len()];
    for (wanted, one) in task.wanted.iter().zip(&matches) {
        one.found.into_iter().for_each(|f| taken[f] = true);
        if is_prose(&normalised(&wanted.latex)) || is_private(wanted, printed) {
            continue;
        }
        let own = one.found.map(|f| &found[f]);
        let compared = compare(wanted, own.and_then(|own| own.latex.as_deref()), printed);
        scores.push(Score {
            page: own.map_or(wanted.page, |own| own.page),
            display: wanted.display,
            truth: Some(wanted.latex.clone()),
            found: own.map(|own| own.latex.clone().unwrap_or_default()),
            detected: one.detected,
            number: wanted
                .number
                .as_ref()
                .map(|number| own.and_then(|own| own.number.as_ref()) == Some(number)),
            problem: own.and_then(|own| own.problem.clone()),
            compiles: own.and_then(compiles),
            same_symbols: compared.same_symbols,
            same: compared.same,
            distance: compared.distance,
            cdm: compared.cdm,
            ..base.clone()
        });
    }
    for (own, _) in found.iter().zip(taken).filter(|(_, taken)| !taken) {
        scores.push(Score {
            page: own.page,
            display: own.display,
            found: Some(own.latex.clone().unwrap_or_default()),
            problem: own.problem.clone(),
            compiles: compiles(own),
            ..base.clone()
        });
    }
    scores
}

/// Whether a formula from source needs the packages of its document.
pub fn is_private(wanted: &Wanted, printed: &Printed) -> bool {
    wanted.rect.is_none()
        && printed.get(&cdm::key(&wanted.latex, wanted.display)).is_some_and(Option::is_none)
}

struct Compared {
    same_symbols: bool,
    same: bool,
    distance: f64,
    cdm: Option<f64>,
}

fn compare(wanted: &Wanted, found: Option<&str>, printed: &Printed) -> Compared {
    let set = |latex: &str| printed.get(&cdm::key(latex, wanted.display));
    let truth = set(&wanted.latex).cloned().flatten();
    let Some(found) = found else {
        return Compared { same_symbols: false, same: false, distance: 1.0, cdm: truth.map(|_| 0.0) };
    };
    // What was not to be set is not compared; what TeX rejects prints nothing.
    let as_printed = set(found).map(|glyphs| glyphs.clone().unwrap_or_default());
    let (ours, theirs) = (normalised(&wanted.latex), normalised(found));
    Compared {
        same_symbols: symbols(&ours) == symbols(&theirs),
        same: ours == theirs,
        distance: distance(&ours, &theirs),
        cdm: truth.zip(as_printed).and_then(|(truth, found)| cdm::score(&truth, &found)),
    }
}

/// Of one kind: those found at their place, those asked for, those found.
pub fn detection(scores: &[&Score], display: bool) -> Overlap {
    let true_ones = || scores.iter().filter(|score| score.truth.is_some() && score.display == display);
    let shared = true_ones().filter(|score| score.detected).count();
    // Of the other kind, or beside its place: a true one missed, and one found that is none.
    let astray = scores
        .iter()
        .filter(|s| s.truth.is_some() && s.found.is_some() && !s.detected && s.display != display);
    let none = scores.iter().filter(|score| score.truth.is_none() && score.display == display);
    Overlap { shared, truth: true_ones().count(), reading: shared + astray.count() + none.count() }
}
