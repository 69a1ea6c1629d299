//! `why`: where each value of a call came from, in words. Made only for a person who asks; a call for a token never pays
//! for it.

use super::resolve::{Origin, Resolved};
use super::{Field, door};
use crate::services::Reason;
use crate::world::World;

impl Resolved {
    /// A row for every value that decides the call, in the order in which they decide. What nothing said is empty, to be
    /// filled from what is remembered.
    #[must_use]
    pub fn why(&self, world: &World) -> Vec<Reason> {
        let (request, from) = (&self.request, self.origins);
        let row = |field: &'static str, value: Option<String>, origin: Origin, fields: &[Field]| Reason {
            field,
            value: value.unwrap_or_default(),
            source: self.source(world, origin, fields),
        };
        let mut rows = vec![row("profile", request.profile.clone(), from.profile, &[Field::Profile])];
        if let Some(host) = &self.ignored {
            rows.push(Reason {
                field: "host",
                value: String::new(),
                source: format!(
                    "`{}` of `{}` is passed over: it is on no list",
                    host.key(),
                    door::variable_of(world, Field::Host)
                ),
            });
        } else {
            rows.push(row(
                "host",
                request.host.as_ref().map(|h| h.key()),
                from.host,
                &[Field::Host],
            ));
        }
        let authority = request.authority.as_ref().map(|a| a.url());
        let scopes = Some(request.scopes.joined());
        rows.extend([
            row(
                "authority",
                authority,
                from.authority,
                &[Field::AuthorityHost, Field::Cloud],
            ),
            row(
                "tenant",
                request.tenant.as_ref().map(|t| t.as_str().to_owned()),
                from.tenant,
                &[Field::Tenant],
            ),
            row(
                "client_id",
                request.client_id.as_ref().map(|c| c.as_str().to_owned()),
                from.client_id,
                &[Field::ClientId],
            ),
            row(
                "account",
                request.account.as_ref().map(|a| a.as_str().to_owned()),
                from.account,
                &[Field::Account],
            ),
            row("scope", scopes, from.scopes, &[Field::Scope, Field::Resource]),
            row(
                "min_ttl",
                Some(request.min_ttl.to_string()),
                from.min_ttl,
                &[Field::MinTtl],
            ),
        ]);
        rows
    }

    /// A source in words; `fields` are the ways in which a source may say the value.
    fn source(&self, world: &World, origin: Origin, fields: &[Field]) -> String {
        let set = |name: &&str| world.environment.var(name).is_some();
        match origin {
            Origin::Call => {
                let flags: Vec<_> = fields.iter().map(|field| format!("`{}`", field.flag())).collect();
                format!("flag {}", flags.join(" or "))
            }
            Origin::Variable => {
                let name = fields.iter().map(|field| field.variable()).find(set);
                format!("variable `{}`", name.unwrap_or("ENTRA_TOKEN_*"))
            }
            Origin::Door => {
                let name = fields.iter().map(|field| door::variable_of(world, *field)).find(set);
                format!("variable `{}`", name.unwrap_or("of the calling tool"))
            }
            Origin::Profile if fields == [Field::Profile] => "`default_profile` in config.toml".to_owned(),
            Origin::Profile => format!(
                "profile `{}` in config.toml",
                self.request.profile.as_deref().unwrap_or_default()
            ),
            Origin::Host => format!(
                "host `{}`",
                self.request.host.as_ref().map(|host| host.key()).unwrap_or_default()
            ),
            Origin::Nobody if matches!(fields, [Field::Scope, _] | [Field::MinTtl]) => "default".to_owned(),
            Origin::Nobody => "not said".to_owned(),
        }
    }
}
