//! A request together with where it came in.

use crate::directory::{DATABRICKS, Resource};
use crate::entra::scope;
use crate::http::request::Request;
use crate::http::server::{Door, Role};

/// What a handler, a fault and the log know of one request.
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a Request,
    pub(crate) role: Role,
    /// Scheme, host and port as the caller sees them: `https://localhost:41234`.
    pub(crate) base: String,
    /// The connection's number.
    pub(crate) connection: u64,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(request: &'a Request, door: &Door, connection: u64) -> Self {
        let scheme = if door.tls.is_some() { "https" } else { "http" };
        let names = ["localhost", "127.0.0.1", "[::1]"].map(|name| authority(scheme, name, door.port));
        let sent = request.header("host").unwrap_or_default();
        let host = names.iter().find(|name| *name == sent).unwrap_or(&names[0]);
        Self {
            request,
            role: door.role,
            base: format!("{scheme}://{host}"),
            connection,
        }
    }

    /// The grant that the request asks for.
    pub(crate) fn grant(&self) -> Option<&'a str> {
        self.request.field("grant_type")
    }

    /// The resource that the request is about, by its scope or, at the workspace, by nature.
    pub(crate) fn resource(&self) -> Option<&'static Resource> {
        match self.role {
            Role::Workspace => Some(&DATABRICKS),
            Role::Authority | Role::Control => {
                scope::resource_named(self.request.field("scope")?).and_then(Resource::named)
            }
        }
    }

    /// A short name for the path, for counts.
    pub(crate) fn endpoint(&self) -> &'static str {
        let path = self.request.path.as_str();
        if path.contains("/userrealm/") {
            return "user_realm";
        }
        let known = [
            ("/oauth2/v2.0/token", "token"),
            ("/oauth2/v2.0/authorize", "authorize"),
            ("/oauth2/v2.0/devicecode", "devicecode"),
            ("/devicelogin", "devicelogin"),
            ("/login", "login"),
            ("/oauth2/v2.0/logout", "logout"),
            ("/.well-known/openid-configuration", "openid_configuration"),
            ("/discovery/v2.0/keys", "keys"),
            ("/discovery/instance", "instance"),
            ("/oauth2/exchange", "registry_exchange"),
            ("/oauth2/token", "registry_token"),
            ("/metadata/endpoints", "arm_metadata"),
            ("/subscriptions", "arm_subscriptions"),
            ("/tenants", "arm_tenants"),
            ("/aad/auth", "aad_auth"),
            ("/jobs/list", "jobs_list"),
            ("/sandbox/echo", "echo"),
            ("/api/2.0/clusters/list", "clusters_list"),
            ("/api/2.0/preview/scim/v2/Me", "scim_me"),
        ];
        let found = known.into_iter().find(|(end, _)| path.ends_with(end));
        found.map_or("other", |(_, name)| name)
    }
}

/// Host and port as URLs have them: without the port where it goes without saying.
pub(crate) fn authority(scheme: &str, host: &str, port: u16) -> String {
    match (scheme, port) {
        ("https", 443) | ("http", 80) => host.to_owned(),
        _ => format!("{host}:{port}"),
    }
}
