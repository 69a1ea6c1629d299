//! kubectl's exec credential plugin, `client.authentication.k8s.io/v1` and `v1beta1`: for AKS clusters that take Entra
//! tokens, and whatever else is built on client-go.

use super::options::{Options, SELECTORS, TARGETS};
use super::talk::reported;
use super::{Call, Face, Outcome, Services};
use crate::error::{Error, Kind};
use crate::localtime::rfc3339_utc;
use crate::render::tame;
use crate::request::{Ask, Scopes};
use crate::secret::json;
use serde::{Deserialize, Serialize};

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["kubectl"],
    links: &["kubectl-credential-entra"],
    is_verb: false,
    claims: |_| false,
    about: "kubectl's exec credential plugin, for AKS: [--server-id ID] [--tenant TENANT]",
    variables: &["KUBERNETES_EXEC_INFO"],
    margin: 120,
    forbidden: &[],
    run: |call, services| answer(call, services).unwrap_or_else(|error| call.failed(&error, FACE.forbidden)),
};

/// The AKS server's application, the same in all clouds.
const AKS: &str = "6dae42f8-4368-4678-94ff-3960e28e3630";

/// What may be asked for. They differ in nothing that we write, and the answer must be of the version that was asked for.
const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1beta1",
    "client.authentication.k8s.io/v1",
];

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS, &TARGETS, &["--server-id"]], &[])?;
    if !options.words.is_empty() {
        return Err(super::options::bad("kubectl's plugin takes options only"));
    }
    let version = version(call.variable("KUBERNETES_EXEC_INFO"))?;
    let mut explicit = options.selectors()?;
    explicit.scopes = match (explicit.scopes, options.value("--server-id")) {
        (Some(_), Some(_)) => {
            return Err(super::options::bad(
                "name one of `--server-id`, `--resource` and `--scope`",
            ));
        }
        (None, server) => Some(
            Scopes::of_resource(server.unwrap_or(AKS)).map_err(|_| super::options::bad("`--server-id`: no such id"))?,
        ),
        (scopes, None) => scopes,
    };
    let credential = services
        .tokens
        .token(&Ask {
            explicit,
            ..Ask::default()
        })?
        .credential;
    let token = credential.access_token.expose();
    let answer = ExecCredential {
        api_version: version,
        kind: "ExecCredential",
        status: Status {
            token,
            expiration_timestamp: rfc3339_utc(reported(credential.expires_on, FACE.margin, call.now)),
        },
    };
    let mut bytes = json(&answer, token.len());
    bytes.push(b'\n');
    Ok(call.done(&tame(bytes)))
}

/// The version that is asked for; without a question the older one, as kubelogin has it.
fn version(info: Option<&str>) -> Result<&'static str, Error> {
    let Some(info) = info else {
        return Ok(VERSIONS[0]);
    };
    let info: Info = serde_json::from_str(info).map_err(|why| {
        let place = format!(
            "`KUBERNETES_EXEC_INFO` is not what kubectl sends, at column {}",
            why.column()
        );
        Error::new(Kind::BadRequest, place)
    })?;
    let known = VERSIONS.into_iter().find(|known| *known == info.api_version);
    known.filter(|_| info.kind == "ExecCredential").ok_or_else(|| {
        Error::new(
            Kind::UnsupportedVersion,
            "`KUBERNETES_EXEC_INFO` is of a version that is not spoken here",
        )
        .hint(format!("in the kubeconfig, use `apiVersion: {}`", VERSIONS[1]))
    })
}

#[derive(Deserialize)]
struct Info {
    #[serde(rename = "apiVersion")]
    api_version: String,
    kind: String,
}

#[derive(Serialize)]
struct ExecCredential<'a> {
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
    kind: &'static str,
    status: Status<'a>,
}

#[derive(Serialize)]
struct Status<'a> {
    token: &'a str,
    #[serde(rename = "expirationTimestamp")]
    expiration_timestamp: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};

    fn call(args: &[&str], info: &str) -> Seen {
        let caller = Caller::of(&FACE).args(args);
        match info {
            "" => caller,
            info => caller.var("KUBERNETES_EXEC_INFO", info),
        }
        .call()
    }

    fn info(version: &str) -> String {
        format!(
            r#"{{"apiVersion":"client.authentication.k8s.io/{version}","kind":"ExecCredential","spec":{{"interactive":false}}}}"#
        )
    }

    #[test]
    fn the_answer_is_of_the_version_that_was_asked_for() {
        for (info, version) in [
            (info("v1"), "v1"),
            (info("v1beta1"), "v1beta1"),
            (String::new(), "v1beta1"),
        ] {
            assert_eq!(
                call(&[], &info).ok(),
                format!(
                    "{{\"apiVersion\":\"client.authentication.k8s.io/{version}\",\"kind\":\"ExecCredential\",\
                     \"status\":{{\"token\":\"{TOKEN}\",\"expirationTimestamp\":\"2026-11-22T10:58:00Z\"}}}}\n"
                )
            );
        }
    }

    #[test]
    fn what_is_asked_for() {
        for (args, scope) in [
            (&[][..], "6dae42f8-4368-4678-94ff-3960e28e3630/.default"),
            (&["--server-id", "abc"], "abc/.default"),
            (&["--scope=abc/x", "--tenant", "t.example"], "abc/x"),
            (&["--resource", "api://abc"], "api://abc/.default"),
        ] {
            let seen = call(args, "");
            assert_eq!(seen.only_ask().explicit.scopes.as_ref().unwrap().joined(), scope);
        }
    }

    #[test]
    fn malformed() {
        for (args, info, exit) in [
            (&[][..], "PLANTED", 2),
            (&[], "{}", 2),
            (&[], &*info("v1alpha1"), 2),
            (
                &[],
                r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"PLANTED"}"#,
                2,
            ),
            (&["get"], "", 2),
            (&["--server-id"], "", 2),
            (&["--server-id", "a b"], "", 2),
            (&["--server-id", "a", "--scope", "b"], "", 2),
        ] {
            let seen = call(args, info);
            assert_eq!(
                (seen.outcome, seen.out.as_str()),
                (Outcome::Done(exit), ""),
                "{args:?} {info}"
            );
            assert!(
                !seen.err.contains("PLANTED") && seen.err.lines().count() == 1,
                "{}",
                seen.err
            );
        }
    }
}
