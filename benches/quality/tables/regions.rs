//! Where tables were found against where they are, by the characters that
//! both hold (Göbel, Hassan, Oro, Orsi 2012): a true region is complete if one
//! found holds all of its characters, a found one is pure if it holds none
//! that are not of one true region, and both make it correct.

use crate::grid::Grid;
use flatleaf::geometry::Point;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    pub truth: usize,
    pub found: usize,
    pub complete: usize,
    pub pure: usize,
    /// True regions that a found one holds exactly.
    pub correct: usize,
}

/// `glyphs` are the middles of each page's characters. `None` where a table found has no place.
pub fn compare(truth: &[Grid], found: &[Grid], glyphs: &[Vec<Point>]) -> Option<Regions> {
    let held = |tables: &[Grid]| tables.iter().map(|grid| held(grid, glyphs)).collect::<Option<Vec<_>>>();
    let (truth, found) = (held(truth)?, held(found)?);
    let any = |regions: &[Held], test: &dyn Fn(&Held) -> bool| regions.iter().any(test);
    Some(Regions {
        truth: truth.len(),
        found: found.len(),
        complete: truth.iter().filter(|t| any(&found, &|f| t.is_subset(f))).count(),
        pure: found.iter().filter(|f| !f.is_empty() && any(&truth, &|t| f.is_subset(t))).count(),
        correct: truth.iter().filter(|t| found.contains(t)).count(),
    })
}

/// Page and index of each character in a region.
type Held = BTreeSet<(usize, usize)>;

fn held(grid: &Grid, glyphs: &[Vec<Point>]) -> Option<Held> {
    let (page, rect) = (grid.page?, grid.rect?);
    let own = glyphs.get(page - 1)?.iter().enumerate();
    Some(own.filter(|(_, glyph)| rect.contains(**glyph)).map(|(index, _)| (page, index)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flatleaf::geometry::Rect;

    fn region(x0: f32, x1: f32) -> Grid {
        Grid { page: Some(1), rect: Some(Rect::new(x0, 0.0, x1, 10.0)), ..Grid::default() }
    }

    #[test]
    fn regions_are_compared_by_their_characters_alone() {
        // Characters at 5, 15, 25, 35; the truth holds 15 and 25.
        let glyphs = vec![[5.0, 15.0, 25.0, 35.0].map(|x| Point { x, y: 5.0 }).to_vec()];
        let of = |found: &[Grid]| compare(&[region(11.0, 29.0)], found, &glyphs).unwrap();
        let one = Regions { truth: 1, found: 1, ..Regions::default() };
        // Another frame around the same characters.
        assert_eq!(of(&[region(14.0, 34.0)]), Regions { complete: 1, pure: 1, correct: 1, ..one });
        // One character too many, one too few.
        assert_eq!(of(&[region(4.0, 29.0)]), Regions { complete: 1, ..one });
        assert_eq!(of(&[region(11.0, 20.0)]), Regions { pure: 1, ..one });
        // Two halves are pure, neither is complete.
        assert_eq!(of(&[region(11.0, 20.0), region(20.0, 29.0)]), Regions { found: 2, pure: 2, ..one });
        assert_eq!(of(&[]), Regions { found: 0, ..one });
        assert!(compare(&[], &[Grid::default()], &glyphs).is_none());
    }
}
