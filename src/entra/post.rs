//! Posts a form, again if that may help and the deadline allows.

use super::correlation;
use super::form::Form;
use super::redeem::{Context, Patience};
use super::unreachable;
use crate::error::Error;
use crate::world::World;
use crate::world::http::{Fault, Method, Request, Response};
use std::time::Duration;

/// Longest answer that is read, in bytes: tokens with many groups are some 20 KiB.
pub(super) const MAX_BODY: usize = 1024 * 1024;

/// Waits before the second, third and fourth attempt, in milliseconds, before jitter.
const PAUSES: [u64; 3] = [1000, 2000, 4000];

/// What must be left of the deadline for an attempt that follows a pause.
const WORTH_TRYING: Duration = Duration::from_secs(1);

/// An answer, with when and under which id it came.
pub(super) struct Reply {
    /// The answer.
    pub(super) response: Response,
    /// The id that was sent with the request.
    pub(super) correlation: String,
    /// When it came, epoch milliseconds.
    pub(super) at_ms: i64,
}

/// Posts a form.
pub(super) fn send(world: &World, context: &Context<'_>, url: &str, form: &Form) -> Result<Reply, Error> {
    let mut pauses = match context.patience {
        Patience::Once => [].iter(),
        Patience::Retry => PAUSES.iter(),
    };
    loop {
        let outcome = attempt(world, context, url, form);
        if may_pass(&outcome)
            && let Some(pause) = pauses.next()
        {
            let pause = jittered(world, *pause);
            if world.clock.monotonic() + pause + WORTH_TRYING <= context.until {
                world.note(format_args!("trying again in {} ms", pause.as_millis()));
                world.clock.sleep(pause);
                continue;
            }
        }
        return outcome.map_err(|fault| unreachable::explain(&fault, context.authority));
    }
}

fn attempt(world: &World, context: &Context<'_>, url: &str, form: &Form) -> Result<Reply, Fault> {
    let correlation = correlation::id(world);
    let request = Request {
        method: Method::Post,
        url,
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("client-request-id", correlation.clone()),
            // Who asks, in the sign-in logs. Not MSAL's name: we are not MSAL.
            ("x-client-sku", "entra-token".to_owned()),
            ("x-client-ver", env!("CARGO_PKG_VERSION").to_owned()),
        ],
        body: form.encode(),
        timeout: Duration::ZERO,
        max_body: MAX_BODY,
    };
    let mut response = timed(world, context.until, request, &correlation)?;
    // Whoever answers may repeat what it was sent, and some headers are told.
    for (_, value) in &mut response.headers {
        *value = form.redact(value);
    }
    Ok(Reply {
        response,
        correlation,
        at_ms: world.clock.now_ms(),
    })
}

/// Sends a request within the deadline and notes how it went: host, path, status, time, id; nothing that was sent.
pub(super) fn timed(
    world: &World,
    until: Duration,
    mut request: Request<'_>,
    correlation: &str,
) -> Result<Response, Fault> {
    let began = world.clock.monotonic();
    request.timeout = until.saturating_sub(began);
    if request.timeout.is_zero() {
        return Err(Fault::Timeout);
    }
    let (method, place) = (request.method, place(request.url).to_owned());
    let outcome = world.http.send(request);
    let took = world.clock.monotonic().saturating_sub(began).as_millis();
    match &outcome {
        Ok(response) => world.note(format_args!(
            "{method:?} {place}: status {} in {took} ms, correlation id {correlation}",
            response.status
        )),
        Err(fault) => world.note(format_args!(
            "{method:?} {place}: {fault} after {took} ms, correlation id {correlation}"
        )),
    }
    outcome
}

/// Host and path of a URL.
fn place(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or_default()
}

/// Whether the same request may succeed in a moment. An answer that names its own time is not asked before.
fn may_pass(outcome: &Result<Reply, Fault>) -> bool {
    match outcome {
        Ok(reply) => reply.response.status >= 500 && reply.response.header("retry-after").is_none(),
        Err(fault) => matches!(fault, Fault::Connect(_) | Fault::Broken(_)),
    }
}

/// Between three quarters and five quarters, so that many processes do not come back together.
fn jittered(world: &World, milliseconds: u64) -> Duration {
    let mut bytes = [128];
    let _ = world.random.fill(&mut bytes);
    let share = 192 + u64::from(bytes[0]) / 2;
    Duration::from_millis(milliseconds * share / 256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::redeem;
    use crate::entra::testing::{Sent, Setting, Stage};
    use crate::error::Kind;

    const GOOD: &str = r#"{"access_token":"a","expires_in":3600}"#;

    /// Redeems on a stage; the outcome's kind and what was sent.
    fn run(stage: &Stage, seconds: u64, patience: Patience) -> (Result<(), Kind>, Vec<Sent>) {
        let setting = Setting::new();
        let form = Form::new().plain("a", "b");
        let outcome = redeem(&stage.world, &setting.context(seconds, patience), &form);
        (outcome.map(|_| ()).map_err(|error| error.kind()), stage.sent())
    }

    fn seconds(sent: &[Sent]) -> Vec<f32> {
        sent.iter().map(|sent| sent.at.as_secs_f32()).collect()
    }

    fn refused() -> Fault {
        Fault::Connect("refused".into())
    }

    #[test]
    fn trouble_that_passes_is_tried_again_within_the_deadline() {
        let stage = Stage::new()
            .answers(503, "")
            .fails(Duration::from_secs(1), refused())
            .fails(Duration::ZERO, Fault::Broken("eof".into()))
            .answers(200, GOOD);
        let (outcome, sent) = run(&stage, 30, Patience::Retry);
        assert_eq!(outcome, Ok(()));
        // Zeros of the generator make the shortest pauses: three quarters of 1, 2 and 4 s.
        assert_eq!(seconds(&sent), [0.0, 0.75, 3.25, 6.25]);
        assert_eq!(sent[1].timeout, Duration::from_millis(29_250));
        assert!(
            sent.iter()
                .all(|sent| sent.method == Method::Post && sent.body == "a=b")
        );
    }

    #[test]
    fn three_pauses_and_no_more() {
        let stage = (0..4).fold(Stage::new(), |stage, _| stage.answers(500, ""));
        let (outcome, sent) = run(&stage, 3600, Patience::Retry);
        assert_eq!((outcome, sent.len()), (Err(Kind::Network), 4));
    }

    #[test]
    fn a_pause_leaves_a_second_for_the_attempt() {
        let stage = Stage::new().fails(Duration::from_millis(251), refused());
        assert_eq!(run(&stage, 2, Patience::Retry).0, Err(Kind::Network));
        let stage = Stage::new()
            .fails(Duration::from_millis(250), refused())
            .answers(200, GOOD);
        assert_eq!(run(&stage, 2, Patience::Retry).0, Ok(()));
    }

    #[test]
    fn what_is_not_tried_again() {
        assert_eq!(
            run(&Stage::new().answers(500, ""), 30, Patience::Once).0,
            Err(Kind::Network)
        );
        assert_eq!(
            run(&Stage::new().fails(Duration::ZERO, refused()), 30, Patience::Once).0,
            Err(Kind::Network)
        );
        let again = Stage::new().answers_with(503, &[("retry-after", "7")], "");
        assert_eq!(run(&again, 30, Patience::Retry).0, Err(Kind::Throttled));
        for fault in [Fault::Tls("x".into()), Fault::Untrusted("x".into()), Fault::TooLarge] {
            assert_eq!(
                run(&Stage::new().fails(Duration::ZERO, fault), 30, Patience::Retry).0,
                Err(Kind::Network)
            );
        }
        let slow = Stage::new().fails(Duration::from_secs(5), Fault::Timeout);
        assert_eq!(run(&slow, 5, Patience::Retry).0, Err(Kind::Timeout));
        assert_eq!(
            run(
                &Stage::new().answers(400, r#"{"error":"invalid_grant"}"#),
                30,
                Patience::Retry
            )
            .0,
            Err(Kind::InteractionRequired)
        );
    }

    #[test]
    fn after_the_deadline_nothing_is_sent() {
        let (outcome, sent) = run(&Stage::new(), 0, Patience::Retry);
        assert_eq!(outcome, Err(Kind::Timeout));
        assert!(sent.is_empty());
    }

    #[test]
    fn a_place_has_no_query() {
        assert_eq!(place("https://h:1/p/q?code=x#y"), "h:1/p/q");
    }

    #[test]
    fn the_log_tells_what_happened_and_no_secret() {
        let file = std::env::temp_dir().join(format!("entra-token-log-{}", std::process::id()));
        let body = r#"{"access_token":"planted","refresh_token":"planted"}"#;
        let mut stage = Stage::new().answers(503, "planted").answers(200, body);
        stage.world.log = crate::world::Log::new(Some(file.clone()), 7);
        let form = Form::new().secret("refresh_token", &crate::secret::Secret::new("planted".into()));
        let setting = Setting::new();
        redeem(&stage.world, &setting.context(8, Patience::Retry), &form).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let place = "Post login.microsoftonline.com/contoso.example/oauth2/v2.0/token";
        let id = "correlation id 00000000-0000-4000-8000-000000000000";
        let told: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once(" 7 "))
            .map(|(_, text)| text)
            .collect();
        assert_eq!(
            told,
            [
                format!("{place}: status 503 in 0 ms, {id}"),
                "trying again in 750 ms".to_owned(),
                format!("{place}: status 200 in 0 ms, {id}"),
            ]
        );
    }
}
