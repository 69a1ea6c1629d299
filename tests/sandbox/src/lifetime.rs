//! How long access tokens live, as Entra counts it: relative seconds.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `expires_in` and, for long-lived tokens, `refresh_in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Lifetime {
    /// Seconds until the token expires.
    pub expires_in: u64,
    /// Seconds until it should be refreshed, if the answer says so.
    pub refresh_in: Option<u64>,
}

impl Lifetime {
    /// The shortest that a tenant's policy can set.
    pub const TEN_MINUTES: Self = Self::seconds(600);
    /// The mean of what Entra gives by default.
    pub const SEVENTY_FIVE_MINUTES: Self = Self::seconds(75 * 60);
    /// A token of continuous access evaluation: 28 h, to be refreshed at half of its life.
    pub const TWENTY_EIGHT_HOURS: Self = Self {
        expires_in: 28 * 3600,
        refresh_in: Some(14 * 3600),
    };

    /// Any other life, without `refresh_in`.
    pub const fn seconds(expires_in: u64) -> Self {
        Self {
            expires_in,
            refresh_in: None,
        }
    }
}

/// `299`, `299s`, `10m`, `75m`, `28h`; 20 hours or more bring `refresh_in` at half, as Entra does.
impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [('s', 1), ('m', 60), ('h', 3600)];
        let unit = units.into_iter().find(|(unit, _)| text.ends_with(*unit));
        let (number, seconds) = unit.map_or((text, 1), |(unit, of)| (text.trim_end_matches(unit), of));
        let number: u64 = number
            .parse()
            .map_err(|_| format!("`{text}` is not a lifetime, such as `299s`, `75m` or `28h`"))?;
        let expires_in = number.saturating_mul(seconds);
        Ok(Self {
            expires_in,
            refresh_in: (expires_in >= 20 * 3600).then_some(expires_in / 2),
        })
    }
}

/// In JSON: a number of seconds, a text, or both members.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wire {
    Seconds(u64),
    Text(String),
    Both { expires_in: u64, refresh_in: Option<u64> },
}

impl TryFrom<Wire> for Lifetime {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        match wire {
            Wire::Seconds(expires_in) => Ok(Self::seconds(expires_in)),
            Wire::Text(text) => text.parse(),
            Wire::Both { expires_in, refresh_in } => Ok(Self { expires_in, refresh_in }),
        }
    }
}
