//! `Credential`: an access token with what is known of its life, and how fresh it is.

use crate::secret::{Fingerprint, Secret};

/// Seconds before expiry at which a call begins to try for a newer token: a little above the 20 minutes at which the
/// Databricks SDKs and azurerm begin to ask.
pub const EARLY_WINDOW: i64 = 21 * 60;

/// Milliseconds for which a token counts as just minted, so that a forced refresh, or the demand for a longer life than the
/// authority gives, is satisfied by it.
pub const COALESCE_WINDOW_MS: i64 = 60_000;

/// Seconds by which a stored receipt may lie in the future before the clock is taken to have gone back.
const CLOCK_TOLERANCE: i64 = 60;

/// An access token. Times are epoch seconds unless named otherwise.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The access token, opaque.
    pub access_token: Secret,
    /// RFC 6749 `token_type`, nearly always `Bearer`.
    pub token_type: String,
    /// When it was received, in epoch milliseconds.
    pub obtained_ms: i64,
    /// When it expires: receipt + `expires_in`, never read from the token.
    pub expires_on: i64,
    /// From when on a newer one should be tried for, if the authority said so.
    pub refresh_on: Option<i64>,
    /// The scopes that were asked for, sorted.
    pub scope: Vec<String>,
    /// The tenant whose token it is: its GUID, if it is known.
    pub tenant: String,
    /// The user name of the account.
    pub account: Option<String>,
}

/// How fresh a held token is for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Good as it is.
    Fresh,
    /// Good, but a newer one should be tried for, if nobody else does so.
    Early,
    /// Not good enough.
    Stale,
}

/// What one call demands of a held token.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Seconds that it must live on.
    pub min_ttl: u64,
    /// It must have been minted after the caller began to wait, or within [`COALESCE_WINDOW_MS`].
    pub force: bool,
    /// When the caller began, in epoch milliseconds.
    pub began_ms: i64,
}

impl Credential {
    /// Seconds of life left.
    #[must_use]
    pub fn left(&self, now: i64) -> i64 {
        self.expires_on - now
    }

    /// How fresh the token is at `now_ms` for a call that demands `demand`.
    #[must_use]
    pub fn freshness(&self, now_ms: i64, demand: Demand) -> Freshness {
        let now = now_ms.div_euclid(1000);
        let obtained = self.obtained_ms.div_euclid(1000);
        if obtained > now + CLOCK_TOLERANCE || self.left(now) <= 0 {
            return Freshness::Stale;
        }
        if self.obtained_ms >= demand.began_ms {
            // Minted while the caller waited: no newer one is to be had.
            return Freshness::Fresh;
        }
        // What was just minted is as good as a newer one: whoever demands more than the authority gives does not ask it anew
        // at each call.
        let just_minted = now_ms - self.obtained_ms <= COALESCE_WINDOW_MS;
        let lives_on = self.left(now) >= i64::try_from(demand.min_ttl).unwrap_or(i64::MAX);
        if !just_minted && (demand.force || !lives_on) {
            return Freshness::Stale;
        }
        if !lives_on {
            return Freshness::Fresh;
        }
        let life = self.expires_on - obtained;
        let early = self.left(now) < EARLY_WINDOW.min(life / 2) || self.refresh_on.is_some_and(|at| at <= now);
        if early { Freshness::Early } else { Freshness::Fresh }
    }

    /// The hash by which a caller may say that this token was refused.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.access_token.fingerprint()
    }
}

/// Where a token that is handed out came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Held already, or refreshed by another process meanwhile.
    Cache,
    /// Refreshed by this call.
    Refresh,
}

impl Origin {
    /// The word of the native protocol.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Refresh => "refresh",
        }
    }
}

/// Something that the caller should know although it got its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// Plain words.
    pub message: String,
}

/// A token that is handed out.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The token.
    pub credential: Credential,
    /// Where it came from.
    pub from: Origin,
    /// What else the caller should know.
    pub warnings: Vec<Warning>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(obtained: i64, life: i64) -> Credential {
        Credential {
            access_token: Secret::new("t".into()),
            token_type: "Bearer".into(),
            obtained_ms: obtained * 1000,
            expires_on: obtained + life,
            refresh_on: None,
            scope: vec![],
            tenant: String::new(),
            account: None,
        }
    }

    fn at(token: &Credential, now: i64, min_ttl: u64, force: bool) -> Freshness {
        token.freshness(
            now * 1000,
            Demand {
                min_ttl,
                force,
                began_ms: now * 1000,
            },
        )
    }

    #[test]
    fn windows_of_an_hour() {
        let t = token(0, 4500);
        assert_eq!(at(&t, 10, 300, false), Freshness::Fresh);
        assert_eq!(at(&t, 4500 - 1260, 300, false), Freshness::Fresh);
        assert_eq!(at(&t, 4500 - 1259, 300, false), Freshness::Early);
        assert_eq!(at(&t, 4500 - 300, 300, false), Freshness::Early);
        assert_eq!(at(&t, 4500 - 299, 300, false), Freshness::Stale);
    }

    #[test]
    fn short_lives_have_short_windows() {
        let t = token(0, 600);
        assert_eq!(at(&t, 299, 60, false), Freshness::Fresh);
        assert_eq!(at(&t, 301, 60, false), Freshness::Early);
    }

    #[test]
    fn refresh_on_opens_the_early_window() {
        let mut t = token(0, 100_000);
        t.refresh_on = Some(50_000);
        assert_eq!(at(&t, 49_999, 300, false), Freshness::Fresh);
        assert_eq!(at(&t, 50_000, 300, false), Freshness::Early);
    }

    #[test]
    fn force_is_satisfied_by_what_was_just_minted() {
        let t = token(1000, 4500);
        assert_eq!(at(&t, 1060, 300, true), Freshness::Fresh);
        assert_eq!(at(&t, 1061, 300, true), Freshness::Stale);
        let waited = Demand {
            min_ttl: 9999,
            force: true,
            began_ms: 999_000,
        };
        assert_eq!(t.freshness(2_000_000, waited), Freshness::Fresh);
    }

    #[test]
    fn a_longer_life_than_the_authority_gives_is_asked_for_once_a_minute() {
        let t = token(1000, 4500);
        assert_eq!(at(&t, 1060, 7200, false), Freshness::Fresh);
        assert_eq!(at(&t, 1061, 7200, false), Freshness::Stale);
        let t = token(1000, 30);
        assert_eq!(at(&t, 1029, 300, false), Freshness::Fresh);
        assert_eq!(at(&t, 1030, 300, false), Freshness::Stale);
    }

    #[test]
    fn a_clock_that_went_back_is_noticed() {
        assert_eq!(at(&token(1000, 4500), 900, 300, false), Freshness::Stale);
        assert_eq!(at(&token(1000, 4500), 950, 300, false), Freshness::Fresh);
    }
}
