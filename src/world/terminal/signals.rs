//! Signals that end us are held back while the terminal is in raw mode, so that it is set back first.
//!
//! Not SIGHUP: a terminal that is gone needs nothing, and `nohup` relies on its being ignored.

use signal_hook::consts::{SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag::{register_conditional_default, register_usize};
use signal_hook::low_level::raise;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Signals are held back until this is dropped.
pub(super) struct Held(Option<&'static Signals>);

struct Signals {
    /// Whether they may end us.
    may_end: Arc<AtomicBool>,
    /// The last that came; 0 if none did.
    came: Arc<AtomicUsize>,
}

impl Held {
    pub(super) fn back() -> Self {
        static SIGNALS: OnceLock<Option<Signals>> = OnceLock::new();
        // Where they cannot be caught we go on without.
        let signals = SIGNALS.get_or_init(|| Signals::catch().ok()).as_ref();
        if let Some(signals) = signals {
            signals.may_end.store(false, Ordering::SeqCst);
        }
        Self(signals)
    }

    /// Whether one came. It is dealt with then.
    pub(super) fn came(&self) -> bool {
        self.0
            .is_some_and(|signals| signals.came.swap(0, Ordering::SeqCst) != 0)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(signals) = self.0 else { return };
        signals.may_end.store(true, Ordering::SeqCst);
        // One that came after we last looked.
        let late = signals.came.swap(0, Ordering::SeqCst);
        if late != 0 {
            let _ = raise(i32::try_from(late).unwrap_or(SIGTERM));
        }
    }
}

impl Signals {
    /// They stay caught to the end of the process, and do what they always do except while they are held back.
    fn catch() -> io::Result<Self> {
        let signals = Self {
            may_end: Arc::new(AtomicBool::new(true)),
            came: Arc::default(),
        };
        for signal in [SIGINT, SIGQUIT, SIGTERM] {
            register_conditional_default(signal, Arc::clone(&signals.may_end))?;
            register_usize(
                signal,
                Arc::clone(&signals.came),
                usize::try_from(signal).unwrap_or_default(),
            )?;
        }
        Ok(signals)
    }
}
