//! `try`: the main job of entra-token, shown in half a minute. What it should do is compared with what it does.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: running entra-token and timing it is its purpose"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Args;
use entra_sandbox::{ANA, AZURE_CLI, Error, Lifetime, Options, Result, Sandbox};
use serde_json::Value;

use crate::command::home::Home;
use crate::command::{binary, show};

/// Seconds that a token lives: it expires while one watches.
const LIFE: u64 = 8;
/// How many processes ask at once.
const CALLERS: usize = 20;

/// Show what entra-token does, on this machine, without an account
#[derive(Args)]
pub(crate) struct Try {
    /// The entra-token to show; the one beside this program if not given, built first if it is not there
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// A step: what it says above its output, and what it does.
type Step = (&'static str, fn(&mut Stage) -> Result<()>);

const STEPS: &[Step] = &[
    (
        "Sign in once (here with a refresh token of the sandbox in place of a browser)",
        sign_in,
    ),
    ("Get a token", get),
    ("Get it again: no network, no wait", get_again),
    (
        "Let it expire, then 20 programs ask at the same time: one refresh",
        race,
    ),
    ("Call the workspace with it", call_workspace),
    (
        "The login dies (unused for 90 days): the message says what to do",
        dead_login,
    ),
    ("See what is there", status),
    ("Sign out", sign_out),
];

/// What the steps share.
struct Stage {
    sandbox: Sandbox,
    binary: PathBuf,
    environment: Vec<(&'static str, std::ffi::OsString)>,
    /// The last answer of `get`.
    token: Value,
}

pub(crate) fn demonstrate(arguments: &Try) -> Result<ExitCode> {
    let Try { binary } = arguments;
    let binary = binary::find_or_build(binary.as_deref())?;
    let sandbox = Sandbox::start(Options::default())?;
    sandbox.set_lifetime(Lifetime::seconds(LIFE));
    let home = Home::prepare(&sandbox, None)?;
    let environment = home.environment(
        &sandbox.description(),
        binary.parent().unwrap_or_else(|| Path::new(".")),
    );
    let mut stage = Stage {
        sandbox,
        binary,
        environment,
        token: Value::Null,
    };
    for (index, (what, act)) in STEPS.iter().enumerate() {
        show::step(index + 1, what);
        act(&mut stage)?;
    }
    show::closing("Everything above ran against an Entra ID and a workspace on 127.0.0.1, which are gone now.");
    Ok(ExitCode::SUCCESS)
}

fn sign_in(stage: &mut Stage) -> Result<()> {
    let refresh_token = stage.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
    let host = stage.sandbox.workspace();
    stage.run(
        &["login", "--refresh-token-stdin", "--host", &host],
        Some(&refresh_token),
        0,
    )?;
    Ok(())
}

fn get(stage: &mut Stage) -> Result<()> {
    let output = stage.run(&["get"], None, 0)?;
    stage.token =
        serde_json::from_slice(&output.stdout).map_err(|error| Error::new("reading the answer of `get`", error))?;
    Ok(())
}

fn get_again(stage: &mut Stage) -> Result<()> {
    show::command("entra-token get    # again and again");
    let before = stage.sandbox.token_requests();
    let mut times = Vec::new();
    // Not for long: the token is soon to expire.
    let begin = Instant::now();
    while times.len() < 50 && begin.elapsed() < Duration::from_millis(1500) {
        let start = Instant::now();
        let output = stage.command(&["get"]).output().map_err(running)?;
        times.push(start.elapsed());
        expect(output.status.code() == Some(0), "a warm `get` succeeds")?;
    }
    times.sort();
    let requests = stage.sandbox.token_requests() - before;
    show::remark(&format!(
        "{} times, fastest {:.1} ms, median {:.1} ms; requests to Entra: {requests}",
        times.len(),
        times[0].as_secs_f64() * 1e3,
        times[times.len() / 2].as_secs_f64() * 1e3
    ));
    expect(requests == 0, "a warm `get` does not use the network")
}

fn race(stage: &mut Stage) -> Result<()> {
    stage.wait_until_expired()?;
    show::command(&format!("for i in $(seq {CALLERS}); do entra-token get & done; wait"));
    stage.sandbox.clear_log();
    let children: Vec<Child> = (0..CALLERS)
        .map(|_| {
            stage
                .command(&["get"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
        })
        .collect::<std::io::Result<_>>()
        .map_err(running)?;
    let mut tokens = Vec::new();
    for child in children {
        let output = child.wait_with_output().map_err(running)?;
        show::output(&String::from_utf8_lossy(&output.stderr));
        let token: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if token["access_token"].is_string() {
            tokens.push(token);
        }
    }
    let served = tokens.len();
    stage.token = tokens.pop().unwrap_or_default();
    tokens.retain(|token| token["access_token"] != stage.token["access_token"]);
    let requests = stage.sandbox.token_requests();
    show::remark(&format!(
        "{served} programs have a token; requests to Entra: {requests}"
    ));
    expect(served == CALLERS, "every program gets a token")?;
    expect(tokens.is_empty(), "every program gets the same token")?;
    expect(requests == 1, "one refresh serves all programs")
}

fn call_workspace(stage: &mut Stage) -> Result<()> {
    let url = format!("{}/api/2.0/clusters/list", stage.sandbox.workspace());
    show::command(&format!("entra-token get -o curl | curl -K - {url}"));
    let answer = stage
        .sandbox
        .client()?
        .get(&url, stage.token["access_token"].as_str())?;
    show::output(&String::from_utf8_lossy(&answer.body));
    show::remark(&format!("HTTP {}", answer.status));
    expect(answer.status == 200, "the workspace takes the token")
}

fn dead_login(stage: &mut Stage) -> Result<()> {
    stage.sandbox.kill_all_refresh_tokens(700_082);
    stage.wait_until_expired()?;
    stage.run(&["get"], None, 4)?;
    Ok(())
}

fn status(stage: &mut Stage) -> Result<()> {
    stage.run(&["status"], None, 0)?;
    Ok(())
}

fn sign_out(stage: &mut Stage) -> Result<()> {
    stage.run(&["logout"], None, 0)?;
    stage.run(&["get"], None, 3)?;
    Ok(())
}

impl Stage {
    /// Runs entra-token before the audience; an exit code other than `code` ends the show.
    fn run(&self, arguments: &[&str], stdin: Option<&str>, code: i32) -> Result<Output> {
        let pipe = if stdin.is_some() {
            "echo \"$REFRESH_TOKEN\" | "
        } else {
            ""
        };
        show::command(&format!("{pipe}entra-token {}", arguments.join(" ")));
        let mut command = self.command(arguments);
        command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(running)?;
        if let (Some(text), Some(mut pipe)) = (stdin, child.stdin.take()) {
            // A program that does not read is seen by its exit code.
            let _ = writeln!(pipe, "{text}");
        }
        let output = child.wait_with_output().map_err(running)?;
        show::output(&String::from_utf8_lossy(&output.stdout));
        show::output(&String::from_utf8_lossy(&output.stderr));
        let is = output.status.code();
        if code != 0 && is == Some(code) {
            show::remark(&format!("exit code {code}"));
        }
        if is == Some(code) {
            return Ok(output);
        }
        let is = is.map_or_else(|| "a signal".to_owned(), |is| is.to_string());
        Err(Error::new(
            "this step",
            format!("exit code {code} was expected, {is} came"),
        ))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).env_clear().stdin(Stdio::null());
        let environment = self.environment.iter().cloned();
        command.envs(environment.filter(|(name, _)| !name.starts_with("ENTRA_SANDBOX_")));
        command
    }

    /// Waits until the token at hand has expired.
    fn wait_until_expired(&self) -> Result<()> {
        let expires_on = self.token["expires_on"].as_u64();
        let expires_on = expires_on.ok_or_else(|| Error::new("reading the answer of `get`", "no `expires_on`"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let until = Duration::from_secs(expires_on + 1);
        thread::sleep(until.saturating_sub(now));
        Ok(())
    }
}

/// Ends the show if what was promised is not what was seen.
fn expect(seen: bool, promise: &'static str) -> Result<()> {
    seen.then_some(()).ok_or_else(|| Error::new("not as promised", promise))
}

fn running(error: std::io::Error) -> Error {
    Error::new("running entra-token", error)
}
