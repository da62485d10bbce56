//! Glyphs that make up one sign: negated relations, long arrows, dots, pieces of
//! delimiters, horizontal braces.

use super::{Atom, merged};
use crate::{
    geometry::Rect,
    steps::formula::{
        glyphs::{Glyph, Sign},
        symbols::{Class, Symbol},
        tree::Node,
    },
};

/// Of the font size. Parts of one sign overlap or touch.
const TOUCH: f32 = 0.12;

/// Signs. No display has more lines.
const MOST_BESIDE: usize = 40;

/// Of the font size. The halves of a long arrow overlap or nearly touch.
const JOINED: f32 = 0.05;

pub(super) fn compose(atoms: &mut Vec<Atom>, bars: &mut Vec<Rect>) {
    atoms.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0).then(a.rect.y0.total_cmp(&b.rect.y0)));
    delimiters(atoms);
    braces(atoms, bars);
    arrows(atoms);
    pairs(atoms);
    dots(atoms);
}

/// Which delimiter a piece belongs to.
pub(in crate::steps::formula) fn whole(piece: &str) -> Option<&'static str> {
    Some(match piece {
        "⎛" | "⎜" | "⎝" | "(" => "(",
        "⎞" | "⎟" | "⎠" | ")" => ")",
        "⎡" | "⎢" | "⎣" | "[" => "[",
        "⎤" | "⎥" | "⎦" | "]" => "]",
        "⎧" | "⎨" | "⎩" | "lbrace" => "lbrace",
        "⎫" | "⎬" | "⎭" | "rbrace" => "rbrace",
        _ => return None,
    })
}

/// Delimiters that are put together of pieces, one above the other.
fn delimiters(atoms: &mut Vec<Atom>) {
    let is_piece = |a: &Atom| {
        a.glyph().is_some_and(|g| g.class() == Class::Piece && (whole(g.name()).is_some() || g.name() == "⎪"))
            || matches!(a.name(), "vert" | "Vert") && a.axis.is_some()
            || matches!(a.name(), "radicalbottom" | "radicalvertex" | "radicaltop")
    };
    let repeated = repeated_bars(atoms);
    let is_piece = |a: &Atom| is_piece(a) || repeated.contains(&(a.rect.x0, a.rect.y0));
    let mut n = 0;
    while n < atoms.len() {
        if !is_piece(&atoms[n]) {
            n += 1;
            continue;
        }
        let mut parts = vec![atoms.remove(n)];
        // Pieces come in any order, so that one may connect others.
        loop {
            let rect = Rect::around_all(parts.iter().map(|p| &p.rect)).unwrap_or_default();
            let size = parts[0].size;
            let next = atoms.iter().position(|a| {
                is_piece(a)
                    && (family(a) == family(&parts[0]) || family(a).is_none() || family(&parts[0]).is_none())
                    && (a.rect.center().x - parts[0].rect.center().x).abs() < 0.35 * size
                    && a.rect.y0 - rect.y1 < 0.15 * size
                    && rect.y0 - a.rect.y1 < 0.15 * size
            });
            match next {
                Some(next) => parts.push(atoms.remove(next)),
                None => break,
            }
        }
        let name = parts.iter().find_map(family);
        // The extension of a brace alone is the bar of an array or a norm.
        let name = name.unwrap_or(if parts[0].name() == "Vert" { "Vert" } else { "vert" });
        let middle = Rect::around_all(parts.iter().map(|p| &p.rect)).unwrap_or_default().center().y;
        let mut atom = merged(Node::Named(name), &parts, Some(middle));
        if let (Some(symbol), Some(glyph)) = (Symbol::named(name), parts[0].glyph()) {
            let sign = Sign::Symbol(symbol);
            atom.node = Node::Glyph(Glyph { sign, ink: atom.rect, ..*glyph });
        }
        atoms.insert(n.min(atoms.len()), atom);
        n += 1;
    }
}

/// Where bars stand that go on in others straight below or above, as fonts without pieces make tall ones.
fn repeated_bars(atoms: &[Atom]) -> Vec<(f32, f32)> {
    let is_fence =
        |a: &&Atom| matches!(a.name(), "vert" | "Vert" | "lbrace" | "rbrace" | "(" | ")" | "[" | "]");
    let bars: Vec<&Atom> = atoms.iter().filter(is_fence).collect();
    let goes_on = |a: &Atom, b: &Atom| {
        a.name() == b.name()
            && a.rect.y0 != b.rect.y0
            && (a.rect.center().x - b.rect.center().x).abs() < 0.2 * a.size
            && a.rect.overlap_y(&b.rect) > -0.05 * a.size
    };
    bars.iter().filter(|a| bars.iter().any(|b| goes_on(a, b))).map(|a| (a.rect.x0, a.rect.y0)).collect()
}

fn family(atom: &Atom) -> Option<&'static str> {
    match atom.name() {
        "radicalbottom" | "radicalvertex" | "radicaltop" => Some("surd"),
        name => whole(name),
    }
}

/// Horizontal braces of four tips and two rules.
fn braces(atoms: &mut Vec<Atom>, bars: &mut Vec<Rect>) {
    let is_tip = |a: &Atom| matches!(a.name(), "braceld" | "bracerd" | "bracelu" | "braceru");
    while let Some(first) = atoms.iter().position(is_tip) {
        let tip = atoms.remove(first);
        let over = tip.name() == "braceld";
        let (y, size) = (tip.rect.center().y, tip.size);
        let mut parts = vec![tip];
        let level = |r: &Rect| (r.center().y - y).abs() < 0.3 * size;
        while parts.len() < 4 {
            let Some(next) = atoms.iter().position(|a| is_tip(a) && level(&a.rect)) else { break };
            parts.push(atoms.remove(next));
        }
        let command = if over { "overbrace" } else { "underbrace" };
        let atom = merged(Node::Named(command), &parts, None);
        bars.retain(|bar| !(level(bar) && bar.x0 > atom.rect.x0 - 1.0 && bar.x1 < atom.rect.x1 + 1.0));
        atoms.insert(first.min(atoms.len()), atom);
    }
}

/// Arrows and the shafts that make them longer.
fn arrows(atoms: &mut Vec<Atom>) {
    for n in 0..atoms.len() {
        let Some((shaft, name, points_right)) = atoms.get(n).and_then(arrow) else { continue };
        let mut parts = vec![atoms[n].clone()];
        while let Some(next) = (0..atoms.len()).find(|&m| goes_on(&parts, &atoms[m], shaft, points_right)) {
            parts.push(atoms[next].clone());
            // Kept in its place until all are found.
            atoms[next].node = Node::Row(Vec::new());
        }
        if parts.len() > 1 {
            let (baseline, size) = (parts[0].baseline, parts[0].size);
            atoms[n] = Atom { baseline, size, ..merged(Node::Named(name), &parts, None) };
        }
    }
    atoms.retain(|a| !matches!(&a.node, Node::Row(nodes) if nodes.is_empty()));
}

/// What an arrow's shaft is made of, what the two are called, and whether the arrow points to the right.
fn arrow(atom: &Atom) -> Option<(&'static str, &'static str, bool)> {
    Some(match atom.name() {
        "rightarrow" => ("-", "longrightarrow", true),
        "leftarrow" => ("-", "longleftarrow", false),
        "Rightarrow" => ("=", "Longrightarrow", true),
        "Leftarrow" => ("=", "Longleftarrow", false),
        _ => return None,
    })
}

/// Whether `atom` is a piece of shaft that touches the parts of an arrow, and reaches over its tip on no side.
fn goes_on(parts: &[Atom], atom: &Atom, shaft: &str, points_right: bool) -> bool {
    let tip = &parts[0];
    let (size, slack) = (tip.size, 0.06 * tip.size);
    let touches = |part: &Atom| part.rect.overlap_x(&atom.rect) > -JOINED * size;
    let behind = match points_right {
        true => atom.rect.x1 < tip.rect.x1 + slack,
        false => atom.rect.x0 > tip.rect.x0 - slack,
    };
    atom.name() == shaft
        && behind
        && (atom.size - size).abs() < 0.05 * size
        && (atom.baseline - tip.baseline).abs() < 0.05 * size
        && parts.iter().any(touches)
}

/// Two glyphs that overlap or touch, and the sign that they make.
fn pairs(atoms: &mut Vec<Atom>) {
    let mut n = 0;
    while n + 1 < atoms.len() {
        // In a display of many lines, those of the others come between.
        let reach = atoms[n].rect.x1 + TOUCH * atoms[n].size;
        let near = (n + 1..atoms.len()).take_while(|&m| atoms[m].rect.x0 <= reach);
        let found = near.take(MOST_BESIDE).find_map(|m| Some((m, pair(&atoms[n], &atoms[m])?)));
        match found {
            Some((m, name)) => {
                let second = atoms.remove(m);
                let first = atoms.remove(n);
                let stacked = first.rect.overlap_y(&second.rect) <= 0.0;
                let lower = first.rect.y1 > second.rect.y1;
                let wider = first.rect.width() > second.rect.width();
                let base = if if stacked { lower } else { wider } { &first } else { &second };
                let (baseline, size) = (base.baseline, base.size);
                let mut atom = merged(Node::Named(name), &[first, second], None);
                (atom.baseline, atom.size) = (baseline, size);
                if let Some(symbol) = Symbol::named(name) {
                    atom.node = Node::Named(symbol.name);
                }
                atoms.insert(n, atom);
                n = n.saturating_sub(MOST_BESIDE);
            }
            None => n += 1,
        }
    }
}

fn pair(a: &Atom, b: &Atom) -> Option<&'static str> {
    let size = a.size.max(b.size);
    let same_line = (a.baseline - b.baseline).abs() < 0.1 * size;
    let over = a.rect.overlap_x(&b.rect);
    let touches = over > -TOUCH * size;
    let covers = over > 0.5 * a.rect.width().min(b.rect.width());
    let (a_name, b_name) = (a.name(), b.name());
    if !touches {
        return None;
    }
    if a_name == "not" || b_name == "not" {
        let other = if a_name == "not" { b_name } else { a_name };
        return (covers && same_line).then(|| negated(other)).flatten();
    }
    let apart = (a.rect.center().y - b.rect.center().y).abs() / size;
    let stacked = covers && a.rect.overlap_y(&b.rect) <= 0.05 * size;
    let upper = if a.rect.y0 < b.rect.y0 { a_name } else { b_name };
    let lower = if a.rect.y0 < b.rect.y0 { b_name } else { a_name };
    if stacked && (0.1..0.6).contains(&apart) {
        return match (upper, lower) {
            ("sim", "=") => Some("cong"),
            ("." | "dot", "=") => Some("doteq"),
            ("rightharpoonup", "leftharpoondown") => Some("rightleftharpoons"),
            ("vee", "bar") => Some("veebar"),
            ("△" | "triangle" | "vartriangle", "=") => Some("triangleq"),
            _ => None,
        };
    }
    if !same_line {
        return None;
    }
    let joined = match (a_name, b_name) {
        ("leftarrow" | "longleftarrow", "rightarrow" | "longrightarrow") => "longleftrightarrow",
        ("Leftarrow" | "Longleftarrow", "Rightarrow" | "Longrightarrow") => "Longleftrightarrow",
        ("mapstochar", "rightarrow") | ("rightarrow", "mapstochar") => "mapsto",
        ("mapstochar", "longrightarrow") | ("longrightarrow", "mapstochar") => "longmapsto",
        ("lhook", "rightarrow") => "hookrightarrow",
        ("leftarrow", "rhook") => "hookleftarrow",
        ("vert", "=") => "models",
        ("triangleright", "triangleleft") => "bowtie",
        ("subset" | "supset", "=") => return None,
        _ => return None,
    };
    // A minus before an arrow is set apart from it.
    let parts = ["mapstochar", "lhook", "rhook"];
    let close = over > -JOINED * size;
    (close || parts.contains(&a_name) || parts.contains(&b_name)).then_some(joined)
}

fn negated(relation: &str) -> Option<&'static str> {
    Some(match relation {
        "=" => "neq",
        "in" => "notin",
        "ni" => "notni",
        "equiv" => "nequiv",
        "subset" => "nsubset",
        "supset" => "nsupset",
        "subseteq" => "nsubseteq",
        "supseteq" => "nsupseteq",
        "approx" => "napprox",
        "simeq" => "nsimeq",
        "sim" => "nsim",
        "cong" => "ncong",
        "mid" | "vert" => "nmid",
        "leq" => "nleq",
        "geq" => "ngeq",
        "leqq" => "nleqq",
        "geqq" => "ngeqq",
        "leqslant" => "nleqslant",
        "geqslant" => "ngeqslant",
        "preceq" => "npreceq",
        "succeq" => "nsucceq",
        "subseteqq" => "nsubseteqq",
        "supseteqq" => "nsupseteqq",
        "<" => "nless",
        ">" => "ngtr",
        "exists" => "nexists",
        "rightarrow" => "nrightarrow",
        "leftarrow" => "nleftarrow",
        "Rightarrow" => "nRightarrow",
        "parallel" | "Vert" => "nparallel",
        "prec" => "nprec",
        "succ" => "nsucc",
        _ => return None,
    })
}

/// Three equal dots in a line, whichever way it runs.
fn dots(atoms: &mut Vec<Atom>) {
    let mut n = 0;
    while n < atoms.len() {
        if !matches!(atoms[n].name(), "." | "cdot") {
            n += 1;
            continue;
        }
        if let Some((second, third, name)) = three(atoms, n) {
            let parts = [atoms[n].clone(), atoms[second].clone(), atoms[third].clone()];
            let middle = matches!(name, "vdots" | "ddots")
                .then(|| (parts[0].rect.center().y + parts[2].rect.center().y) / 2.0);
            let mut atom = merged(Node::Named(name), &parts, middle);
            if name == "cdots" || name == "ldots" {
                atom.baseline = parts[0].baseline;
            }
            let mut gone = [second, third];
            gone.sort_unstable();
            atoms.remove(gone[1]);
            atoms.remove(gone[0]);
            atoms[n] = atom;
        }
        n += 1;
    }
}

fn three(atoms: &[Atom], first: usize) -> Option<(usize, usize, &'static str)> {
    let a = &atoms[first];
    let (size, at) = (a.size, a.rect.center());
    let same = |b: &Atom| b.name() == a.name() && (b.size - size).abs() < 0.1 * size;
    let after = |from: &Atom, dx: f32, dy: f32| {
        let from = from.rect.center();
        atoms.iter().enumerate().skip(first + 1).position(|(_, b)| {
            let to = b.rect.center();
            same(b) && (to.x - from.x - dx).abs() < 0.03 * size && (to.y - from.y - dy).abs() < 0.03 * size
        })
    };
    // The second dot, at the distance that the third must have too.
    for (m, b) in atoms.iter().enumerate().skip(first + 1).take(12) {
        let (dx, dy) = (b.rect.center().x - at.x, b.rect.center().y - at.y);
        if !same(b) || dx.abs() > 0.8 * size || dy.abs() > 0.7 * size {
            continue;
        }
        let flat = dy.abs() < 0.03 * size && dx > 0.2 * size;
        let upright = dx.abs() < 0.03 * size && dy.abs() > 0.25 * size;
        let slanted = dx > 0.2 * size && dy > 0.2 * size;
        let Some(third) = after(b, dx, dy).map(|k| k + first + 1).filter(|&k| k != m) else { continue };
        return match (flat, upright, slanted, a.name()) {
            (true, _, _, ".") => Some((m, third, "ldots")),
            (true, _, _, _) => Some((m, third, "cdots")),
            (_, true, _, _) => Some((m, third, "vdots")),
            (_, _, true, _) => Some((m, third, "ddots")),
            _ => None,
        };
    }
    None
}
