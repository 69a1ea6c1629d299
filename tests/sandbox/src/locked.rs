//! A mutex that a panicking test thread cannot spoil for the others.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The value behind `mutex`, poisoned or not: every change under these locks is a single step.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
