//! A sign-in that waits in a process of its own, so that its memory and its descriptors are its own as well. It is this
//! very test program, which is told by a variable that it is not to attack but to listen.

use entra_token::flow::redirect::{Expected, Verdict, judge};
use entra_token::secret::Secret;
use entra_token::world::World;
use entra_token::world::loopback::Limits;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// What the answer must carry.
pub(super) const STATE: &str = "the-state-of-this-sign-in";

const VARIABLE: &str = "LISTENER_TEST_VICTIM";

/// A sign-in that waits.
pub(super) struct Victim {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(super) port: u16,
}

/// How it went.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Requests that were whole, and not the answer.
    pub(super) strays: usize,
    /// The fingerprint of the code.
    pub(super) code: String,
    /// By how much the most memory that it ever held has grown since the wait began.
    pub(super) growth_kib: usize,
}

impl Victim {
    /// Starts the test of that name in another process, which must call [`listen_if_told`] first.
    pub(super) fn start(test: &str, descriptors: usize) -> Self {
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -n {descriptors} && exec \"$0\" --exact \"$1\""))
            .arg(std::env::current_exe().unwrap())
            .arg(format!("listener::{test}"))
            .env(VARIABLE, "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let port = word(&mut output, "port ").parse().unwrap();
        Self { child, output, port }
    }

    /// How it went, once it is over.
    pub(super) fn outcome(mut self) -> Outcome {
        let outcome = Outcome {
            strays: word(&mut self.output, "strays ").parse().unwrap(),
            code: word(&mut self.output, "code "),
            growth_kib: word(&mut self.output, "growth ").parse().unwrap(),
        };
        assert!(self.child.wait().unwrap().success());
        outcome
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rest of the next line that begins so.
fn word(output: &mut impl BufRead, begin: &str) -> String {
    let lines = output.lines();
    let mut told = lines.filter_map(|line| Some(line.unwrap().strip_prefix(begin)?.to_owned()));
    told.next().expect("the victim ended before it told")
}

/// In the victim: waits as a sign-in does, tells how it went, and returns true.
pub(super) fn listen_if_told() -> bool {
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let world = World::real();
    let mut listener = world.loopback.listen(0, &Limits::SIGN_IN).unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "\nport {}", listener.port()).unwrap();
    let before = most_memory_kib();
    let expected = Expected {
        state: Secret::new(STATE.into()),
    };
    let (mut strays, mut code) = (0, None);
    let last = listener
        .serve(
            Duration::from_secs(300),
            &mut |request| match judge(&expected, request) {
                Verdict::NotOurs(reply) => {
                    strays += 1;
                    reply
                }
                Verdict::Code(granted, reply) => {
                    code = Some(granted.code.fingerprint());
                    reply
                }
                Verdict::Refused(_, _) | Verdict::Nonsense(..) => panic!("an attacker ended the wait"),
            },
        )
        .unwrap();
    assert!(last, "nobody came");
    let growth = most_memory_kib() - before;
    writeln!(
        out,
        "\nstrays {strays}\ncode {}\ngrowth {growth}",
        code.unwrap().as_str()
    )
    .unwrap();
    true
}

/// The most memory that this process ever held, where the kernel tells it.
fn most_memory_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default()
}
