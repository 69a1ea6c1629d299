//! The device authorization grant (RFC 8628): a code that is typed into a page on any device.

use super::{Row, tell};
use crate::entra::{self, Answer, Context, DeviceCode, Form, Patience, redeem};
use crate::error::{Error, Kind};
use crate::request::{Claims, ClientId, Scopes};
use crate::world::World;
use std::time::Duration;

/// This flow.
pub const ROW: Row = Row {
    name: "device_code",
    about: "a code that is typed into a page on any device",
};

/// How much longer to wait each time when told to slow down (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// Longest wait between two questions while the authority cannot be reached.
const SLOWEST: Duration = Duration::from_secs(60);

/// Shows a code and asks until somebody has typed it.
///
/// # Errors
/// `cancelled` if it was declined, `timeout` if nobody typed it in time, and as [`redeem()`].
pub fn sign_in(world: &World, context: &Context<'_>, patience: Duration) -> Result<Answer, Error> {
    let code = entra::device_code(world, &super::from_now(world, context))?;
    let time = code.life.min(patience);
    show(world, context, &code, time);
    let form = Form::new()
        .plain("client_id", context.client_id.as_str())
        .plain("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
        .plain("client_info", "1")
        .optional("claims", context.claims.map(Claims::as_str))
        .secret("device_code", &code.device_code);
    let over = world.clock.monotonic() + time;
    let mut interval = code.interval;
    let mut trouble = None;
    let mut progress = Progress::new(world);
    loop {
        wait(world, &mut progress, interval, over);
        let now = world.clock.monotonic();
        if now >= over {
            progress.end();
            // If nothing was heard of it to the end, the person may have typed it.
            return Err(trouble.unwrap_or_else(|| nobody_typed_it(&context.again())));
        }
        let context = Context {
            patience: Patience::Once,
            ..super::from_now(world, context)
        };
        let error = match redeem(world, &context, &form) {
            Ok(answer) => {
                progress.end();
                return Ok(answer);
            }
            Err(error) => error,
        };
        match next(&error) {
            Next::Wait => {}
            Next::Slower => interval += SLOWER,
            // RFC 8628 §3.5: less often while the authority cannot be reached.
            Next::BackOff => {
                interval = (interval * 2).min(SLOWEST);
                trouble = Some(error);
                continue;
            }
            Next::Throttled(seconds) => interval = interval.max(Duration::from_secs(seconds)),
            Next::Expired => {
                progress.end();
                return Err(nobody_typed_it(&context.again()).entra(error.details().cloned().unwrap_or_default()));
            }
            Next::Over => {
                progress.end();
                return Err(error);
            }
        }
        trouble = None;
    }
}

/// What a refusal means while a code is out.
enum Next {
    Wait,
    Slower,
    BackOff,
    Throttled(u64),
    Expired,
    Over,
}

fn next(error: &Error) -> Next {
    match (error.details().map(|details| details.error.as_str()), error.kind()) {
        (Some("authorization_pending"), _) => Next::Wait,
        (Some("slow_down"), _) => Next::Slower,
        (Some("expired_token" | "code_expired"), _) => Next::Expired,
        (_, Kind::Throttled) => Next::Throttled(error.wait().unwrap_or_default()),
        (_, Kind::Network | Kind::Timeout) => Next::BackOff,
        _ => Next::Over,
    }
}

/// Code, page, what it is for, and a warning: codes of others are how device codes are abused.
fn show(world: &World, context: &Context<'_>, code: &DeviceCode, time: Duration) {
    let DeviceCode {
        device_code: _, // a secret
        user_code,
        verification_uri,
        life: _, // `time` is no longer
        interval: _,
    } = code;
    let tenant = match context.tenant.is_collective() {
        true => "the tenant of your account".to_owned(),
        false => format!("tenant {}", context.tenant.as_str()),
    };
    tell(
        world,
        &format!(
            "to sign in, open {verification_uri} on any device and type the code\n\n    {user_code}\n\n\
             type it within {}, for\n  {}\n  {tenant}\n  application {}\n\
             type only codes that a command of your own has just shown: whoever sends you one wants your sign-in",
            minutes(time),
            Scopes::told(context.scopes.as_slice()),
            ClientId::told(context.client_id.as_str()),
        ),
    );
}

/// Whole minutes, or seconds where that would say nothing.
fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

/// Waits, and shows that it waits.
fn wait(world: &World, progress: &mut Progress<'_>, time: Duration, over: Duration) {
    let until = (world.clock.monotonic() + time).min(over);
    loop {
        let now = world.clock.monotonic();
        if now >= until {
            return;
        }
        progress.show(over.saturating_sub(now));
        world.clock.sleep((until - now).min(Duration::from_secs(1)));
    }
}

/// A line that is written over and over, if there is a terminal to see it.
struct Progress<'w> {
    world: &'w World,
    shown: bool,
}

impl<'w> Progress<'w> {
    fn new(world: &'w World) -> Self {
        Self { world, shown: false }
    }

    fn show(&mut self, left: Duration) {
        if !self.world.streams.error_is_terminal() {
            return;
        }
        self.shown = true;
        let (minutes, seconds) = (left.as_secs() / 60, left.as_secs() % 60);
        self.world.streams.err(&format!(
            "\rwaiting for the code to be typed, {minutes}:{seconds:02} left; Ctrl-C gives up "
        ));
    }

    fn end(&mut self) {
        if self.shown {
            self.world.streams.err("\n");
            self.shown = false;
        }
    }
}

fn nobody_typed_it(sign_in: &str) -> Error {
    Error::new(Kind::Timeout, "the code was not typed in time, and is good no more")
        .hint(format!("run `{sign_in} --device-code` again for a new one"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::{Setting, Stage};
    use crate::world::http::Fault;

    const CODE: &str = r#"{"device_code":"planted","user_code":"ABCD-1234","verification_uri":"https://h/d","expires_in":900,"interval":5}"#;

    fn refused(error: &str) -> String {
        format!(r#"{{"error":"{error}"}}"#)
    }

    fn run(stage: &Stage, patience: u64) -> Result<Answer, Error> {
        let setting = Setting::new();
        let context = setting.context(30, Patience::Retry);
        sign_in(&stage.world, &context, Duration::from_secs(patience))
    }

    fn seconds(stage: &Stage) -> Vec<u64> {
        stage.sent().iter().map(|sent| sent.at.as_secs()).collect()
    }

    #[test]
    fn asks_until_it_was_typed_and_slower_when_told() {
        let stage = Stage::new()
            .answers(200, CODE)
            .answers(400, &refused("authorization_pending"))
            .answers(400, &refused("slow_down"))
            .answers(400, &refused("authorization_pending"))
            .fails(Duration::ZERO, Fault::Broken("eof".into()))
            .answers(200, r#"{"access_token":"a","refresh_token":"r","expires_in":3600}"#);
        assert!(run(&stage, 900).is_ok());
        assert_eq!(seconds(&stage), [0, 5, 10, 20, 30, 50]);
        assert_eq!(
            stage.sent()[1].body,
            "client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46\
             &grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_info=1&device_code=planted"
        );
        let told = stage.told();
        for part in [
            "https://h/d",
            "ABCD-1234",
            "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default (Azure Databricks)",
            "contoso.example",
            "type only codes",
        ] {
            assert!(told.contains(part), "{told}");
        }
        assert!(!told.contains("planted"));
    }

    #[test]
    fn declined_expired_and_refused() {
        for (error, kind) in [
            ("authorization_declined", Kind::Cancelled),
            ("expired_token", Kind::Timeout),
            ("bad_verification_code", Kind::InteractionRequired),
            ("invalid_client", Kind::Config),
        ] {
            let stage = Stage::new().answers(200, CODE).answers(400, &refused(error));
            assert_eq!(run(&stage, 900).unwrap_err().kind(), kind, "{error}");
        }
        let blocked = r#"{"error":"access_denied","error_codes":[53003]}"#;
        let stage = Stage::new().answers(200, CODE).answers(400, blocked);
        let error = run(&stage, 900).unwrap_err();
        assert!(error.remedy().unwrap().contains("browser"), "{error:?}");
    }

    #[test]
    fn an_authority_that_is_gone_is_told_in_the_end() {
        let gone = |stage: Stage| stage.fails(Duration::ZERO, Fault::Connect("refused".into()));
        let error = run(&gone(gone(Stage::new().answers(200, CODE))), 20).unwrap_err();
        assert_eq!(error.kind(), Kind::Network);
        assert!(error.message().contains("login.microsoftonline.com"), "{error}");
        // It came back, and nobody had typed the code.
        let stage = gone(Stage::new().answers(200, CODE)).answers(400, &refused("authorization_pending"));
        assert_eq!(run(&stage, 20).unwrap_err().kind(), Kind::Timeout);
    }

    #[test]
    fn patience_ends_it() {
        let stage = Stage::new()
            .answers(200, CODE)
            .answers(400, &refused("authorization_pending"));
        let error = run(&stage, 8).unwrap_err();
        assert_eq!(error.kind(), Kind::Timeout);
        assert_eq!(seconds(&stage), [0, 5]);
        // Not the 15 minutes for which the code is good.
        assert!(stage.told().contains("type it within 8 s, for"), "{}", stage.told());
        assert_eq!(
            (minutes(Duration::from_secs(119)), minutes(Duration::from_secs(900))),
            ("119 s".into(), "15 min".into())
        );
    }
}
