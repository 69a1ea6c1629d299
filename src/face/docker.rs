//! Docker's credential helper, for Azure Container Registry (docker-credential-helpers' protocol; podman, skopeo, crane, Helm
//! and others speak it too): one argument, the server on standard input, JSON on standard output. Errors go to standard
//! output too, with exit status 1, since Docker reads them there.

use super::options::{Options, SELECTORS, bad};
use super::talk::one_line;
use super::{Call, Face, Outcome, Services, target};
use crate::error::{Error, Kind};
use crate::render::tame;
use crate::request::Host;
use crate::secret::json;
use serde::Serialize;

/// "There are none": Docker goes on without.
const NONE: &str = "credentials not found in native keychain";

/// "You asked for nothing."
const NO_SERVER: &str = "no credentials server URL";

/// What Docker takes for an answer of its own kind, so that no foreign text may say it. A host that is on no list has none, and
/// that is said on purpose: so these stand here and not in the row.
const MEANT: [&str; 3] = [NONE, NO_SERVER, "no credentials username"];

/// The user under which a registry takes a refresh token of its own as password.
const USER: &str = "00000000-0000-0000-0000-000000000000";

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["docker"],
    links: &["docker-credential-entra"],
    is_verb: false,
    claims: |_| false,
    about: "Docker's credential helper for Azure registries: credHelpers {\"NAME.azurecr.io\": \"entra\"}",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| answer(call, services).unwrap_or_else(|error| refused(call, &error)),
};

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS], &[])?;
    match options
        .words
        .iter()
        .map(AsRef::as_ref)
        .collect::<Vec<&str>>()
        .as_slice()
    {
        ["get"] => get(call, services, &options),
        ["list"] => Ok(call.done(b"{}\n")),
        ["version"] => {
            let version = concat!(
                "docker-credential-entra (entra-token) v",
                env!("CARGO_PKG_VERSION"),
                "\n"
            );
            Ok(call.done(version.as_bytes()))
        }
        ["store"] => Err(Error::new(
            Kind::UnsupportedOp,
            "nothing was saved: a registry's token is made when it is asked for",
        )
        .hint("do not run `docker login` for this registry; run: entra-token login")),
        ["erase"] => Err(Error::new(Kind::UnsupportedOp, "nothing is kept for a registry")
            .hint("to sign out of everything, run: entra-token logout")),
        _ => Err(bad(
            "Docker calls its credential helper with `get`, `store`, `erase`, `list` or `version`",
        )),
    }
}

fn get(call: &Call<'_>, services: &Services<'_>, options: &Options) -> Result<Outcome, Error> {
    let input = call
        .input()
        .map_err(|why| bad("the request cannot be read").caused_by(why))?;
    let server = std::str::from_utf8(&input)
        .map_err(|_| bad("the server is no text"))?
        .trim();
    if server.is_empty() {
        return Ok(told(call, NO_SERVER));
    }
    let Some(host) = Host::parse(server).ok().filter(target::may_be_registry) else {
        return Ok(told(call, NONE));
    };
    let ask = target::of_host(host, options.selectors()?, std::iter::empty());
    let secret = match services.registries.registry_token(&ask) {
        Err(error) if error.kind() == Kind::TargetNotSupported => return Ok(told(call, NONE)),
        token => token?,
    };
    let answer = Answer {
        server_url: server,
        username: USER,
        secret: secret.expose(),
    };
    let mut bytes = json(&answer, answer.secret.len());
    bytes.push(b'\n');
    Ok(call.done(&tame(bytes)))
}

/// A word that Docker looks for.
fn told(call: &Call<'_>, word: &str) -> Outcome {
    call.ended(format!("{word}\n").as_bytes(), 1)
}

fn refused(call: &Call<'_>, error: &Error) -> Outcome {
    told(call, &format!("entra-token: {}", one_line(error, &MEANT)))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(rename = "ServerURL")]
    server_url: &'a str,
    username: &'a str,
    secret: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};

    fn call(operation: &str, input: &str) -> Seen {
        Caller::of(&FACE).args(&[operation]).input(input).call()
    }

    #[test]
    fn a_token_for_a_registry_under_whatever_name() {
        for server in [
            "contoso.azurecr.io",
            "https://contoso.azurecr.io",
            "https://contoso.azurecr.io/v2/",
            "contoso.azurecr.io\n",
        ] {
            let seen = call("get", server);
            assert_eq!(seen.only_ask().explicit.host, Host::parse("contoso.azurecr.io").ok());
            let server = server.trim();
            let answer = format!("{{\"ServerURL\":\"{server}\",\"Username\":\"{USER}\",\"Secret\":\"{TOKEN}\"}}\n");
            assert_eq!(seen.ok(), answer);
        }
    }

    #[test]
    fn what_is_no_registry_of_ours_has_none() {
        for server in [
            "https://index.docker.io/v1/",
            "dev.azure.com",
            "adb-1.2.azuredatabricks.net",
            "http://contoso.azurecr.io",
            "a:b@contoso.azurecr.io",
        ] {
            let seen = match server {
                "https://index.docker.io/v1/" => {
                    let unknown = Caller::of(&FACE).args(&["get"]).input(server);
                    unknown.failing(Kind::TargetNotSupported).call()
                }
                _ => call("get", server),
            };
            let expected = (Outcome::Done(1), format!("{NONE}\n"), "");
            assert_eq!((seen.outcome, seen.out, seen.err.as_str()), expected, "{server}");
        }
        let seen = call("get", " \n");
        assert_eq!((seen.outcome, seen.out), (Outcome::Done(1), format!("{NO_SERVER}\n")));
    }

    #[test]
    fn a_failure_is_no_absence() {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::TargetNotSupported) {
            let error = Error::new(kind, format!("it says {}", MEANT.join(" and "))).hint(MEANT.join(", "));
            let seen = Caller::of(&FACE)
                .args(&["get"])
                .input("contoso.azurecr.io")
                .refused(error)
                .call();
            assert_eq!((seen.outcome, seen.err.as_str()), (Outcome::Done(1), ""));
            assert!(seen.out.starts_with("entra-token: it says "), "{}", seen.out);
            assert!(MEANT.iter().all(|word| !seen.out.contains(word)), "{}", seen.out);
        }
    }

    #[test]
    fn nothing_is_kept() {
        assert_eq!(call("list", "").ok(), "{}\n");
        assert!(call("version", "").ok().starts_with("docker-credential-entra "));
        let store = r#"{"ServerURL":"contoso.azurecr.io","Username":"ana","Secret":"PLANTED"}"#;
        for (operation, input) in [
            ("store", store),
            ("erase", "contoso.azurecr.io"),
            ("", ""),
            ("frobnicate", ""),
        ] {
            let seen = call(operation, input);
            assert_eq!((seen.outcome, seen.err.as_str()), (Outcome::Done(1), ""), "{operation}");
            assert!(
                seen.out.starts_with("entra-token: ") && seen.out.lines().count() == 1,
                "{}",
                seen.out
            );
            assert!(!seen.out.contains("PLANTED") && seen.asked.is_empty(), "{}", seen.out);
        }
    }
}
