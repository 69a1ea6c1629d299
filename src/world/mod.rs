//! The only door to the outside: a trait each, one real implementation each.

pub mod browser;
pub mod clock;
pub mod companion;
pub mod environment;
#[cfg(test)]
pub(crate) mod fake;
pub mod files;
pub mod home;
pub mod http;
pub mod links;
pub mod log;
pub mod loopback;
pub mod platform;
mod processes;
pub mod random;
pub mod streams;
pub mod successor;
pub mod terminal;
pub mod zone;

pub use browser::Browser;
pub use clock::Clock;
pub use companion::Companion;
pub use environment::Environment;
pub use files::Files;
pub use http::Http;
pub use links::Links;
pub use log::Log;
pub use loopback::Loopback;
pub use platform::Platform;
pub use random::Random;
pub use streams::Streams;
pub use successor::Processes;
pub use terminal::Terminal;
pub use zone::Zone;

/// Everything outside, handed in by `main` or by a test. Nothing is opened before it is used.
pub struct World {
    /// Time and waiting.
    pub clock: Box<dyn Clock>,
    /// The local time zone.
    pub zone: Box<dyn Zone>,
    /// Environment variables.
    pub environment: Box<dyn Environment>,
    /// Who and where we are.
    pub platform: Box<dyn Platform>,
    /// Randomness.
    pub random: Box<dyn Random>,
    /// The file system.
    pub files: Box<dyn Files>,
    /// The network.
    pub http: Box<dyn Http>,
    /// Listening on this machine.
    pub loopback: Box<dyn Loopback>,
    /// Standard input, output and error.
    pub streams: Box<dyn Streams>,
    /// The terminal, where a person can be asked.
    pub terminal: Box<dyn Terminal>,
    /// The person's browser.
    pub browser: Box<dyn Browser>,
    /// Programs that we run or that take our place.
    pub processes: Box<dyn Processes>,
    /// Links to ourselves.
    pub links: Box<dyn Links>,
    /// What happened, if somebody wants to know.
    pub log: Log,
}

impl World {
    /// The real world.
    #[must_use]
    pub fn real() -> Self {
        platform::keep_memory_private();
        let log = Environment::var(&environment::Process, "ENTRA_TOKEN_LOG").map(std::path::PathBuf::from);
        Self {
            clock: Box::new(clock::System),
            zone: Box::new(zone::System),
            environment: Box::new(environment::Process),
            platform: Box::new(platform::System),
            random: Box::new(random::System),
            files: Box::new(files::Disk),
            http: Box::new(http::Client::default()),
            loopback: Box::new(loopback::Machine),
            streams: Box::new(streams::Process),
            terminal: Box::new(terminal::Controlling),
            browser: Box::new(browser::System),
            processes: Box::new(successor::System),
            links: Box::new(links::System),
            log: Log::new(log, Platform::pid(&platform::System)),
        }
    }

    /// Notes what happened, if `ENTRA_TOKEN_LOG` names a file.
    pub fn note(&self, text: std::fmt::Arguments<'_>) {
        let (files, streams) = (self.files.as_ref(), self.streams.as_ref());
        self.log.line(files, streams, self.clock.as_ref(), text);
    }
}
