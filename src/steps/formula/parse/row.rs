//! One row: what stands on its baseline, and the scripts beside it.

use super::{AXIS, Atom, formula, merged};
use crate::steps::formula::{glyphs::Alphabet, tree::Node, write::WORD_GAP};

/// Of the font size. TeX lowers no subscript by less than 0.15.
const ON_LINE: f32 = 0.1;
/// Of the font size: how far off the axis the middle of what stands about it may be.
const ON_AXIS: f32 = 0.2;
/// Of the font size. TeX's spaces around relations are 0.28; a quad is 1.
const SPACE: f32 = 0.8;

/// The line that most of a row stands on.
struct Line {
    baseline: f32,
    size: f32,
}

impl Line {
    fn of(atoms: &[Atom]) -> Self {
        let standing = || atoms.iter().filter(|a| a.axis.is_none());
        let size = standing().map(|a| a.size).fold(0.0, f32::max);
        let first = standing().filter(|a| a.size > 0.85 * size).min_by(|a, b| a.pen.0.total_cmp(&b.pen.0));
        let about = atoms.iter().filter(|a| a.axis.is_some()).max_by(|a, b| a.size.total_cmp(&b.size));
        match (first, about) {
            // A script alone beside what stands about the axis.
            (Some(first), Some(about)) if first.size < 0.85 * about.size && !near(first, about) => {
                Self { baseline: about.baseline, size: about.size }
            }
            (Some(first), _) => Self { baseline: first.baseline, size },
            (None, about) => about
                .map_or(Self { baseline: 0.0, size: 1.0 }, |a| Self { baseline: a.baseline, size: a.size }),
        }
    }

    fn axis(&self) -> f32 {
        self.baseline - AXIS * self.size
    }

    fn holds(&self, atom: &Atom) -> bool {
        match atom.axis {
            Some(axis) => {
                let across = atom.rect.y0 < self.axis() && atom.rect.y1 > self.axis();
                let tall = across && atom.rect.height() > 1.2 * self.size && atom.glyph().is_some();
                // The parts of a fraction on the line are one step smaller at most.
                let small = matches!(atom.node, Node::Fraction { .. }) && atom.size < 0.6 * self.size;
                !small && ((axis - self.axis()).abs() < ON_AXIS * self.size || tall)
            }
            None => (atom.baseline - self.baseline).abs() < ON_LINE * self.size,
        }
    }

    fn is_above(&self, atom: &Atom) -> bool {
        match atom.axis {
            Some(axis) => axis < self.axis(),
            None => atom.baseline < self.baseline,
        }
    }
}

fn near(a: &Atom, b: &Atom) -> bool {
    (a.middle() - b.middle()).abs() < ON_AXIS * b.size
}

/// What belongs to one place on the line.
#[derive(Default)]
struct Place {
    base: Option<Atom>,
    sub: Vec<Atom>,
    sup: Vec<Atom>,
}

/// Words of upright letters, each as one atom: scripts belong to all of it.
fn words(atoms: Vec<Atom>) -> Vec<Atom> {
    let mut whole: Vec<Vec<Atom>> = Vec::new();
    let upright = |a: &Atom| {
        a.glyph()
            .is_some_and(|g| g.letter().is_some_and(char::is_alphabetic) && g.alphabet == Alphabet::Roman)
    };
    for atom in atoms {
        let goes_on = whole.last().and_then(|word| word.last()).is_some_and(|last| {
            upright(last)
                && upright(&atom)
                && (last.baseline - atom.baseline).abs() < ON_LINE * atom.size
                && (last.size - atom.size).abs() < 0.05 * atom.size
                && (atom.pen.0 - last.pen.1).abs() < WORD_GAP * atom.size
        });
        match whole.last_mut() {
            Some(word) if goes_on => word.push(atom),
            _ => whole.push(vec![atom]),
        }
    }
    let one = |mut word: Vec<Atom>| match word.len() {
        1 => word.remove(0),
        _ => merged(Node::Row(word.iter().map(|a| a.node.clone()).collect()), &word, None),
    };
    whole.into_iter().map(one).collect()
}

pub(super) fn row(mut atoms: Vec<Atom>, depth: usize) -> Node {
    atoms.sort_by(|a, b| a.pen.0.total_cmp(&b.pen.0));
    let atoms = words(atoms);
    let line = Line::of(&atoms);
    let mut places: Vec<Place> = Vec::new();
    for atom in atoms {
        if line.holds(&atom) {
            places.push(Place { base: Some(atom), ..Place::default() });
            continue;
        }
        if places.is_empty() {
            places.push(Place::default());
        }
        let place = places.last_mut().expect("one was pushed");
        if line.is_above(&atom) { place.sup.push(atom) } else { place.sub.push(atom) }
    }
    let mut nodes = Vec::new();
    let mut reach: Option<f32> = None;
    for place in places {
        let from = place.base.as_ref().map(|a| a.pen.0);
        if let (Some(reach), Some(from)) = (reach, from)
            && from - reach > SPACE * line.size
        {
            nodes.push(Node::Space((from - reach) / line.size));
        }
        let ends = place.base.iter().chain(&place.sub).chain(&place.sup).map(|a| a.pen.1);
        reach = ends.reduce(f32::max).map(|end| reach.map_or(end, |r: f32| r.max(end)));
        match node(place, depth) {
            // A word without scripts.
            Node::Row(letters) => nodes.extend(letters),
            node => nodes.push(node),
        }
    }
    Node::row(nodes)
}

fn node(place: Place, depth: usize) -> Node {
    let script = |atoms: Vec<Atom>| (!atoms.is_empty()).then(|| Box::new(formula(atoms, depth + 1)));
    let base = place.base.map(|a| Box::new(a.node));
    match (base, script(place.sub), script(place.sup)) {
        (Some(base), None, None) => *base,
        (base, sub, sup) => Node::Scripts { base, sub, sup },
    }
}
