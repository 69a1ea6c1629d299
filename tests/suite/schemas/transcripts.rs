//! What the program really answers, prints and stores, from the first day of a login to its last.

use super::set::Set;
use crate::support::Bed;
use entra_sandbox::{ANA, BEN, DATABRICKS, Fault, FaultKind, GRAPH, Lifetime, Refusal};
use entra_token::error::Kind;
use entra_token::secret::Fingerprint;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn tokens_in_every_shape() {
    let stage = Stage::signed_in();
    let first = stage.rpc(&json!({"v": 1, "id": "1", "op": "get"}));
    assert_eq!((&first["id"], &first["result"]["from"]), (&json!("1"), &json!("cache")));
    let uri = format!("{}/api/2.0/clusters/list", stage.bed.sandbox.workspace());
    let result = &stage.rpc(&json!({"v": 1, "op": "get", "uri": uri}))["result"];
    let header = format!("Bearer {}", result["access_token"].as_str().unwrap());
    assert_eq!(result["headers"], json!({"Authorization": [header]}));
    assert!(
        stage.rpc(&json!({"v": 1, "op": "get", "host": uri, "uri": null}))["result"]
            .get("headers")
            .is_none()
    );

    stage.bed.store().age(75 * 60);
    assert_eq!(stage.rpc(&json!({"v": 1, "op": "get"}))["result"]["from"], "refresh");
    stage.bed.sandbox.set_lifetime(Lifetime::TWENTY_EIGHT_HOURS);
    let long = stage.rpc(&json!({"v": 1, "op": "get", "resource": GRAPH.id()}));
    assert!(long["result"]["refresh_on"].is_i64(), "{long}");
    stage.bed.sandbox.set_lifetime(Lifetime::seconds(120));
    stage.bed.sandbox.change(|settings| settings.clock_skew = 3600);
    stage.bed.store().age(28 * 3600);
    let short = stage.rpc(&json!({"v": 1, "op": "get", "resource": GRAPH.id()}));
    let warnings: BTreeSet<_> = short["result"]["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["code"].as_str())
        .collect();
    assert_eq!(warnings, BTreeSet::from([Some("clock_skew"), Some("token_expiring")]));

    stage
        .set
        .check("get", &json(&stage.bed.run(["get", "-o", "json"]).ok()));
    stage
        .set
        .check("get", &json(&stage.bed.run(["get"]).env("TZ", "America/St_Johns").ok()));
    stage.files();
}

#[test]
fn status_before_during_and_after() {
    let stage = Stage::empty();
    assert_eq!(stage.status()["storage"]["locks"], Value::Null);
    stage.bed.sign_in(&ANA).ok();
    stage.bed.sign_in(&BEN);
    stage.bed.sandbox.refuse(Refusal::consent(GRAPH.id()));
    stage.fails(
        &json!({"v": 1, "op": "get", "resource": GRAPH.id()}),
        Kind::ConsentRequired,
    );
    let status = stage.status();
    assert_eq!(status["logins"].as_array().unwrap().len(), 2);
    assert_eq!(
        status["logins"][0]["refusals"][0]["code"], "consent_required",
        "{status:#}"
    );
    let claims = json(&stage.bed.run(["status", "--json", "--claims"]).ok());
    stage.set.check("status", &claims);
    assert!(claims["logins"][0]["tokens"][0]["claims"].is_object(), "{claims:#}");

    std::fs::write(stage.bed.store().logins()[0].join("login.json"), "{").unwrap();
    assert!(!stage.status()["notes"].as_array().unwrap().is_empty());
    let gone = stage.rpc(&json!({"v": 1, "op": "forget", "all": true}));
    assert_eq!(gone["result"]["forgotten"].as_array().unwrap().len(), 2);
    assert!(
        stage.bed.store().logins().is_empty(),
        "an unreadable login goes with its tokens"
    );
    stage.files();
}

#[test]
fn explanations_of_all_numbers_and_of_one_that_nobody_knows() {
    let stage = Stage::empty();
    let all = json(&stage.bed.run(["explain", "--json"]).ok());
    stage.set.check("explain", &all);
    assert!(all.as_array().unwrap().len() > 100);
    let two = json(&stage.bed.run(["explain", "AADSTS50076", "1", "--json"]).ok());
    stage.set.check("explain", &two);
    assert_eq!(two[0]["code"], "interaction_required");
    assert_eq!(two[1]["meaning"], Value::Null);
    let codes = &Set::schema("explain")["items"]["properties"]["code"]["enum"];
    let known = Kind::ALL.iter().map(|kind| json!(kind.code()));
    assert_eq!(*codes, known.chain([Value::Null]).collect::<Value>());
}

#[test]
fn why_before_and_after_a_sign_in() {
    let stage = Stage::empty();
    let why = |args: &[&str]| {
        let args = ["why", "-o", "json"].into_iter().chain(args.iter().copied());
        let reasons = json(&stage.bed.run(args).ok());
        stage.set.check("why", &reasons);
        let reasons = reasons.as_array().unwrap().iter();
        reasons
            .map(|reason| reason["field"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(why(&[]).last().unwrap(), "login");
    stage.bed.sign_in(&ANA).ok();
    let host = stage.bed.sandbox.workspace();
    let every = why(&["--host", &host, "--tenant", "contoso.example"]);
    let known = Set::schema("why")["items"]["properties"]["field"]["enum"].clone();
    assert_eq!(json!(every), known);
    why(&["--account", "nobody@contoso.example"]);
}

#[test]
fn hello_names_what_the_schema_knows() {
    let hello = &Stage::empty().rpc(&json!({"v": 1, "op": "hello", "id": 7}))["result"];
    let request = Set::schema("rpc-request");
    assert_eq!(hello["ops"], request["properties"]["op"]["enum"]);
    for feature in hello["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature.as_str().unwrap())
    {
        assert!(
            feature == "stream" || request["properties"][feature].is_object(),
            "{feature}"
        );
    }
}

#[test]
fn errors_of_every_kind_that_can_be_met() {
    let get = json!({"v": 1, "id": "e", "op": "get"});
    let stage = Stage::empty();
    let mut met = BTreeSet::new();
    let mut meet = |stage: &Stage, request: &Value, kind: Kind| {
        met.insert(kind.code());
        stage.fails(request, kind)
    };
    meet(&stage, &get, Kind::NotFound);
    meet(&stage, &json!({"v": 1, "op": "forget"}), Kind::NotFound);
    meet(
        &stage,
        &json!({"v": 1, "op": "get", "uri": "https://unknown.example/"}),
        Kind::TargetNotSupported,
    );
    meet(&stage, &json!({"v": 2, "op": "get"}), Kind::UnsupportedVersion);
    meet(&stage, &json!({"v": 1, "op": "give"}), Kind::UnsupportedOp);
    meet(&stage, &json!({"v": 1, "op": "get", "min_ttl": -1}), Kind::BadRequest);
    stage.bed.config("profiles = 7");
    meet(&stage, &get, Kind::Config);
    stage.bed.config(&stage.bed.hosts());

    stage.bed.sign_in(&ANA).ok();
    stage.bed.sandbox.refuse(Refusal::consent(GRAPH.id()));
    meet(
        &stage,
        &json!({"v": 1, "op": "get", "resource": GRAPH.id()}),
        Kind::ConsentRequired,
    );
    stage.bed.sandbox.clear_refusals();
    stage.bed.store().age(75 * 60);
    for (kind, fault) in [
        (Kind::Network, FaultKind::Reset { acted: false }),
        (Kind::Throttled, FaultKind::throttled(30)),
        (Kind::Timeout, FaultKind::Hang { acted: false }),
    ] {
        stage.bed.sandbox.fault(Fault::token(fault).always());
        let error = meet(&stage, &json!({"v": 1, "op": "get", "timeout_ms": 1500}), kind);
        assert_eq!(error.get("retry_after").is_some(), kind == Kind::Throttled, "{error}");
        stage.files();
        stage.bed.sandbox.clear_faults();
        stage.bed.store().forgive();
    }
    stage.bed.sandbox.refuse(Refusal::new(50_057));
    meet(&stage, &get, Kind::Denied);
    stage.bed.store().forgive();
    stage.bed.sandbox.kill_all_refresh_tokens(700_082);
    let error = meet(&stage, &get, Kind::InteractionRequired);
    assert_eq!(error["entra"]["codes"][0], 700_082);
    stage.files();

    std::fs::write(stage.bed.store().login().join("login.json"), "{").unwrap();
    meet(&stage, &get, Kind::StoreUnavailable);
    stage.bed.sign_in(&ANA);
    stage.bed.sign_in(&BEN);
    std::fs::remove_dir_all(stage.bed.folder().join("v1/pointers")).unwrap();
    meet(&stage, &get, Kind::Ambiguous);

    // A bug, an interrupted sign-in, and a lock that only a sign-in waits for.
    let never = [Kind::Internal, Kind::Cancelled, Kind::CacheBusy].map(Kind::code);
    let missed: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| kind.code())
        .filter(|code| !met.contains(code))
        .collect();
    assert_eq!(missed, never);
}

#[test]
fn answers_of_az() {
    let stage = Stage::empty();
    let authority = stage.bed.sandbox.authority();
    let manager = format!(
        "[[host]]\nname = \"{authority}\"\nresource = \"https://management.core.windows.net/\"\nauthority = \"{authority}\"\n"
    );
    stage.bed.config(&(stage.bed.hosts() + &manager));
    stage.bed.sign_in(&ANA).ok();
    let az = |args: &[&str]| json(&stage.bed.run(["as", "az"].into_iter().chain(args.iter().copied())).ok());
    for options in [&["--tenant", "common"][..], &[]] {
        let args = [&["account", "get-access-token"], options].concat();
        stage.set.check("az-get-access-token", &az(&args));
    }
    for args in [
        &["account", "show"][..],
        &["account", "list"],
        &["account", "list", "--all"],
    ] {
        stage.set.check("az-account", &az(args));
    }
    let pair = ["cache-subscription", "cache-subscriptions"];
    assert!(pair.iter().all(|kind| stage.files().contains(kind)));
    // Nobody is signed in there, so the choice itself is kept.
    let set = ["as", "az", "cloud", "set", "--name", "AzureUSGovernment"];
    assert_eq!(stage.bed.run(set).done().exit, Some(0));
    assert!(stage.files().contains("cache-cloud"));
}

#[test]
fn files_from_the_first_day_to_the_last() {
    let stage = Stage::empty();
    stage.bed.sign_in(&ANA).ok();
    assert_eq!(stage.files(), kinds(["cache-login", "cache-token", "cache-pointer"]));
    stage.bed.store().age(75 * 60);
    let token = stage.bed.token();
    stage.files();

    let rejected = Fingerprint::of(&token);
    let get = json!({"v": 1, "op": "get", "rejected": rejected.as_str()});
    stage
        .bed
        .sandbox
        .fault(Fault::token(FaultKind::Reset { acted: false }).always());
    stage.fails(&get, Kind::Network);
    assert_eq!(
        stage.files(),
        kinds(["cache-login", "cache-token", "cache-pointer", "cache-refusals"])
    );
    stage.bed.sandbox.clear_faults();
    stage.rpc(&get);
    stage.files();

    stage.rpc(&json!({"v": 1, "op": "get", "claims": {"access_token": {"acrs": {"value": "c1"}}}}));
    stage.files();
    stage.bed.sandbox.refuse(Refusal {
        claims: Some("{}".to_owned()),
        ..Refusal::new(50_076)
    });
    let get = json!({"v": 1, "op": "get", "scope": [format!("{}/.default", GRAPH.id())], "claims": {"id_token": {}}});
    stage.fails(&get, Kind::InteractionRequired);
    stage.files();
    stage.rpc(
        &json!({"v": 1, "op": "get", "tenant": "contoso.example", "scope": DATABRICKS.id().to_owned() + "/.default"}),
    );
    stage.files();

    stage.rpc(&json!({"v": 1, "op": "forget"}));
    assert_eq!(stage.files(), kinds([]));
}

struct Stage {
    set: Set,
    bed: Bed,
}

impl Stage {
    fn empty() -> Self {
        Self {
            set: Set::load(),
            bed: Bed::new(),
        }
    }

    fn signed_in() -> Self {
        Self {
            set: Set::load(),
            bed: Bed::signed_in(),
        }
    }

    /// One request, which the schema must know, to its result.
    #[track_caller]
    fn rpc(&self, request: &Value) -> Value {
        self.set.check("rpc-request", request);
        let answer = json(&self.bed.run(["rpc"]).stdin(request.to_string()).ok());
        self.set.check("rpc-answer", &answer);
        assert!(answer["result"].is_object(), "{answer}");
        answer
    }

    /// One request to its error; the exit status and the line on standard error repeat it.
    #[track_caller]
    fn fails(&self, request: &Value, kind: Kind) -> Value {
        let done = self.bed.run(["rpc"]).stdin(request.to_string()).done();
        let answer = json(&done.out);
        self.set.check("rpc-answer", &answer);
        assert_eq!(answer["error"]["code"], kind.code(), "{request}: {answer}");
        assert_eq!(answer.get("id"), request.get("id"));
        assert_eq!(done.exit, Some(i32::from(kind.exit())), "{answer}");
        let told = answer["error"]["message"].as_str().unwrap();
        assert!(
            done.err.lines().count() == 1 && done.err.contains(told),
            "{answer}\n{}",
            done.err
        );
        answer["error"].clone()
    }

    /// `status` by the verb and by the protocol, which say the same.
    #[track_caller]
    fn status(&self) -> Value {
        let typed = json(&self.bed.run(["status", "--json"]).ok());
        self.set.check("status", &typed);
        let asked = self.rpc(&json!({"v": 1, "op": "status"}));
        assert_eq!(asked["result"]["notes"], typed["notes"]);
        typed
    }

    /// Checks every file of the logins; which kinds there are.
    #[track_caller]
    fn files(&self) -> BTreeSet<&'static str> {
        let mut met = BTreeSet::new();
        let root = self.bed.folder().join("v1");
        for (path, bytes) in self.bed.store().files() {
            let Ok(below) = path.strip_prefix(&root) else { continue };
            let name = path.file_name().unwrap().to_str().unwrap();
            let schema = match name {
                _ if name.ends_with(".lock") => continue,
                "cloud.json" => "cache-cloud",
                _ if below.starts_with("pointers") => "cache-pointer",
                "login.json" => "cache-login",
                "refusals.json" => "cache-refusals",
                "subscription.json" => "cache-subscription",
                "subscriptions.json" => "cache-subscriptions",
                _ if name.starts_with("token-") => "cache-token",
                _ => panic!("no schema for {}", below.display()),
            };
            // One that a test has broken.
            if bytes != b"{" {
                self.set.check(schema, &serde_json::from_slice(&bytes).unwrap());
            }
            met.insert(schema);
        }
        met
    }
}

#[track_caller]
fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn kinds<const N: usize>(names: [&'static str; N]) -> BTreeSet<&'static str> {
    BTreeSet::from(names)
}
