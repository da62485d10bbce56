//! A raster to spans of text.
