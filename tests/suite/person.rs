//! A person signs in at a terminal: what is asked, what is shown, and what is left behind at each step.

use crate::support::{Bed, Run, Seat};
use entra_sandbox::{ANA, BEN, Fault, FaultKind};
use rustix::process::Signal;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

/// A way, and what is shown when it waits for the person.
const WAITS: [(&[&str], &str, bool); 4] = [
    (&["--paste"], "paste the address: ", true),
    (&["--username", ANA.upn], "(not shown): ", true),
    (&["--device-code"], "waiting for the code to be typed", false),
    (&["--browser", "--no-browser"], "waiting for the browser", false),
];

#[test]
fn a_long_address_is_pasted() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.code_length = 6000);
    for wrapped in [false, true] {
        let mut seat = login(&bed, &["--paste"]).at_terminal();
        let address = shown_address(&mut seat);
        seat.wait_for("paste the address: ");
        assert!(!seat.echoes());
        let mut end = ends_at(&bed, &address);
        assert!(end.len() > 6000);
        if wrapped {
            for at in [4096, 200, 80] {
                end.insert(at, '\n');
            }
        }
        seat.paste(&format!("{end}\n"));
        seat.type_line("").wait_for(&signed_in(ANA.upn));
        let screen = seat.done().exits(0);
        assert_no_token(&bed, &screen);
    }
}

#[test]
fn what_is_no_address_is_told_and_asked_again() {
    let bed = bed();
    let mut seat = login(&bed, &["--paste"]).at_terminal();
    let address = shown_address(&mut seat);
    for (line, told) in [
        ("", "nothing was pasted"),
        ("hello", "neither an address nor a code"),
        (address.as_str(), "the address to sign in at"),
    ] {
        seat.wait_for("paste the address: ").type_line(line).wait_for(told);
    }
    seat.wait_for("paste the address: ");
    seat.type_line(&ends_at(&bed, &address)).wait_for(&signed_in(ANA.upn));
    seat.done().exits(0);
}

#[test]
fn a_password_is_asked_for_without_echo() {
    let bed = bed();
    let mut seat = login(&bed, &["--username", ANA.upn]).at_terminal();
    seat.wait_for(&format!("password of {} (not shown): ", ANA.upn));
    assert!(!seat.echoes());
    // A slip, and the right one.
    seat.types("wrong\x15").type_line(ANA.password);
    seat.wait_for(&signed_in(ANA.upn));
    let screen = seat.done().exits(0);
    assert!(!screen.contains(ANA.password) && !screen.contains("wrong"), "{screen}");
    assert_no_token(&bed, &screen);

    let mut seat = login(&bed, &["--username", BEN.upn]).at_terminal();
    seat.wait_for("(not shown): ").type_line("planted-wrong-password");
    let screen = seat.wait_for("AADSTS50126").screen();
    assert!(!screen.contains("planted"), "{screen}");
    assert_ne!(seat.done().exit, 0);
}

#[test]
fn a_device_code_is_waited_for_in_sight() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_auto_approve = None);
    let mut seat = login(&bed, &["--device-code"]).at_terminal();
    seat.wait_for("waiting for the code to be typed, 4:").wait_for("\r");
    let [code] = bed.sandbox.user_codes().try_into().unwrap();
    assert!(seat.screen().contains(&code));
    assert!(bed.sandbox.approve_device(&code, &BEN));
    seat.wait_for(&signed_in(BEN.upn));
    assert_no_token(&bed, &seat.done().exits(0));
}

/// Ctrl-C, and whatever else ends a program, at each step at which a person is waited for.
#[test]
fn giving_up_leaves_nothing_behind() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_auto_approve = None);
    let before = left(&bed);
    for (way, waits, asks) in WAITS {
        for end in [End::CtrlC, End::Signal(Signal::TERM), End::Signal(Signal::HUP)] {
            let mut seat = login(&bed, way).at_terminal();
            seat.wait_for(waits);
            match end {
                End::CtrlC => seat.ctrl_c(),
                End::Signal(signal) => seat.signal(signal),
            };
            let exit = match end {
                End::CtrlC | End::Signal(Signal::TERM) if asks => 5,
                End::CtrlC => 130,
                End::Signal(signal) => 128 + signal.as_raw(),
            };
            match exit {
                // Nobody could set back the terminal, and a terminal that sends it is gone.
                129 => assert_eq!(seat.ended(), 129),
                _ => drop(seat.done().exits(exit)),
            }
            assert_eq!(left(&bed), before, "{way:?}");
        }
    }
}

/// The question is over, and Ctrl-C is the kernel's business again.
#[test]
fn giving_up_while_the_authority_thinks() {
    let bed = bed();
    let before = left(&bed);
    for (at, (way, waits)) in [("--username", "(not shown): "), ("--paste", "paste the address: ")]
        .into_iter()
        .enumerate()
    {
        bed.sandbox.fault(Fault::token(FaultKind::Hang { acted: false }));
        let name = if way == "--username" {
            &[way, ANA.upn][..]
        } else {
            &[way]
        };
        let mut seat = login(&bed, name).at_terminal();
        let line = match way {
            "--paste" => ends_at(&bed, &shown_address(&mut seat)),
            _ => ANA.password.to_owned(),
        };
        seat.wait_for(waits).type_line(&line);
        let asked = u64::try_from(at).unwrap() + 1;
        assert!(bed.sandbox.wait_for_requests("token", asked, Duration::from_secs(60)));
        assert!(seat.is_restored(), "{way}");
        seat.ctrl_c();
        seat.done().exits(130);
        assert_eq!(left(&bed), before, "{way}");
    }
}

#[derive(Clone, Copy)]
enum End {
    CtrlC,
    Signal(Signal),
}

#[test]
fn a_question_can_wait_in_the_background() {
    let bed = bed();
    let mut seat = login(&bed, &["--username", ANA.upn]).at_terminal();
    seat.wait_for("(not shown): ").ctrl('z').stopped();
    assert!(seat.echoes() && seat.is_restored());
    seat.resumes().wait_for("(not shown): ").type_line(ANA.password);
    seat.wait_for(&signed_in(ANA.upn));
    seat.done().exits(0);
}

/// `$BROWSER` gets the address as one argument, nothing of ours, and no secret.
#[test]
fn a_browser_gets_the_address_and_nothing_else() {
    let bed = bed();
    let browser = browser(&bed);
    let mut seat = login(&bed, &["--browser", "--response-mode", "query"])
        .env(
            "BROWSER",
            format!("/nowhere/browser:'{}' --new-window %s &", browser.program.display()),
        )
        .env("PATH", "/usr/bin:/bin")
        .env("DATABRICKS_TOKEN", "planted-1")
        .env("ARM_CLIENT_SECRET", "planted-2")
        .env("DISPLAY", ":7")
        .at_terminal();
    seat.wait_for("waiting for the browser");
    let address = shown_address_in(&seat.screen());
    let [words, variables, streams] = browser.told();
    assert_eq!(words, format!("--new-window\n{address}\n"));
    assert!(!variables.contains("planted"), "{variables}");
    assert!(variables.lines().any(|line| line == "DISPLAY=:7"), "{variables}");
    assert_eq!(streams, "/dev/null\n/dev/null\n/dev/null\n");
    // The browser comes back.
    let client = bed.sandbox.client().unwrap();
    assert_eq!(client.get(&ends_at(&bed, &address), None).unwrap().status, 200);
    seat.wait_for(&signed_in(ANA.upn));
    let screen = seat.done().exits(0);
    assert!(!screen.contains("browser says"), "{screen}");
    assert_no_token(&bed, &screen);
}

/// A browser that fails is no reason to give up: the address is there.
#[test]
fn no_browser_is_told_with_the_reason() {
    let bed = bed();
    let mut seat = login(&bed, &["--browser"]).env("BROWSER", "/bin/false").at_terminal();
    seat.wait_for("no browser could be opened: `/bin/false` ended with status 1");
    let address = shown_address(&mut seat);
    seat.wait_for("waiting for the browser").ctrl_c();
    assert!(address.starts_with("https://"));
    seat.done().exits(130);
}

#[test]
fn the_place_chooses_the_way() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_auto_approve = None);
    let mut seat = login(&bed, &[])
        .env("SSH_CONNECTION", "203.0.113.7 1 203.0.113.8 22")
        .at_terminal();
    seat.wait_for("since `SSH_CONNECTION` is set (otherwise: `--browser` or `--device-code`)\n");
    seat.wait_for("paste the address: ").ctrl_c();
    seat.done().exits(5);

    let mut seat = login(&bed, &[])
        .env("CI", "true")
        .env("BROWSER", "/bin/true")
        .at_terminal();
    seat.wait_for("signing in with the browser, since `$BROWSER` is set")
        .wait_for("waiting for the browser")
        .ctrl_c();
    seat.done().exits(130);

    let told = login(&bed, &[]).env("CI", "true").env("BROWSER", "/bin/true").fails(2);
    assert!(
        told.contains("`CI` is set, and there is no terminal: nobody can sign in here"),
        "{told}"
    );
    assert!(told.contains("--refresh-token-stdin"), "{told}");
}

fn bed() -> Bed {
    let bed = Bed::new();
    bed.sandbox.auto_approve(&ANA);
    bed
}

fn login(bed: &Bed, way: &[&str]) -> Run {
    let workspace = bed.sandbox.workspace();
    bed.run(
        ["login", "--host", workspace.as_str()]
            .into_iter()
            .chain(way.iter().copied()),
    )
}

fn signed_in(user: &str) -> String {
    format!("signed in as {user}\n")
}

/// The address that is shown on a line of its own.
fn shown_address(seat: &mut Seat) -> String {
    seat.wait_for("\n\nhttps://").wait_for("\n");
    shown_address_in(&seat.screen())
}

fn shown_address_in(screen: &str) -> String {
    let line = screen
        .lines()
        .find(|line| line.starts_with("https://") && line.contains("code_challenge="));
    line.unwrap_or_else(|| panic!("{screen}")).to_owned()
}

/// Where the browser ends that opens this address.
fn ends_at(bed: &Bed, address: &str) -> String {
    let answer = bed.sandbox.client().unwrap().get(address, None).unwrap();
    assert_eq!(answer.status, 302, "{}", String::from_utf8_lossy(&answer.body));
    answer.header("location").unwrap().to_owned()
}

#[track_caller]
fn assert_no_token(bed: &Bed, screen: &str) {
    for token in [bed.store().refresh_token(), bed.token()] {
        assert!(!screen.contains(&token), "{screen}");
    }
}

/// The files of the home folder.
fn left(bed: &Bed) -> Vec<PathBuf> {
    bed.store().files().into_iter().map(|(path, _)| path).collect()
}

/// A program that tells what it was given.
struct Browser {
    program: PathBuf,
    folder: PathBuf,
}

fn browser(bed: &Bed) -> Browser {
    let folder = bed.home().join("a folder");
    std::fs::create_dir(&folder).unwrap();
    let program = folder.join("own program");
    let script = "#!/bin/sh
        cd \"${0%/*}\" || exit
        echo browser says hello; echo browser says so >&2
        printf '%s\\n' \"$@\" >words
        env >variables
        streams=$(for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done)
        printf '%s\\n' $streams >streams
        mv words told\n";
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
    Browser { program, folder }
}

impl Browser {
    /// Words, variables and streams.
    fn told(&self) -> [String; 3] {
        for _ in 0..6000 {
            if self.folder.join("told").exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        ["told", "variables", "streams"].map(|name| std::fs::read_to_string(self.folder.join(name)).unwrap())
    }
}
