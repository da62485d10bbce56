//! A value of some type, and a way to ask whether it is of a certain one.
//!
//! Rust has no specialisation: a trait for all that is `Debug` cannot do otherwise for a `DataFrame` at compile time.

use std::{any::TypeId, fmt::Debug, marker::PhantomData, slice};

/// A borrowed value whose type is known at run time only.
pub(super) struct Value<'a> {
    id: TypeId,
    start: *const (),
    bytes: usize,
    debug: &'a dyn Debug,
    borrowed: PhantomData<&'a ()>,
}

impl<'a> Value<'a> {
    pub fn of<T: Debug + ?Sized>(value: &'a &'a T) -> Self {
        let (id, bytes) = (typeid::of::<T>(), size_of_val::<T>(value));
        Self { id, start: std::ptr::from_ref::<T>(value).cast(), bytes, debug: value, borrowed: PhantomData }
    }

    /// As it prints.
    pub fn debug(&self) -> &'a dyn Debug {
        self.debug
    }

    /// The value, if it is a `T`. `T` must name no lifetime: the ids of `&'a str` and `&'static str` are the same.
    pub fn get<T: 'static>(&self) -> Option<&'a T> {
        // SAFETY: it was taken from a reference that lives for 'a, to a value of this very type.
        (self.id == TypeId::of::<T>()).then(|| unsafe { &*self.start.cast::<T>() })
    }

    /// The value, if it is a slice of `T`; the same goes for `T` as for [`Value::get`].
    pub fn slice<T: 'static>(&self) -> Option<&'a [T]> {
        let length = self.bytes.checked_div(size_of::<T>()).unwrap_or(0);
        // SAFETY: it was taken from a reference that lives for 'a, to a slice of this very type and of so many bytes.
        (self.id == TypeId::of::<[T]>()).then(|| unsafe { slice::from_raw_parts(self.start.cast(), length) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_it_is_and_nothing_else() {
        let number = 7_u32;
        let value = &&number;
        assert_eq!((Value::of(value).get::<u32>(), Value::of(value).get::<i32>()), (Some(&7), None));
        assert_eq!(Value::of(value).slice::<u32>(), None);
    }

    #[test]
    fn a_slice_keeps_its_length() {
        let numbers: &[u16] = &[1, 2, 3];
        assert_eq!(Value::of(&numbers).slice::<u16>(), Some(&[1, 2, 3][..]));
        assert_eq!(Value::of(&&numbers[..0]).slice::<u16>(), Some(&[][..]));
        assert_eq!(Value::of(&numbers).get::<Vec<u16>>(), None);
    }

    #[test]
    fn what_borrows_can_be_asked_too() {
        let text = String::from("a");
        let borrowed = vec![text.as_str()];
        assert!(Value::of(&&borrowed).get::<String>().is_none());
    }
}
