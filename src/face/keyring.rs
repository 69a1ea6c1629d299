//! The command line of Python's `keyring`, as pip and uv call it for package feeds. What is no feed of ours, and every feed
//! while nobody is signed in, is the real keyring's.

use super::options::Options;
use super::talk::one_line;
use super::{Call, Face, Outcome, Services, target};
use crate::error::{Error, Kind};
use crate::render::tame;
use crate::request::{Host, Selectors};
use crate::secret::json;
use crate::token::Credential;
use serde::Serialize;
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["keyring"],
    links: &["keyring"],
    is_verb: false,
    claims: |_| false,
    about: "Python's `keyring get`, for pip and uv on Azure Artifacts",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run,
};

const KEYRING: &str = "keyring";

/// The user name that Azure Artifacts' own tools put into feeds' addresses.
pub(super) const USER: &str = "VssSessionToken";

fn run(call: &mut Call<'_>, services: &Services<'_>) -> Outcome {
    // Standard input is not touched, so that the real one may take our place at any time.
    let Some(said) = Said::parse(&call.words()) else {
        return Outcome::Forward(KEYRING);
    };
    let ask = target::of_host(said.host.clone(), Selectors::default(), std::iter::empty());
    match services.tokens.token(&ask) {
        Ok(granted) => match said.print(&granted.credential) {
            Ok(answer) => call.done(&answer),
            Err(error) => call.failed(&error, FACE.forbidden),
        },
        // Where no keyring stands behind us: nothing, and status 1, means that there is no password.
        Err(error) if error.kind() == Kind::TargetNotSupported => Outcome::ForwardElse(KEYRING, String::new(), 1),
        Err(error) if error.kind() == Kind::NotFound => {
            Outcome::ForwardElse(KEYRING, format!("entra-token: {}", one_line(&error, FACE.forbidden)), 1)
        }
        Err(error) => {
            call.failed(&error, FACE.forbidden);
            Outcome::Done(1)
        }
    }
}

/// `keyring get SERVICE [USER]`.
struct Said {
    host: Host,
    user: String,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The password alone.
    Password,
    /// User name and password, a line each.
    Lines,
    /// Both as JSON.
    Json,
}

impl Said {
    /// Nothing if it is none of ours.
    fn parse(args: &[String]) -> Option<Self> {
        let options = Options::parse(args, &[&["--mode", "--output"]], &[]).ok()?;
        let (service, user) = match options.words.as_slice() {
            [get, service] if get == "get" => (service, None),
            [get, service, user] if get == "get" => (service, Some(user)),
            _ => return None,
        };
        let form = match (options.value("--mode"), options.value("--output")) {
            (None | Some("password"), None | Some("plain")) => Form::Password,
            (Some("creds"), None | Some("plain")) => Form::Lines,
            (Some("creds"), Some("json")) => Form::Json,
            _ => return None,
        };
        // A service is any text; with a dot it may be a host.
        let host = Host::parse(service).ok().filter(|_| service.contains(['.', ':']))?;
        let is_plain = |user: &&String| !user.is_empty() && !user.chars().any(char::is_control);
        target::may_be_feed(&host).then(|| Self {
            host,
            user: user.filter(is_plain).map_or(USER, String::as_str).to_owned(),
            form,
        })
    }

    fn print(&self, credential: &Credential) -> Result<Zeroizing<Vec<u8>>, Error> {
        let token = credential.access_token.expose();
        if token.chars().any(char::is_control) {
            return Err(Error::new(Kind::Internal, "the token holds a control character"));
        }
        let text = match self.form {
            Form::Password => [token, "\n"].concat(),
            Form::Lines => [&self.user, "\n", token, "\n"].concat(),
            Form::Json => {
                let answer = Credentials {
                    username: &self.user,
                    password: token,
                };
                let mut bytes = json(&answer, token.len());
                bytes.push(b'\n');
                return Ok(tame(bytes));
            }
        };
        Ok(Zeroizing::new(text.into_bytes()))
    }
}

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    password: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, TOKEN};

    const FEED: &str = "https://pkgs.dev.azure.com/contoso/_packaging/core/pypi/simple/";

    #[test]
    fn answers() {
        for (args, answer) in [
            // pip since 26, before, uv, uv with `authenticate = "always"`.
            (
                &["--mode=creds", "--output=json", "get", FEED][..],
                format!("{{\"username\":\"VssSessionToken\",\"password\":\"{TOKEN}\"}}\n"),
            ),
            (&["get", FEED, "VssSessionToken"], format!("{TOKEN}\n")),
            (&["get", "pkgs.dev.azure.com", "ana"], format!("{TOKEN}\n")),
            (&["get", FEED, "--mode", "creds"], format!("VssSessionToken\n{TOKEN}\n")),
            (
                &["--mode=creds", "--output=json", "get", FEED, "ana"],
                format!("{{\"username\":\"ana\",\"password\":\"{TOKEN}\"}}\n"),
            ),
        ] {
            let seen = Caller::of(&FACE).args(args).call();
            assert_eq!(
                seen.only_ask().explicit.host.as_ref().unwrap().name(),
                "pkgs.dev.azure.com"
            );
            assert_eq!(seen.ok(), answer, "{args:?}");
        }
    }

    #[test]
    fn what_is_not_ours_is_the_real_ones() {
        for args in [
            &[][..],
            &["--version"],
            &["set", FEED, "ana"],
            &["del", FEED, "ana"],
            &["get"],
            &["get", "system", "ana"],
            &["get", "https://adb-1.2.azuredatabricks.net", "token"],
            &["get", "http://pkgs.dev.azure.com/", "ana"],
            &["--keyring-backend", "x", "get", FEED, "ana"],
            &["--output", "json", "get", FEED, "ana"],
        ] {
            let seen = Caller::of(&FACE).args(args).call();
            assert!(seen.asked.is_empty());
            assert_eq!(seen.outcome, Outcome::Forward("keyring"), "{args:?}");
        }
        let stranger = ["get", "https://pypi.example/simple", "ana"];
        let seen = Caller::of(&FACE)
            .args(&stranger)
            .failing(Kind::TargetNotSupported)
            .call();
        assert_eq!(seen.outcome, Outcome::ForwardElse("keyring", String::new(), 1));
    }

    #[test]
    fn failures() {
        let seen = Caller::of(&FACE)
            .args(&["get", FEED, "ana"])
            .failing(Kind::Network)
            .call();
        assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(1), ""));
        let seen = Caller::of(&FACE)
            .args(&["get", FEED, "ana"])
            .failing(Kind::NotFound)
            .call();
        let told = "entra-token: it is as it is; run: entra-token login";
        assert_eq!(seen.outcome, Outcome::ForwardElse("keyring", told.to_owned(), 1));
    }
}
