//! The Databricks CLI, as far as the Databricks SDKs ask it for tokens: `auth token`, `auth env`, `auth profiles`,
//! `auth describe` and `version`. Everything else is for the real one.

mod args;
mod describe;
mod env;
mod profiles;
mod refusal;
mod target;
mod token;
mod version;

use super::{Call, Face, Outcome, Services};
use args::Args;
use refusal::Refusal;
use std::ffi::OsString;

/// The tool that we stand in for.
const TOOL: &str = "databricks";

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &[TOOL],
    links: &[TOOL],
    is_verb: false,
    claims,
    about: "the Databricks CLI: `auth token`, `auth env`, `auth profiles`, `auth describe`, `version`",
    variables: &[
        "DATABRICKS_CONFIG_FILE",
        "DATABRICKS_CONFIG_PROFILE",
        "DATABRICKS_HOST",
        "DATABRICKS_OUTPUT_FORMAT",
        "ARM_TENANT_ID",
    ],
    margin: 0,
    forbidden: &[
        "not found",
        "No subscription found",
        "executable file not found",
        "is not recognized",
        refusal::NEXT,
        "unknown flag: --profile",
    ],
    run,
};

/// What the Python SDK runs after it has resolved a link of that name to us.
fn claims(args: &[OsString]) -> bool {
    let words: Vec<_> = args.iter().map(|word| word.to_string_lossy()).collect();
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        ["version"] => true,
        ["version", "-o" | "--output", "json" | "text"] | ["version", "--output=json" | "--output=text"] => true,
        // azd has an `auth token` too, which always says for what and never for which workspace.
        ["auth", verb, rest @ ..] => {
            let is_azd = |word: &&str| {
                ["--no-prompt", "--scope", "--tenant-id", "--claims", "--tenant"]
                    .iter()
                    .any(|flag| word.split('=').next() == Some(flag))
            };
            let known = ["token", "env", "profiles", "describe", "login", "logout", "switch"];
            known.contains(verb) && !rest.iter().any(is_azd)
        }
        _ => false,
    }
}

fn run(call: &mut Call<'_>, services: &Services<'_>) -> Outcome {
    let args = match Args::read(call.args) {
        Ok(args) => args,
        Err(why) => {
            let said = call.args.iter().take(2).map(|word| word.to_str().unwrap_or_default());
            return match said.collect::<Vec<_>>().as_slice() {
                ["version", ..] | ["auth", "token" | "env" | "profiles" | "describe"] => {
                    Refusal::Wrong(why).outcome(call)
                }
                _ => Outcome::Forward(TOOL),
            };
        }
    };
    if args.help || args.target.is_some() {
        return Outcome::Forward(TOOL);
    }
    let words: Vec<_> = args.words.iter().map(String::as_str).collect();
    let answer = match words.as_slice() {
        [] if args.version => Ok(version::text()),
        ["version"] => Ok(version::answer(&args, call)),
        ["auth", "token"] => return token::run(call, services, &args, None),
        ["auth", "token", named] => return token::run(call, services, &args, Some(named)),
        ["auth", "token", ..] => Err(Refusal::Wrong("accepts at most 1 arg".to_owned())),
        ["auth", "env"] => env::answer(call, services, &args),
        ["auth", "profiles"] => return profiles::run(call, services, &args),
        ["auth", "describe"] => return describe::run(call, services, &args),
        _ => return Outcome::Forward(TOOL),
    };
    match answer {
        Ok(out) => call.done(out.as_bytes()),
        Err(refusal) => refusal.outcome(call),
    }
}

/// The output of the CLI is JSON if a flag or, for want of one, its variable says so.
fn wants_json(args: &Args, call: &Call<'_>) -> bool {
    match (args.json, call.variable("DATABRICKS_OUTPUT_FORMAT")) {
        (Some(json), _) => json,
        (None, Some(word)) => word.eq_ignore_ascii_case("json"),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests;
