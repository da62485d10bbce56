//! What comes next, again and again, to a text: greedy and beam search. Pure: the
//! model is a closure, the clock another.

use super::Limits;
use crate::Result;

/// From all tokens so far, the first one included, to a logit for each token that may come next; at least one is
/// finite.
pub type Step<'a> = dyn FnMut(&[u32]) -> Result<Vec<f32>> + 'a;

/// Why a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The model wrote its end.
    Finished,
    /// No more tokens were allowed.
    TokenLimit,
    /// No more time was allowed.
    TimeLimit,
}

/// A text as tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Without the first and the last.
    pub tokens: Vec<u32>,
    /// Natural logarithm of the probability of all that was written, the end included.
    pub log_probability: f32,
    /// Why it ends.
    pub end: End,
}

impl Written {
    /// The geometric mean of the tokens' probabilities, 0 to 1; 0 for nothing.
    pub fn confidence(&self) -> f32 {
        let steps = self.tokens.len() + usize::from(self.end == End::Finished);
        if steps == 0 { 0.0 } else { (self.log_probability / steps as f32).exp().clamp(0.0, 1.0) }
    }
}

/// The most probable text, by mean over its tokens, that `limits.beams` texts followed at once come to; with one beam,
/// greedy search. `late` says whether the time is over, before each token.
///
/// # Errors
/// What `step` fails with.
pub fn search(
    start: u32,
    end: u32,
    limits: &Limits,
    late: &dyn Fn() -> bool,
    step: &mut Step,
) -> Result<Written> {
    let beams = limits.beams.max(1);
    let mut live = vec![Path { tokens: vec![start], sum: 0.0 }];
    let mut finished: Vec<Path> = Vec::new();
    // One step more than tokens: the last may be the end.
    for written in 0..=limits.tokens {
        if late() {
            return Ok(chosen(finished, live, End::TimeLimit));
        }
        let mut next = Vec::new();
        for path in &live {
            let tokens = best(&step(&path.tokens)?, beams);
            next.extend(tokens.into_iter().map(|(token, log)| path.with(token, log)));
        }
        next.sort_by(|a, b| b.sum.total_cmp(&a.sum));
        next.truncate(beams);
        let (ended, going): (Vec<Path>, Vec<Path>) =
            next.into_iter().partition(|path| path.tokens.last() == Some(&end));
        finished.extend(ended);
        if going.is_empty() {
            break;
        }
        if written == limits.tokens {
            // `live` is all that is allowed.
            break;
        }
        live = going;
        if settled(&finished, &live, beams) {
            break;
        }
    }
    Ok(chosen(finished, live, End::TokenLimit))
}

/// A text that is being written, its first token included.
#[derive(Clone, Debug)]
struct Path {
    tokens: Vec<u32>,
    /// Of the logarithms of the probabilities.
    sum: f32,
}

impl Path {
    fn with(&self, token: u32, log: f32) -> Self {
        let mut tokens = Vec::with_capacity(self.tokens.len() + 1);
        tokens.extend_from_slice(&self.tokens);
        tokens.push(token);
        Self { tokens, sum: self.sum + log }
    }

    /// Longer texts are not worse for being longer.
    fn mean(&self) -> f32 {
        self.sum / self.tokens.len().saturating_sub(1).max(1) as f32
    }
}

/// Whether enough texts have ended, and none that goes on is better so far (as transformers' beam search stops).
fn settled(finished: &[Path], live: &[Path], beams: usize) -> bool {
    let most = |paths: &[Path]| paths.iter().map(Path::mean).fold(f32::NEG_INFINITY, f32::max);
    finished.len() >= beams && most(finished) >= most(live)
}

/// The best of those that ended, else of those that were cut.
fn chosen(finished: Vec<Path>, live: Vec<Path>, cut: End) -> Written {
    let best = |paths: Vec<Path>| paths.into_iter().max_by(|a, b| a.mean().total_cmp(&b.mean()));
    let (path, end) = match best(finished) {
        Some(path) => (Some(path), End::Finished),
        None => (best(live), cut),
    };
    let Path { mut tokens, sum } = path.unwrap_or(Path { tokens: Vec::new(), sum: 0.0 });
    if end == End::Finished {
        tokens.pop();
    }
    Written { tokens: tokens.into_iter().skip(1).collect(), log_probability: sum, end }
}

/// The `count` most probable tokens with the logarithms of their probabilities, best first; those of equal logits by
/// number. What is no number counts as impossible.
fn best(logits: &[f32], count: usize) -> Vec<(u32, f32)> {
    let number = |logit: f32| if logit.is_nan() { f32::NEG_INFINITY } else { logit.min(f32::MAX) };
    let top = logits.iter().copied().map(number).fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = logits.iter().map(|&logit| (number(logit) - top).exp()).sum();
    let mut found: Vec<(u32, f32)> = Vec::with_capacity(count + 1);
    for (token, &logit) in (0u32..).zip(logits) {
        let log = number(logit) - top - total.ln();
        if log.is_nan()
            || log == f32::NEG_INFINITY
            || (found.len() == count && found.last().is_some_and(|l| l.1 >= log))
        {
            continue;
        }
        let place = found.partition_point(|(_, better)| *better >= log);
        found.insert(place, (token, log));
        found.truncate(count);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, time::Duration};

    use super::*;
    use crate::Error;

    const START: u32 = 0;
    const END: u32 = 1;

    fn limits(tokens: usize, beams: usize) -> Limits {
        Limits { tokens, time: Duration::MAX, beams }
    }

    /// Logits of these probabilities, the rest impossible.
    fn logits(probabilities: &[(u32, f32)]) -> Vec<f32> {
        let mut all = vec![f32::NEG_INFINITY; 6];
        for (token, probability) in probabilities {
            all[*token as usize] = probability.ln();
        }
        all
    }

    /// The likeliest first token leads to unlikely ones.
    fn garden_path(tokens: &[u32]) -> Result<Vec<f32>> {
        Ok(logits(match tokens {
            [START] => &[(2, 0.6), (3, 0.4)],
            [START, 2] => &[(4, 0.3), (5, 0.25), (2, 0.25), (3, 0.2)],
            [START, 3] => &[(5, 0.9), (4, 0.1)],
            _ => &[(END, 1.0)],
        }))
    }

    fn written(limits: &Limits) -> Written {
        search(START, END, limits, &|| false, &mut garden_path).unwrap()
    }

    #[test]
    fn one_beam_is_greedy_and_two_see_farther() {
        let (greedy, beam) = (written(&limits(9, 1)), written(&limits(9, 2)));
        assert_eq!((greedy.tokens.as_slice(), beam.tokens.as_slice()), (&[2, 4][..], &[3, 5][..]));
        assert!((greedy.log_probability.exp() - 0.18).abs() < 1e-5);
        assert!((beam.log_probability.exp() - 0.36).abs() < 1e-5);
        assert!((beam.confidence() - 0.36f32.cbrt()).abs() < 1e-5);
        assert_eq!((greedy.end, beam.end), (End::Finished, End::Finished));
    }

    #[test]
    fn a_text_as_long_as_the_limit_may_still_end() {
        assert_eq!(written(&limits(2, 1)).end, End::Finished);
        let cut = written(&limits(1, 1));
        assert_eq!((cut.tokens.as_slice(), cut.end), (&[2][..], End::TokenLimit));
        assert!((cut.confidence() - 0.6).abs() < 1e-5);
    }

    #[test]
    fn a_model_that_never_ends_is_stopped() {
        let steps = Cell::new(0);
        let mut forever = |_: &[u32]| {
            steps.set(steps.get() + 1);
            Ok(logits(&[(4, 0.5), (5, 0.5)]))
        };
        let by_tokens = search(START, END, &limits(5, 3), &|| false, &mut forever).unwrap();
        assert_eq!((by_tokens.tokens.len(), by_tokens.end), (5, End::TokenLimit));
        steps.set(0);
        let by_time = search(START, END, &limits(5, 1), &|| steps.get() >= 3, &mut forever).unwrap();
        assert_eq!((by_time.tokens.len(), by_time.end), (3, End::TimeLimit));
        let none = search(START, END, &limits(5, 1), &|| true, &mut forever).unwrap();
        assert_eq!((none.tokens.len(), none.confidence()), (0, 0.0));
        assert!(search(START, END, &limits(0, 0), &|| false, &mut forever).unwrap().tokens.is_empty());
    }

    #[test]
    fn what_is_no_number_is_not_chosen() {
        assert_eq!(best(&[f32::NAN, 1.0, f32::NEG_INFINITY, 1.0], 9), [(1, 0.5f32.ln()), (3, 0.5f32.ln())]);
        assert_eq!(best(&[f32::INFINITY, 1.0], 1), [(0, 0.0)]);
        assert!(best(&[f32::NAN; 3], 2).is_empty() && best(&[], 2).is_empty());
        let lost = search(START, END, &limits(5, 2), &|| false, &mut |_| Ok(vec![f32::NAN; 4])).unwrap();
        assert!(lost.tokens.is_empty());
    }

    #[test]
    fn a_failing_step_is_told() {
        let fails =
            |_: &[u32]| Err(Error::ModelShape { model: "m".into(), expected: "a".into(), found: "b".into() });
        assert!(search(START, END, &limits(5, 2), &|| false, &mut { fails }).is_err());
    }
}
