//! A world in memory: nothing of this machine is read, written or reached, and the same input always does the same.

mod files;

use crate::check;
use entra_token::error::{Error, Kind};
use entra_token::secret::Secret;
use entra_token::world::companion::Companion;
use entra_token::world::http::{Fault, Http, Request, Response};
use entra_token::world::links::Standing;
use entra_token::world::loopback::{Limits, Listener, Loopback};
use entra_token::world::platform::Family;
use entra_token::world::terminal::Echo;
use entra_token::world::{
    Browser, Clock, Environment, Links, Log, Platform, Processes, Random, Streams, Terminal, World, Zone,
};
use files::Memory;
use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// When every run begins, epoch seconds: Fri, 15 Jan 2027 08:00:00 GMT.
pub const NOW: i64 = 1_800_000_000;

/// Who runs it.
pub const USER: u32 = 1000;

/// What answers when the script is at its end: the URL of a request, and how many requests came before.
pub type Network = fn(&str, usize) -> Result<Response, Fault>;

/// A world in memory, and what was done in it. A clone shares all with its origin.
#[derive(Clone)]
pub struct Scene(Arc<Mutex<State>>);

struct State {
    passed: Duration,
    home: PathBuf,
    files: Memory,
    input: Vec<u8>,
    out: Vec<u8>,
    err: String,
    typed: VecDeque<String>,
    script: VecDeque<Result<Response, Fault>>,
    network: Network,
    sent: Vec<Sent>,
    drawn: u64,
}

impl Scene {
    /// A machine without files whose user lives in `home`, and where nobody answers.
    #[must_use]
    pub fn new(home: &Path) -> Self {
        Self::with(home, Memory::default())
    }

    /// The same home with the same files, in a world where nothing has happened yet.
    #[must_use]
    pub fn again(&self) -> Self {
        let state = self.state();
        Self::with(&state.home, state.files.clone())
    }

    fn with(home: &Path, files: Memory) -> Self {
        Self(Arc::new(Mutex::new(State {
            passed: Duration::ZERO,
            home: home.to_owned(),
            files,
            input: Vec::new(),
            out: Vec::new(),
            err: String::new(),
            typed: VecDeque::new(),
            script: VecDeque::new(),
            network: |_, _| Err(Fault::Connect("nobody is there".to_owned())),
            sent: Vec::new(),
            drawn: 0,
        })))
    }

    /// Puts a file there.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        self.state().files.put(path, bytes);
    }

    /// What a file holds.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<Vec<u8>> {
        self.state().files.get(path)
    }

    /// The paths of all files.
    #[must_use]
    pub fn paths(&self) -> Vec<PathBuf> {
        self.state().files.paths()
    }

    /// The next request is answered like this.
    pub fn answers(&self, outcome: Result<Response, Fault>) {
        self.state().script.push_back(outcome);
    }

    /// What answers when the script is at its end.
    pub fn network(&self, network: Network) {
        self.state().network = network;
    }

    /// The next question of the terminal is answered like this. When nothing is left, the person gives up.
    pub fn types(&self, line: &str) {
        self.state().typed.push_back(line.to_owned());
    }

    /// What has been told on standard error, for parts of the program that are called by themselves.
    #[must_use]
    pub fn told(&self) -> String {
        self.state().err.clone()
    }

    /// What was sent, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    /// Runs the program with standard input: exit status, standard output, standard error, which is fit to be shown.
    #[must_use]
    pub fn run(&self, args: &[&str], input: &[u8]) -> (u8, Vec<u8>, String) {
        {
            let mut state = self.state();
            state.input = input.to_vec();
            state.out.clear();
            state.err.clear();
        }
        let args = std::iter::once("entra-token").chain(args.iter().copied());
        let exit = entra_token::run(args.map(Into::into), &self.world());
        let (out, err) = {
            let mut state = self.state();
            (std::mem::take(&mut state.out), std::mem::take(&mut state.err))
        };
        check::shown(&err);
        (exit, out, err)
    }

    /// The world, for parts of the program that are called by themselves.
    #[must_use]
    pub fn world(&self) -> World {
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
            links: Box::new(self.clone()),
            log: Log::new(None, 1),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Where to.
    pub url: String,
    /// The form, if it was posted.
    pub body: String,
}

/// An answer of the network.
#[must_use]
pub fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Response {
        status,
        headers: headers.collect(),
        body: Zeroizing::new(body.to_vec()),
    }
}

impl Clock for Scene {
    fn now_ms(&self) -> i64 {
        NOW * 1000 + i64::try_from(self.state().passed.as_millis()).unwrap_or(i64::MAX)
    }
    fn monotonic(&self) -> Duration {
        Duration::from_secs(100) + self.state().passed
    }
    fn sleep(&self, time: Duration) {
        self.state().passed += time;
    }
}

impl Zone for Scene {
    /// Central Europe, whose clock goes back on the last Sunday of October: an hour that comes twice.
    fn offset_at(&self, epoch: i64) -> i32 {
        const SUMMER: std::ops::Range<i64> = 1_806_195_600..1_824_944_400; // 2027-03-28 to 2027-10-31, 01:00 UTC
        if SUMMER.contains(&epoch) { 7200 } else { 3600 }
    }
}

impl Environment for Scene {
    fn var(&self, name: &str) -> Option<String> {
        (name == "ENTRA_TOKEN_HOME").then(|| self.state().home.display().to_string())
    }
}

impl Platform for Scene {
    fn user(&self) -> u32 {
        USER
    }
    fn pid(&self) -> u32 {
        1
    }
    fn family(&self) -> Family {
        Family::Linux
    }
    fn home_by_password_database(&self) -> Option<PathBuf> {
        None
    }
}

impl Random for Scene {
    /// Never the same twice, and always the same in each run.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        let mut state = self.state();
        for byte in bytes {
            state.drawn = state.drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = state.drawn.to_be_bytes()[0];
        }
        Ok(())
    }
}

impl Streams for Scene {
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        let input = std::mem::take(&mut self.state().input);
        read(&mut input.as_slice())
    }
    fn out(&self, bytes: &[u8]) -> io::Result<()> {
        self.state().out.extend_from_slice(bytes);
        Ok(())
    }
    fn err(&self, text: &str) {
        self.state().err.push_str(text);
    }
    fn input_is_terminal(&self) -> bool {
        false
    }
    fn error_is_terminal(&self) -> bool {
        false
    }
}

impl Terminal for Scene {
    fn is_there(&self) -> bool {
        true
    }
    fn say(&self, text: &str) -> io::Result<()> {
        Streams::err(self, text);
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
        if idle() {
            return Ok(None);
        }
        let line = self.state().typed.pop_front();
        match line {
            None => Err(io::ErrorKind::UnexpectedEof.into()),
            Some(line) if line.len() > limit => Err(io::ErrorKind::InvalidData.into()),
            Some(line) => Ok(Some(Secret::new(line))),
        }
    }
}

impl Browser for Scene {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("there is none".to_owned())
    }
}

impl Processes for Scene {
    fn hand_over(&self, _: &str, _: &[OsString]) -> Result<u8, Error> {
        Err(nobody())
    }
    fn become_program(&self, _: &OsStr, _: &[OsString], _: &[(String, Secret)]) -> Result<u8, Error> {
        Err(nobody())
    }
    fn ask(&self, _: &Path, _: &[&str]) -> io::Result<(Option<i32>, String)> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn is_behind(&self, _: &str) -> bool {
        false
    }
    fn also(&self, _: &str, _: &[OsString]) -> Result<(Option<i32>, String), Error> {
        Err(nobody())
    }
    fn run_beside(&self, _: &OsStr, _: &[OsString], _: &[(&str, Secret)]) -> Result<Box<dyn Companion>, Error> {
        Err(nobody())
    }
}

/// No other program is run.
fn nobody() -> Error {
    Error::new(Kind::NotFound, "there is no other program here").hint("nothing helps")
}

impl Links for Scene {
    fn program(&self) -> io::Result<PathBuf> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn folder(&self, _: &Path) -> io::Result<PathBuf> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn look(&self, _: &Path) -> io::Result<Standing> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn make(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn on_path(&self, _: &str) -> Vec<PathBuf> {
        Vec::new()
    }
}

impl Loopback for Scene {
    fn listen(&self, _: u16, _: &Limits) -> io::Result<Box<dyn Listener>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Http for Scene {
    /// Whatever is sent goes where secrets may go.
    fn send(&self, request: Request<'_>) -> Result<Response, Fault> {
        check::destination(request.url);
        let mut state = self.state();
        let before = state.sent.len();
        state.sent.push(Sent {
            url: request.url.to_owned(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        });
        let network = state.network;
        let answer = match state.script.pop_front() {
            Some(outcome) => outcome,
            None => network(request.url, before),
        }?;
        if answer.body.len() > request.max_body {
            return Err(Fault::TooLarge);
        }
        Ok(answer)
    }
}
