//! What a notebook's cells link to: Flatleaf and polars in one shared library. Cells see it as the crate `flatleaf`.

pub use flatleaf::*;
pub use plotters;
pub use polars;
pub use polars_lazy;

use flatleaf::memory::CountingAllocator;

// So that a memory snapshot in a notebook knows Rust's heap.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// All that a cell has at hand.
pub mod prelude {
    pub use flatleaf::prelude::*;
    pub use polars_lazy::prelude::*;
    // Over columns of expressions; polars' prelude has those over columns of values.
    pub use polars_lazy::prelude::{max_horizontal, mean_horizontal, min_horizontal, sum_horizontal};
}
