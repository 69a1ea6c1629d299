//! What an authority answers when a device code is asked for, and while it waits for a person. An input is several
//! answers, a line `---` between them; each has its status in the first line, then its body. After the last one the
//! person has signed in.
#![no_main]

use entra_token::entra::{self, DeviceCode, Patience};
use entra_token::error::Kind;
use entra_token::flow;
use entra_token::how::{How, Page, Way};
use entra_token::world::http::Response;
use entra_token_fuzz::scene::response;
use entra_token_fuzz::{Setting, check, home};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

/// How long the person is waited for.
const PATIENCE: Duration = Duration::from_secs(900);

/// How a device code begins that must not be told.
const PLANTED: &str = "PLANTED";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let answers: Vec<_> = text.split("\n---\n").collect();
    let setting = Setting::public();

    let scene = home::empty();
    scene.answers(Ok(answer(answers[0])));
    let world = scene.world();
    let asked = entra::device_code(&world, &setting.context(&world, Patience::Once));
    match &asked {
        Ok(code) => good(code),
        Err(error) => check::error(error),
    }

    let scene = home::empty();
    answers.iter().for_each(|text| scene.answers(Ok(answer(text))));
    let world = scene.world();
    let began = world.clock.monotonic();
    let how = How {
        way: Way::DeviceCode,
        page: Page::default(),
        patience: PATIENCE,
    };
    let mut kept = 0;
    let outcome = flow::sign_in(&world, &setting.context(&world, Patience::Once), &how, &mut |answer| {
        assert!(!answer.access_token.is_empty());
        kept += 1;
        Ok(())
    });
    let told = scene.told();
    check::shown(&told);
    if let Ok(code) = &asked {
        let secret = code.device_code.expose();
        assert!(
            !secret.starts_with(PLANTED) || !told.contains(secret),
            "the device code is told"
        );
        // The person is waited for as long as the code is good, and each question takes no time here.
        assert!(
            world.clock.monotonic() - began <= PATIENCE.min(code.life),
            "waited for too long"
        );
    }
    match outcome {
        Ok(()) => assert!(asked.is_ok() && kept == 1),
        Err(error) => {
            assert_eq!(kept, 0);
            check::error(&error);
            assert!(!matches!(error.kind(), Kind::Internal | Kind::BadRequest), "{error:?}");
        }
    }
});

/// What a person is shown can be typed and opened.
fn good(code: &DeviceCode) {
    assert!(!code.device_code.is_empty());
    let typable = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ');
    assert!(
        !code.user_code.is_empty() && code.user_code.chars().all(typable),
        "{code:?}"
    );
    let page = &code.verification_uri;
    assert!(
        page.bytes().all(|b| b.is_ascii_graphic()) && page.len() <= 1024,
        "{code:?}"
    );
    check::page(page);
    assert!(
        (1..=3600).contains(&code.life.as_secs()) && (1..=60).contains(&code.interval.as_secs()),
        "{code:?}"
    );
}

/// The answer that a part of an input stands for.
fn answer(text: &str) -> Response {
    let (status, body) = text.split_once('\n').unwrap_or(("200", text));
    let json = [("content-type", "application/json")];
    response(status.parse().unwrap_or(200), &json, body.as_bytes())
}
