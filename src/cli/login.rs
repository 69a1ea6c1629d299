//! `login`: signs in, and remembers it.

use super::get::timeout;
use super::selectors::{SelectorFlags, ask, bad_flag};
use super::text::{columns, left, moment};
use super::{Act, Answer};
use crate::config::{Field, Said};
use crate::error::{Error, Kind};
use crate::remedy::quoted;
use crate::request::Selectors;
use crate::secret::Secret;
use crate::services::{Accounts, SignIn, SignedIn};
use crate::world::World;
use std::io::{self, BufRead, Read};
use zeroize::Zeroizing;

const EXAMPLES: &str = "Examples:
  entra-token login --refresh-token-stdin --tenant contoso.example < refresh-token.txt
  printf '%s' \"$REFRESH_TOKEN\" | entra-token login --refresh-token-stdin \\
    --host https://adb-1234567890123456.7.azuredatabricks.net

The refresh token is read from standard input, never from an argument, where every process could see it. It is redeemed
at once, and replaced by the one that the authority answers with.";

/// Longest refresh token in bytes.
const LIMIT: u64 = 64 * 1024;

/// The flags of `login`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Login {
    /// Read a refresh token from the first line of standard input, and sign in with it
    #[arg(long)]
    refresh_token_stdin: bool,
    /// Seconds for all waiting and networking together (default: 30)
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<String>,
    #[command(flatten)]
    selectors: SelectorFlags,
}

impl Act for Login {
    fn act(self, world: &World) -> Result<Answer, Error> {
        if !self.refresh_token_stdin {
            return Err(bad_flag(
                "login",
                "`login` needs to know how: name `--refresh-token-stdin`".to_owned(),
            )
            .hint("run: entra-token login --refresh-token-stdin < FILE"));
        }
        let said = self.selectors.said();
        let mut ask = ask(&said, "login", world)?;
        ask.terms.timeout = Some(timeout(self.timeout.as_deref(), "login")?);
        let refresh_token = read_secret(world)?;
        let desk = super::desk(world)?;
        let signed_in = desk.adopt(&ask, refresh_token)?;
        Ok(Answer::text(&told(world, &desk, &signed_in, &said)))
    }
}

/// The first line of standard input.
fn read_secret(world: &World) -> Result<Secret, Error> {
    let bad = |why: &str| {
        Error::new(Kind::BadRequest, why).hint(
            "run: entra-token login --refresh-token-stdin < FILE, where the first line of FILE is the refresh token",
        )
    };
    if world.streams.input_is_terminal() {
        return Err(bad(
            "standard input is a terminal; a refresh token is read from a file or pipe only, so that it stays off the screen",
        ));
    }
    // As large as it can become: a buffer that grows would leave copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(usize::try_from(LIMIT + 1).unwrap_or_default()));
    let mut first_line =
        |input: &mut dyn BufRead| -> io::Result<()> { input.take(LIMIT + 1).read_until(b'\n', &mut line).map(drop) };
    world
        .streams
        .input(&mut first_line)
        .map_err(|why| bad("standard input cannot be read").caused_by(why))?;
    if u64::try_from(line.len()).unwrap_or(u64::MAX) > LIMIT {
        return Err(bad("the first line of standard input is longer than 64 KiB"));
    }
    let text = std::str::from_utf8(&line).map_err(|_| bad("the first line of standard input is not text"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(bad("the first line of standard input is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(bad("the first line of standard input holds a control character"));
    }
    Ok(Secret::new(text.to_owned()))
}

/// Who signed in, where that is kept, and what to do next.
fn told(world: &World, accounts: &dyn Accounts, signed_in: &SignedIn, said: &Said) -> String {
    let SignedIn {
        id,
        account,
        tenant,
        authority,
        client_id,
        granted,
        notes,
    } = signed_in;
    let (now, offset) = (world.clock.now(), |epoch: i64| world.zone.offset_at(epoch));
    let token = &granted.credential;
    let mut rows = vec![
        ["  tenant".to_owned(), tenant.clone()],
        ["  application".to_owned(), client_id.clone()],
        ["  authority".to_owned(), authority.clone()],
        [
            "  token".to_owned(),
            format!(
                "{}, {}, until {}",
                token.scope.join(" "),
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
    use crate::token::{Credential, Granted, Origin};
    use crate::world::fake::{Fake, NOW};

    fn read(input: &[u8]) -> Result<Secret, Error> {
        read_secret(&Fake::default().given(input).world())
    }

    #[test]
    fn the_first_line_is_the_secret() {
        for input in ["0.AR-t\n", "0.AR-t", " 0.AR-t \r\nrest", "\u{feff}0.AR-t\n"] {
            assert_eq!(read(input.as_bytes()).unwrap().expose(), "0.AR-t");
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused_unseen() {
        let long = vec![b'a'; 64 * 1024 + 1];
        for (input, why) in [
            (&b""[..], "is empty"),
            (b"\n0.AR-t", "is empty"),
            (b"pla\x1bnted", "holds a control character"),
            (b"\xff\xfe", "is not text"),
            (&long, "is longer than 64 KiB"),
        ] {
            let error = read(input).unwrap_err();
            assert!(error.message().ends_with(why), "{}", error.message());
            assert_eq!(error.kind(), Kind::BadRequest);
        }
        assert!(read(&long[1..]).is_ok());
    }

    #[test]
    fn a_terminal_is_not_read() {
        let error = read_secret(&Fake::default().at_a_terminal().world()).unwrap_err();
        assert!(error.message().starts_with("standard input is a terminal"));
        assert!(error.remedy().unwrap().contains("< FILE"));
    }

    #[test]
    fn how_to_sign_in_must_be_said() {
        let login: Login = clap::Parser::try_parse_from(["login"]).unwrap();
        let error = login.act(&Fake::default().world()).err().unwrap();
        assert_eq!(error.kind(), Kind::BadRequest);
        assert!(error.message().contains("--refresh-token-stdin"));
    }

    #[test]
    fn who_signed_in_and_what_next() {
        let signed_in = SignedIn {
            id: "abc".into(),
            account: "ana@contoso.example".into(),
            tenant: "t-1".into(),
            authority: "https://login.microsoftonline.com".into(),
            client_id: "c-1".into(),
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
        let text = told(&Fake::default().world(), &Held(held()), &signed_in, &said);
        assert_eq!(
            text,
            "signed in as ana@contoso.example
  tenant       t-1
  application  c-1
  authority    https://login.microsoftonline.com
  token        r/.default, 60 min left, until 11:00
  id           abc
  stored in    /h (files, readable by you only)
note: it is the default now
next: entra-token get --profile 'my dev' --scope a --scope b
"
        );
    }
}
