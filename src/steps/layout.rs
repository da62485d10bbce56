//! A raster to labelled regions.
