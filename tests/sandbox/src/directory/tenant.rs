//! The tenants.

/// A directory of Entra ID.
#[derive(Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant's GUID.
    pub id: &'static str,
    /// A verified domain, which names the tenant as well as the GUID does.
    pub domain: &'static str,
}

/// The home tenant of [`ANA`](crate::ANA) and [`BEN`](crate::BEN), and the tenant of the workspace unless set otherwise.
pub const CONTOSO: Tenant = Tenant {
    id: "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3",
    domain: "contoso.example",
};

/// A second tenant, in which [`ANA`](crate::ANA) is a guest.
pub const FABRIKAM: Tenant = Tenant {
    id: "c27e4f91-08ab-4d33-8e5f-1b6a90d7e254",
    domain: "fabrikam.example",
};

/// All tenants.
pub const TENANTS: [&Tenant; 2] = [&CONTOSO, &FABRIKAM];

impl Tenant {
    /// The tenant with this GUID or domain, in any case.
    pub fn named(name: &str) -> Option<&'static Self> {
        let is = |tenant: &&Self| tenant.id.eq_ignore_ascii_case(name) || tenant.domain.eq_ignore_ascii_case(name);
        TENANTS.into_iter().find(is)
    }
}
