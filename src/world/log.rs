//! `ENTRA_TOKEN_LOG=FILE`: what happened, for a person who wants to know. Redacted by construction: no [`Secret`] can be
//! formatted into a line.
//!
//! [`Secret`]: crate::secret::Secret

use super::{Clock, Files, Streams};
use std::fmt;
use std::path::{Path, PathBuf};

/// Standard error by its name: a link, which no file of ours may be, so it is written to as what it is.
const STANDARD_ERROR: &str = "/dev/stderr";

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
    pub fn line(&self, files: &dyn Files, streams: &dyn Streams, clock: &dyn Clock, text: fmt::Arguments<'_>) {
        let Some(file) = &self.file else { return };
        let now = clock.now_ms();
        let time = crate::localtime::rfc3339_utc(now.div_euclid(1000));
        let (time, millis) = (time.trim_end_matches('Z'), now.rem_euclid(1000));
        let text = text.to_string().replace(|c: char| c.is_control(), " ");
        let line = format!("{time}.{millis:03}Z {} {text}\n", self.pid);
        if file == Path::new(STANDARD_ERROR) {
            streams.err(&line);
        } else {
            let _ = files.append(file, line.as_bytes());
        }
    }

    /// Why nothing is noted although somebody wants to know, as a note for that person.
    #[must_use]
    pub fn trouble(&self, files: &dyn Files) -> Option<String> {
        let file = self.file.as_ref().filter(|file| *file != Path::new(STANDARD_ERROR))?;
        let why = files.append(file, b"").err()?;
        Some(format!(
            "nothing is logged: `{}`, named by `ENTRA_TOKEN_LOG`, cannot be written: {why}",
            file.display()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::{Fake, NOW};
    use crate::world::files::Disk;

    fn log(path: &Path, fake: &Fake) -> Log {
        let log = Log::new(Some(path.to_owned()), 7);
        log.line(&Disk, fake, fake, format_args!("said\u{1b}so"));
        log
    }

    #[test]
    fn a_file_or_standard_error() {
        assert_eq!(NOW % 60, 0);
        let folder = tempfile::tempdir().unwrap();
        let (path, fake) = (folder.path().join("log"), Fake::default());
        assert_eq!(log(&path, &fake).trouble(&Disk), None);
        let line = std::fs::read_to_string(&path).unwrap();
        assert!(line.ends_with(":00.000Z 7 said so\n"), "{line}");
        assert_eq!(fake.err(), "");
        assert_eq!(log(Path::new(STANDARD_ERROR), &fake).trouble(&Disk), None);
        assert_eq!(fake.err(), line);
    }

    #[test]
    fn one_that_cannot_be_written_is_no_reason_to_fail_and_can_be_asked_about() {
        let folder = tempfile::tempdir().unwrap();
        let (path, fake) = (folder.path().join("missing/log"), Fake::default());
        let why = log(&path, &fake).trouble(&Disk).unwrap();
        assert!(
            why.contains("missing/log`, named by `ENTRA_TOKEN_LOG`, cannot be written"),
            "{why}"
        );
        assert_eq!(Log::new(None, 7).trouble(&Disk), None);
    }
}
