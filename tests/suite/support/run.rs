//! One call of the program. What a test does not mention must be empty.

use super::Seat;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, PipeReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

/// A call that is being prepared.
pub(crate) struct Run {
    program: PathBuf,
    args: Vec<OsString>,
    folder: Option<PathBuf>,
    env: Vec<(OsString, OsString)>,
    stdin: Input,
    stdout: Output,
}

enum Input {
    Nothing,
    Text(Vec<u8>),
    From(PipeReader),
}

enum Output {
    Kept,
    To(String),
    Closed,
}

impl Run {
    pub(crate) fn new<'a>(args: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            program: env!("CARGO_BIN_EXE_entra-token").into(),
            args: args.into_iter().map(OsString::from).collect(),
            folder: None,
            env: Vec::new(),
            stdin: Input::Nothing,
            stdout: Output::Kept,
        }
    }

    /// Starts it by another name: a link to it.
    pub(crate) fn by(mut self, link: &Path) -> Self {
        self.program = link.to_owned();
        self
    }

    /// With more arguments.
    pub(crate) fn and<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.args.extend(args.into_iter().map(OsString::from));
        self
    }

    /// Starts it in that folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.retain(|(have, _)| have != name);
        self.env.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// Takes a variable away again.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.retain(|(have, _)| have != name);
        self
    }

    /// What it reads.
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = Input::Text(text.as_ref().to_vec());
        self
    }

    /// What it reads from, for as long as it is open.
    pub(crate) fn stdin_from(mut self, pipe: PipeReader) -> Self {
        self.stdin = Input::From(pipe);
        self
    }

    /// Writes its standard output to a device.
    pub(crate) fn stdout_to(mut self, path: &str) -> Self {
        self.stdout = Output::To(path.to_owned());
        self
    }

    /// Nobody reads its standard output.
    pub(crate) fn stdout_closed(mut self) -> Self {
        self.stdout = Output::Closed;
        self
    }

    /// Starts it and goes on.
    pub(crate) fn spawn(self) -> Running {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .env_clear()
            .envs(self.env)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // In the background of the terminal that the tests are run from: nobody there is to be asked.
            .process_group(0);
        if let Some(folder) = self.folder {
            command.current_dir(folder);
        }
        let text = match self.stdin {
            Input::Nothing => {
                command.stdin(Stdio::null());
                None
            }
            Input::Text(text) => {
                command.stdin(Stdio::piped());
                Some(text)
            }
            Input::From(pipe) => {
                command.stdin(pipe);
                None
            }
        };
        match &self.stdout {
            Output::Kept => {}
            Output::To(path) => {
                command.stdout(std::fs::OpenOptions::new().write(true).open(path).unwrap());
            }
            Output::Closed => {
                let (reader, writer) = std::io::pipe().unwrap();
                drop(reader);
                command.stdout(writer);
            }
        }
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        if let (Some(text), Some(mut pipe)) = (text, child.stdin.take()) {
            // A program that does not read to the end closes the pipe.
            let _ = pipe.write_all(&text);
        }
        let told = BufReader::new(child.stderr.take().unwrap());
        Running {
            child,
            told,
            heard: String::new(),
            began,
            args: self.args,
        }
    }

    /// Starts it as a person does, at a terminal; its three streams are that terminal, but for an input that was given.
    pub(crate) fn at_terminal(self) -> Seat {
        let text = match &self.stdin {
            Input::Nothing => None,
            Input::Text(text) => Some(text.as_slice()),
            Input::From(_) => panic!("a person's program reads no pipe of the test's"),
        };
        Seat::start(self.program.as_ref(), &self.args, &self.env, text)
    }

    /// Runs it to its end.
    pub(crate) fn done(self) -> Done {
        self.spawn().done()
    }

    /// Must succeed silently: standard output.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        self.done().ok()
    }

    /// Must fail with an exit status and nothing on standard output: standard error.
    #[track_caller]
    pub(crate) fn fails(self, exit: i32) -> String {
        self.done().fails(exit)
    }
}

/// A call that was started.
pub(crate) struct Running {
    child: Child,
    told: BufReader<ChildStderr>,
    /// What was read of it.
    heard: String,
    began: Instant,
    args: Vec<OsString>,
}

impl Running {
    pub(crate) fn done(self) -> Done {
        let (mut told, mut heard) = (self.told, self.heard);
        // At the same time as the other one: a pipe that nobody reads stops its writer.
        let reader = std::thread::spawn(move || {
            told.read_to_string(&mut heard).unwrap();
            heard
        });
        let output = self.child.wait_with_output().unwrap();
        Done {
            exit: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: reader.join().unwrap(),
            took: self.began.elapsed(),
            args: self.args,
        }
    }

    /// Reads standard error up to a line that holds this text: all of it so far.
    #[track_caller]
    pub(crate) fn hears(&mut self, text: &str) -> &str {
        assert!(self.may_hear(text), "no `{text}` in\n{}", self.heard);
        &self.heard
    }

    /// The same, unless it ends before: whether that line came.
    pub(crate) fn may_hear(&mut self, text: &str) -> bool {
        loop {
            let start = self.heard.len();
            if self.told.read_line(&mut self.heard).unwrap() == 0 {
                return false;
            }
            if self.heard[start..].contains(text) {
                return true;
            }
        }
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// A call that has ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) exit: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) took: Duration,
    args: Vec<OsString>,
}

impl Done {
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(
            (self.exit, self.err.as_str()),
            (Some(0), ""),
            "{:?}\n{}",
            self.args,
            self.out
        );
        self.out
    }

    #[track_caller]
    pub(crate) fn fails(self, exit: i32) -> String {
        assert_eq!(
            (self.exit, self.out.as_str()),
            (Some(exit), ""),
            "{:?}\n{}",
            self.args,
            self.err
        );
        self.err
    }
}
