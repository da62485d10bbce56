//! Colours that colour-blind readers can tell apart.

/// Red, green, blue.
pub(super) type Color = [u8; 3];

/// Okabe and Ito's (2008), yellow left out: on white it is hard to see.
pub(super) const SERIES: [Color; 7] = [
    [0, 114, 178],
    [230, 159, 0],
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [213, 94, 0],
    [90, 70, 130],
];
/// What is summed up as "other".
pub(super) const OTHER: Color = [170, 170, 170];
/// What a reader should be warned of.
pub(super) const ALARM: Color = [200, 20, 20];
pub(super) const INK: Color = [40, 40, 40];
pub(super) const FAINT: Color = [110, 110, 110];
pub(super) const GRID: Color = [225, 225, 225];

/// From almost white for 0 to dark blue for 1; in between lightness falls evenly.
pub(super) fn heat(share: f64) -> Color {
    let stops: [Color; 4] = [[247, 251, 255], [158, 202, 225], [49, 130, 189], [8, 48, 107]];
    let place = share.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let (low, high) = (stops[place.floor() as usize], stops[place.ceil() as usize]);
    let between = |n: usize| f64::from(low[n]) + place.fract() * (f64::from(high[n]) - f64::from(low[n]));
    [0, 1, 2].map(|n| between(n).round() as u8)
}
