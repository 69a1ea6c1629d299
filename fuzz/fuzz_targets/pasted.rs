//! What a person pastes when a sign-in with a browser ends elsewhere: a line for each try. `{state}` in a line stands for
//! the state of the sign-in, which is the same in every run.
#![no_main]

use entra_token::entra::Patience;
use entra_token::error::Kind;
use entra_token::flow;
use entra_token::how::{How, Page, Way};
use entra_token_fuzz::{Scene, Setting, check, home};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use std::time::Duration;
use url::form_urlencoded;

/// How a code begins that must not be told.
const PLANTED: &str = "PLANTED";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).replace("{state}", state());
    let lines: Vec<_> = text.split('\n').collect();
    let scene = home::empty();
    lines.iter().for_each(|line| scene.types(line));
    let outcome = sign_in(&scene);
    let codes = codes(&scene);
    check::shown(&scene.told());
    match codes.as_slice() {
        [] => {}
        [code] => {
            assert!(lines.iter().any(|line| gives(line, code)), "a code that nobody gave");
            assert!(
                !code.starts_with(PLANTED) || !scene.told().contains(code.as_str()),
                "a code is told"
            );
        }
        several => panic!(
            "{} codes are redeemed, but the first was good for one use",
            several.len()
        ),
    }
    match outcome {
        Ok(()) => assert_eq!(codes.len(), 1),
        Err(kind) => {
            // Given up, or refused by the sign-in page in its own words.
            assert!(!matches!(kind, Kind::Internal | Kind::BadRequest), "{kind:?}");
            assert!(codes.is_empty(), "the authority answers well: {kind:?}");
        }
    }
});

/// Signs in by what is typed.
fn sign_in(scene: &Scene) -> Result<(), Kind> {
    let (world, setting) = (scene.world(), Setting::public());
    let how = How {
        way: Way::Paste { port: 0 },
        page: Page::default(),
        patience: Duration::from_secs(900),
    };
    let mut kept = 0;
    let outcome = flow::sign_in(&world, &setting.context(&world, Patience::Retry), &how, &mut |_| {
        kept += 1;
        Ok(())
    });
    assert_eq!(kept, usize::from(outcome.is_ok()), "what is kept is what is told");
    outcome.map_err(|error| {
        check::error(&error);
        error.kind()
    })
}

/// The state, as the address says it that is printed.
fn state() -> &'static str {
    static STATE: OnceLock<String> = OnceLock::new();
    STATE.get_or_init(|| {
        let scene = home::empty();
        assert_eq!(sign_in(&scene), Err(Kind::Cancelled), "nothing is pasted");
        let told = scene.told();
        let after = told.split("&state=").nth(1).expect("the address has a state");
        after.split('&').next().unwrap_or_default().to_owned()
    })
}

/// The codes that were redeemed.
fn codes(scene: &Scene) -> Vec<String> {
    let forms = scene.sent().into_iter().map(|sent| sent.body);
    forms
        .map(|form| value(&form, "code").expect("nothing but codes is sent"))
        .collect()
}

/// Whether a line gives this code: an address, or a part of it, with our state and the code, each once; or the bare code.
fn gives(line: &str, code: &str) -> bool {
    let bare = line.trim().trim_matches(|c| matches!(c, '"' | '\'' | '<' | '>' | '`'));
    let parameters = bare.split('#').next().unwrap_or_default();
    let parameters = parameters.split_once('?').map_or(parameters, |(_, query)| query);
    (bare == code && code.len() >= 16 && code.bytes().all(|b| b.is_ascii_graphic()))
        || (value(parameters, "state").as_deref() == Some(state())
            && value(parameters, "code").as_deref() == Some(code))
}

/// A parameter that stands there once.
fn value(form: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(form.as_bytes()).filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value.into_owned()),
        _ => None,
    }
}
