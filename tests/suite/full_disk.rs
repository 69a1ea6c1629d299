//! Every step on the file system fails once, in every way: a token is served or a coded error told, and the login that
//! was there is there afterwards.

use crate::support::Store;
use crate::support::world::{Authority, Plan, call};
use std::path::Path;
use std::sync::Arc;

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EACCES: i32 = 13;
const EROFS: i32 = 30;
const EMFILE: i32 = 24;
const ERRORS: [i32; 5] = [ENOSPC, EIO, EACCES, EROFS, EMFILE];

/// The steps that need a file descriptor of their own.
const OPENING: &[&str] = &["open", "create", "open lock", "create lock", "append", "list"];

/// No command takes more steps; the sweep ends by itself when a run meets no fault.
const MOST: i64 = 400;

const LOGIN: [&str; 6] = ["login", "--refresh-token-stdin", "--tenant", TENANT, "--resource", "r"];
const GET: [&str; 7] = ["get", "-o", "token", "--resource", "r", "--tenant", TENANT];
const TENANT: &str = "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3";

fn prepare(authority: &Arc<Authority>) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let (exit, _, err) = call(home.path(), &Plan::none(), authority, &LOGIN, "rt-first\n");
    assert_eq!(exit, 0, "{err}");
    home
}

/// The refresh token is one that the authority issued, and the next call works.
fn check_healthy(home: &Path, authority: &Arc<Authority>, after: &str) {
    let held = Store::new(home.to_owned()).refresh_token();
    assert!(held.starts_with("rt-"), "{after}: {held}");
    let (exit, out, err) = call(home, &Plan::none(), authority, &GET, "");
    assert_eq!((exit, err.as_str()), (0, ""), "{after}");
    assert!(out.starts_with("at-"), "{after}: {out}");
}

#[test]
fn a_refresh_survives_every_failing_step() {
    for errno in ERRORS {
        for lasting in [false, true] {
            let mut steps = 0;
            for step in 0..MOST {
                let authority = Arc::new(Authority::default());
                let home = prepare(&authority);
                let store = Store::new(home.path().to_owned());
                let before = store.refresh_token();
                store.age(4500);
                let plan = Plan::at(step, errno, lasting);
                let (exit, out, err) = call(home.path(), &plan, &authority, &GET, "");
                let failed = plan.failed.lock().unwrap().join(", ");
                if failed.is_empty() {
                    break;
                }
                steps += 1;
                let what = format!("errno {errno} at step {step} ({failed}): exit {exit}, {err}");
                let answered = authority.minted() > 1;
                match exit {
                    0 => assert!(out.starts_with("at-") && err.is_empty(), "{what}"),
                    _ if answered => panic!("a token was answered and not served: {what}"),
                    1 => {
                        assert!(out.is_empty() && err.contains("entra-token"), "{what}");
                        assert_eq!(store.refresh_token(), before, "{what}");
                    }
                    _ => panic!("{what}"),
                }
                check_healthy(home.path(), &authority, &what);
            }
            assert!(steps > 20, "only {steps} steps");
        }
    }
}

#[test]
fn a_sign_in_survives_every_failing_step() {
    for errno in ERRORS {
        for lasting in [false, true] {
            for step in 0..MOST {
                let authority = Arc::new(Authority::default());
                let home = prepare(&authority);
                let plan = Plan::at(step, errno, lasting);
                let (exit, _, err) = call(home.path(), &plan, &authority, &LOGIN, "rt-second\n");
                let failed = plan.failed.lock().unwrap().join(", ");
                if failed.is_empty() {
                    assert_eq!(exit, 0, "{err}");
                    break;
                }
                let what = format!("errno {errno} at step {step} ({failed}): exit {exit}, {err}");
                assert!(matches!(exit, 0 | 1), "{what}");
                assert!(exit == 0 || err.contains("entra-token"), "{what}");
                check_healthy(home.path(), &authority, &what);
            }
        }
    }
}

/// What cannot be opened may be good: a login is not set aside before a new one is ready to take its place.
#[test]
fn a_sign_in_without_file_descriptors_moves_nothing_away() {
    let mut refused = 0;
    for step in 0..MOST {
        let authority = Arc::new(Authority::default());
        let home = prepare(&authority);
        let before = Store::new(home.path().to_owned()).refresh_token();
        let plan = Plan::every_from(step, OPENING, EMFILE);
        let (exit, _, err) = call(home.path(), &plan, &authority, &LOGIN, "rt-second\n");
        let failed = plan.failed.lock().unwrap().join(", ");
        if failed.is_empty() {
            break;
        }
        let what = format!("at {failed}: exit {exit}, {err}");
        assert!(matches!(exit, 0 | 1), "{what}");
        if failed.contains("create") && failed.contains("/.login.json.") {
            refused += 1;
            assert_eq!(Store::new(home.path().to_owned()).refresh_token(), before, "{what}");
        }
        check_healthy(home.path(), &authority, &what);
    }
    assert!(refused > 2, "the new login could be written but for {refused} times");
}

#[test]
fn the_refresh_token_is_stored_before_the_access_token_that_came_with_it() {
    let authority = Arc::new(Authority::default());
    let home = prepare(&authority);
    Store::new(home.path().to_owned()).age(4500);
    let plan = Plan::none();
    assert_eq!(call(home.path(), &plan, &authority, &GET, "").0, 0);
    let done = plan.done.lock().unwrap();
    let stored: Vec<_> = done
        .iter()
        .filter(|step| ["write", "sync", "rename"].iter().any(|word| step.starts_with(word)))
        .map(|step| {
            let (what, path) = step.rsplit_once(' ').unwrap();
            (what, path.rsplit('/').next().unwrap().split('-').next().unwrap())
        })
        .collect();
    let folder = home
        .path()
        .join("v1/logins")
        .read_dir()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let folder = folder.file_name().into_string().unwrap();
    assert_eq!(
        stored[..8],
        [
            ("write", ""),
            ("sync", ""),
            ("rename", "login.json"),
            ("sync folder", folder.as_str()),
            ("write", ""),
            ("sync", ""),
            ("rename", "token"),
            ("sync folder", folder.as_str()),
        ]
    );
}
