//! A PDF or page image, opened.

/// An open document.
pub struct Document {}
