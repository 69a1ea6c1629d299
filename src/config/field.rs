//! `Field`: what a source may say, and its name in each of them. The one table of names.

/// One thing that a flag, a variable or a key of a profile may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A named profile.
    Profile,
    /// The host that the token is for.
    Host,
    /// The directory.
    Tenant,
    /// The application.
    ClientId,
    /// As whom.
    Account,
    /// Scopes, separated by blanks.
    Scope,
    /// One resource; short for its `/.default` scope.
    Resource,
    /// A cloud by name; short for its authority.
    Cloud,
    /// The authority.
    AuthorityHost,
    /// Seconds that the token must live on.
    MinTtl,
}

impl Field {
    /// Every field, in the order of the enumeration.
    pub const ALL: [Self; 10] = [
        Self::Profile,
        Self::Host,
        Self::Tenant,
        Self::ClientId,
        Self::Account,
        Self::Scope,
        Self::Resource,
        Self::Cloud,
        Self::AuthorityHost,
        Self::MinTtl,
    ];

    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Profile => ("profile", "--profile", "ENTRA_TOKEN_PROFILE"),
            Self::Host => ("host", "--host", "ENTRA_TOKEN_HOST"),
            Self::Tenant => ("tenant", "--tenant", "ENTRA_TOKEN_TENANT"),
            Self::ClientId => ("client_id", "--client-id", "ENTRA_TOKEN_CLIENT_ID"),
            Self::Account => ("account", "--account", "ENTRA_TOKEN_ACCOUNT"),
            Self::Scope => ("scope", "--scope", "ENTRA_TOKEN_SCOPE"),
            Self::Resource => ("resource", "--resource", "ENTRA_TOKEN_RESOURCE"),
            Self::Cloud => ("cloud", "--cloud", "ENTRA_TOKEN_CLOUD"),
            Self::AuthorityHost => ("authority_host", "--authority-host", "ENTRA_TOKEN_AUTHORITY_HOST"),
            Self::MinTtl => ("min_ttl", "--min-ttl", "ENTRA_TOKEN_MIN_TTL"),
        }
    }

    /// Its key in `config.toml` and its member in the native protocol.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.row().0
    }

    /// Its flag.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        self.row().1
    }

    /// Its environment variable.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        self.row().2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_one_rule() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, at);
            assert_eq!(field.flag(), format!("--{}", field.key().replace('_', "-")));
            assert_eq!(field.variable(), format!("ENTRA_TOKEN_{}", field.key().to_uppercase()));
        }
    }
}
