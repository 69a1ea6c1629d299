//! Locks that somebody else holds, for longer than they should: a valid token waits for none, a patient writer is not
//! starved, a stopped process stops nobody for long, and a file system without locks is told.

use crate::support::world::{Authority, Plan, call};
use crate::support::{Bed, Store};
use std::fs::File;
use std::sync::Arc;

const LIFE: i64 = 75 * 60;

/// A lock file of the only login, held until it is dropped.
struct Held {
    _file: File,
}

impl Held {
    fn open(bed: &Bed, name: &str) -> File {
        let path = bed.store().login().join(name);
        File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .unwrap()
    }

    fn exclusive(bed: &Bed, name: &str) -> Self {
        let file = Self::open(bed, name);
        file.lock().unwrap();
        Self { _file: file }
    }

    fn shared(bed: &Bed, name: &str) -> Self {
        let file = Self::open(bed, name);
        file.lock_shared().unwrap();
        Self { _file: file }
    }
}

#[test]
fn a_valid_token_waits_for_no_lock() {
    let bed = Bed::signed_in();
    let held = bed.token();
    let locks = ["read.lock", "write.lock", "refresh.lock"].map(|name| Held::exclusive(&bed, name));
    assert_eq!(bed.token(), held);
    bed.store().age(LIFE - 600);
    assert_eq!(
        bed.token(),
        held,
        "also in the early window, if somebody else refreshes"
    );
    bed.run(["status"]).ok();
    assert_eq!(bed.posts(), 0);
    bed.store().age(600);
    let told = bed.run(["get", "--timeout", "1"]).fails(6);
    assert!(told.contains("another process is refreshing"), "{told}");
    drop(locks);
    bed.token();
}

#[test]
fn readers_that_never_let_go_starve_no_writer() {
    let bed = Bed::signed_in();
    let old = bed.token();
    bed.store().age(LIFE);
    let reader = Held::shared(&bed, "read.lock");
    let new = bed.token();
    assert_ne!(new, old);
    assert_eq!(bed.token(), new, "it is stored");
    assert_eq!(bed.posts(), 1);
    drop(reader);
}

#[test]
fn a_stopped_writer_costs_nobody_a_token() {
    let bed = Bed::signed_in();
    let (old, login) = (bed.token(), bed.store().refresh_token());
    bed.store().age(LIFE);
    let writer = Held::exclusive(&bed, "write.lock");
    let log = bed.home().join("log");
    let new = bed.run(["get", "-o", "token"]).env("ENTRA_TOKEN_LOG", &log).ok();
    assert_ne!(new.trim_end(), old);
    assert!(std::fs::read_to_string(log).unwrap().contains("not stored"));
    assert_eq!(bed.store().refresh_token(), login, "what is held stays as it is");

    let told = bed.sign_in(&entra_sandbox::ANA).fails(6);
    assert!(told.contains("another process has been writing"), "{told}");
    assert_eq!(bed.store().refresh_token(), login);

    bed.run(["logout"]).ok();
    assert!(bed.store().logins().is_empty(), "signing out waits for nobody");
    drop(writer);
}

#[test]
fn a_file_system_without_locks_is_told_and_serves() {
    const TENANT: &str = "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3";
    let authority = Arc::new(Authority::default());
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(home.path().to_owned());
    let plan = Plan::every(&["open lock", "create lock"], 37); // ENOLCK
    let run = |args: &[&str], input: &str| {
        let (exit, out, err) = call(home.path(), &plan, &authority, args, input);
        assert_eq!((exit, err.as_str()), (0, ""), "{args:?}");
        out
    };
    run(&["login", "--refresh-token-stdin", "--tenant", TENANT], "rt-first\n");
    let first = run(&["get", "-o", "token"], "");
    assert_eq!(run(&["get", "-o", "token"], ""), first);
    store.age(LIFE);
    assert_ne!(run(&["get", "-o", "token"], ""), first);
    let status = run(&["status"], "");
    assert!(
        status.contains("locks no: several processes may refresh at once"),
        "{status}"
    );
    run(&["logout"], "");
    assert!(store.logins().is_empty());
}
