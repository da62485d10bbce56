//! Flatleaf as cells see it.

extern crate flatleaf_kernel;

pub use flatleaf_kernel::*;
