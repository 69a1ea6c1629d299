//! `browse`: a browser without a window, in which a user of the sandbox signs in: good as `$BROWSER` inside of `run`.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: it is told by variables where the sandbox is"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use entra_sandbox::{Client, Error, Person, Result, User};

/// Sign in at an address as a person would: names, passwords, second factors and consents are filled in
#[derive(Args)]
pub(crate) struct Browse {
    /// Who signs in; the user of `run` if not given
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The code that a device shows
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Stop before the browser comes back to a waiting program, and print that address
    #[arg(long)]
    address: bool,
    /// The address to open
    url: String,
}

#[expect(clippy::print_stdout, reason = "printing the address is its purpose")]
pub(crate) fn browse(arguments: &Browse) -> Result<ExitCode> {
    let Browse {
        user,
        code,
        address,
        url,
    } = arguments;
    let name = user.clone().map_or_else(|| variable("USER"), Ok)?;
    let user = User::named(&name).ok_or_else(|| Error::new("signing in", format!("no user `{name}`")))?;
    let client = Client::trusting_file(&PathBuf::from(variable("CA_FILE")?))?;
    let mut person = Person::new(client, &variable("AUTHORITY")?, &variable("CONTROL")?, user);
    if let Some(code) = code {
        person = person.with_code(code);
    }
    if *address {
        println!("{}", person.address(url)?);
        return Ok(ExitCode::SUCCESS);
    }
    let page = person.visit(url)?;
    if page.status < 400 {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Error::new(
        format!("signing in at {url}"),
        format!("the last page has status {}", page.status),
    ))
}

/// A variable that `run` sets.
fn variable(name: &str) -> Result<String> {
    let name = format!("ENTRA_SANDBOX_{name}");
    std::env::var(&name).map_err(|error| Error::new(format!("reading `{name}`"), error))
}
