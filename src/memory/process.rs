//! The system's figures of this process, from `/proc`; all unknown elsewhere.

use std::{fs, io, sync::OnceLock};

/// `None` where the system does not say.
#[derive(Default)]
pub(super) struct Figures {
    /// Bytes.
    pub resident: Option<u64>,
    /// Bytes.
    pub anonymous: Option<u64>,
    /// Bytes.
    pub proportional: Option<u64>,
    /// Bytes.
    pub peak: Option<u64>,
    pub files: Option<u64>,
    pub threads: Option<u64>,
}

pub(super) fn figures() -> Figures {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let maps = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let bytes = |text: &str, key: &str| Some(field(text, key)? * 1024);
    Figures {
        // The kernel counts `VmRSS` by thread and adds up late (`man 5 proc`); the sum over all maps is exact.
        resident: bytes(&maps, "Rss:").or_else(|| bytes(&status, "VmRSS:")),
        anonymous: bytes(&maps, "Anonymous:"),
        proportional: bytes(&maps, "Pss:"),
        peak: bytes(&status, "VmHWM:"),
        files: open_files(),
        threads: field(&status, "Threads:"),
    }
}

/// The number after `key`, at the start of a line.
fn field(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().next()?.parse().ok()
}

/// The listing itself has one open, which does not count.
fn open_files() -> Option<u64> {
    Some((fs::read_dir("/proc/self/fd").ok()?.count() as u64).saturating_sub(1))
}

/// Bytes in memory, to some dozens of pages: 1 µs, for every stage of every page, as the file stays open.
pub(crate) fn resident() -> Option<u64> {
    static FILE: OnceLock<Option<fs::File>> = OnceLock::new();
    let file = FILE.get_or_init(|| fs::File::open("/proc/self/statm").ok()).as_ref()?;
    let mut text = [0_u8; 128];
    let length = read_at_start(file, &mut text).ok()?;
    let pages = std::str::from_utf8(&text[..length]).ok()?.split(' ').nth(1)?;
    Some(pages.parse::<u64>().ok()? * page_bytes())
}

#[cfg(unix)]
fn read_at_start(file: &fs::File, text: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, text, 0)
}

#[cfg(not(unix))]
fn read_at_start(_: &fs::File, _: &mut [u8]) -> io::Result<usize> {
    Ok(0)
}

static START: OnceLock<u64> = OnceLock::new();

/// Bytes in memory before the first native library was: what a memory budget is above. The first call counts.
pub(super) fn note_start() {
    if let Some(bytes) = resident() {
        START.get_or_init(|| bytes);
    }
}

/// Bytes by which the process has grown since; `None` where the system does not say.
pub(crate) fn growth() -> Option<u64> {
    note_start();
    Some(resident()?.saturating_sub(*START.get()?))
}

#[cfg(unix)]
fn page_bytes() -> u64 {
    // SAFETY: reads a constant of the system.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

#[cfg(not(unix))]
fn page_bytes() -> u64 {
    4096
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_the_number_after_its_key() {
        let text = "Name:\tx\nVmHWM:\t    1234 kB\nThreads:\t7\n";
        assert_eq!(
            (field(text, "VmHWM:"), field(text, "Threads:"), field(text, "Pss:")),
            (Some(1234), Some(7), None)
        );
    }
}
