//! A robust slope: Theil's median of the slopes between all pairs of points, with Sen's interval.
//!
//! Theil 1950; Sen 1968, "Estimates of the Regression Coefficient Based on Kendall's Tau".

/// A slope, and the ends of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

/// Standard deviations around the mean that hold 95 % of a normal distribution.
const Z_95: f64 = 1.96;

/// Of `y` over `x`, at least two points of different `x`.
pub fn slope(points: &[(f64, f64)]) -> Slope {
    let mut slopes: Vec<f64> = Vec::new();
    for (n, (x, y)) in points.iter().enumerate() {
        let later = points[n + 1..].iter().filter(|(other, _)| other != x);
        slopes.extend(later.map(|(x1, y1)| (y1 - y) / (x1 - x)));
    }
    slopes.sort_by(f64::total_cmp);
    let n = points.len() as f64;
    let spread = Z_95 * (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
    let at = |rank: f64| slopes[(rank.max(0.0) as usize).min(slopes.len() - 1)];
    let all = slopes.len() as f64;
    Slope { low: at((all - spread) / 2.0), median: at(all / 2.0), high: at((all + spread) / 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy(slope: f64) -> Vec<(f64, f64)> {
        // A fixed pattern of no trend: the remainders of a multiplication.
        let noise = |n: u64| (n * 7919 % 101) as f64 - 50.0;
        (0..100).map(|n| (n as f64, slope * n as f64 + noise(n))).collect()
    }

    #[test]
    fn a_line_has_its_slope_and_no_doubt() {
        let points: Vec<_> = (0..10).map(|n| (f64::from(n), 3.0 * f64::from(n) + 1.0)).collect();
        assert_eq!(slope(&points), Slope { low: 3.0, median: 3.0, high: 3.0 });
    }

    #[test]
    fn noise_has_no_slope() {
        let found = slope(&noisy(0.0));
        assert!(found.low < 0.0 && found.high > 0.0, "{found:?}");
    }

    #[test]
    fn a_slope_is_found_in_noise() {
        let found = slope(&noisy(2.0));
        assert!(found.low > 1.0 && (found.median - 2.0).abs() < 0.3, "{found:?}");
    }

    #[test]
    fn one_jump_is_no_slope() {
        let points: Vec<_> = (0..50).map(|n| (f64::from(n), if n < 3 { 0.0 } else { 1e6 })).collect();
        assert_eq!(slope(&points).median, 0.0);
    }
}
