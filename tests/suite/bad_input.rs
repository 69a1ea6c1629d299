//! Files that are not what they should be, and requests that are none: a clear error or service, and nothing lost.

use crate::support::{Bed, read, write};
use entra_sandbox::ANA;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// Ways in which a file can be bad: a name, and what makes it so.
type Spoil = (&'static str, fn(&Path));

const SPOILS: [Spoil; 10] = [
    ("corrupt", |path| write(path, "{\"version\":1,")),
    ("not json", |path| write(path, [0xff, 0xfe, 0, 1, 2])),
    ("empty", |path| write(path, "")),
    ("truncated", |path| {
        let whole = std::fs::read(path).unwrap();
        write(path, &whole[..whole.len() / 2]);
    }),
    ("100 MB", |path| {
        write(path, "");
        std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .unwrap()
            .set_len(100 << 20)
            .unwrap();
    }),
    ("a folder", |path| {
        std::fs::remove_file(path).unwrap();
        std::fs::create_dir(path).unwrap();
    }),
    ("a link", |path| {
        let real = path.with_file_name("elsewhere");
        std::fs::rename(path, &real).unwrap();
        symlink(&real, path).unwrap();
    }),
    ("readable by others", |path| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap()
    }),
    ("newer", |path| write(path, r#"{"version":2,"everything":"different"}"#)),
    ("older", |path| write(path, r#"{"version":0}"#)),
];

#[test]
fn a_bad_token_file_is_refreshed_and_set_aside() {
    for (name, spoil) in SPOILS {
        let bed = Bed::signed_in();
        let old = bed.token();
        let path = bed.store().tokens().remove(0);
        spoil(&path);
        assert_ne!(bed.token(), old, "{name}");
        assert_eq!(bed.posts(), 1, "{name}");
        let aside = bed
            .store()
            .files()
            .iter()
            .any(|(path, _)| path.display().to_string().contains(".aside-"))
            || std::fs::read_dir(path.parent().unwrap())
                .unwrap()
                .any(|e| e.unwrap().file_name().to_str().unwrap().contains(".aside-"));
        assert!(aside, "{name}: set aside, not deleted");
    }
}

#[test]
fn a_bad_login_file_is_told_and_a_sign_in_sets_it_aside() {
    for (name, spoil) in SPOILS {
        let bed = Bed::signed_in();
        let held = bed.token();
        let path = bed.store().login().join("login.json");
        spoil(&path);
        assert_eq!(bed.token(), held, "{name}: what is held needs no login file");
        bed.store().age(75 * 60);
        let told = bed.run(["get"]).fails(1);
        assert!(
            told.contains("login.json") && !told.contains("panicked"),
            "{name}: {told}"
        );
        bed.run(["status"]).ok();
        let signed_in = bed.sign_in(&ANA);
        assert_eq!(signed_in.exit, Some(0), "{name}: {}", signed_in.err);
        let told = signed_in.out + &signed_in.err;
        assert!(told.contains("set aside"), "{name}: {told}");
        bed.token();
    }
}

#[test]
fn bad_pointers_are_rebuilt() {
    for (name, spoil) in SPOILS {
        let bed = Bed::signed_in();
        let held = bed.token();
        for entry in std::fs::read_dir(bed.folder().join("v1/pointers")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "json") {
                spoil(&path);
            }
        }
        assert_eq!(bed.token(), held, "{name}");
        bed.run(["use", ANA.upn]).ok();
        assert_eq!(bed.token(), held, "{name}");
    }
}

#[test]
fn bad_refusals_and_locks_stop_nobody() {
    for (name, spoil) in SPOILS {
        let bed = Bed::signed_in();
        let folder = bed.store().login();
        for file in ["refusals.json", "refresh.lock", "read.lock", "write.lock"] {
            let path = folder.join(file);
            write(&path, "x");
            spoil(&path);
        }
        bed.store().age(75 * 60);
        bed.run(["get"]).ok();
        assert_eq!(bed.posts(), 1, "{name}");
        bed.run(["get"]).ok();
    }
}

#[test]
fn settings_with_a_mistake_are_told_with_the_line() {
    let bed = Bed::signed_in();
    for (text, word) in [
        ("x = ", "line 1"),
        ("[profiles.dev]\nhots = \"a\"\n", "hots"),
        ("[[host]]\nname = \"http://evil.example\"\n", "https"),
        ("[profiles.dev]\ntenant = \"a/b\"\n", "line 2"),
    ] {
        bed.config(text);
        let done = bed.run(["get", "--profile", "dev"]).done();
        assert!(matches!(done.exit, Some(1 | 2)), "{done:?}");
        assert!(
            done.err.contains(word) && done.err.contains("config.toml"),
            "{text}: {}",
            done.err
        );
    }
}

#[test]
fn bad_settings_are_told_and_nothing_is_lost() {
    for (name, spoil) in SPOILS {
        let bed = Bed::signed_in();
        let held = bed.token();
        let path = bed.folder().join("config.toml");
        spoil(&path);
        let done = bed.run(["get", "-o", "token"]).done();
        match name {
            // Settings hold no secret and may be kept elsewhere; half of them may be whole.
            "empty" | "readable by others" | "a link" => assert_eq!(done.ok().trim_end(), held, "{name}"),
            "truncated" if done.exit == Some(0) => assert_eq!(done.ok().trim_end(), held, "{name}"),
            _ => {
                let told = done.fails(1);
                assert!(
                    told.contains("config.toml") && told.lines().count() >= 2,
                    "{name}: {told}"
                );
            }
        }
        std::fs::remove_dir_all(&path)
            .or_else(|_| std::fs::remove_file(&path))
            .unwrap();
        assert_eq!(bed.token(), held, "{name}");
    }
    let bed = Bed::signed_in();
    let path = bed.folder().join("config.toml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let told = bed.run(["get"]).fails(1);
    assert!(told.contains("config.toml") && told.contains("chmod"), "{told}");
}

#[test]
fn hostile_lines_are_answered_each_with_a_code() {
    let bed = Bed::signed_in();
    let long = format!("{{\"v\":1,\"op\":\"get\",\"x\":\"{}\"}}", "a".repeat(2 << 20));
    let deep = format!("{{\"v\":1,\"op\":\"get\",\"x\":{}", "[".repeat(200_000));
    for (line, code, exit) in [
        ("".to_owned(), "bad_request", 2),
        ("not json".to_owned(), "bad_request", 2),
        ("[1,2]".to_owned(), "bad_request", 2),
        (long, "bad_request", 2),
        (deep, "bad_request", 2),
        (r#"{"v":9,"op":"get"}"#.to_owned(), "unsupported_version", 2),
        (r#"{"v":1,"op":"frobnicate"}"#.to_owned(), "unsupported_op", 2),
        (
            "{\"v\":1,\"op\":\"get\",\"tenant\":\"a\\u0007b\"}".to_owned(),
            "bad_request",
            2,
        ),
        (
            r#"{"v":1,"op":"get","uri":"https://evil.example/"}"#.to_owned(),
            "target_not_supported",
            3,
        ),
        (
            r#"{"v":1,"op":"get","account":"nobody@contoso.example"}"#.to_owned(),
            "not_found",
            3,
        ),
    ] {
        let done = bed.run(["rpc"]).stdin(&line).done();
        let answer: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        assert_eq!(
            (answer["error"]["code"].as_str(), done.exit),
            (Some(code), Some(exit)),
            "{}",
            &line[..line.len().min(80)]
        );
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
        assert!(done.out.ends_with('\n') && done.out.lines().count() == 1);
    }
}

#[test]
fn a_stream_goes_on_after_each_of_them() {
    let bed = Bed::signed_in();
    let input = [
        "garbage".to_owned(),
        format!("{{\"x\":\"{}\"}}", "a".repeat(2 << 20)),
        r#"{"v":1,"op":"get"}"#.to_owned(),
        String::new(),
        r#"{"v":1,"id":1,"op":"hello"}"#.to_owned(),
        r#"{"v":1,"id":"two","op":"get"}"#.to_owned(),
    ]
    .join("\n");
    let out = bed.run(["rpc", "--stream"]).stdin(input).ok();
    let answers: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 5);
    let by_id = |id: serde_json::Value| answers.iter().find(|answer| answer["id"] == id).unwrap();
    assert_eq!(by_id(1.into())["result"]["name"], "entra-token");
    assert!(by_id("two".into())["result"]["access_token"].is_string());
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer["error"]["code"] == "bad_request")
            .count(),
        3
    );
}

#[test]
fn sign_in_refuses_what_is_no_refresh_token() {
    let bed = Bed::new();
    let host = bed.sandbox.workspace();
    for (text, exit) in [("", 2), ("\n", 2), ("a\u{7}b", 2), ("not-a-refresh-token", 4)] {
        let done = bed
            .run(["login", "--refresh-token-stdin", "--host", &host])
            .stdin(text)
            .done();
        assert_eq!(done.exit, Some(exit), "{text:?}: {}", done.err);
        assert!(!done.err.contains("not-a-refresh-token"), "{}", done.err);
    }
    assert!(bed.store().logins().is_empty());
    assert!(
        read(&{
            bed.sign_in(&ANA).ok();
            bed.store().login().join("login.json")
        })["refresh_token"]
            .is_string()
    );
}
