//! Glyphs and bars to the structure of a formula, from the innermost parts
//! outwards: signs that several glyphs make up, accents, roots and fractions by
//! the width of their bars, limits, grids between tall delimiters, lines, and at
//! last rows with their scripts.
//!
//! After the analysis by baselines of Zanibbi, Blostein and Cordy (2002), with
//! the places that TeX gives exactly (The TeXbook, appendix G).

mod compose;
mod grid;
mod row;
mod stack;

pub(super) use compose::whole;

use super::{glyphs::Glyph, tree::Node};
use crate::geometry::Rect;

/// Of the font size: the axis stands this high over the baseline.
pub(super) const AXIS: f32 = 0.25;
/// Levels of structure. What is deeper is no formula that anyone wrote.
const DEEPEST: usize = 24;

/// A part that is placed as one.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub node: Node,
    pub rect: Rect,
    /// Where the pen goes from and to.
    pub pen: (f32, f32),
    pub baseline: f32,
    /// Points; of parts with structure, that of their largest glyph.
    pub size: f32,
    /// Height of the middle that the part stands about: of fractions, tall delimiters, big operators.
    pub axis: Option<f32>,
}

impl Atom {
    pub fn of(glyph: &Glyph) -> Self {
        let axis = glyph.on_axis.then(|| glyph.ink.center().y);
        Self {
            node: Node::Glyph(*glyph),
            rect: glyph.ink,
            pen: glyph.pen,
            baseline: axis.map_or(glyph.baseline, |y| y + AXIS * glyph.size),
            size: glyph.size,
            axis,
        }
    }

    pub fn glyph(&self) -> Option<&Glyph> {
        match &self.node {
            Node::Glyph(glyph) => Some(glyph),
            _ => None,
        }
    }

    pub fn name(&self) -> &'static str {
        match &self.node {
            Node::Glyph(glyph) => glyph.name(),
            Node::Named(name) => name,
            _ => "",
        }
    }

    /// Where the axis of its row is.
    pub fn middle(&self) -> f32 {
        self.axis.unwrap_or(self.baseline - AXIS * self.size)
    }
}

/// Atoms that became one.
pub(super) fn merged(node: Node, parts: &[Atom], axis: Option<f32>) -> Atom {
    let rect = Rect::around_all(parts.iter().map(|p| &p.rect)).unwrap_or_default();
    let size = parts.iter().map(|p| p.size).fold(0.0, f32::max);
    let from = parts.iter().map(|p| p.pen.0).fold(f32::INFINITY, f32::min);
    let to = parts.iter().map(|p| p.pen.1).fold(f32::NEG_INFINITY, f32::max);
    let baseline = axis.map_or_else(|| parts.first().map_or(0.0, |p| p.baseline), |y| y + AXIS * size);
    Atom { node, rect, pen: (from, to), baseline, size, axis }
}

/// Takes out the atoms at these places.
pub(super) fn remove(atoms: &mut Vec<Atom>, places: &[usize]) {
    let mut n = 0;
    atoms.retain(|_| {
        n += 1;
        !places.contains(&(n - 1))
    });
}

/// The structure of the glyphs, with the bars that may be fraction bars and the like, and the frames around parts.
pub(super) fn parse(glyphs: &[Glyph], bars: &[Rect], frames: &[Rect]) -> Node {
    let mut atoms: Vec<Atom> = glyphs.iter().map(Atom::of).collect();
    let mut bars = bars.to_vec();
    compose::compose(&mut atoms, &mut bars);
    framed(&mut atoms, &mut bars, frames);
    stack::stacked(&mut atoms, bars);
    formula(atoms, 0)
}

/// Replaces what stands in a frame by one atom; a frame in another comes before it.
fn framed(atoms: &mut Vec<Atom>, bars: &mut Vec<Rect>, frames: &[Rect]) {
    let mut frames = frames.to_vec();
    frames.sort_by(|a, b| a.area().total_cmp(&b.area()));
    for frame in frames {
        let mut inside: Vec<Atom> = atoms.extract_if(.., |a| a.rect.intersection(&frame).is_some()).collect();
        let own: Vec<Rect> = bars.extract_if(.., |bar| bar.share_in(&frame.inflate(1.0)) > 0.9).collect();
        if inside.is_empty() {
            continue;
        }
        let is_edge = |bar: &Rect| (bar.y0 - frame.y0).abs() < 1.0 || (bar.y1 - frame.y1).abs() < 1.0;
        stack::stacked(&mut inside, own.into_iter().filter(|bar| !is_edge(bar)).collect());
        let baseline = stack::main_baseline(&inside);
        let node = Node::Marked { command: "boxed", inside: Box::new(formula(inside.clone(), 1)) };
        let atom = merged(node, &inside, None);
        let baseline = baseline.unwrap_or(atom.baseline);
        atoms.push(Atom { rect: frame, pen: (frame.x0, frame.x1), baseline, ..atom });
    }
}

/// What has its bars resolved, to lines, grids and rows.
fn formula(mut atoms: Vec<Atom>, depth: usize) -> Node {
    if depth > DEEPEST {
        atoms.sort_by(|a, b| a.pen.0.total_cmp(&b.pen.0));
        return Node::row(atoms.into_iter().map(|a| a.node).collect());
    }
    grid::fenced(&mut atoms, depth);
    stack::limits(&mut atoms, depth);
    match grid::lines(atoms) {
        Ok(lines) => grid::written(lines, depth),
        Err(atoms) => row::row(atoms, depth),
    }
}
