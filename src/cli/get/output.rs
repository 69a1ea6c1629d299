//! The forms in which `get` prints a token.

use super::Answer;
use crate::error::{Error, Kind};
use crate::render::{Format, Query, render};
use crate::token::Credential;
use serde::Serialize;
use zeroize::Zeroizing;

/// A form of the answer; the help of `get` tells what each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    Json,
    Token,
    Header,
    Env,
    Curl,
    Tsv,
    Yaml,
    Table,
}

/// What Databricks SDKs read, in the order of the real CLI.
#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expiry: &'a str,
    expires_on: i64,
}

impl Form {
    /// Refuses a query where there is nothing to query.
    pub(super) fn takes(self, query: bool) -> Result<(), Error> {
        match self {
            Self::Json | Self::Tsv | Self::Yaml | Self::Table => Ok(()),
            _ if !query => Ok(()),
            _ => Err(super::bad_flag(
                "get",
                "`--query` works on the forms json, tsv, yaml and table only".to_owned(),
            )),
        }
    }
}

/// A token as text. `expiry` is its expiry as RFC 3339 in local time.
pub(super) fn print(credential: &Credential, expiry: &str, form: Form, query: Option<&Query>) -> Result<Answer, Error> {
    let token = Token {
        access_token: credential.access_token.expose(),
        token_type: &credential.token_type,
        expiry,
        expires_on: credential.expires_on,
    };
    let format = match form {
        Form::Json if query.is_none() => return Ok(Answer::secret_json(&token, token.access_token.len())),
        Form::Json => Format::Json,
        Form::Tsv => Format::Tsv,
        Form::Yaml => Format::Yaml,
        Form::Table => Format::Table,
        Form::Token | Form::Header | Form::Env | Form::Curl => return line(&token, form),
    };
    let failed = |why: &dyn std::fmt::Display| super::bad_flag("get", format!("`--query`: {why}"));
    let value = serde_json::to_value(&token).map_err(|why| failed(&why))?;
    let value = match query {
        Some(query) => query.apply(&value).map_err(|why| failed(&why))?,
        None => value,
    };
    Ok(Answer::exact(Zeroizing::new(render(&value, format).into_bytes())))
}

/// The forms that are put into a header or a shell, where a control character could do harm.
fn line(token: &Token<'_>, form: Form) -> Result<Answer, Error> {
    let Token {
        access_token,
        token_type,
        expiry: _,
        expires_on,
    } = token;
    if [access_token, token_type]
        .iter()
        .any(|text| text.chars().any(char::is_control))
    {
        return Err(Error::new(Kind::Internal, "the token holds a control character")
            .hint("get a new one: entra-token get --force-refresh"));
    }
    let expires_on = expires_on.to_string();
    // `concat` has room for all of it from the start: a text that grows leaves copies behind that nobody wipes.
    let text = match form {
        Form::Header => ["Authorization: ", token_type, " ", access_token, "\n"].concat(),
        Form::Env => [
            "export ACCESS_TOKEN=",
            &shell(access_token),
            "\nexport TOKEN_TYPE=",
            &shell(token_type),
            "\nexport EXPIRES_ON='",
            &expires_on,
            "'\n",
        ]
        .concat(),
        Form::Curl => [
            "header = \"Authorization: ",
            &curl(token_type),
            " ",
            &curl(access_token),
            "\"\n",
        ]
        .concat(),
        _ => [access_token, "\n"].concat(),
    };
    Ok(Answer::exact(Zeroizing::new(text.into_bytes())))
}

/// Quoted for a POSIX shell.
fn shell(text: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("'{}'", text.replace('\'', r"'\''")))
}

/// Escaped for a quoted value in curl's configuration file.
fn curl(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.replace('\\', r"\\").replace('"', "\\\""))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::secret::Secret;

    /// A token of that text and expiry.
    pub(in crate::cli::get) fn credential(text: &str, expires_on: i64) -> Credential {
        Credential {
            access_token: Secret::new(text.into()),
            token_type: "Bearer".into(),
            obtained_ms: 0,
            expires_on,
            refresh_on: None,
            scope: vec![],
            tenant: String::new(),
            account: None,
        }
    }

    fn printed(text: &str, form: Form, query: Option<&str>) -> String {
        let query = query.map(|query| Query::parse(query).unwrap());
        let answer = print(
            &credential(text, 1),
            "2026-11-22T11:00:00.000000+01:00",
            form,
            query.as_ref(),
        );
        answer.unwrap().as_str().to_owned()
    }

    #[test]
    fn the_default_is_what_databricks_sdks_read() {
        assert_eq!(
            printed("a\"b", Form::Json, None),
            "{\n  \"access_token\": \"a\\\"b\",\n  \"token_type\": \"Bearer\",\n  \
             \"expiry\": \"2026-11-22T11:00:00.000000+01:00\",\n  \"expires_on\": 1\n}\n"
        );
    }

    #[test]
    fn lines_are_quoted_for_who_reads_them() {
        assert_eq!(printed("t", Form::Token, None), "t\n");
        assert_eq!(printed("t", Form::Header, None), "Authorization: Bearer t\n");
        assert_eq!(
            printed("it's $x", Form::Env, None),
            "export ACCESS_TOKEN='it'\\''s $x'\nexport TOKEN_TYPE='Bearer'\nexport EXPIRES_ON='1'\n"
        );
        assert_eq!(
            printed(r#"a\b"c"#, Form::Curl, None),
            "header = \"Authorization: Bearer a\\\\b\\\"c\"\n"
        );
    }

    #[test]
    fn a_token_that_breaks_lines_is_not_put_into_one() {
        for form in [Form::Token, Form::Header, Form::Env, Form::Curl] {
            let error = print(&credential("planted\nb", 1), "", form, None).err().unwrap();
            assert!(!error.to_string().contains("planted"));
        }
    }

    #[test]
    fn rendered_and_queried() {
        assert_eq!(
            printed("t", Form::Tsv, Some("[[token_type, access_token]]")),
            "Bearer\tt\n"
        );
        assert_eq!(printed("t", Form::Tsv, Some("access_token")), "t\n");
        assert_eq!(printed("t", Form::Json, Some("expires_on")), "1\n");
        assert!(printed("t", Form::Yaml, None).starts_with("access_token: t\ntoken_type: Bearer\n"));
        assert!(printed("t", Form::Table, None).contains("Bearer"));
    }

    #[test]
    fn a_query_needs_something_to_query() {
        assert!(Form::Header.takes(true).is_err());
        assert!(Form::Header.takes(false).is_ok());
        assert!(Form::Tsv.takes(true).is_ok());
    }
}
