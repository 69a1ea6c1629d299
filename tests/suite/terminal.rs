//! A line that is read from the terminal, and the terminal afterwards.

use crate::support::{Bed, Seat};
use entra_token::world::Terminal;
use entra_token::world::terminal::{Controlling, Echo};
use rustix::process::Signal;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;

const QUESTION: &str = "the question: ";
const LIMIT: usize = 64 * 1024;

/// Not a test by itself: the program that the other tests put at a terminal, started by [`ask`].
#[test]
fn asker() {
    let Ok(wish) = std::env::var("ASKER") else { return };
    let echo = match wish.as_str() {
        "hidden" => Echo::Hidden,
        _ => Echo::Shown,
    };
    let mut rounds = 0;
    let mut idle = || {
        rounds += 1;
        wish == "impatient" && rounds > 3
    };
    report(&format!("there: {}", Controlling.is_there()));
    if wish != "nobody" {
        Controlling.say("before\n").unwrap();
    }
    let told = match Controlling.read_line(QUESTION, echo, LIMIT, &mut idle) {
        Ok(Some(line)) => format!("{} bytes {}", line.expose().len(), line.fingerprint().as_str()),
        Ok(None) => "nothing".to_owned(),
        Err(why) => format!("{:?}: {why}", why.kind()),
    };
    report(&format!("got {told}."));
    if wish == "lingering" {
        loop {
            std::thread::park();
        }
    }
}

fn report(text: &str) {
    std::io::stdout().write_all(format!("{text}\n").as_bytes()).unwrap();
}

/// Starts the asker and waits for its question.
fn ask(wish: &str) -> Seat {
    let [program, args @ ..] = &asker_words();
    let mut seat = Seat::start(program, args, &[wished(wish)], None);
    seat.wait_for("before\n").wait_for(QUESTION);
    seat
}

/// The asker's command line.
fn asker_words() -> [OsString; 4] {
    let program = std::env::current_exe().unwrap();
    [
        program.into(),
        "--exact".into(),
        "terminal::asker".into(),
        "--nocapture".into(),
    ]
}

/// The asker's environment.
fn wished(wish: &str) -> (OsString, OsString) {
    ("ASKER".into(), wish.into())
}

/// What the asker says when it read this.
fn got(line: &str) -> String {
    let fingerprint = entra_token::secret::Fingerprint::of(line);
    format!("got {} bytes {}.", line.len(), fingerprint.as_str())
}

/// An address of some 6 KB, each part of which is different.
fn long_line() -> String {
    let code: String = (0..1500).map(|at| format!("{at:04}")).collect();
    format!("http://localhost:8400/?code={code}&state=x")
}

#[test]
fn a_line_is_shown_as_it_is_typed() {
    let mut seat = ask("shown");
    assert!(!seat.echoes(), "we show it ourselves");
    seat.types("ab").wait_for("ab").type_line("c");
    seat.wait_for(&got("abc"));
    let screen = seat.done().exits(0);
    assert_eq!(screen.matches("abc").count(), 1, "{screen}");
}

#[test]
fn a_hidden_line_is_not_shown() {
    let mut seat = ask("hidden");
    assert!(!seat.echoes());
    seat.type_line("planted-password").wait_for(&got("planted-password"));
    assert!(!seat.done().exits(0).contains("planted"));
}

/// The kernel's own line editing cuts at 4,096 bytes.
#[test]
fn long_lines_arrive_whole() {
    let line = long_line();
    assert!(line.len() > 6000);
    for wish in ["shown", "hidden"] {
        let mut seat = ask(wish);
        seat.type_line(&line).wait_for(&got(&line));
        let screen = seat.done().exits(0);
        assert_eq!(screen.contains(&line), wish == "shown", "{wish}");
    }
}

#[test]
fn a_paste_is_one_line_whatever_breaks_it() {
    let line = long_line();
    let mut wrapped = line.clone();
    for at in [4000, 2000, 80] {
        wrapped.insert(at, '\n');
    }
    let mut seat = ask("shown");
    assert!(seat.marks_pastes());
    seat.paste(&format!("{wrapped}\n"));
    seat.wait_for(&line[line.len() - 10..]).types("\r");
    seat.wait_for(&got(&line));
    seat.done().exits(0);
}

#[test]
fn what_follows_a_line_never_reaches_the_shell() {
    let mut seat = ask("shown");
    seat.types("one\rtwo\rthree\r").wait_for(&got("one"));
    let screen = seat.done().exits(0);
    assert!(!screen.contains("two"), "{screen}");
}

#[test]
fn keys_edit_by_characters() {
    for (keys, line) in [
        ("a\u{fc}\x7f\u{20ac}\x7f\u{1f600}\x7f\u{6f22}\x08b", "ab"),
        ("wrong one\x15right", "right"),
        ("one two  \x17three", "one three"),
        ("a\x1b[D\x1b[3~\x1bOHb\x1b[1;5Cc", "abc"),
        ("a\tb\0c\x04", "abc"),
    ] {
        for wish in ["shown", "hidden"] {
            let mut seat = ask(wish);
            seat.type_line(keys).wait_for(&got(line));
            seat.done().exits(0);
        }
    }
}

#[test]
fn backspace_takes_it_off_the_screen() {
    let mut seat = ask("shown");
    seat.types("a\u{6f22}").wait_for("\u{6f22}");
    seat.types("\x7f").wait_for("\x08 \x08\x08 \x08");
    seat.types("\x7f").wait_for("\x08 \x08");
    seat.types("\x7f").type_line("").wait_for(&got(""));
    let screen = seat.done().exits(0);
    assert_eq!(screen.matches('\x08').count(), 6, "{screen:?}");
}

#[test]
fn a_long_line_is_taken_back_by_asking_again() {
    let mut seat = ask("shown");
    seat.types(long_line()).wait_for("&state=x");
    seat.ctrl('u').wait_for(&format!("\n{QUESTION}"));
    seat.type_line("short").wait_for(&got("short"));
    seat.done().exits(0);
}

#[test]
fn ctrl_c_and_ctrl_d_end_the_question() {
    for wish in ["shown", "hidden"] {
        for (begun, key, told) in [
            ("", 'c', "got Interrupted: "),
            ("half a line", 'c', "got Interrupted: "),
            ("", '\\', "got Interrupted: "),
            ("", 'd', "got UnexpectedEof: "),
            ("taken back\x15", 'd', "got UnexpectedEof: "),
        ] {
            let mut seat = ask(wish);
            seat.types(begun).ctrl(key).wait_for(told);
            seat.done().exits(0);
        }
    }
}

#[test]
fn ctrl_c_works_within_a_paste_that_never_ends() {
    let mut seat = ask("hidden");
    seat.types("\x1b[200~planted\r").ctrl_c().wait_for("got Interrupted");
    assert!(!seat.done().exits(0).contains("planted"));
}

#[test]
fn whoever_waits_can_give_up() {
    let mut seat = ask("impatient");
    seat.wait_for("got nothing.");
    seat.done().exits(0);
}

#[test]
fn too_long_a_line_is_refused_and_not_cut() {
    let mut seat = ask("hidden");
    seat.type_line(&"x".repeat(LIMIT + 1));
    seat.wait_for("got InvalidData: the line is longer than 65536 bytes.");
    seat.done().exits(0);

    let mut seat = ask("hidden");
    seat.types("x".repeat(LIMIT + 1)).ctrl('u').type_line("short");
    seat.wait_for(&got("short"));
    seat.done().exits(0);
}

#[test]
fn what_is_not_utf8_is_refused() {
    let mut seat = ask("hidden");
    seat.types(b"caf\xe9s\r")
        .wait_for("got InvalidData: the line is not UTF-8.");
    seat.done().exits(0);
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_asks_again() {
    for (wish, again) in [("shown", "the question: half"), ("hidden", "the question: ")] {
        let mut seat = ask(wish);
        seat.types("half").ctrl('z').stopped().wait_for("\x1b[?2004l");
        assert!(seat.is_restored(), "{wish}");
        seat.resumes().wait_for(&format!("\n{again}"));
        assert!(!seat.echoes(), "{wish}");
        seat.type_line(" a line").wait_for(&got("half a line"));
        seat.done().exits(0);
    }
}

/// Shells give the terminal back to a job that was stopped from outside with modes of their own.
#[test]
fn being_stopped_from_outside_does_not_show_what_was_hidden() {
    let mut seat = ask("hidden");
    seat.types("half").signal(Signal::TSTP).stopped();
    seat.sets_modes_back();
    assert!(seat.echoes());
    seat.resumes().wait_for(&format!("\n{QUESTION}"));
    assert!(!seat.echoes());
    seat.type_line(" a line").wait_for(&got("half a line"));
    assert!(!seat.done().exits(0).contains("a line"));
}

#[test]
fn signals_end_us_as_ever_after_a_question() {
    for (signal, exit) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::QUIT, 131)] {
        let mut seat = ask("lingering");
        seat.type_line("a line").wait_for("got 6 bytes");
        seat.signal(signal);
        seat.done().exits(exit);
    }
    let mut seat = ask("lingering");
    seat.type_line("a line").wait_for("got 6 bytes");
    seat.ctrl_c();
    seat.done().exits(130);
}

#[test]
fn signals_that_end_us_leave_the_terminal_first() {
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT] {
        let mut seat = ask("hidden");
        seat.signal(signal).wait_for("got Interrupted");
        seat.done().exits(0);
    }
}

/// A read in the background would stop us, and whoever waits for us would wait forever.
#[test]
fn nobody_is_asked_in_the_background() {
    let mut words = vec!["-c".into(), "set -m; \"$@\" & wait".into(), "sh".into()];
    words.extend(asker_words());
    let mut seat = Seat::start("/bin/sh".as_ref(), &words, &[wished("nobody")], None);
    seat.wait_for("there: false").wait_for("got NotConnected");
    assert!(!seat.done().exits(0).contains(QUESTION));
}

/// Whether or not whoever runs the tests has a terminal.
#[test]
fn nobody_is_asked_without_a_terminal() {
    let [program, args @ ..] = &asker_words();
    let output = Command::new(program)
        .args(args)
        .env_clear()
        .envs([wished("nobody")])
        .process_group(0)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.contains("there: false") && told.contains("got NotConnected"),
        "{told}"
    );
}

/// Standard input and output are others' business.
#[test]
fn the_terminal_is_asked_whatever_the_input_is() {
    let [program, args @ ..] = &asker_words();
    let mut seat = Seat::start(program, args, &[wished("shown")], Some(b"from a file\n"));
    seat.wait_for(QUESTION).type_line("typed").wait_for(&got("typed"));
    seat.done().exits(0);
}

/// Such a terminal would show the switch as text.
#[test]
fn pastes_are_not_marked_on_a_dumb_terminal() {
    let [program, args @ ..] = &asker_words();
    let mut seat = Seat::start(program, args, &[wished("shown"), ("TERM".into(), "dumb".into())], None);
    seat.wait_for(QUESTION).paste("a line\n").wait_for(&got("a line"));
    let screen = seat.done().exits(0);
    assert!(!screen.contains('\x1b'), "{screen:?}");
}

/// It would stay on the screen.
#[test]
fn a_refresh_token_is_not_typed() {
    let bed = Bed::new();
    let mut seat = bed.run(["login", "--refresh-token-stdin"]).at_terminal();
    seat.wait_for("standard input is a terminal");
    seat.done().exits(2);
}
