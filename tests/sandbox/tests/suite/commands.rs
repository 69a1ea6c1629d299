//! The program: `serve`, `run` and `try`, as a shell sees them.
#![expect(clippy::disallowed_methods, reason = "the program is tested as a process of its own")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use entra_sandbox::{Error, Result};
use serde_json::Value;

#[test]
fn serve_says_where_everything_is_and_ends_with_its_input() -> Result<()> {
    let mut child = program(&["serve", "--lifetime", "10m"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).map_err(failed)?;
    }
    let said: Value = serde_json::from_str(&line).unwrap_or_default();
    for member in ["authority", "workspace", "authority_unknown_ca", "authority_wrong_name"] {
        assert!(
            said[member]
                .as_str()
                .is_some_and(|url| url.starts_with("https://localhost:")),
            "{member}"
        );
    }
    for member in ["authority_http", "workspace_http", "control"] {
        assert!(
            said[member]
                .as_str()
                .is_some_and(|url| url.starts_with("http://localhost:")),
            "{member}"
        );
    }
    for user in said["users"].as_array().into_iter().flatten() {
        assert!(said["refresh_tokens"][user.as_str().unwrap_or_default()].is_string());
    }
    let ca = said["ca_file"].as_str().unwrap_or_default().to_owned();
    assert!(std::fs::read_to_string(&ca).is_ok_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE-----")));
    drop(child.stdin.take());
    assert!(child.wait().map_err(failed)?.success());
    assert!(!Path::new(&ca).exists());
    Ok(())
}

#[test]
fn run_gives_a_command_all_it_needs_and_takes_its_code() -> Result<()> {
    let script = r#"
        [ "$HOME/.entra-token" = "$ENTRA_TOKEN_HOME" ] && [ "$SSL_CERT_FILE" = "$ENTRA_SANDBOX_CA_FILE" ] || exit 1
        [ -z "${AZURE_TENANT_ID+set}" ] && [ -n "$ENTRA_SANDBOX_REFRESH_TOKEN" ] || exit 2
        grep -qF "name = \"$ENTRA_SANDBOX_WORKSPACE\"" "$ENTRA_TOKEN_HOME/config.toml" || exit 3
        ls -ld "$HOME" | grep -q '^drwx------' || exit 4
        echo "$HOME"; exit 42"#;
    let output = done(program(&["run", "sh", "-c", script]).env("AZURE_TENANT_ID", "x"))?;
    assert_eq!(output.status.code(), Some(42), "{output:?}");
    let home = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(!home.is_empty() && !Path::new(&home).exists());
    Ok(())
}

#[test]
fn a_command_that_a_signal_ended_is_told_as_shells_tell_it() -> Result<()> {
    let output = done(&mut program(&["run", "--", "sh", "-c", "kill -9 $$"]))?;
    assert_eq!(output.status.code(), Some(137));
    Ok(())
}

#[test]
fn try_fails_where_the_promise_is_not_kept() -> Result<()> {
    // `true` takes the sign-in and prints no token.
    let output = done(&mut program(&["try", "--binary", "/usr/bin/true"]))?;
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("$ echo \"$REFRESH_TOKEN\" | entra-token login --refresh-token-stdin --host https://"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("reading the answer of `get`"));
    Ok(())
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entra-sandbox"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn done(command: &mut Command) -> Result<Output> {
    command.output().map_err(failed)
}

fn failed(error: std::io::Error) -> Error {
    Error::new("running the program", error)
}
