//! What a person is told after signing in.

use crate::cli::text::{columns, left, moment};
use crate::config::{Field, Said};
use crate::remedy::quoted;
use crate::request::{ClientId, Scopes, Selectors};
use crate::services::{Accounts, SignedIn};
use crate::world::World;

/// Who signed in, where that is kept, and what to do next.
pub(super) fn signed_in(world: &World, accounts: &dyn Accounts, signed_in: &SignedIn, said: &Said) -> String {
    let SignedIn {
        id,
        account,
        tenant,
        authority,
        client_id,
        flow,
        granted,
        notes,
    } = signed_in;
    let (now, offset) = (world.clock.now(), |epoch: i64| world.zone.offset_at(epoch));
    let token = &granted.credential;
    let mut rows = vec![
        ["  tenant".to_owned(), tenant.clone()],
        ["  application".to_owned(), ClientId::told(client_id)],
        ["  authority".to_owned(), authority.clone()],
        ["  way".to_owned(), flow.replace('_', " ")],
        [
            "  token".to_owned(),
            format!(
                "{}, {}, until {}",
                Scopes::told(&token.scope),
                left(token.left(now)),
                moment(token.expires_on, now, &offset)
            ),
        ],
        ["  id".to_owned(), id.clone()],
    ];
    if let Ok(status) = accounts.status(&Selectors::default()) {
        let stored = format!("{} (files, readable by you only)", status.storage.path);
        rows.push(["  stored in".to_owned(), stored]);
    }
    let mut text = format!("signed in as {account}\n{}", columns(&rows));
    for note in notes {
        text.push_str(&format!("note: {note}\n"));
    }
    text.push_str(&format!("next: {}\n", next(said)));
    text
}

/// The call for a token that this sign-in was for.
fn next(said: &Said) -> String {
    let mut command = "entra-token get".to_owned();
    for field in Field::ALL {
        match (field, said.get(field)) {
            (_, None) => {}
            (Field::Scope, Some(text)) => text
                .split(' ')
                .for_each(|scope| command.push_str(&format!(" --scope {}", quoted(scope)))),
            (_, Some(text)) => command.push_str(&format!(" {} {}", field.flag(), quoted(text))),
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::status::tests::{Held, held};
    use crate::secret::Secret;
    use crate::token::{Credential, Granted, Origin};
    use crate::world::fake::{Fake, NOW};

    #[test]
    fn who_signed_in_and_what_next() {
        let signed_in = SignedIn {
            id: "abc".into(),
            account: "ana@contoso.example".into(),
            tenant: "t-1".into(),
            authority: "https://login.microsoftonline.com".into(),
            client_id: "c-1".into(),
            flow: "device_code",
            granted: Granted {
                credential: Credential {
                    access_token: Secret::new("planted".into()),
                    token_type: "Bearer".into(),
                    obtained_ms: NOW * 1000,
                    expires_on: NOW + 3600,
                    refresh_on: None,
                    scope: vec!["r/.default".into()],
                    tenant: "t-1".into(),
                    account: None,
                },
                from: Origin::Refresh,
                warnings: vec![],
            },
            notes: vec!["it is the default now".into()],
        };
        let mut said = Said::default();
        said.say(Field::Profile, "my dev".into());
        said.say(Field::Scope, "a b".into());
        let text = super::signed_in(&Fake::default().world(), &Held(held()), &signed_in, &said);
        assert_eq!(
            text,
            "signed in as ana@contoso.example
  tenant       t-1
  application  c-1
  authority    https://login.microsoftonline.com
  way          device code
  token        r/.default, 60 min left, until 11:00
  id           abc
  stored in    /h (files, readable by you only)
note: it is the default now
next: entra-token get --profile 'my dev' --scope a --scope b
"
        );
    }
}
