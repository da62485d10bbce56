//! The structure of a formula: what stands over, under, beside and within what.

use super::glyphs::Glyph;

/// A formula or a part of one.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Glyph(Glyph),
    /// One after the other.
    Row(Vec<Node>),
    Scripts {
        base: Option<Box<Node>>,
        sub: Option<Box<Node>>,
        sup: Option<Box<Node>>,
    },
    /// A relation or arrow with something over or under it.
    Stacked {
        base: Box<Node>,
        under: Option<Box<Node>>,
        over: Option<Box<Node>>,
    },
    Fraction {
        above: Box<Node>,
        below: Box<Node>,
    },
    /// Two parts on top of each other without a rule between.
    Binomial {
        above: Box<Node>,
        below: Box<Node>,
    },
    Root {
        degree: Option<Box<Node>>,
        inside: Box<Node>,
    },
    /// A command of one argument: accents, lines and braces over and under it.
    Marked {
        command: &'static str,
        inside: Box<Node>,
    },
    /// A symbol that several glyphs make up.
    Named(&'static str),
    /// Delimiters as high as what they enclose, by the names of their symbols; `None` is a side without one.
    Fenced {
        open: Option<&'static str>,
        close: Option<&'static str>,
        inside: Box<Node>,
    },
    /// Rows of cells.
    Grid(Vec<Vec<Node>>),
    /// Lines one below the other.
    Lines(Vec<Node>),
    /// White space that means something, in multiples of the font size.
    Space(f32),
}

impl Node {
    /// A row, or the one node in it.
    pub fn row(mut nodes: Vec<Node>) -> Node {
        if nodes.len() == 1 { nodes.remove(0) } else { Node::Row(nodes) }
    }

    /// Calls `see` with each glyph, in reading order.
    pub fn for_each_glyph(&self, see: &mut dyn FnMut(&Glyph)) {
        match self {
            Node::Glyph(glyph) => see(glyph),
            Node::Row(nodes) | Node::Lines(nodes) => nodes.iter().for_each(|n| n.for_each_glyph(see)),
            Node::Scripts { base, sub, sup } => {
                [base, sub, sup].into_iter().flatten().for_each(|n| n.for_each_glyph(see));
            }
            Node::Stacked { base, under, over } => {
                base.for_each_glyph(see);
                [under, over].into_iter().flatten().for_each(|n| n.for_each_glyph(see));
            }
            Node::Fraction { above, below } | Node::Binomial { above, below } => {
                above.for_each_glyph(see);
                below.for_each_glyph(see);
            }
            Node::Root { degree, inside } => {
                degree.iter().for_each(|n| n.for_each_glyph(see));
                inside.for_each_glyph(see);
            }
            Node::Marked { inside, .. } | Node::Fenced { inside, .. } => inside.for_each_glyph(see),
            Node::Grid(rows) => rows.iter().flatten().for_each(|n| n.for_each_glyph(see)),
            Node::Named(_) | Node::Space(_) => {}
        }
    }
}
