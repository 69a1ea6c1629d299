//! Which expiry to show in the hour that comes twice when the clock is put back: readers take it as local time.

use crate::localtime::{OffsetAt, Wall, wall};
use crate::request::{Ask, DEFAULT_MIN_TTL};
use crate::services::Tokens;
use crate::token::{Granted, Origin};

/// The token to print and the instant to show as its expiry. If only a later token could be shown truly, and one of the
/// same life would live that long, it is asked for once, quietly; if that does not help, the true expiry is shown.
#[must_use]
pub fn shown(tokens: &dyn Tokens, now: i64, offset: OffsetAt<'_>, ask: &Ask, granted: Granted) -> (Granted, i64) {
    let min_ttl = ask.terms.min_ttl.unwrap_or(DEFAULT_MIN_TTL);
    let truth = granted.credential.expires_on;
    let until = match wall(truth, now, min_ttl, offset) {
        Wall::Print(instant) => return (granted, instant),
        Wall::RefreshPast { until } => until,
    };
    let life = truth - granted.credential.obtained_ms.div_euclid(1000);
    if now + life <= until {
        return (granted, truth);
    }
    // A token that was minted just now is the longest-lived that is to be had, and claims were for that one only.
    if granted.from == Origin::Refresh || ask.terms.claims.is_some() {
        return (granted, truth);
    }
    let mut longer = ask.clone();
    longer.terms.force = false;
    longer.terms.min_ttl = u64::try_from(until - now + 1).ok();
    match tokens.token(&longer) {
        Ok(better) if better.credential.expires_on > truth => {
            match wall(better.credential.expires_on, now, min_ttl, offset) {
                Wall::Print(instant) => (better, instant),
                Wall::RefreshPast { .. } => {
                    let truth = better.credential.expires_on;
                    (better, truth)
                }
            }
        }
        _ => (granted, truth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};
    use crate::secret::Secret;
    use crate::token::Credential;
    use std::sync::Mutex;

    const NOW: i64 = 1_795_341_600;

    /// The clock is put back by an hour this long after now.
    const CHANGE: i64 = NOW + 1800;

    fn put_back(epoch: i64) -> i32 {
        if epoch < CHANGE { 3600 } else { 0 }
    }

    struct Script {
        answer: Result<i64, Kind>,
        asked: Mutex<Vec<Ask>>,
    }
    impl Tokens for Script {
        fn token(&self, ask: &Ask) -> Result<Granted, Error> {
            self.asked.lock().unwrap().push(ask.clone());
            self.answer
                .map(|expires_on| granted(expires_on, Origin::Refresh))
                .map_err(|kind| Error::new(kind, "no"))
        }
    }

    fn granted(expires_on: i64, from: Origin) -> Granted {
        Granted {
            credential: Credential {
                access_token: Secret::new("t".into()),
                token_type: "Bearer".into(),
                obtained_ms: (expires_on - 3600) * 1000,
                expires_on,
                refresh_on: None,
                scope: vec![],
                tenant: String::new(),
                account: None,
            },
            from,
            warnings: vec![],
        }
    }

    /// The expiry of the token printed, the instant shown, and how often another token was asked for.
    fn of(expires_on: i64, from: Origin, answer: Result<i64, Kind>) -> (i64, i64, Vec<Option<u64>>) {
        let script = Script {
            answer,
            asked: Mutex::default(),
        };
        let (granted, shown) = shown(&script, NOW, &put_back, &Ask::default(), granted(expires_on, from));
        let asked = script.asked.into_inner().unwrap();
        (
            granted.credential.expires_on,
            shown,
            asked.iter().map(|ask| ask.terms.min_ttl).collect(),
        )
    }

    #[test]
    fn any_other_hour_asks_nothing() {
        let later = CHANGE + 7200;
        assert_eq!(of(later, Origin::Cache, Err(Kind::Internal)), (later, later, vec![]));
    }

    #[test]
    fn in_the_first_pass_a_later_token_is_asked_for_once() {
        let ambiguous = CHANGE - 600;
        let min_ttl = vec![Some(1801)];
        let later = CHANGE + 7200;
        assert_eq!(of(ambiguous, Origin::Cache, Ok(later)), (later, later, min_ttl.clone()));
        let failed = of(ambiguous, Origin::Cache, Err(Kind::Network));
        assert_eq!(failed, (ambiguous, ambiguous, min_ttl.clone()));
        assert_eq!(
            of(ambiguous, Origin::Cache, Ok(ambiguous)),
            (ambiguous, ambiguous, min_ttl)
        );
        assert_eq!(
            of(ambiguous, Origin::Refresh, Ok(later)),
            (ambiguous, ambiguous, vec![])
        );
    }

    #[test]
    fn a_token_that_would_not_live_longer_is_not_asked_for() {
        let mut held = granted(CHANGE - 600, Origin::Cache);
        held.credential.obtained_ms = (CHANGE - 600 - 1700) * 1000;
        let silent = Script {
            answer: Err(Kind::Internal),
            asked: Mutex::default(),
        };
        assert_eq!(shown(&silent, NOW, &put_back, &Ask::default(), held).1, CHANGE - 600);
        assert!(silent.asked.into_inner().unwrap().is_empty());
    }
}
