//! Tells the compiler of a cell where the shared library is.

fn main() {
    println!("cargo:rustc-link-search=all={library}");
    println!("cargo:rerun-if-changed={library}");
}
