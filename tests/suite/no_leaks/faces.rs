//! No face shows a secret: the token stands in its answer, where the protocol wants it, and nowhere else, whatever goes wrong
//! and whatever stands where it does not belong.

use super::{Watch, absent};
use crate::support::{Bed, Done};
use entra_sandbox::{CONTAINER_REGISTRY, DATABRICKS, Fault, FaultKind, Refusal, Times};
use entra_token::face::FACES;
use serde_json::json;

/// A call of a face that asks for a token.
struct Caller {
    face: &'static str,
    args: Vec<String>,
    input: String,
    /// Whether its answer holds the token.
    answers: bool,
    /// What the token is for.
    resource: &'static str,
}

/// Azure DevOps.
const DEVOPS: &str = "499b84ac-1321-427f-aa17-267ca6975798";

/// One of each face.
fn callers(bed: &Bed) -> Vec<Caller> {
    let workspace = bed.sandbox.workspace();
    let host = workspace.replace("https://", "");
    let scope = format!("{}/.default", DATABRICKS.id());
    let call = |face, line: &str, input: &str| Caller {
        face,
        args: line.split_whitespace().map(str::to_owned).collect(),
        input: input.to_owned(),
        answers: true,
        resource: DATABRICKS.id(),
    };
    let resource = format!("--resource {}", DATABRICKS.id());
    // The registry stands where the authority does.
    let registry = bed.sandbox.authority();
    bed.config(&format!(
        "{}[[host]]\nname = \"{registry}\"\nresource = \"{}\"\nauthority = \"{registry}\"\n",
        bed.hosts(),
        CONTAINER_REGISTRY.id()
    ));
    vec![
        call("rpc", "", r#"{"v":1,"op":"get"}"#),
        call("az", &format!("account get-access-token {resource}"), ""),
        call("databricks", &format!("auth token --host {workspace}"), ""),
        call("git", "get", &format!("protocol=https\nhost={host}\n\n")),
        call("kubectl", &format!("--server-id {}", DATABRICKS.id()), ""),
        call(
            "azd",
            &format!("auth token --output json --no-prompt --scope {scope}"),
            "",
        ),
        Caller {
            answers: false,
            ..call("terraform", "", "{}")
        },
        call(
            "bazel",
            "get",
            &json!({ "uri": format!("{workspace}/cas") }).to_string(),
        ),
        call(
            "cargo",
            "--cargo-plugin",
            &format!(
                "{}\n",
                json!({"v": 1, "kind": "get", "operation": "read", "registry": {"index-url": format!("sparse+{workspace}/index/")}})
            ),
        ),
        Caller {
            answers: false,
            resource: CONTAINER_REGISTRY.id(),
            ..call("docker", "get", &registry.replace("https://", ""))
        },
        call("keyring", &format!("get {workspace}/simple/ VssSessionToken"), ""),
        call(
            "credprovider",
            &format!("-Uri {workspace}/simple/ -OutputFormat Json"),
            "",
        ),
        call(
            "goauth",
            &format!("{workspace}/web/"),
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        ),
        Caller {
            resource: DEVOPS,
            ..call("npm", "", "")
        },
        call("google", &resource, ""),
        call("dotnet", &resource, ""),
    ]
}

impl Caller {
    fn call(&self, bed: &Bed) -> Done {
        self.call_with(bed, &self.args, &self.input)
    }

    fn call_with(&self, bed: &Bed, args: &[String], input: &str) -> Done {
        let words = ["as", self.face].into_iter().chain(args.iter().map(String::as_str));
        bed.run(words)
            .env("ENTRA_TOKEN_LOG", bed.home().join("log"))
            .stdin(input)
            .done()
    }

    /// The same call with a word in place of each of its own, and after them; and with it in its input likewise.
    fn misplaced(&self, word: &str) -> Vec<(Vec<String>, String)> {
        let places = 0..=self.args.len();
        let mut calls: Vec<_> = places
            .flat_map(|at| {
                let mut instead = self.args.clone();
                instead.truncate(at);
                instead.push(word.to_owned());
                instead.extend(self.args.iter().skip(at + 1).cloned());
                let mut option = self.args.clone();
                option.insert(at, format!("--tenant={word}"));
                let mut unknown = self.args.clone();
                unknown.insert(at, format!("--{word}"));
                [instead, option, unknown].map(|args| (args, self.input.clone()))
            })
            .collect();
        for part in ["https", "get", DATABRICKS.id(), ":1", "1.1", "{}", "{"] {
            if self.input.contains(part) {
                calls.push((self.args.clone(), self.input.replacen(part, word, 1)));
            }
        }
        calls
    }
}

#[test]
fn every_face_is_called() {
    let bed = Bed::new();
    let called: Vec<_> = callers(&bed).iter().map(|caller| caller.face).collect();
    let faces: Vec<_> = FACES.iter().map(|face| face.names[0]).collect();
    assert_eq!(called, faces);
}

#[test]
fn the_token_is_in_the_answer_alone() {
    let bed = Bed::signed_in();
    let refresh = bed.store().refresh_token();
    for caller in callers(&bed) {
        let done = caller.call(&bed);
        let held = bed.run(["get", "-o", "token", "--resource", caller.resource]).ok();
        let token = held.trim_end().to_owned();
        let count = done.out.matches(&token).count();
        assert_eq!(
            (done.exit, count),
            (Some(0), usize::from(caller.answers)),
            "{}: {done:?}",
            caller.face
        );
        let watch = Watch {
            secrets: vec![token, refresh.clone()],
        };
        watch.silent(&done, caller.face);
        absent(&refresh, &done.out, caller.face);
    }
    not_in_the_log(&bed, &[bed.token(), refresh]);
}

/// Answers that are broken, and those of an authority that repeats what it was sent.
fn faults(access: &str, refresh: &str) -> Vec<FaultKind> {
    let quoted = json!({
        "error": format!("invalid_grant {refresh}"),
        "error_description": format!(
            "AADSTS50076: `{refresh}` is wrong: {access}.\r\nTrace ID: {refresh}\r\nTimestamp: {refresh}"
        ),
        "suberror": refresh,
        "correlation_id": refresh,
        "trace_id": access,
        "timestamp": refresh,
        "claims": json!({ "x": refresh }).to_string(),
    })
    .to_string();
    vec![
        FaultKind::status(400, None, &quoted),
        FaultKind::status(429, None, &quoted),
        FaultKind::status(503, None, &quoted),
        FaultKind::status(200, None, &format!("{{\"access_token\": \"{access}")),
        FaultKind::set("token_type", json!(access)),
        FaultKind::set("expires_in", json!(access)),
        FaultKind::Truncated,
        FaultKind::NotJson,
        FaultKind::Close { acted: false },
    ]
}

#[test]
fn whatever_goes_wrong() {
    std::thread::scope(|scope| {
        for at in 0..FACES.len() {
            scope.spawn(move || goes_wrong(at));
        }
    });
}

/// The face of that row, in a home of its own.
fn goes_wrong(row: usize) {
    let bed = Bed::signed_in();
    let access = bed.token();
    let caller = callers(&bed).remove(row);
    for at in 0..faults("", "").len() {
        let refresh = bed.store().refresh_token();
        let fault = faults(&access, &refresh).remove(at);
        bed.sandbox.fault(Fault::token(fault).always());
        let what = format!("{}, fault {at}", caller.face);
        fails(&bed, &caller, &[access.clone(), refresh], &what);
        bed.sandbox.clear_faults();
    }
    for code in [50_076, 65_001, 53_003, 500_011, 90_002] {
        bed.sandbox.refuse(Refusal {
            times: Times::Always,
            ..Refusal::new(code)
        });
        let secrets = [access.clone(), bed.store().refresh_token()];
        fails(&bed, &caller, &secrets, &format!("{}, AADSTS{code}", caller.face));
        bed.sandbox.clear_refusals();
    }
    let secrets = vec![access, bed.store().refresh_token()];
    bed.run(["logout", "--all"]).ok();
    not_in_the_log(&bed, &secrets);
    Watch { secrets }.mute(&caller.call(&bed), caller.face);
}

#[track_caller]
fn fails(bed: &Bed, caller: &Caller, secrets: &[String], what: &str) {
    bed.store().age(75 * 60);
    bed.store().forgive();
    let done = caller.call(bed);
    let watch = Watch {
        secrets: secrets.to_vec(),
    };
    watch.mute(&done, what);
}

/// A token where a host, an option, a tenant or a protocol's own word belongs is not repeated.
#[test]
fn whatever_stands_in_the_wrong_place() {
    let bed = Bed::signed_in();
    let watch = Watch {
        secrets: vec![bed.token()],
    };
    let foreign = bed
        .sandbox
        .mint_refresh_token(&entra_sandbox::ANA, entra_sandbox::AZURE_CLI);
    let stranger = Watch {
        secrets: vec![foreign.clone()],
    };
    for caller in callers(&bed) {
        for (word, watch) in [(bed.token(), &watch), (foreign.clone(), &stranger)] {
            for (args, input) in caller.misplaced(&word) {
                let done = caller.call_with(&bed, &args, &input);
                watch.silent(&done, &format!("{} {args:?} {input}", caller.face));
                if done.exit != Some(0) {
                    watch.mute(&done, &format!("{} {args:?} {input}", caller.face));
                }
            }
        }
    }
    not_in_the_log(&bed, &[bed.token(), foreign]);
}

#[track_caller]
fn not_in_the_log(bed: &Bed, secrets: &[String]) {
    let log = std::fs::read_to_string(bed.home().join("log")).unwrap_or_default();
    for secret in secrets {
        absent(secret, &log, "the log");
    }
}
