//! A world of our own for calls within the test process: true files that can fail at any step, an authority that always
//! answers, streams that are kept.

use entra_token::error::Error;
use entra_token::secret::Secret;
use entra_token::world::files::{Disk, Facts, Files, Unreadable};
use entra_token::world::http::{Fault, Http, Request, Response};
use entra_token::world::platform::Family;
use entra_token::world::terminal::Echo;
use entra_token::world::{
    Browser, Companion, Environment, Log, Platform, Processes, Streams, Terminal, World, Zone, clock, links, loopback,
    platform, random,
};
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zeroize::Zeroizing;

/// Which step of the file system fails, and how.
#[derive(Default)]
pub(crate) struct Plan {
    /// Steps until the failing one; never if negative from the start.
    left: AtomicI64,
    errno: i32,
    /// Whether all later steps fail too.
    lasting: bool,
    /// Only steps of these names count; all, if there are none.
    only: &'static [&'static str],
    /// What was done, in order.
    pub(crate) done: Mutex<Vec<String>>,
    /// What failed.
    pub(crate) failed: Mutex<Vec<String>>,
}

impl Plan {
    pub(crate) fn none() -> Arc<Self> {
        Arc::new(Self {
            left: AtomicI64::new(i64::MAX),
            ..Self::default()
        })
    }

    /// The step of that number fails; with `lasting`, all after it too.
    pub(crate) fn at(step: i64, errno: i32, lasting: bool) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicI64::new(step),
            errno,
            lasting,
            ..Self::default()
        })
    }

    /// Every step of these names fails, and no other.
    pub(crate) fn every(only: &'static [&'static str], errno: i32) -> Arc<Self> {
        Self::every_from(0, only, errno)
    }

    /// Of the steps of these names every one fails from that number on, and no other step.
    pub(crate) fn every_from(step: i64, only: &'static [&'static str], errno: i32) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicI64::new(step),
            errno,
            lasting: true,
            only,
            ..Self::default()
        })
    }

    fn step(&self, what: &str, path: &Path) -> io::Result<()> {
        if !self.only.is_empty() && !self.only.contains(&what) {
            return Ok(());
        }
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        let fails = left == 0 || (self.lasting && left < 0);
        let notes = if fails { &self.failed } else { &self.done };
        notes.lock().unwrap().push(format!("{what} {}", path.display()));
        if fails {
            return Err(io::Error::from_raw_os_error(self.errno));
        }
        Ok(())
    }
}

struct Faulty(Arc<Plan>);

impl Files for Faulty {
    fn read(&self, path: &Path, limit: u64, user: u32) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        self.0
            .step("open", path)
            .and_then(|()| self.0.step("read", path))
            .map_err(Unreadable::Io)?;
        Disk.read(path, limit, user)
    }
    fn read_settings(&self, path: &Path, limit: u64, user: u32) -> Result<Vec<u8>, Unreadable> {
        self.0
            .step("open", path)
            .and_then(|()| self.0.step("read", path))
            .map_err(Unreadable::Io)?;
        Disk.read_settings(path, limit, user)
    }
    fn read_start(&self, path: &Path, limit: u64) -> io::Result<String> {
        self.0.step("open", path)?;
        Disk.read_start(path, limit)
    }
    fn create(&self, path: &Path) -> io::Result<File> {
        self.0.step("create", path)?;
        Disk.create(path)
    }
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        // A full disk takes a part before it says no.
        if let Err(error) = self.0.step("write", Path::new("")) {
            Disk.write(file, &bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        Disk.write(file, bytes)
    }
    fn sync(&self, file: &File) -> io::Result<()> {
        self.0.step("sync", Path::new(""))?;
        Disk.sync(file)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.step("rename", to)?;
        Disk.rename(from, to)
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.0.step("sync folder", path)?;
        Disk.sync_folder(path)
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.0.step("make folder", path)?;
        Disk.make_folder(path)
    }
    fn look(&self, path: &Path) -> io::Result<Facts> {
        self.0.step("look", path)?;
        Disk.look(path)
    }
    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.0.step("list", path)?;
        Disk.list(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.step("remove", path)?;
        Disk.remove(path)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.0.step("remove folder", path)?;
        Disk.remove_folder(path)
    }
    fn open_lock(&self, path: &Path, create: bool) -> io::Result<File> {
        self.0.step(if create { "create lock" } else { "open lock" }, path)?;
        Disk.open_lock(path, create)
    }
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.0.step("append", path)?;
        Disk.append(path, bytes)
    }
}

/// An authority that answers every refresh with a new pair of tokens.
#[derive(Default)]
pub(crate) struct Authority {
    minted: AtomicI64,
    /// How long each caller was ready to wait for its answer.
    pub(crate) waited: Mutex<Vec<Duration>>,
}

impl Authority {
    /// How many pairs it has answered.
    pub(crate) fn minted(&self) -> i64 {
        self.minted.load(Ordering::SeqCst)
    }
}

struct Answering(Arc<Authority>);

impl Http for Answering {
    fn send(&self, request: Request<'_>) -> Result<Response, Fault> {
        assert!(request.url.ends_with("/oauth2/v2.0/token"), "{}", request.url);
        self.0.waited.lock().unwrap().push(request.timeout);
        let number = self.0.minted.fetch_add(1, Ordering::SeqCst);
        let info = "eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ"; // {"uid":"u","utid":"t"}
        let body = format!(
            r#"{{"token_type":"Bearer","scope":"s","expires_in":4500,"access_token":"at-{number}","refresh_token":"rt-{number}","client_info":"{info}"}}"#
        );
        Ok(Response {
            status: 200,
            headers: Vec::new(),
            body: Zeroizing::new(body.into_bytes()),
        })
    }
}

struct Variables(HashMap<&'static str, String>);

impl Environment for Variables {
    fn var(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// The machine, with another user on it if one is named.
struct Machine {
    user: u32,
}

impl Platform for Machine {
    fn family(&self) -> Family {
        Family::Linux
    }
    fn user(&self) -> u32 {
        self.user
    }
    fn pid(&self) -> u32 {
        platform::System.pid()
    }
    fn home_by_password_database(&self) -> Option<PathBuf> {
        None
    }
}

struct Utc;

impl Zone for Utc {
    fn offset_at(&self, _: i64) -> i32 {
        0
    }
}

/// What was read and written.
#[derive(Default)]
pub(crate) struct Kept {
    input: Vec<u8>,
    pub(crate) out: Mutex<Vec<u8>>,
    pub(crate) err: Mutex<String>,
}

struct Keeping(Arc<Kept>);

impl Streams for Keeping {
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        read(&mut self.0.input.as_slice())
    }
    fn out(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.out.lock().unwrap().extend_from_slice(bytes);
        Ok(())
    }
    fn err(&self, text: &str) {
        self.0.err.lock().unwrap().push_str(text);
    }
    fn input_is_terminal(&self) -> bool {
        false
    }
    fn error_is_terminal(&self) -> bool {
        false
    }
}

/// There is no terminal, and nobody may open a browser.
struct Nobody;

impl Terminal for Nobody {
    fn is_there(&self) -> bool {
        false
    }
    fn say(&self, text: &str) -> io::Result<()> {
        panic!("nobody to tell: {text}")
    }
    fn read_line(&self, question: &str, _: Echo, _: usize, _: &mut dyn FnMut() -> bool) -> io::Result<Option<Secret>> {
        panic!("nobody to ask: {question}")
    }
}

impl Processes for Nobody {
    fn hand_over(&self, tool: &str, _: &[OsString]) -> Result<u8, Error> {
        panic!("nobody to hand over to: {tool}")
    }
    fn become_program(&self, program: &OsStr, _: &[OsString], _: &[(String, Secret)]) -> Result<u8, Error> {
        panic!("nobody to become: {}", program.display())
    }
    fn ask(&self, program: &Path, _: &[&str]) -> io::Result<(Option<i32>, String)> {
        panic!("nobody to ask: {}", program.display())
    }

    fn also(&self, tool: &str, _: &[OsString]) -> Result<(Option<i32>, String), Error> {
        panic!("nobody does it too: {tool}")
    }

    fn is_behind(&self, _: &str) -> bool {
        false
    }

    fn run_beside(&self, program: &OsStr, _: &[OsString], _: &[(&str, Secret)]) -> Result<Box<dyn Companion>, Error> {
        panic!("nobody runs {}", program.display())
    }
}

impl Browser for Nobody {
    fn open(&self, url: &str) -> Result<(), String> {
        panic!("nobody to look at {url}")
    }
}

/// One call within this process, as this user, with its logins in `home`: exit status, output, errors.
pub(crate) fn call(
    home: &Path,
    plan: &Arc<Plan>,
    authority: &Arc<Authority>,
    args: &[&str],
    input: &str,
) -> (u8, String, String) {
    let home = ("ENTRA_TOKEN_HOME", home.display().to_string());
    call_as(platform::System.user(), &[home], plan, authority, args, input)
}

/// One call within this process, as any user, with these variables.
pub(crate) fn call_as(
    user: u32,
    variables: &[(&'static str, String)],
    plan: &Arc<Plan>,
    authority: &Arc<Authority>,
    args: &[&str],
    input: &str,
) -> (u8, String, String) {
    let kept = Arc::new(Kept {
        input: input.as_bytes().to_vec(),
        ..Kept::default()
    });
    let world = World {
        clock: Box::new(clock::System),
        zone: Box::new(Utc),
        environment: Box::new(Variables(variables.iter().cloned().collect())),
        platform: Box::new(Machine { user }),
        random: Box::new(random::System),
        files: Box::new(Faulty(Arc::clone(plan))),
        http: Box::new(Answering(Arc::clone(authority))),
        loopback: Box::new(loopback::Machine),
        streams: Box::new(Keeping(Arc::clone(&kept))),
        terminal: Box::new(Nobody),
        browser: Box::new(Nobody),
        processes: Box::new(Nobody),
        links: Box::new(links::System),
        log: Log::new(None, 0),
    };
    let args = std::iter::once("entra-token")
        .chain(args.iter().copied())
        .map(OsString::from);
    let exit = entra_token::run(args, &world);
    let out = String::from_utf8(kept.out.lock().unwrap().clone()).unwrap();
    let err = kept.err.lock().unwrap().clone();
    (exit, out, err)
}
