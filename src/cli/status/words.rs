//! `status` for people: a block per login.

use crate::cli::text::{columns, left, moment};
use crate::localtime::OffsetAt;
use crate::request::{ClientId, Scopes};
use crate::status::{LoginStatus, RefusalStatus, Status, Storage, TokenStatus};

/// What is held, in words; `now` in epoch seconds.
pub(super) fn told(status: &Status, now: i64, offset: OffsetAt<'_>) -> String {
    let Status { storage, logins, notes } = status;
    let mut blocks: Vec<_> = logins.iter().map(|one| login(one, now, offset)).collect();
    if blocks.is_empty() {
        // A login that cannot be used is told in a note: whoever made it was signed in.
        let nobody = match notes.is_empty() {
            true => "nobody is signed in",
            false => "no login that can be used, see below",
        };
        blocks.push(format!("{nobody}; to sign in, run: entra-token login --help\n"));
    }
    blocks.push(place(storage) + &notes.iter().map(|note| format!("note: {note}\n")).collect::<String>());
    blocks.join("\n")
}

fn login(login: &LoginStatus, now: i64, offset: OffsetAt<'_>) -> String {
    let LoginStatus {
        id,
        default,
        account,
        home_account_id: _, // for programs
        tenant,
        client_id,
        authority,
        flow,
        signed_in_on,
        refresh_token_obtained_on,
        tokens,
        refusals,
    } = login;
    let when = |epoch: i64| moment(epoch, now, offset);
    let signed_in = format!(
        "{} by a {}, renewed {}",
        when(*signed_in_on),
        flow.replace('_', " "),
        when(*refresh_token_obtained_on)
    );
    let mut rows = vec![
        ["  tenant".to_owned(), tenant.clone()],
        ["  application".to_owned(), ClientId::told(client_id)],
        ["  authority".to_owned(), authority.clone()],
        ["  signed in".to_owned(), signed_in],
        ["  id".to_owned(), id.clone()],
    ];
    for one in tokens {
        rows.push(["  token".to_owned(), token(one, tenant, now, offset)]);
        for (name, value) in one
            .claims
            .as_ref()
            .and_then(|claims| claims.as_object())
            .into_iter()
            .flatten()
        {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            rows.push([String::new(), format!("  {name} {value}")]);
        }
    }
    for one in refusals {
        rows.push(["  refused".to_owned(), refusal(one, now, offset)]);
    }
    format!(
        "{account}{}\n{}",
        if *default { " (default)" } else { "" },
        columns(&rows)
    )
}

fn token(token: &TokenStatus, home: &str, now: i64, offset: OffsetAt<'_>) -> String {
    let foreign = if token.tenant == home {
        String::new()
    } else {
        format!(" in tenant {}", token.tenant)
    };
    let until = if token.expires_in > 0 { "until" } else { "at" };
    format!(
        "{}{foreign}: {}, {until} {}",
        Scopes::told(&token.scope),
        left(token.expires_in),
        moment(token.expires_on, now, offset)
    )
}

fn refusal(refusal: &RefusalStatus, now: i64, offset: OffsetAt<'_>) -> String {
    let RefusalStatus {
        code,
        scope,
        tenant,
        message,
        until,
    } = refusal;
    let tenant = tenant.as_ref().map(|tenant| format!(" in tenant {tenant}"));
    let what = if scope.is_empty() {
        "this login".to_owned()
    } else {
        Scopes::told(scope)
    };
    format!(
        "{what}{}, not asked again until {}: {message} ({code})",
        tenant.unwrap_or_default(),
        moment(*until, now, offset)
    )
}

fn place(storage: &Storage) -> String {
    let Storage {
        kind: _, // always files
        path,
        locks,
        writable,
    } = storage;
    let mut text = format!("storage  {path}: files, readable by you only\n");
    match (locks, writable) {
        (None, _) | (_, None) => text.push_str("         nothing is there yet\n"),
        (Some(locks), Some(writable)) => {
            let yes = |fact: &bool, otherwise: &str| {
                if *fact {
                    "yes".to_owned()
                } else {
                    format!("no: {otherwise}")
                }
            };
            text.push_str(&format!(
                "         locks {}; writable {}\n",
                yes(locks, "several processes may refresh at once"),
                yes(
                    writable,
                    "tokens cannot be kept; every call that refreshes goes to the network"
                )
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::status::{claims, tests::held};
    use crate::world::fake::NOW;

    #[test]
    fn a_block_for_each_login() {
        let mut status = held();
        claims::keep(&mut status, true);
        assert_eq!(
            told(&status, NOW, &|_| 3600),
            format!(
                "ana@contoso.example (default)
  tenant       t-1
  application  c-1
  authority    https://login.microsoftonline.com
  signed in    2026-11-21 11:00 by a refresh token, renewed 10:59
  id           abc
  token        r/.default in tenant t-2: 58 min left, until 11:58
                 aud r
                 exp {}
  refused      other/.default in tenant t-1, not asked again until 11:01: consent is missing (consent_required)

storage  /h: files, readable by you only
         locks yes; writable yes
note: a file was set aside
",
                NOW + 3480
            )
        );
    }

    #[test]
    fn a_broken_login_is_not_nobody() {
        let mut status = held();
        status.logins = vec![];
        status.notes = vec!["the login `abc` cannot be used: not JSON".into()];
        let text = told(&status, NOW, &|_| 0);
        assert!(
            text.starts_with("no login that can be used, see below; to sign in"),
            "{text}"
        );
        assert!(
            text.ends_with("note: the login `abc` cannot be used: not JSON\n"),
            "{text}"
        );
    }

    #[test]
    fn nobody_and_nothing() {
        let mut status = held();
        (status.logins, status.notes) = (vec![], vec![]);
        (status.storage.locks, status.storage.writable) = (None, None);
        assert_eq!(
            told(&status, NOW, &|_| 0),
            "nobody is signed in; to sign in, run: entra-token login --help\n\n\
             storage  /h: files, readable by you only\n         nothing is there yet\n"
        );
        (status.storage.locks, status.storage.writable) = (Some(false), Some(false));
        let text = told(&status, NOW, &|_| 0);
        assert!(
            text.contains("locks no: several") && text.contains("writable no: tokens"),
            "{text}"
        );
    }
}
