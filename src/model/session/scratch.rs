//! [`memory::scratch`] as an allocator of ONNX Runtime's environment, which sessions use that ask for it.

use std::{ffi::c_void, ptr};

use ort::{
    AsPointer, api,
    environment::Environment,
    sys::{self, OrtAllocator, OrtMemoryInfo},
};

use crate::memory::scratch;

/// The runtime hands the first field back with each call.
#[repr(C)]
struct Allocator {
    functions: OrtAllocator,
    /// Of the processor's memory; lives as long as the process.
    info: *const OrtMemoryInfo,
}

/// Once for each environment, of which a process has one.
pub(super) fn register(environment: &Environment) -> ort::Result<()> {
    let api = api();
    let mut info = ptr::null_mut();
    // SAFETY: writes a new description to `info`, which is kept below or, on an error, null.
    unsafe {
        let status = (api.CreateCpuMemoryInfo)(
            sys::OrtAllocatorType::OrtDeviceAllocator,
            sys::OrtMemType::OrtMemTypeDefault,
            &mut info,
        );
        ort::Error::result_from_status(status)?;
    }
    // SAFETY: a table of no functions; they are filled in at once.
    let none = unsafe { OrtAllocator::default() };
    let functions = OrtAllocator {
        Alloc: Some(allocate),
        Free: Some(free),
        Info: Some(describe),
        Reserve: Some(reserve),
        ..none
    };
    // The runtime uses it until the process ends.
    let allocator = Box::leak(Box::new(Allocator { functions, info }));
    let environment = environment.ptr().cast_mut();
    // SAFETY: the environment is open; the allocator is never moved or freed, and its functions may be called from any thread.
    unsafe { ort::Error::result_from_status((api.RegisterAllocator)(environment, &mut allocator.functions)) }
}

unsafe extern "system" fn allocate(_: *mut OrtAllocator, bytes: usize) -> *mut c_void {
    scratch::take(bytes).cast()
}

unsafe extern "system" fn reserve(_: *const OrtAllocator, bytes: usize) -> *mut c_void {
    scratch::of_heap(bytes).cast()
}

unsafe extern "system" fn free(_: *mut OrtAllocator, block: *mut c_void) {
    // SAFETY: the runtime gives back what it took from the two functions above, once.
    unsafe { scratch::give(block.cast()) };
}

unsafe extern "system" fn describe(allocator: *const OrtAllocator) -> *const OrtMemoryInfo {
    // SAFETY: the runtime passes what was registered, which is the first field of an `Allocator`.
    unsafe { (*allocator.cast::<Allocator>()).info }
}
