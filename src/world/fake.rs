//! A world for unit tests: variables, a clock, a zone, streams and readable files by value; everything else fails when it
//! is touched.

use super::files::{Facts, Unreadable};
use super::http::{Fault, Request, Response};
use super::loopback::{Limits, Listener};
use super::platform::Family;
use super::terminal::Echo;
use super::{
    Browser, Clock, Companion, Environment, Files, Http, Log, Loopback, Platform, Processes, Random, Streams, Terminal,
    World, Zone,
};
use crate::error::Error;
use crate::secret::Secret;
use std::collections::{HashMap, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zeroize::Zeroizing;

/// 2026-11-22 10:00:00 UTC.
pub(crate) const NOW: i64 = 1_795_341_600;

/// What the fake world holds, and what was written to it. A clone shares all with its origin.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    variables: HashMap<String, String>,
    files: HashMap<PathBuf, Given>,
    input: Vec<u8>,
    terminal: bool,
    family: Option<Family>,
    user: Option<u32>,
    /// What is typed, question by question; nothing more once it is used up.
    typed: Arc<Mutex<VecDeque<io::Result<String>>>>,
    /// What was said and asked at the terminal.
    told: Arc<Mutex<String>>,
    /// What a browser does with an address; nobody may open one if there is none.
    browser: Option<Result<(), String>>,
    opened: Arc<Mutex<Vec<String>>>,
    home: Option<PathBuf>,
    /// The error of standard output, if it has one.
    pub(crate) full: Option<io::ErrorKind>,
    written: Arc<Mutex<(Vec<u8>, String)>>,
}

#[derive(Clone)]
enum Given {
    Text(String),
    Wide(u32),
    Foreign(u32),
}

impl Fake {
    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), Given::Text(text.into()));
        self
    }

    pub(crate) fn wide(mut self, path: &str, mode: u32) -> Self {
        self.files.insert(path.into(), Given::Wide(mode));
        self
    }

    pub(crate) fn foreign(mut self, path: &str, owner: u32) -> Self {
        self.files.insert(path.into(), Given::Foreign(owner));
        self
    }

    /// The home folder by the password database.
    pub(crate) fn home(mut self, path: &str) -> Self {
        self.home = Some(path.into());
        self
    }

    pub(crate) fn given(mut self, input: &[u8]) -> Self {
        self.input = input.to_vec();
        self
    }

    pub(crate) fn at_a_terminal(mut self) -> Self {
        self.terminal = true;
        self
    }

    /// On another kind of system than Linux.
    pub(crate) fn on(mut self, family: Family) -> Self {
        self.family = Some(family);
        self
    }

    /// As another user than 1000.
    pub(crate) fn by_user(mut self, user: u32) -> Self {
        self.user = Some(user);
        self
    }

    /// Answers the next question; `Err` is what the terminal fails with, such as `Interrupted`.
    pub(crate) fn types(self, line: Result<&str, io::ErrorKind>) -> Self {
        let line = line.map(str::to_owned).map_err(io::Error::from);
        self.typed.lock().unwrap().push_back(line);
        self
    }

    /// A browser that opens what it gets, or says why not.
    pub(crate) fn with_browser(mut self, opens: Result<(), &str>) -> Self {
        self.browser = Some(opens.map_err(str::to_owned));
        self
    }

    /// What was said and asked at the terminal.
    pub(crate) fn told(&self) -> String {
        self.told.lock().unwrap().clone()
    }

    /// The addresses that a browser was given.
    pub(crate) fn opened(&self) -> Vec<String> {
        self.opened.lock().unwrap().clone()
    }

    /// What was written to standard output.
    pub(crate) fn out(&self) -> String {
        String::from_utf8(self.written.lock().unwrap().0.clone()).unwrap()
    }

    /// What was written to standard error.
    pub(crate) fn err(&self) -> String {
        self.written.lock().unwrap().1.clone()
    }

    pub(crate) fn world(&self) -> World {
        World {
            clock: Box::new(self.clone()),
            zone: Box::new(self.clone()),
            environment: Box::new(self.clone()),
            platform: Box::new(self.clone()),
            random: Box::new(self.clone()),
            files: Box::new(self.clone()),
            http: Box::new(self.clone()),
            loopback: Box::new(self.clone()),
            streams: Box::new(self.clone()),
            terminal: Box::new(self.clone()),
            browser: Box::new(self.clone()),
            processes: Box::new(self.clone()),
            links: Box::new(super::links::System),
            log: Log::new(None, 1),
        }
    }
}

impl Clock for Fake {
    fn now_ms(&self) -> i64 {
        NOW * 1000
    }
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
    fn sleep(&self, _: Duration) {
        unreachable!("nobody should wait")
    }
}

impl Zone for Fake {
    fn offset_at(&self, _: i64) -> i32 {
        0
    }
}

impl Environment for Fake {
    fn var(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }
}

impl Platform for Fake {
    fn user(&self) -> u32 {
        self.user.unwrap_or(1000)
    }
    fn pid(&self) -> u32 {
        1
    }
    fn family(&self) -> Family {
        self.family.unwrap_or(Family::Linux)
    }
    fn home_by_password_database(&self) -> Option<PathBuf> {
        self.home.clone()
    }
}

impl Random for Fake {
    fn fill(&self, _: &mut [u8]) -> io::Result<()> {
        unreachable!("nothing random is wanted")
    }
}

impl Streams for Fake {
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        read(&mut self.input.as_slice())
    }
    fn out(&self, bytes: &[u8]) -> io::Result<()> {
        if let Some(kind) = self.full {
            return Err(kind.into());
        }
        self.written.lock().unwrap().0.extend(bytes);
        Ok(())
    }
    fn err(&self, text: &str) {
        self.written.lock().unwrap().1.push_str(text);
    }
    fn input_is_terminal(&self) -> bool {
        self.terminal
    }
    fn error_is_terminal(&self) -> bool {
        self.terminal
    }
}

impl Terminal for Fake {
    fn is_there(&self) -> bool {
        self.terminal
    }
    fn say(&self, text: &str) -> io::Result<()> {
        assert!(self.terminal, "nobody to tell: {text}");
        self.told.lock().unwrap().push_str(text);
        Ok(())
    }
    fn read_line(
        &self,
        question: &str,
        _: Echo,
        limit: usize,
        idle: &mut dyn FnMut() -> bool,
    ) -> io::Result<Option<Secret>> {
        self.say(question)?;
        let typed = self.typed.lock().unwrap().pop_front();
        if let Some(line) = typed {
            self.say("\n")?;
            let line = line?;
            assert!(
                line.len() <= limit,
                "{} bytes are typed where {limit} are read",
                line.len()
            );
            return Ok(Some(Secret::new(line)));
        }
        // Nobody types: whoever waits must give up by itself.
        assert!((0..10_000).any(|_| idle()), "nobody answers: {question}");
        self.say("\n")?;
        Ok(None)
    }
}

impl Processes for Fake {
    fn hand_over(&self, tool: &str, _: &[OsString]) -> Result<u8, Error> {
        unreachable!("nothing is handed over to {tool}")
    }
    fn become_program(&self, program: &OsStr, _: &[OsString], _: &[(String, Secret)]) -> Result<u8, Error> {
        unreachable!("{} is not wanted", program.display())
    }
    fn ask(&self, program: &Path, _: &[&str]) -> io::Result<(Option<i32>, String)> {
        unreachable!("{} is not wanted", program.display())
    }

    fn is_behind(&self, _: &str) -> bool {
        false
    }

    fn also(&self, tool: &str, _: &[OsString]) -> Result<(Option<i32>, String), Error> {
        unreachable!("{tool} is not wanted")
    }

    fn run_beside(&self, program: &OsStr, _: &[OsString], _: &[(&str, Secret)]) -> Result<Box<dyn Companion>, Error> {
        unreachable!("{} is not wanted", program.display())
    }
}

impl Browser for Fake {
    fn open(&self, url: &str) -> Result<(), String> {
        let Some(opens) = &self.browser else {
            unreachable!("no browser is wanted, for {url}")
        };
        self.opened.lock().unwrap().push(url.to_owned());
        opens.clone()
    }
}

impl Http for Fake {
    fn send(&self, _: Request<'_>) -> Result<Response, Fault> {
        unreachable!("no network is wanted")
    }
}

impl Loopback for Fake {
    fn listen(&self, _: u16, _: &Limits) -> io::Result<Box<dyn Listener>> {
        unreachable!("nobody should listen")
    }
}

impl Files for Fake {
    fn read(&self, _: &Path, _: u64, _: u32) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        Err(Unreadable::Missing)
    }
    fn read_settings(&self, path: &Path, _: u64, _: u32) -> Result<Vec<u8>, Unreadable> {
        match self.files.get(path) {
            None => Err(Unreadable::Missing),
            Some(Given::Text(text)) => Ok(text.clone().into_bytes()),
            Some(Given::Wide(mode)) => Err(Unreadable::Wide(*mode)),
            Some(Given::Foreign(owner)) => Err(Unreadable::Foreign(*owner)),
        }
    }
    fn read_start(&self, path: &Path, _: u64) -> io::Result<String> {
        match self.files.get(path) {
            Some(Given::Text(text)) => Ok(text.clone()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
    fn create(&self, _: &Path) -> io::Result<File> {
        unreachable!("nothing is to be written")
    }
    fn write(&self, _: &File, _: &[u8]) -> io::Result<()> {
        unreachable!("nothing is to be written")
    }
    fn sync(&self, _: &File) -> io::Result<()> {
        unreachable!("nothing is to be written")
    }
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        unreachable!("nothing is to be written")
    }
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("nothing is to be written")
    }
    fn make_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("nothing is to be written")
    }
    fn look(&self, path: &Path) -> io::Result<Facts> {
        let (owner, mode) = match self.files.get(path) {
            None => return Err(io::ErrorKind::NotFound.into()),
            Some(Given::Text(_)) => (1000, 0o644),
            Some(Given::Wide(mode)) => (1000, *mode),
            Some(Given::Foreign(owner)) => (*owner, 0o644),
        };
        Ok(Facts {
            is_folder: false,
            is_link: false,
            owner,
            mode,
        })
    }
    fn list(&self, _: &Path) -> io::Result<Vec<OsString>> {
        Err(io::ErrorKind::NotFound.into())
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        unreachable!("nothing is to be removed")
    }
    fn remove_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("nothing is to be removed")
    }
    fn open_lock(&self, _: &Path, _: bool) -> io::Result<File> {
        unreachable!("nothing is to be locked")
    }
    fn append(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        unreachable!("nothing is to be written")
    }
    fn read_named(&self, path: &Path, _: u64) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(Given::Text(text)) => Ok(text.clone().into_bytes()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

#[test]
fn a_person_answers_as_scripted() {
    let fake = Fake::default()
        .at_a_terminal()
        .types(Ok("a line"))
        .types(Err(io::ErrorKind::Interrupted))
        .with_browser(Err("why not"));
    let world = fake.world();
    world.terminal.say("hello\n").unwrap();
    let ask = |idle: &mut dyn FnMut() -> bool| {
        let line = world.terminal.read_line("? ", Echo::Shown, 10, idle);
        line.map(|line| line.map(|line| line.expose().to_owned()))
            .map_err(|why| why.kind())
    };
    assert_eq!(ask(&mut || false), Ok(Some("a line".to_owned())));
    assert_eq!(ask(&mut || false), Err(io::ErrorKind::Interrupted));
    assert_eq!(ask(&mut || true), Ok(None));
    assert_eq!(fake.told(), "hello\n? \n? \n? \n");
    assert_eq!(world.browser.open("https://x/"), Err("why not".to_owned()));
    assert_eq!(fake.opened(), ["https://x/"]);
}
