//! `az`, as far as others call it for tokens: its bytes, its exit statuses, its words on standard error. What is not
//! answered here is for the real one, if it stands behind us on `PATH`.

mod account;
mod cloud;
mod fault;
mod lookup;
mod options;
mod output;
mod sign_in;
mod token;
mod version;

use super::{Also, Call, Face, Outcome, Services};
use crate::clouds::authority_of_cloud;
use crate::request::{Ask, Authority, Selectors};
use fault::Fault;
use options::{Options, Spec, Wrong};
use output::{Output, Reply};
use std::cell::OnceCell;
use std::ffi::OsString;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["az"],
    links: &["az"],
    is_verb: false,
    claims,
    about: "answer as the Azure CLI: tokens, accounts, clouds; all else goes to the real one",
    variables: &["AZURE_CORE_OUTPUT", "AZURE_CORE_ONLY_SHOW_ERRORS", "AZURE_CLOUD_NAME"],
    margin: 0,
    forbidden: &[
        // Databricks SDKs: no `az` is installed, so go on without a word.
        "not found",
        "executable file not found",
        "is not recognized",
        "No subscription found",
        "databricks OAuth is not",
        // azure-identity for .NET: a crash of the CLI.
        "CLIInternalError",
    ],
    run,
};

/// A command that is answered.
struct Command {
    /// Its words.
    words: &'static [&'static str],
    /// Its own options, besides those that every command has.
    options: &'static [Spec],
    /// What the real az, if it stands behind us, does too, so that its own commands see the same.
    too: Too,
    run: fn(&Request<'_>) -> Result<Reply, Fault>,
}

/// What the real az does of a command that was answered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Too {
    /// Nothing: it only tells.
    Nothing,
    /// The same, quietly; these words of it are no failure, and whether another failure is one of the call.
    Quietly(&'static [&'static str], bool),
    /// The same, and it is what answers.
    AndAnswers,
}

const COMMANDS: &[Command] = &[
    token::COMMAND,
    account::SHOW,
    account::LIST,
    account::SET,
    account::CLEAR,
    cloud::SHOW,
    cloud::LIST,
    cloud::SET,
    sign_in::LOGIN,
    sign_in::LOGOUT,
    version::COMMAND,
];

/// One call of a command that is answered.
struct Request<'a> {
    call: &'a Call<'a>,
    services: &'a Services<'a>,
    options: Options,
    /// The cloud that is named, once it was looked up.
    cloud: OnceCell<Option<Authority>>,
}

impl Request<'_> {
    /// An empty wish, at the cloud that is named.
    fn ask(&self) -> Result<Ask, Fault> {
        Ok(Ask {
            door: Selectors {
                authority: self.cloud()?,
                ..Selectors::default()
            },
            ..Ask::default()
        })
    }

    /// The cloud that is named, by the environment or by `cloud set`.
    fn cloud(&self) -> Result<Option<Authority>, Fault> {
        if let Some(cloud) = self.cloud.get() {
            return Ok(cloud.clone());
        }
        let cloud = match self.call.variable("AZURE_CLOUD_NAME") {
            Some(name) => Some(authority_of_cloud(name).ok_or_else(|| cloud::unknown(name))?),
            None => {
                let chosen = self.services.choice.cloud();
                chosen.map_err(|error| fault::of(&error, None))?
            }
        };
        Ok(self.cloud.get_or_init(|| cloud).clone())
    }

    /// Whether the real az stands behind us.
    fn is_before_another(&self) -> bool {
        (self.call.is_behind)("az")
    }

    /// Tells what is no error, unless nobody wants to hear it.
    fn warn(&self, text: &str) {
        let variable = self.call.variable("AZURE_CORE_ONLY_SHOW_ERRORS").unwrap_or_default();
        let silent = ["1", "yes", "true", "on"]
            .iter()
            .any(|yes| variable.eq_ignore_ascii_case(yes));
        if !silent && !self.options.has("--only-show-errors") {
            self.call.io.say(&format!("WARNING: {text}"));
        }
    }
}

/// Some callers resolve a link before they run it. Of the words that `databricks` has too, only az's own options are taken.
fn claims(args: &[OsString]) -> bool {
    let words: Vec<_> = args.iter().map(|arg| arg.to_str().unwrap_or_default()).collect();
    match words.as_slice() {
        ["account" | "cloud", ..] => true,
        ["version", options @ ..] => options
            .iter()
            .any(|option| option.starts_with("-o=") || *option == "--only-show-errors" || *option == "--query"),
        _ => false,
    }
}

fn run(call: &mut Call<'_>, services: &Services<'_>) -> Outcome {
    let words: Option<Vec<&str>> = call.args.iter().map(|arg| arg.to_str()).collect();
    let Some(words) = words else {
        return Outcome::Forward("az");
    };
    if let ["--version" | "-v", ..] = words.as_slice() {
        return Outcome::Done(write(call, version::text().as_bytes()));
    }
    let Some(command) = COMMANDS.iter().find(|command| words.starts_with(command.words)) else {
        return Outcome::Forward("az");
    };
    let is_before_another = || (call.is_behind)("az");
    match answered(command, &words[command.words.len()..], call, services) {
        Ok(Some(exit)) => match command.too {
            Too::Quietly(excused, must_succeed) if is_before_another() => Outcome::Also(Also {
                tool: "az",
                excused,
                must_succeed,
                exit,
            }),
            Too::AndAnswers if is_before_another() => Outcome::Then("az", exit),
            _ => Outcome::Done(exit),
        },
        Ok(None) => Outcome::Forward("az"),
        // A person who has just signed in, or tried to, is told.
        Err(fault)
            if command.too == Too::AndAnswers
                && !fault.is_for_another
                && fault.exit != fault::USAGE
                && is_before_another() =>
        {
            call.io.say(&fault.text);
            Outcome::Then("az", fault.exit)
        }
        // What is not known here may be known there; but a call that is wrong is wrong everywhere.
        Err(fault)
            if fault.is_for_another || !(fault.is_final || fault.exit == fault::USAGE) && is_before_another() =>
        {
            Outcome::ForwardElse("az", fault.text, fault.exit)
        }
        Err(fault) => {
            call.io.say(&fault.text);
            Outcome::Done(fault.exit)
        }
    }
}

/// The exit status; nothing if the real one is to answer.
fn answered(command: &Command, rest: &[&str], call: &Call<'_>, services: &Services<'_>) -> Result<Option<u8>, Fault> {
    let options = Options::parse(command.words, command.options, rest).map_err(|wrong| match wrong {
        // A newer az may know what we do not.
        Wrong::Unknown(what) => fault::usage(&format!("unrecognized arguments: {what}")).for_another(),
        Wrong::Bad(what) => fault::usage(&what),
    })?;
    if options.has("--help") {
        return Ok(None);
    }
    let output = Output::of(&options, call)?;
    let request = Request {
        call,
        services,
        options,
        cloud: OnceCell::new(),
    };
    let reply = (command.run)(&request)?;
    if command.too == Too::AndAnswers && request.is_before_another() {
        return Ok(Some(0));
    }
    let bytes = output.bytes(reply)?;
    Ok(Some(write(call, &bytes)))
}

fn write(call: &Call<'_>, bytes: &[u8]) -> u8 {
    if bytes.is_empty() {
        return 0;
    }
    call.io
        .answer(bytes)
        .map_or_else(|error| call.unwritten(&error), |()| 0)
}

#[cfg(test)]
mod tests;
