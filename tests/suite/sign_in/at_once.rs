//! Twenty sign-ins at once, each a process of its own: all survive, and so does everything that points at them.

use super::{BY_HAND, bed, login};
use crate::schemas::assert_fits;
use crate::support::{Bed, Running, address, read};
use entra_sandbox::{ANA, AppRegistration, BEN, FAY, MIA, User};
use serde_json::Value;
use std::collections::BTreeSet;

const COUNT: usize = 20;

/// Applications of an organization's own: a login each for every user.
const APPS: [&str; 5] = [
    "a0000000-0000-4000-8000-000000000001",
    "a0000000-0000-4000-8000-000000000002",
    "a0000000-0000-4000-8000-000000000003",
    "a0000000-0000-4000-8000-000000000004",
    "a0000000-0000-4000-8000-000000000005",
];

/// All browsers come back in the same moment.
fn at_once(bed: &Bed, whom: &[(&'static User, &str)]) {
    let waiting: Vec<(Running, String, &'static User)> = whom
        .iter()
        .map(|(user, app)| {
            let flags = [&BY_HAND[..], &["--client-id", app, "--account", user.upn]].concat();
            let mut running = login(bed, &flags).spawn();
            let address = address(running.hears("waiting for the browser"));
            (running, address, *user)
        })
        .collect();
    std::thread::scope(|scope| {
        for (_, address, user) in &waiting {
            scope.spawn(move || bed.sandbox.person(user).unwrap().visit(address).unwrap());
        }
    });
    for (running, _, user) in waiting {
        let done = running.done();
        assert_eq!(done.exit, Some(0), "{}", done.err);
        assert!(done.out.starts_with(&super::signed_in(user)), "{}", done.out);
    }
}

#[test]
fn different_people() {
    let bed = bed();
    for app in APPS {
        bed.sandbox.app(AppRegistration {
            client_id: app.to_owned(),
            ..AppRegistration::default()
        });
    }
    let people = [&ANA, &BEN, &MIA, &FAY];
    let whom: Vec<_> = people
        .into_iter()
        .flat_map(|user| APPS.into_iter().map(move |app| (user, app)))
        .collect();
    assert_eq!(whom.len(), COUNT);
    at_once(&bed, &whom);

    assert_eq!(bed.store().logins().len(), COUNT);
    assert_sane(&bed, COUNT);
    bed.sandbox.clear_log();
    for (user, app) in whom {
        let token = bed
            .run(["get", "--account", user.upn, "--client-id", app, "-o", "token"])
            .ok();
        let claims = entra_token::jwt::claims(token.trim()).unwrap();
        assert_eq!(
            (&claims["upn"], &claims["appid"]),
            (&Value::from(user.upn), &app.into())
        );
    }
    assert_eq!(bed.posts(), 0, "every token that came along was kept");
}

#[test]
fn the_same_person() {
    let bed = bed();
    at_once(&bed, &[(&ANA, entra_sandbox::AZURE_CLI); COUNT]);
    bed.store().login();
    assert_sane(&bed, 1);
    bed.token();
    assert_eq!(u64::try_from(COUNT).unwrap(), bed.posts());
    bed.store().age(75 * 60);
    bed.token();
    assert_eq!(
        u64::try_from(COUNT).unwrap() + 1,
        bed.posts(),
        "the refresh token that is held is a good one"
    );
}

/// What is told holds together, every pointer leads to a login, and no file is half written or left over.
#[track_caller]
fn assert_sane(bed: &Bed, count: usize) {
    let status: Value = serde_json::from_str(&bed.run(["status", "--json"]).ok()).unwrap();
    assert_fits("status", &status);
    let logins = status["logins"].as_array().unwrap();
    let ids: BTreeSet<_> = logins.iter().map(|login| login["id"].as_str().unwrap()).collect();
    assert_eq!((logins.len(), ids.len()), (count, count), "{status:#}");
    let defaults = logins.iter().filter(|login| login["default"] == true).count();
    assert_eq!(defaults, 1, "{status:#}");
    assert_eq!(status["notes"], serde_json::json!([]));
    for (path, bytes) in bed.store().files() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_ours = name == "config.toml" || name.ends_with(".lock") || name.ends_with(".json");
        assert!(is_ours && !name.starts_with('.'), "{} is left over", path.display());
        if path.parent().unwrap().ends_with("v1/pointers") && name.ends_with(".json") {
            let pointer = read(&path);
            assert_fits("cache-pointer", &pointer);
            assert!(
                ids.contains(pointer["login"].as_str().unwrap()),
                "{}: {pointer}",
                path.display()
            );
        }
        if name.ends_with(".lock") {
            assert!(bytes.is_empty(), "{}", path.display());
        }
    }
    bed.run(["get", "--host", &bed.sandbox.workspace()]).ok();
}
