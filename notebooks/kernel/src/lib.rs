//! What a notebook's cells link to: Flatleaf and polars in one shared library. Cells see it as the crate `flatleaf`.

pub use flatleaf::*;
pub use plotters;
pub use polars;
pub use polars_lazy;

// No counting allocator: what the library allocates is often freed by a cell, which has the system's, and would count for ever.
use flatleaf::notebook::{Bundle, Rich};

/// A drawing of your own, such as one by plotters' `SVGBackend`, shown as a picture.
#[derive(Clone, Debug)]
pub struct Svg(pub String);

impl Svg {
    /// What evcxr calls; comes before that of [`flatleaf::notebook::Show`].
    pub fn evcxr_display(&self) {
        Bundle { text: "a drawing".to_owned(), rich: Rich::Svg(self.0.clone()) }.print();
    }
}

/// All that a cell has at hand.
pub mod prelude {
    pub use super::Svg;
    pub use flatleaf::prelude::*;
    pub use polars_lazy::prelude::*;
    // Over columns of expressions; polars' prelude has those over columns of values.
    pub use polars_lazy::prelude::{max_horizontal, mean_horizontal, min_horizontal, sum_horizontal};
}
