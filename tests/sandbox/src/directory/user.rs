//! The users: one for each thing that can be the matter with an account.

use crate::directory::{CONTOSO, FABRIKAM, Tenant};

/// A person. `uid` and `utid` of `client_info` are the object and the tenant at home.
#[derive(Debug, PartialEq, Eq)]
pub struct User {
    /// User principal name.
    pub upn: &'static str,
    /// Display name.
    pub name: &'static str,
    /// Where the account lives.
    pub home: &'static Tenant,
    /// The tenants that know this user, each with the object id it uses; the home tenant first.
    pub objects: &'static [(&'static Tenant, &'static str)],
    /// What is typed into the sign-in page; no real password looks like it.
    pub password: &'static str,
    /// Whether the account can be used.
    pub account: Account,
    /// Whether this user signs in with a second factor, whatever the policies say.
    pub mfa: Mfa,
}

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// It can.
    Usable,
    /// Switched off by an administrator (AADSTS50057).
    Disabled,
    /// Too many wrong passwords (AADSTS50053).
    Locked,
    /// The password must be changed first (AADSTS50055).
    PasswordExpired,
}

/// A user's own second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mfa {
    /// Wanted only where a policy wants it.
    ByPolicy,
    /// Wanted at every sign-in (AADSTS50076 where nobody can be asked).
    Always,
    /// Wanted, but never set up (AADSTS50079 where nobody can be asked).
    NotEnrolled,
}

/// At home in Contoso, a guest of Fabrikam.
pub const ANA: User = User {
    upn: "ana@contoso.example",
    name: "Ana Silva",
    home: &CONTOSO,
    objects: &[
        (&CONTOSO, "1d4f7a20-92c6-4be1-a3d8-5e0c6b7f8912"),
        (&FABRIKAM, "e83b5c61-7d0f-4a92-b1c4-29f6d8a3e570"),
    ],
    password: "not-a-secret-of-ana",
    account: Account::Usable,
    mfa: Mfa::ByPolicy,
};

/// At home in Contoso, unknown elsewhere.
pub const BEN: User = User {
    upn: "ben@contoso.example",
    name: "Ben Okoro",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "6c2e9b84-1fa5-4d70-8b93-e7d40a5c1f66")],
    password: "not-a-secret-of-ben",
    account: Account::Usable,
    mfa: Mfa::ByPolicy,
};

/// Has a second factor, and must use it.
pub const MIA: User = User {
    upn: "mia@contoso.example",
    name: "Mia Tanaka",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "93d1b7f0-5c2a-4e86-a4d9-0b7c31e85f24")],
    password: "not-a-secret-of-mia",
    account: Account::Usable,
    mfa: Mfa::Always,
};

/// Must use a second factor, and has none yet.
pub const NOA: User = User {
    upn: "noa@contoso.example",
    name: "Noa Berg",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "2b60a4c9-e81d-4f35-97b2-d45f0c6e1a87")],
    password: "not-a-secret-of-noa",
    account: Account::Usable,
    mfa: Mfa::NotEnrolled,
};

/// Signs in at a federation server of the user's own organization.
pub const FAY: User = User {
    upn: "fay@federated.example",
    name: "Fay Lindqvist",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "f4a7d2e8-6b19-4c03-8e5a-71c9b0d3f642")],
    password: "not-a-secret-of-fay",
    account: Account::Usable,
    mfa: Mfa::ByPolicy,
};

/// Disabled.
pub const DAN: User = User {
    upn: "dan@contoso.example",
    name: "Dan Moreau",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "0e5c8d31-a7f4-4b92-b6e0-58d3f19c7a40")],
    password: "not-a-secret-of-dan",
    account: Account::Disabled,
    mfa: Mfa::ByPolicy,
};

/// Locked out.
pub const LOU: User = User {
    upn: "lou@contoso.example",
    name: "Lou Ferreira",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "7ac3f5e2-194d-4d68-a0b7-c6e2810d4f95")],
    password: "not-a-secret-of-lou",
    account: Account::Locked,
    mfa: Mfa::ByPolicy,
};

/// Has a password that must be changed.
pub const EVE: User = User {
    upn: "eve@contoso.example",
    name: "Eve Novak",
    home: &CONTOSO,
    objects: &[(&CONTOSO, "b81f6e0d-3d75-42ca-9f14-a20e9d5c7b63")],
    password: "not-a-secret-of-eve",
    account: Account::PasswordExpired,
    mfa: Mfa::ByPolicy,
};

/// All users.
pub const USERS: [&User; 8] = [&ANA, &BEN, &MIA, &NOA, &FAY, &DAN, &LOU, &EVE];

/// The domain whose users sign in elsewhere.
pub const FEDERATED_DOMAIN: &str = "federated.example";

impl User {
    /// The user with this principal name, in any case.
    pub fn named(upn: &str) -> Option<&'static Self> {
        USERS.into_iter().find(|user| user.upn.eq_ignore_ascii_case(upn))
    }

    /// The object id in `tenant`, unless the user is unknown there.
    pub fn object_in(&self, tenant: &Tenant) -> Option<&'static str> {
        let object = self.objects.iter().find(|(of, _)| *of == tenant);
        object.map(|(_, id)| *id)
    }

    /// `uid` of `client_info`: the object id at home.
    pub fn uid(&self) -> &'static str {
        self.object_in(self.home).unwrap_or_default()
    }
}
