//! Homes and folders that are missing, foreign, read-only or no folders: a clear error or service, and nothing lost.

use crate::support::world::{Authority, Plan, call, call_as};
use crate::support::{Bed, Store, write};
use entra_sandbox::{ANA, CONTOSO};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};
use std::sync::Arc;

/// A user who is not us.
const STRANGER: u32 = 12_345;

#[test]
fn homes_that_are_missing_foreign_or_read_only() {
    let bed = Bed::signed_in();
    let held = bed.token();
    assert!(
        bed.run(["get"])
            .env("HOME", "/nonexistent")
            .fails(3)
            .contains("nobody is signed in")
    );
    assert!(
        bed.run(["get"])
            .env("ENTRA_TOKEN_HOME", "relative")
            .fails(1)
            .contains("absolute")
    );
    let wide = bed.home().join("wide");
    std::fs::DirBuilder::new().mode(0o777).create(&wide).unwrap();
    std::fs::set_permissions(&wide, std::fs::Permissions::from_mode(0o777)).unwrap();
    let told = bed.run(["get"]).env("ENTRA_TOKEN_HOME", &wide).fails(1);
    assert!(told.contains("chmod 700"), "{told}");
    let link = bed.home().join("link");
    symlink(bed.folder(), &link).unwrap();
    bed.run(["get"]).env("ENTRA_TOKEN_HOME", &link).fails(1);
    assert_eq!(bed.token(), held);
}

/// A store that can be read and not written, as on a disk that was mounted so.
#[test]
fn a_read_only_store_serves_and_loses_nothing() {
    const EROFS: i32 = 30;
    const WRITING: &[&str] = &[
        "create",
        "create lock",
        "write",
        "sync",
        "rename",
        "sync folder",
        "make folder",
        "remove",
        "remove folder",
        "append",
    ];
    let authority = Arc::new(Authority::default());
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(home.path().to_owned());
    let run = |plan: &Arc<Plan>, args: &[&str]| call(home.path(), plan, &authority, args, "rt-new\n");
    let (writable, read_only) = (Plan::none(), Plan::every(WRITING, EROFS));
    let login = ["login", "--refresh-token-stdin", "--tenant", CONTOSO.id];

    let (exit, _, err) = run(&read_only, &login);
    assert_eq!(exit, 1, "{err}");
    assert!(
        err.contains("cannot write") && err.contains("ENTRA_TOKEN_HOME"),
        "{err}"
    );
    assert_eq!(run(&writable, &login).0, 0);
    let before = store.refresh_token();

    let (exit, warm, _) = run(&read_only, &["get", "-o", "token"]);
    assert_eq!(exit, 0);
    let status = run(&read_only, &["status"]).1;
    assert!(status.contains("writable no: tokens cannot be kept"), "{status}");
    store.age(75 * 60);
    let files = store.files();
    let (exit, fresh, err) = run(&read_only, &["get", "-o", "token"]);
    assert_eq!((exit, err.as_str()), (0, ""), "it is served though it cannot be kept");
    assert_ne!(fresh, warm);
    for args in [&login[..], &["logout"], &["logout", "--all"]] {
        let (exit, _, err) = run(&read_only, args);
        assert_eq!(exit, 1, "{args:?}: {err}");
        assert!(err.contains("cannot write"), "{args:?}: {err}");
    }
    assert!(store.files() == files, "nothing was changed");
    assert_eq!(store.refresh_token(), before);
    assert_eq!(run(&writable, &["get"]).0, 0);
}

#[test]
fn a_home_of_another_user_is_refused_before_anything_is_made_there() {
    use std::os::unix::fs::{MetadataExt, chown};
    let authority = Arc::new(Authority::default());
    let home = tempfile::tempdir().unwrap();
    let variables = [("HOME", home.path().display().to_string())];
    let run = |user: u32, args: &[&str]| call_as(user, &variables, &Plan::none(), &authority, args, "rt-first\n");
    let refused = |user: u32, owner: u32, args: &[&str]| {
        let (exit, _, err) = run(user, args);
        assert_eq!(exit, 1, "{args:?}: {err}");
        let told = [&format!("belongs to user {owner}"), "sudo -H", "ENTRA_TOKEN_HOME"];
        assert!(told.iter().all(|word| err.contains(*word)), "{args:?}: {err}");
    };
    let login = ["login", "--refresh-token-stdin", "--tenant", CONTOSO.id];
    let us = std::fs::metadata(home.path()).unwrap().uid();

    // Root's folders, such as `/`, are nobody's home: for root the home becomes somebody's.
    let owner = if us == 0 { STRANGER } else { us };
    if us == 0 {
        chown(home.path(), Some(owner), None).unwrap();
    }
    for args in [&login[..], &["get"], &["status"]] {
        refused(if us == 0 { us } else { STRANGER }, owner, args);
    }
    assert!(!home.path().join(".entra-token").exists());
    if us == 0 {
        chown(home.path(), Some(us), None).unwrap();
    }

    assert_eq!(run(us, &login).0, 0);
    for args in [&login[..], &["get"], &["status"], &["logout"], &["why"]] {
        refused(STRANGER, us, args);
    }
    assert_eq!(run(us, &["get"]).0, 0);
}

#[test]
fn folders_that_are_none_are_told() {
    for name in ["v1", "v1/logins"] {
        let bed = Bed::signed_in();
        let held = bed.token();
        let (path, moved) = (bed.folder().join(name), bed.folder().join("moved"));
        std::fs::rename(&path, &moved).unwrap();
        write(&path, "not a folder");
        for args in [
            &["get"][..],
            &["get", "--tenant", CONTOSO.id],
            &["status"],
            &["use", ANA.upn],
            &["logout"],
            &["logout", "--all"],
        ] {
            let told = bed.run(args.iter().copied()).fails(1);
            let words = told.contains("cannot read") || told.contains("cannot write");
            assert!(words && told.contains(name), "{args:?}: {told}");
        }
        assert!(bed.sign_in(&ANA).fails(1).contains("cannot write"));
        std::fs::remove_file(&path).unwrap();
        std::fs::rename(&moved, &path).unwrap();
        assert_eq!(bed.token(), held, "nothing is lost");
    }
}

#[test]
fn without_pointers_the_only_login_is_found() {
    let bed = Bed::signed_in();
    let held = bed.token();
    let path = bed.folder().join("v1/pointers");
    std::fs::remove_dir_all(&path).unwrap();
    write(&path, "not a folder");
    assert_eq!(bed.token(), held);
    let host = bed.sandbox.workspace();
    let told = bed.run(["get", "--host", &host]).fails(1);
    assert!(told.contains("which login is meant"), "no other login is taken: {told}");
    assert!(bed.sign_in(&ANA).fails(1).contains("cannot write"));
    std::fs::remove_file(&path).unwrap();
    bed.run(["get", "--host", &host]).ok();
    bed.run(["logout"]).ok();
}

#[test]
fn what_belongs_to_another_user_is_not_used() {
    use std::os::unix::fs::{MetadataExt, chown};
    let bed = Bed::signed_in();
    if std::fs::metadata(bed.folder()).unwrap().uid() != 0 {
        // Only root can give a file away; for others the kernel keeps strangers' files out of their folders.
        return;
    }
    let held = bed.token();
    chown(bed.folder(), Some(STRANGER), None).unwrap();
    let told = bed.run(["get"]).fails(1);
    assert!(
        told.contains(&format!("user {STRANGER}")) && told.contains("ENTRA_TOKEN_HOME"),
        "{told}"
    );
    chown(bed.folder(), Some(0), None).unwrap();

    let login = bed.store().login().join("login.json");
    chown(&login, Some(STRANGER), None).unwrap();
    chown(bed.store().tokens().remove(0), Some(STRANGER), None).unwrap();
    let told = bed.run(["get"]).fails(1);
    assert!(
        told.contains("login.json") && told.contains("belongs to user"),
        "{told}"
    );
    chown(&login, Some(0), None).unwrap();
    assert_ne!(bed.token(), held, "the stranger's token is set aside, not served");
}
