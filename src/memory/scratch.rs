//! Where models work: one region of the address space, whose pages stay in memory from run to run.
//!
//! A run of a model takes tens of MiB and frees them. As blocks with pages of their own, which is what keeps glibc's heap from
//! growing (`allocator.rs`), they are new pages each time, and the kernel hands each out zeroed: a quarter to a half of the CPU time
//! of OCR, by machine. ONNX Runtime's own arena keeps every block it ever had, for each model. Here all models share one region, blocks lie as
//! low in it as they can, and what is free beyond [`KEPT`] goes back at once, the rest with [`trim`].

use std::{
    collections::BTreeMap,
    ptr,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Bytes. Of the address space, not of memory; what does not fit is the heap's.
const REGION: usize = 1 << 30;
/// Bytes. Smaller blocks are the heap's.
const LEAST: usize = 128 << 10;
/// Bytes. Free ones that stay in memory: what the layout model works in, and most of what the detector does.
const KEPT: usize = 64 << 20;
/// Bytes. Where the system can, pages are as large, and one is given back as a whole.
const HUGE_PAGE: usize = 2 << 20;
/// Bytes. What ONNX Runtime's kernels are written for.
const ALIGNMENT: usize = 64;

/// A block of `bytes`, aligned to 64; null if there is no memory.
pub(crate) fn take(bytes: usize) -> *mut u8 {
    let inside = (bytes >= LEAST).then(region).flatten().and_then(|region| lock(region).take(bytes));
    inside.unwrap_or_else(|| of_heap(bytes))
}

/// A block that is to stay, as weights do: of the heap, so that it does not lie in the way.
pub(crate) fn of_heap(bytes: usize) -> *mut u8 {
    let mut block = ptr::null_mut();
    // SAFETY: the alignment is a power of two and a multiple of a pointer's size.
    let refused = unsafe { libc::posix_memalign(&mut block, ALIGNMENT, bytes.max(1)) };
    if refused == 0 { block.cast() } else { ptr::null_mut() }
}

/// # Safety
/// The block came from [`take`] or [`of_heap`], and is not used again.
pub(crate) unsafe fn give(block: *mut u8) {
    if !region().is_some_and(|region| lock(region).give(block.addr())) {
        // SAFETY: what is not of the region is of the heap; the caller promises the rest.
        unsafe { libc::free(block.cast()) };
    }
}

/// Gives what is free above the highest block back to the system: all, where no model is running.
pub(super) fn trim() {
    if let Some(Some(region)) = REGION_OF_PROCESS.get() {
        lock(region).keep(0);
    }
}

/// Bytes in use, and bytes free that are kept in memory.
pub(super) fn held() -> (u64, u64) {
    let Some(Some(region)) = REGION_OF_PROCESS.get() else { return (0, 0) };
    let region = lock(region);
    (region.used as u64, region.free_below_top() as u64)
}

/// `None` where the system refuses so much of the address space.
static REGION_OF_PROCESS: OnceLock<Option<Mutex<Region>>> = OnceLock::new();

fn region() -> Option<&'static Mutex<Region>> {
    REGION_OF_PROCESS.get_or_init(|| Region::new().map(Mutex::new)).as_ref()
}

fn lock(region: &Mutex<Region>) -> MutexGuard<'_, Region> {
    region.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Region {
    /// Where a large page begins.
    start: usize,
    /// Where free parts begin, and their bytes; no two touch.
    free: BTreeMap<usize, usize>,
    /// Where blocks begin, and their bytes.
    blocks: BTreeMap<usize, usize>,
    /// Bytes of all blocks.
    used: usize,
    /// From here on no page is in memory.
    top: usize,
}

impl Region {
    fn new() -> Option<Self> {
        let (access, kind) = (
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
        );
        // SAFETY: asks for new pages at any address.
        let mapped = unsafe { libc::mmap(ptr::null_mut(), REGION + HUGE_PAGE, access, kind, -1, 0) };
        if mapped == libc::MAP_FAILED {
            return None;
        }
        // Not every kernel begins it at a large page.
        let start = mapped.expose_provenance().next_multiple_of(HUGE_PAGE);
        // SAFETY: the pages are ours. A system without large pages refuses, which does no harm.
        unsafe { libc::madvise(ptr::with_exposed_provenance_mut(start), REGION, libc::MADV_HUGEPAGE) };
        let (free, blocks) = (BTreeMap::from([(start, REGION)]), BTreeMap::new());
        Some(Self { start, free, blocks, used: 0, top: start })
    }

    /// The lowest part that is large enough.
    fn take(&mut self, bytes: usize) -> Option<*mut u8> {
        let bytes = bytes.checked_next_multiple_of(ALIGNMENT)?;
        let (&at, &room) = self.free.iter().find(|(_, room)| **room >= bytes)?;
        self.free.remove(&at);
        if room > bytes {
            self.free.insert(at + bytes, room - bytes);
        }
        self.blocks.insert(at, bytes);
        self.used += bytes;
        self.top = self.top.max(at + bytes);
        Some(ptr::with_exposed_provenance_mut(at))
    }

    /// `false` where no block begins there.
    fn give(&mut self, at: usize) -> bool {
        let Some(bytes) = self.blocks.remove(&at) else { return false };
        self.used -= bytes;
        let (mut from, mut to) = (at, at + bytes);
        if let Some((&before, &room)) = self.free.range(..from).next_back()
            && before + room == from
        {
            self.free.remove(&before);
            from = before;
        }
        if let Some(room) = self.free.remove(&to) {
            to += room;
        }
        self.free.insert(from, to - from);
        self.keep(KEPT);
        true
    }

    fn free_below_top(&self) -> usize {
        self.top - self.start - self.used
    }

    /// Gives pages above the highest block back until no more than so many bytes are free in memory.
    fn keep(&mut self, bytes: usize) {
        let surplus = self.free_below_top().saturating_sub(bytes);
        let last = self.blocks.last_key_value().map_or(self.start, |(at, bytes)| at + bytes);
        let top = last.max(self.top - surplus).next_multiple_of(HUGE_PAGE);
        if surplus == 0 || top >= self.top {
            return;
        }
        // The whole of the large page that the highest block ended in was in memory.
        let bytes = self.top.next_multiple_of(HUGE_PAGE) - top;
        // SAFETY: the pages are ours, and no block lies above `last`.
        unsafe { libc::madvise(ptr::with_exposed_provenance_mut(top), bytes, libc::MADV_DONTNEED) };
        self.top = top;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    fn filled(bytes: &[usize]) -> (Region, Vec<usize>) {
        let mut region = Region::new().unwrap();
        let blocks = bytes.iter().map(|&bytes| region.take(bytes).unwrap().addr()).collect();
        (region, blocks)
    }

    /// Its address space is the system's again; of the process's own region nobody would do this.
    fn unmap(region: &Region) {
        // SAFETY: the region was mapped by `filled`, and nothing is used of it any more.
        unsafe { libc::munmap(ptr::with_exposed_provenance_mut(region.start), REGION) };
    }

    #[test]
    fn blocks_lie_apart_as_low_as_they_can() {
        let (mut region, blocks) = filled(&[3 * MIB, MIB, 2 * MIB]);
        assert!(region.start.is_multiple_of(HUGE_PAGE));
        assert_eq!(blocks, [0, 3, 4].map(|mib| region.start + mib * MIB));
        region.give(blocks[0]);
        assert_eq!(region.take(2 * MIB).unwrap().addr(), region.start);
        assert_eq!(region.take(2 * MIB).unwrap().addr(), region.start + 6 * MIB, "the hole is too small");
        assert_eq!(region.used, 7 * MIB);
        unmap(&region);
    }

    #[test]
    fn free_parts_that_touch_are_one() {
        let (mut region, blocks) = filled(&[MIB, MIB, MIB]);
        for place in [0, 2, 1] {
            assert!(region.give(blocks[place]));
        }
        assert_eq!((region.free.len(), region.used), (1, 0));
        assert!(!region.give(blocks[0]), "given once");
        unmap(&region);
    }

    #[test]
    fn no_more_is_kept_than_allowed() {
        let (mut region, blocks) = filled(&[MIB, KEPT + 40 * MIB]);
        region.give(blocks[1]);
        assert!(region.free_below_top() <= KEPT + HUGE_PAGE, "{}", region.free_below_top());
        region.keep(0);
        assert!(region.free_below_top() < HUGE_PAGE);
        region.give(blocks[0]);
        region.keep(0);
        assert_eq!(region.free_below_top(), 0);
        unmap(&region);
    }

    #[test]
    fn nothing_stays_in_memory_of_what_is_given_back() {
        let size = 4 * MIB;
        let (mut region, blocks) = filled(&[size - MIB / 2]);
        let mut pages = vec![0_u8; size / 4096];
        // SAFETY: the block is in use, the vector has a byte for each page, and the region is as large as asked about.
        let in_memory = |pages: &mut Vec<u8>| unsafe {
            libc::mincore(ptr::with_exposed_provenance_mut(blocks[0]), size, pages.as_mut_ptr());
            pages.iter().filter(|&&page| page & 1 == 1).count()
        };
        // SAFETY: the block is of this size.
        unsafe { ptr::with_exposed_provenance_mut::<u8>(blocks[0]).write_bytes(1, size - MIB / 2) };
        assert!(in_memory(&mut pages) >= (size - MIB / 2) / 4096);
        region.give(blocks[0]);
        region.keep(0);
        assert_eq!(in_memory(&mut pages), 0);
        unmap(&region);
    }

    #[test]
    fn what_a_block_holds_is_its_own() {
        let (one, two) = (take(LEAST), take(10));
        for (block, bytes, value) in [(one, LEAST, 1_u8), (two, 10, 2)] {
            assert!(block.addr().is_multiple_of(ALIGNMENT));
            // SAFETY: the blocks are of these sizes, and go back below.
            unsafe { block.write_bytes(value, bytes) };
        }
        // SAFETY: as above.
        unsafe {
            assert_eq!((*one.add(LEAST - 1), *two.add(9)), (1, 2));
            give(one);
            give(two);
        }
    }
}
