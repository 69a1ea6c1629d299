//! `link`: names by which other programs find us, and git's configuration; nothing of anybody else's is touched.

use crate::support::{Bed, Run};
use serde_json::{Value, json};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_entra-token");
const GIT: &str = "git-credential-entra";

/// A folder below the home.
fn folder(bed: &Bed, name: &str) -> PathBuf {
    let folder = bed.home().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn link(bed: &Bed, folder: &Path, more: &[&str], path: &str) -> Run {
    let args = ["link", folder.to_str().unwrap()];
    bed.run(args.iter().chain(more).copied()).env("PATH", path)
}

#[test]
fn links_are_made_found_and_removed() {
    let bed = Bed::signed_in();
    let bin = folder(&bed, "bin");
    let at = bin.join(GIT);
    let path = format!("{}/:/usr/bin:/bin", bin.display());
    assert!(bed.run(["link"]).ok().contains(GIT));

    assert_eq!(
        link(&bed, &bin, &["git"], &path).ok(),
        format!("made: {}\n", at.display())
    );
    assert_eq!(at.canonicalize().unwrap(), Path::new(PROGRAM).canonicalize().unwrap());
    assert_eq!(
        link(&bed, &bin, &["git"], &path).ok(),
        format!("already there: {}\n", at.display())
    );
    // By that name we are git's helper.
    let told = Command::new(&at).arg("capability").env_clear().output().unwrap();
    assert_eq!(told.stdout, b"version 0\ncapability authtype\n");

    assert_eq!(
        link(&bed, &bin, &["--remove"], &path).ok(),
        format!("removed: {}\n", at.display())
    );
    assert!(std::fs::read_dir(&bin).unwrap().next().is_none());
    assert!(
        link(&bed, &bin, &["--remove"], &path)
            .ok()
            .starts_with("no link of ours")
    );

    symlink("/nowhere/bin/entra-token", &at).unwrap();
    assert_eq!(
        link(&bed, &bin, &["git"], &path).ok(),
        format!("replaced: {}\n", at.display())
    );
}

#[test]
fn what_stands_in_the_way_of_being_found_is_told() {
    let bed = Bed::new();
    let (bin, before) = (folder(&bed, "bin"), folder(&bed, "before"));
    let told = link(&bed, &bin, &["git"], "/usr/bin:/bin").ok();
    assert!(told.contains("is not on PATH"), "{told}");
    let real = before.join(GIT);
    std::fs::write(&real, "#!/bin/sh\n").unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", before.display(), bin.display());
    let told = link(&bed, &bin, &["git"], &path).ok();
    assert!(
        told.contains(&format!("`{}` stands before it", real.display())),
        "{told}"
    );
}

#[test]
fn what_holds_for_all_links_is_told_once() {
    let bed = Bed::new();
    let bin = folder(&bed, "bin");
    let told = link(&bed, &bin, &[], "/usr/bin:/bin").ok();
    assert!(told.matches("made: ").count() > 1, "{told}");
    assert_eq!(told.matches("is not on PATH").count(), 1, "{told}");
    assert!(told.lines().last().unwrap().starts_with("  note: "), "{told}");
}

#[test]
fn a_folder_that_was_left_out() {
    let bed = Bed::new();
    for (args, remedy) in [
        (&["link", "az"][..], "entra-token link ~/.local/bin az"),
        (
            &["link", GIT, "az", "--remove"],
            "entra-token link ~/.local/bin git-credential-entra az --remove",
        ),
        (&["link", "terraform"], "it is called as: entra-token as terraform"),
        (&["link", "dotnet"], "entra-token link --dotnet"),
    ] {
        let told = bed.run(args.iter().copied()).within(bed.home()).fails(2);
        assert!(told.ends_with(&format!("{remedy}\n")), "{told}");
        assert!(!told.contains("mkdir"), "{told}");
    }
    // A folder may be called like one of them.
    folder(&bed, "az");
    let told = bed.run(["link", "az", "git"]).within(bed.home()).ok();
    assert!(told.starts_with("made: "), "{told}");
}

#[test]
fn what_is_not_ours_is_neither_replaced_nor_removed() {
    let bed = Bed::new();
    let bin = folder(&bed, "bin");
    let at = bin.join(GIT);
    let path = bin.to_str().unwrap();
    std::fs::write(&at, "mine").unwrap();
    let told = link(&bed, &bin, &[], path).fails(1);
    assert!(told.contains("is not a link of ours"), "{told}");
    assert_eq!(std::fs::read_dir(&bin).unwrap().count(), 1, "nothing else was made");
    link(&bed, &bin, &["--remove"], path).ok();
    assert_eq!(std::fs::read_to_string(&at).unwrap(), "mine");

    link(&bed, &bin, &["nothing"], path).fails(2);
    let told = link(&bed, &bin.join("missing"), &[], path).fails(2);
    assert!(told.contains("mkdir -p"), "{told}");
    let told = link(&bed, &bin.join("missing"), &["--remove"], path).ok();
    assert!(told.starts_with("no link of ours is in "), "{told}");
    bed.run(["link", "--remove"]).fails(2);
}

#[test]
fn git_asks_us_and_nobody_else_for_azure_repos() {
    let bed = Bed::new();
    let run = |args: &[&str]| {
        bed.run(args.iter().copied())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
    };
    let git = |args: &[&str], input: &str| {
        let mut git = Command::new("git");
        git.args(args)
            .env_clear()
            .env("HOME", bed.home())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin");
        git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_CONFIG_NOSYSTEM", "1");
        git.stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped());
        let mut git = git.stderr(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut git.stdin.take().unwrap(), input.as_bytes()).unwrap();
        let output = git.wait_with_output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    // A general helper, which keeps what it is given in clear.
    let before = "[credential]\n\thelper = store\n";
    std::fs::write(bed.home().join(".gitconfig"), before).unwrap();

    assert!(
        run(&["link", "--git"])
            .ok()
            .starts_with("git asks entra-token for https://dev.azure.com")
    );
    run(&["link", "--git"]).ok();
    let (_, helpers, _) = git(&["config", "--get-all", "credential.https://dev.azure.com.helper"], "");
    assert_eq!(helpers, format!("\n!{PROGRAM} as git\n"), "once, after the reset");
    for host in ["dev.azure.com", "contoso.visualstudio.com"] {
        let (filled, _, told) = git(&["credential", "fill"], &format!("protocol=https\nhost={host}\n\n"));
        assert!(!filled && told.contains("entra-token login"), "{host}: {told}");
    }
    let approved = "protocol=https\nhost=dev.azure.com\nusername=a\npassword=planted\n\n";
    assert!(git(&["credential", "approve"], approved).0);
    assert!(!bed.home().join(".git-credentials").exists(), "the store was not told");

    assert_eq!(
        run(&["link", "--git", "--remove"]).ok(),
        "git does not ask entra-token any more\n"
    );
    assert_eq!(std::fs::read_to_string(bed.home().join(".gitconfig")).unwrap(), before);
    assert_eq!(
        run(&["link", "--git", "--remove"]).ok(),
        "git was not told to ask entra-token\n"
    );

    let theirs = format!("{before}[credential \"https://dev.azure.com\"]\n\thelper = manager\n");
    std::fs::write(bed.home().join(".gitconfig"), &theirs).unwrap();
    let told = run(&["link", "--git"]).fails(1);
    assert!(
        told.contains("another helper") && told.contains("--unset-all"),
        "{told}"
    );
    assert_eq!(std::fs::read_to_string(bed.home().join(".gitconfig")).unwrap(), theirs);
    let nothing = bed.run(["link", "--git"]).env("PATH", "/nowhere").fails(1);
    assert!(nothing.contains("git is not on PATH"), "{nothing}");
}

#[test]
fn dotnet_is_told_beside_others() {
    let bed = Bed::new();
    let file = bed.home().join(".IdentityService/AzureServiceAuth/tokenprovider.json");
    let read = || serde_json::from_slice::<Value>(&std::fs::read(&file).unwrap()).unwrap();
    let ours = json!({"Path": PROGRAM, "Arguments": ["as", "dotnet"], "Preference": 1});
    let link = |more: &[&str]| bed.run([&["link", "--dotnet"], more].concat());
    assert!(link(&["--remove"]).ok().starts_with("not registered"));
    for _ in 0..2 {
        assert!(link(&[]).ok().starts_with("registered in "));
        assert_eq!(read(), json!({"TokenProviders": [ours]}));
    }
    assert!(link(&["--remove"]).ok().starts_with("taken out of "));
    assert!(!file.exists());

    let theirs = json!({"TokenProviders": [{"Path": "/x", "Arguments": [], "Preference": 0}], "More": 1});
    std::fs::write(&file, format!("\u{feff}{theirs}")).unwrap();
    link(&[]).ok();
    assert_eq!(read()["TokenProviders"], json!([theirs["TokenProviders"][0], ours]));
    link(&["--remove"]).ok();
    assert_eq!(read(), theirs);

    std::fs::write(&file, "[]").unwrap();
    for more in [&[][..], &["--remove"]] {
        assert!(link(more).fails(1).contains("is not a list of token providers"));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "[]");
}
