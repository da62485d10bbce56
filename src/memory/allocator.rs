//! The native allocator, told to give back what is freed, and asked what it holds; Rust's, counted.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::{
        Once,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Bytes. Blocks of this size and more get pages of their own, which go back to the system when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const OWN_PAGES: i32 = 1 << 20;

/// Bytes. As much may be free at the end of the shared heap before glibc gives it back by itself. Giving back after
/// each page what the next takes again, at glibc's own 128 KiB for both, cost a digital page a seventh of its time,
/// and two workers a tenth of what the second brings, since the system clears every page that it hands out.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const FREE_AT_THE_END: i32 = 8 << 20;

/// Keeps large native blocks out of the shared heap, once per process.
///
/// glibc raises the size from which a block gets pages of its own as soon as one
/// such block is freed, up to 32 MiB; from then on rasters and activations land in
/// the heap, fragment it and never leave: 100 pages took 1,400 MiB more than the
/// first. Setting a size by hand turns that rule off (`man 3 mallopt`).
pub(crate) fn keep_flat() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        super::note_start();
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        // SAFETY: changes tunables of the allocator, which may be done at any time.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES);
            libc::mallopt(libc::M_TRIM_THRESHOLD, FREE_AT_THE_END);
        }
    });
}

/// Gives free pages back to the system, of the native heap (glibc's only) and of where models work: some milliseconds.
pub fn trim() {
    #[cfg(target_os = "linux")]
    super::scratch::trim();
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: touches free pages only, under the allocator's own locks.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Bytes. Less than this free is not worth the some milliseconds that giving it back takes.
const WORTH_GIVING: u64 = 1 << 20;

/// After each document: over twenty papers it saves a tenth of what is resident.
pub(crate) fn give_back() {
    if native().is_some_and(|(_, free)| free >= WORTH_GIVING) {
        trim();
    }
}

/// Bytes of the native heap in use and free; without glibc unknown.
pub(super) fn native() -> Option<(u64, u64)> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: reads the allocator's own counts, under its locks.
        let counts = unsafe { libc::mallinfo2() };
        // `hblkhd` is what has pages of its own, which `uordblks` leaves out.
        let (used, free) = super::scratch::held();
        Some(((counts.uordblks + counts.hblkhd) as u64 + used, counts.fordblks as u64 + free))
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    None
}

/// Bytes of the native heap in use, or else of the whole process; 0 where neither is known.
pub(crate) fn in_use() -> u64 {
    native().map(|(used, _)| used).or_else(super::resident).unwrap_or(0)
}

static COUNTING: AtomicBool = AtomicBool::new(false);
static BYTES: AtomicU64 = AtomicU64::new(0);
static BLOCKS: AtomicU64 = AtomicU64::new(0);

/// Bytes and blocks that Rust code holds, if they are counted.
pub(super) fn counted() -> Option<(u64, u64)> {
    let counts = || (BYTES.load(Ordering::Relaxed), BLOCKS.load(Ordering::Relaxed));
    COUNTING.load(Ordering::Relaxed).then(counts)
}

/// The system's allocator, counting what is held; two additions for each call.
///
/// A program that wants Rust's heap in its snapshots says so once:
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: flatleaf::memory::CountingAllocator = flatleaf::memory::CountingAllocator;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingAllocator;

// SAFETY: every block comes from `System` and goes back to it with the layout it came with.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        took(unsafe { System.alloc(layout) }, layout)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        took(unsafe { System.alloc_zeroed(layout) }, layout)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size() as u64, Ordering::Relaxed);
        BLOCKS.fetch_sub(1, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let moved = unsafe { System.realloc(block, layout, size) };
        if !moved.is_null() {
            // Wraps around where a block shrinks, and is right in the sum.
            BYTES.fetch_add((size as u64).wrapping_sub(layout.size() as u64), Ordering::Relaxed);
        }
        moved
    }
}

fn took(block: *mut u8, layout: Layout) -> *mut u8 {
    if !block.is_null() {
        COUNTING.store(true, Ordering::Relaxed);
        BYTES.fetch_add(layout.size() as u64, Ordering::Relaxed);
        BLOCKS.fetch_add(1, Ordering::Relaxed);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted_until_they_are_freed() {
        let counting = CountingAllocator;
        let layout = Layout::from_size_align(1000, 8).unwrap();
        // SAFETY: the layouts match, and the block is freed once.
        unsafe {
            let block = counting.alloc(layout);
            assert_eq!(counted(), Some((1000, 1)));
            let block = counting.realloc(block, layout, 400);
            assert_eq!(counted(), Some((400, 1)));
            counting.dealloc(block, Layout::from_size_align(400, 8).unwrap());
        }
        assert_eq!(counted(), Some((0, 0)));
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn large_blocks_count_as_native_heap() {
        let before = in_use();
        let block = std::hint::black_box(vec![1_u8; 64 << 20]);
        assert!(in_use() > before + (32 << 20));
        drop(block);
    }
}
