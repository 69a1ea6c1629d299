//! Variables: our own, `ENTRA_TOKEN_*`, which speak to every call; and those of other tools, which speak to the verbs
//! that people type as far as nothing else does. `AZURE_CLIENT_ID` is not among them: it names a service principal's
//! application, never a user's public client.

use super::{Bad, Field, Layer, Said};
use crate::error::{Error, Kind};
use crate::request::Selectors;
use crate::world::World;

/// The variables of other tools that the native verbs read, the first that is set winning for its field.
pub(super) const NATIVE: [(Field, &str); 5] = [
    (Field::Host, "DATABRICKS_HOST"),
    (Field::Tenant, "ARM_TENANT_ID"),
    (Field::Tenant, "AZURE_TENANT_ID"),
    (Field::AuthorityHost, "AZURE_AUTHORITY_HOST"),
    (Field::Cloud, "ARM_ENVIRONMENT"),
];

/// What the variables of other tools say to a native verb: an [`Ask`](crate::request::Ask)'s `door`. A variable is not
/// even read for what the call says itself, so its mistakes do not matter then.
///
/// # Errors
/// `config`, naming the variable.
pub fn native_door(world: &World, explicit: &Selectors) -> Result<Selectors, Error> {
    let mut said = Said::default();
    for (field, name) in NATIVE {
        let decided = match field {
            Field::Host => explicit.host.is_some(),
            Field::Tenant => explicit.tenant.is_some() || said.get(Field::Tenant).is_some(),
            _ => explicit.authority.is_some() || said.get(Field::AuthorityHost).is_some(),
        };
        if !decided && let Some(text) = world.environment.var(name) {
            said.say(field, text);
        }
    }
    said.read().map(|layer| layer.selectors).map_err(|bad| {
        let name = |field| variable_of(world, field);
        unreadable(bad.text(name), name(bad.field()))
    })
}

/// What our own variables say.
///
/// # Errors
/// `config`, naming the variable; `bad_request` if two exclude each other.
pub(super) fn own(world: &World) -> Result<Layer, Error> {
    let mut said = Said::default();
    for field in Field::ALL {
        if let Some(text) = world.environment.var(field.variable()) {
            said.say(field, text);
        }
    }
    said.read().map_err(|bad| match &bad {
        Bad::Value(field, _) => unreadable(bad.text(Field::variable), field.variable()),
        Bad::Both(one, other) => Error::new(Kind::BadRequest, bad.text(Field::variable)).hint(format!(
            "unset one of them: `unset {}` or `unset {}`",
            one.variable(),
            other.variable()
        )),
    })
}

/// The variable that speaks for a field to a native verb: the first of its row that is set.
pub(super) fn variable_of(world: &World, field: Field) -> &'static str {
    NATIVE
        .iter()
        .filter(|(of, _)| *of == field)
        .find(|(_, name)| world.environment.var(name).is_some())
        .map_or_else(|| field.variable(), |(_, name)| name)
}

fn unreadable(text: String, name: &str) -> Error {
    Error::new(Kind::Config, text).hint(format!("correct the environment variable, or `unset {name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Tenant;
    use crate::world::fake::Fake;

    #[test]
    fn variables_of_other_tools() {
        let world = Fake::default()
            .var("DATABRICKS_HOST", "https://adb-1.2.azuredatabricks.net/?o=1")
            .var("AZURE_TENANT_ID", "second.example")
            .var("ARM_TENANT_ID", "first.example")
            .var("ARM_ENVIRONMENT", "usgovernment")
            .var("AZURE_CLIENT_ID", "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
            .world();
        let door = native_door(&world, &Selectors::default()).unwrap();
        assert_eq!(door.host.unwrap().name(), "adb-1.2.azuredatabricks.net");
        assert_eq!(door.tenant.unwrap().as_str(), "first.example");
        assert_eq!(door.authority.unwrap().name(), "login.microsoftonline.us");
        assert_eq!(door.client_id, None);
    }

    #[test]
    fn an_authority_host_goes_before_a_cloud() {
        let world = Fake::default()
            .var("AZURE_AUTHORITY_HOST", "https://login.partner.microsoftonline.cn/")
            .var("ARM_ENVIRONMENT", "public")
            .world();
        let door = native_door(&world, &Selectors::default()).unwrap();
        assert_eq!(door.authority.unwrap().name(), "login.partner.microsoftonline.cn");
    }

    #[test]
    fn a_mistake_is_named_unless_the_call_decides() {
        let world = Fake::default().var("AZURE_TENANT_ID", "a b").world();
        let error = native_door(&world, &Selectors::default()).unwrap_err();
        assert_eq!(error.kind(), Kind::Config);
        assert_eq!(
            error.message(),
            "`AZURE_TENANT_ID`: tenant `a b` is neither a GUID nor a domain"
        );
        assert_eq!(
            error.remedy(),
            Some("correct the environment variable, or `unset AZURE_TENANT_ID`")
        );
        let explicit = Selectors {
            tenant: Tenant::parse("t.example").ok(),
            ..Selectors::default()
        };
        assert_eq!(native_door(&world, &explicit).unwrap(), Selectors::default());
    }

    #[test]
    fn our_own_variables() {
        let world = Fake::default().var("ENTRA_TOKEN_MIN_TTL", "soon").world();
        let error = own(&world).unwrap_err();
        assert_eq!(error.kind(), Kind::Config);
        assert!(
            error
                .message()
                .starts_with("`ENTRA_TOKEN_MIN_TTL`: expected whole seconds")
        );

        let world = Fake::default()
            .var("ENTRA_TOKEN_SCOPE", "a")
            .var("ENTRA_TOKEN_RESOURCE", "b")
            .world();
        assert_eq!(own(&world).unwrap_err().kind(), Kind::BadRequest);
    }
}
