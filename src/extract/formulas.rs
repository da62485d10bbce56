//! The formula step within a page: where it applies, and its results in reading order.

use super::sender::Plan;
use crate::{
    Models, Result,
    content::{Block, Formula, FormulaSource, Kind, Label, MarkKind, Page, Raster, Region},
    geometry::{Pose, Rect, Turn},
    steps::formula::{self, Found, Limits},
};

/// The formulas of a text layer that stands upright.
pub(super) fn find(page: &Page, regions: &[Region], pose: &Pose, plan: &Plan) -> Vec<Found> {
    if !plan.text_layer || pose.turn != Turn::None {
        return Vec::new();
    }
    let equations: Vec<Rect> =
        regions.iter().filter(|r| r.label == Label::Equation).map(|r| r.rect).collect();
    formula::find(page, &equations)
}

/// All formulas of the page in reading order, with those that nothing read.
pub(super) fn settled(page: usize, blocks: &mut [Block], read: Vec<Formula>) -> Vec<Formula> {
    let mut rest: Vec<Option<Formula>> = read.into_iter().map(Some).collect();
    let mut next = rest.len();
    let mut ordered = Vec::with_capacity(rest.len());
    for block in blocks.iter_mut() {
        if block.kind == Kind::Formula && block.formula.is_none() {
            let unread = unread(page, next, block);
            next += 1;
            block.formula = Some(unread.id.clone());
            ordered.push(unread);
        }
        let in_text = block.marks.iter().filter_map(|mark| match &mark.kind {
            MarkKind::Formula(id) => Some(id),
            _ => None,
        });
        let in_lines = block.lines.iter().flat_map(|l| &l.spans).filter_map(|s| s.formula.as_ref());
        for id in in_text.chain(block.formula.as_ref()).chain(in_lines) {
            let at = rest.iter().position(|f| f.as_ref().is_some_and(|f| f.id == *id));
            ordered.extend(at.and_then(|at| rest[at].take()));
        }
    }
    ordered.extend(rest.into_iter().flatten());
    ordered
}

/// Has those that nothing read yet read from an upright raster.
pub(super) fn recognise(
    models: &Models,
    raster: &Raster,
    pose: &Pose,
    formulas: &mut [Formula],
) -> Result<()> {
    for formula in formulas.iter_mut().filter(|formula| formula.latex.is_none()) {
        let area = pose.to_upright(&formula.rect);
        if let Some(reading) = formula::recognise(models, raster, &area, &Limits::default())? {
            formula.latex = Some(reading.latex);
            formula.source = Some(FormulaSource::Model);
            formula.confidence = reading.confidence;
            formula.problem = reading.problem;
        }
    }
    Ok(())
}

/// A formula that the layout step saw, with what of it is known.
fn unread(page: usize, n: usize, block: &Block) -> Formula {
    Formula {
        id: formula::id(page, n),
        rect: block.rect,
        display: true,
        text: block.text.clone(),
        confidence: block.confidence,
        symbols: block.text.chars().filter(|c| !c.is_whitespace()).count(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use ndarray::{ArrayD, IxDyn};

    use super::*;
    use crate::model::{
        FORMULA_RECOGNITION, Model,
        encoder_decoder::{EncoderDecoder, Fit, Input, Writing},
        tokenizer::Tokenizer,
    };

    /// Reads `x` in everything.
    fn models() -> Models {
        let tokens = r#"{"model": {"type": "WordLevel", "vocab": {"<s>": 0, "</s>": 1, "x": 2}}}"#;
        let (mean, deviation, fit) = ([0.5; 3], [0.5; 3], Fit::Corner(255));
        let pair = EncoderDecoder {
            encoder: Model::from_fn(|_| Ok(vec![ArrayD::zeros(IxDyn(&[1, 1, 1]))])),
            decoder: Model::from_fn(|inputs| {
                let next = if inputs[0].len() == 1 { 2 } else { 1 };
                Ok(vec![ArrayD::from_shape_fn(IxDyn(&[1, 1, 3]), |at| if at[2] == next { 9.0 } else { 0.0 })])
            }),
            with_past: None,
            tokenizer: Tokenizer::parse(tokens).unwrap(),
            input: Input { width: 8, height: 8, colour: true, mean, deviation, fit, divisor: 0 },
            writing: Writing { start: 0, end: 1, most_tokens: None },
        };
        Models::with_loader(|_| unreachable!()).with_encoder_decoder(FORMULA_RECOGNITION, pair)
    }

    #[test]
    fn the_model_reads_only_what_nothing_else_has_read() {
        let formula = |x: f32, latex: Option<&str>| Formula {
            rect: Rect::new(x, 10.0, x + 20.0, 20.0),
            text: "as OCR has it".into(),
            latex: latex.map(str::to_owned),
            source: latex.map(|_| FormulaSource::Glyphs),
            ..Default::default()
        };
        let mut formulas = [formula(0.0, Some("y")), formula(30.0, None), formula(500.0, None)];
        let before = formulas.clone();
        let raster = Raster { pixels: RgbImage::new(100, 100), scale: 1.0 };
        let pose = Pose { turn: Turn::None, skew: 0.0, size: (100.0, 100.0) };
        recognise(&models(), &raster, &pose, &mut formulas).unwrap();
        let read = &formulas[1];
        assert_eq!(
            (read.latex.as_deref(), read.source, &read.problem),
            (Some("x"), Some(FormulaSource::Model), &None)
        );
        assert!(read.is_valid() && read.confidence > 0.99 && read.text == before[1].text);
        // Read from glyphs, and not on the page.
        assert_eq!((&formulas[0], &formulas[2]), (&before[0], &before[2]));
    }
}
