//! A person at a terminal: the real program on a pseudo-terminal, as a job of a shell, so that Ctrl-C, Ctrl-Z and the
//! terminal's modes mean what they mean at home.
//!
//! ```text
//! let mut seat = bed.run(["login", "--paste"]).at_terminal();
//! seat.wait_for("paste the address");
//! assert!(!seat.echoes());
//! seat.type_line("http://localhost:1/?code=…");
//! seat.done().exits(0);
//! ```

use pty_process::blocking::{Command as OnTerminal, Pty};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long anything that must happen may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs one program as an interactive shell runs a job: in a process group of its own, in the foreground. It reports how
/// the job fares, and holds the terminal after the job has ended, since a terminal without a session forgets its modes.
///
/// The first argument is the status by which the shell says that Ctrl-Z stopped a job, the second what the program reads,
/// the others are the program.
const SHELL: &str = r#"
exec 3>&1
set -m
trap : INT QUIT
# bash ends at once if SIGINT ended its job.
trap 'echo 130 >&3; read -r _' EXIT
echo begins >&3
stopped=$1 input=$2
shift 2
"$@" <"$input" >/dev/tty 2>/dev/tty 3>&-
code=$?
while [ "$code" -eq "$stopped" ]; do
    echo stopped >&3
    read -r _ || exit
    fg >/dev/null
    code=$?
done
trap - EXIT
echo "$code" >&3
read -r _
"#;

/// A program that runs at a terminal.
pub(crate) struct Seat {
    shell: Child,
    orders: Option<ChildStdin>,
    reports: Receiver<String>,
    master: Arc<Pty>,
    /// The terminal's modes before the program ran.
    before: Termios,
    screen: Arc<Screen>,
    watchers: Vec<JoinHandle<()>>,
    /// How much of the screen was waited for.
    seen: usize,
    /// What the program reads, as long as it may.
    _given: Option<tempfile::NamedTempFile>,
}

impl Seat {
    /// Starts a program. Its three streams are the terminal, but for an `input` that it is given.
    pub(crate) fn start(
        program: &OsStr,
        args: &[OsString],
        variables: &[(OsString, OsString)],
        input: Option<&[u8]>,
    ) -> Self {
        let (master, slave) = pty_process::blocking::open().unwrap();
        master.resize(pty_process::Size::new(24, 80)).unwrap();
        let before = tcgetattr(&master).unwrap();
        let given = input.map(|bytes| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(bytes).unwrap();
            file
        });
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", SHELL, "sh", &(128 + Signal::TSTP.as_raw()).to_string()])
            .arg(given.as_ref().map_or_else(|| Path::new("/dev/tty"), |file| file.path()))
            .arg(program)
            .args(args)
            .env_clear()
            .env("TERM", "xterm-256color")
            .envs(variables.iter().map(|(name, value)| (name, value)));
        // Its error output is the terminal, which would count as hung up while nobody has it open.
        let mut shell = OnTerminal::from(shell)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn(slave)
            .unwrap();
        let master = Arc::new(master);
        let screen = Arc::new(Screen::default());
        let (reporter, reports) = mpsc::channel();
        let reported = BufReader::new(shell.stdout.take().unwrap());
        let watchers = vec![
            std::thread::spawn({
                let (master, screen) = (Arc::clone(&master), Arc::clone(&screen));
                move || screen.watch(&master)
            }),
            std::thread::spawn(move || {
                let lines = reported.lines().map_while(Result::ok);
                // Nobody listens any more once a test has failed.
                lines.for_each(|line| drop(reporter.send(line)));
            }),
        ];
        let seat = Self {
            orders: shell.stdin.take(),
            reports,
            shell,
            master,
            before,
            screen,
            watchers,
            seen: 0,
            _given: given,
        };
        assert_eq!(seat.report(), "begins");
        seat
    }

    /// Waits until a text appears after what was waited for before; line ends are `\n`.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_for_any(&[text]);
        self
    }

    /// Waits until one of several texts appears likewise: which of them comes first.
    #[track_caller]
    pub(crate) fn wait_for_any(&mut self, texts: &[&str]) -> usize {
        let until = Instant::now() + PATIENCE;
        let mut shown = self.screen.shown.lock().unwrap();
        loop {
            let now = shown.text();
            let found = texts.iter().enumerate().filter_map(|(which, text)| {
                let at = now[self.seen..].find(text)?;
                Some((at, which, text.len()))
            });
            if let Some((at, which, length)) = found.min() {
                self.seen += at + length;
                return which;
            }
            let left = until.saturating_duration_since(Instant::now());
            if shown.ended || left.is_zero() {
                drop(shown);
                panic!(
                    "none of {texts:?} appeared after\n{}\nbut\n{}",
                    &now[..self.seen],
                    &now[self.seen..]
                );
            }
            shown = self.screen.changed.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// What was shown up to the end of what was waited for; line ends are `\n`.
    pub(crate) fn seen(&self) -> String {
        let mut shown = self.screen();
        shown.truncate(self.seen);
        shown
    }

    /// Everything that was ever shown, the terminal's own control sequences included; line ends are `\n`.
    pub(crate) fn screen(&self) -> String {
        self.screen.shown.lock().unwrap().text()
    }

    /// Types, key by key as far as the program can tell.
    pub(crate) fn types(&mut self, text: impl AsRef<[u8]>) -> &mut Self {
        (&*self.master).write_all(text.as_ref()).unwrap();
        self
    }

    /// Types a line and presses Enter.
    pub(crate) fn type_line(&mut self, text: &str) -> &mut Self {
        self.types(text).types("\r")
    }

    /// Holds Ctrl and presses a letter.
    pub(crate) fn ctrl(&mut self, letter: char) -> &mut Self {
        let letter = u8::try_from(letter.to_ascii_uppercase()).unwrap();
        self.types([letter - b'@'])
    }

    /// Ctrl-C.
    pub(crate) fn ctrl_c(&mut self) -> &mut Self {
        self.ctrl('c')
    }

    /// Pastes, as a terminal does that marks pastes if the program wants it.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        // Terminals send line ends as the Enter key does.
        let text = text.replace('\n', "\r");
        match self.marks_pastes() {
            true => self.types(format!("\x1b[200~{text}\x1b[201~")),
            false => self.types(text),
        }
    }

    /// Whether the program has asked the terminal to mark pastes.
    pub(crate) fn marks_pastes(&self) -> bool {
        let screen = self.screen();
        screen.rfind("\x1b[?2004h") > screen.rfind("\x1b[?2004l")
    }

    /// Whether the terminal itself shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(&*self.master).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(self.job(), signal).unwrap();
        self
    }

    /// The process group in the foreground, which is named for the program.
    fn job(&self) -> Pid {
        tcgetpgrp(&*self.master).unwrap()
    }

    /// Waits until the program was stopped, as Ctrl-Z does it.
    #[track_caller]
    pub(crate) fn stopped(&mut self) -> &mut Self {
        assert_eq!(self.report(), "stopped", "{}", self.screen());
        self
    }

    /// Gives the terminal its first modes, as shells do when a job was stopped.
    pub(crate) fn sets_modes_back(&mut self) -> &mut Self {
        tcsetattr(&*self.master, OptionalActions::Now, &self.before).unwrap();
        self
    }

    /// Types `fg` into the shell.
    pub(crate) fn resumes(&mut self) -> &mut Self {
        self.orders.as_mut().unwrap().write_all(b"fg\n").unwrap();
        self
    }

    /// Whether the terminal's modes are those from before the program ran.
    pub(crate) fn is_restored(&self) -> bool {
        format!("{:?}", tcgetattr(&*self.master).unwrap()) == format!("{:?}", self.before)
    }

    /// Waits for the end of a program that cannot leave the terminal as it was: its exit status.
    #[track_caller]
    pub(crate) fn ended(self) -> i32 {
        let report = self.report();
        report
            .parse()
            .unwrap_or_else(|_| panic!("`{report}`\n{}", self.screen()))
    }

    /// Waits for the end of the program, which must leave the terminal as it was.
    #[track_caller]
    pub(crate) fn done(mut self) -> Left {
        let report = self.report();
        let exit = report
            .parse()
            .unwrap_or_else(|_| panic!("`{report}`\n{}", self.screen()));
        // At once: they are forgotten when the shell ends.
        let modes = (
            format!("{:?}", tcgetattr(&*self.master).unwrap()),
            format!("{:?}", self.before),
        );
        drop(self.orders.take());
        self.shell.wait().unwrap();
        self.watchers.drain(..).for_each(|watcher| watcher.join().unwrap());
        let screen = self.screen();
        assert_eq!(modes.0, modes.1, "the terminal is not as it was before\n{screen}");
        assert!(!self.marks_pastes(), "the terminal still marks pastes\n{screen}");
        Left { exit, screen }
    }

    /// The next line of the shell.
    #[track_caller]
    fn report(&self) -> String {
        self.reports
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|why| panic!("the program does not end: {why}\n{}", self.screen()))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.watchers.is_empty() {
            return;
        }
        // A test has failed. The program is in the foreground; if it is not, the shell's end ends it.
        if let Ok(job) = tcgetpgrp(&*self.master) {
            let _ = kill_process_group(job, Signal::KILL);
        }
        let _ = self.shell.kill();
        let _ = self.shell.wait();
        for watcher in self.watchers.drain(..) {
            let _ = watcher.join();
        }
    }
}

/// What the terminal shows.
#[derive(Default)]
struct Screen {
    shown: Mutex<Shown>,
    changed: Condvar,
}

#[derive(Default)]
struct Shown {
    /// Everything that was ever written to it.
    bytes: Vec<u8>,
    /// Nobody has it open any more.
    ended: bool,
}

impl Shown {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).replace("\r\n", "\n")
    }
}

impl Screen {
    /// Until nobody has the terminal open any more, which Linux tells by an error.
    fn watch(&self, mut master: &Pty) {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = master.read(&mut bytes) {
            self.shown.lock().unwrap().bytes.extend_from_slice(&bytes[..count]);
            self.changed.notify_all();
        }
        self.shown.lock().unwrap().ended = true;
        self.changed.notify_all();
    }
}

/// What a program left behind.
pub(crate) struct Left {
    /// As a shell tells it: 128 and the number of the signal, if one ended it.
    pub(crate) exit: i32,
    /// Everything that was ever shown; line ends are `\n`.
    pub(crate) screen: String,
}

impl Left {
    /// It must have ended so: everything that was ever shown.
    #[track_caller]
    pub(crate) fn exits(self, exit: i32) -> String {
        assert_eq!(self.exit, exit, "{}", self.screen);
        self.screen
    }
}
