//! What both native libraries need of the process: an allocator that gives large blocks back.

use std::sync::Once;

/// Bytes. Blocks of this size and more get pages of their own, which go back to the system when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const OWN_PAGES: i32 = 128 * 1024;

/// Keeps large native blocks out of the shared heap, once per process.
///
/// glibc raises the size from which a block gets pages of its own as soon as one
/// such block is freed, up to 32 MiB; from then on rasters and activations land in
/// the heap, fragment it and never leave: 100 pages took 1,400 MiB more than the
/// first. Setting the size by hand turns that rule off (`man 3 mallopt`).
pub(crate) fn keep_flat() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        // SAFETY: changes a tunable of the allocator, which may be done at any time.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES);
        }
    });
}
