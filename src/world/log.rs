//! `ENTRA_TOKEN_LOG=FILE`: what happened, for a person who wants to know. Redacted by construction: no [`Secret`] can be
//! formatted into a line.
//!
//! [`Secret`]: crate::secret::Secret

use super::{Clock, Files};
use std::fmt;
use std::path::PathBuf;

/// Where lines go; nowhere if no file was named.
pub struct Log {
    file: Option<PathBuf>,
    pid: u32,
}

impl Log {
    /// A log to a file, or to nowhere.
    #[must_use]
    pub fn new(file: Option<PathBuf>, pid: u32) -> Self {
        Self { file, pid }
    }

    /// Writes one line: UTC time, process, text. A log that cannot be written is no reason to fail.
    pub fn line(&self, files: &dyn Files, clock: &dyn Clock, text: fmt::Arguments<'_>) {
        let Some(file) = &self.file else { return };
        let now = clock.now_ms();
        let time = crate::localtime::rfc3339_utc(now.div_euclid(1000));
        let (time, millis) = (time.trim_end_matches('Z'), now.rem_euclid(1000));
        let text = text.to_string().replace(|c: char| c.is_control(), " ");
        let line = format!("{time}.{millis:03}Z {} {text}\n", self.pid);
        let _ = files.append(file, line.as_bytes());
    }
}
