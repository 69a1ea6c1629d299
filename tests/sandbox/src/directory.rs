//! Who and what this Entra ID knows: tenants, users, resources. Fixed, so that tests can name them.

/// A directory of Entra ID.
#[derive(Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant's GUID.
    pub id: &'static str,
    /// A verified domain, which names the tenant as well as the GUID does.
    pub domain: &'static str,
}

/// The home tenant of [`ANA`] and [`BEN`], and the tenant of the workspace unless set otherwise.
pub const CONTOSO: Tenant = Tenant {
    id: "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3",
    domain: "contoso.example",
};

/// A second tenant, in which [`ANA`] is a guest.
pub const FABRIKAM: Tenant = Tenant {
    id: "c27e4f91-08ab-4d33-8e5f-1b6a90d7e254",
    domain: "fabrikam.example",
};

/// All tenants.
pub const TENANTS: [&Tenant; 2] = [&CONTOSO, &FABRIKAM];

/// An Azure subscription.
#[derive(Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its GUID.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
    /// The tenant that it trusts.
    pub tenant: &'static Tenant,
}

/// All subscriptions: three of Contoso, one of Fabrikam.
pub const SUBSCRIPTIONS: [Subscription; 4] = [
    Subscription {
        id: "d41c7b9e-5f02-4a68-93e1-0c8b6d2f7a15",
        name: "Contoso analytics",
        tenant: &CONTOSO,
    },
    Subscription {
        id: "3e9a60f4-c81b-4d57-a2f6-9b0d8e4c1732",
        name: "Contoso development",
        tenant: &CONTOSO,
    },
    Subscription {
        id: "75b2d8c0-1e6f-49a3-8c54-f2a7e9061bd8",
        name: "Contoso production",
        tenant: &CONTOSO,
    },
    Subscription {
        id: "a8f3150d-72c9-4eb6-b0d4-6e1f9c5a8273",
        name: "Fabrikam",
        tenant: &FABRIKAM,
    },
];

/// What Azure Resource Manager calls the workspace.
pub const WORKSPACE_RESOURCE_ID: &str = "/subscriptions/d41c7b9e-5f02-4a68-93e1-0c8b6d2f7a15/resourceGroups/analytics/providers/Microsoft.Databricks/workspaces/lab";

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

/// The Azure CLI's public client, which tools without a registration of their own use.
pub const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// An organization's own registration, every switch of it right at the start.
pub const OWN_APP: &str = "c0ffee00-1a2b-4c3d-8e4f-5a6b7c8d9e0f";

/// An API that tokens are for.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Display name.
    pub name: &'static str,
    /// The application id, and every URI that names the resource, without a slash at the end.
    pub identifiers: &'static [&'static str],
    /// The delegated permission that everybody has.
    pub permission: &'static str,
}

/// Azure Databricks.
pub const DATABRICKS: Resource = Resource {
    name: "AzureDatabricks",
    identifiers: &["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"],
    permission: "user_impersonation",
};

/// Azure Resource Manager.
pub const ARM: Resource = Resource {
    name: "Windows Azure Service Management API",
    identifiers: &[
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "https://management.core.windows.net",
        "https://management.azure.com",
        // What `az cloud register` is told where Entra ID and ARM are both this sandbox.
        "https://localhost",
    ],
    permission: "user_impersonation",
};

/// All resources.
pub const RESOURCES: [&Resource; 4] = [
    &DATABRICKS,
    &ARM,
    &Resource {
        name: "Azure DevOps",
        identifiers: &[
            "499b84ac-1321-427f-aa17-267ca6975798",
            "https://app.vssps.visualstudio.com",
        ],
        permission: "user_impersonation",
    },
    // What a request without a scope of its own gets.
    &GRAPH,
];

/// Microsoft Graph.
pub const GRAPH: Resource = Resource {
    name: "Microsoft Graph",
    identifiers: &["00000003-0000-0000-c000-000000000000", "https://graph.microsoft.com"],
    permission: "User.Read",
};

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

impl Tenant {
    /// The tenant with this GUID or domain, in any case.
    pub fn named(name: &str) -> Option<&'static Self> {
        let is = |tenant: &&Self| tenant.id.eq_ignore_ascii_case(name) || tenant.domain.eq_ignore_ascii_case(name);
        TENANTS.into_iter().find(is)
    }
}

impl Resource {
    /// The resource with this application id or URI; one slash at the end does not matter.
    pub fn named(name: &str) -> Option<&'static Self> {
        let bare = name.strip_suffix('/').unwrap_or(name);
        let is = |id: &&str| id.eq_ignore_ascii_case(bare);
        RESOURCES
            .into_iter()
            .find(|resource| resource.identifiers.iter().any(is))
    }

    /// The application id.
    pub fn id(&self) -> &'static str {
        self.identifiers[0]
    }
}
