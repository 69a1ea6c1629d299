//! Environment variables.
#![expect(clippy::disallowed_methods, reason = "this file is the door to the environment")]

/// Environment variables.
pub trait Environment: Send + Sync {
    /// A variable that is set, not empty, and text.
    fn var(&self, name: &str) -> Option<String>;
}

/// The process's own.
pub struct Process;

impl Environment for Process {
    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }
}
