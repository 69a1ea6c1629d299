//! azd's command line, as far as `auth token` goes (azd `cmd/auth_token.go`).

use crate::error::Error;
use crate::face::options::{Options, bad};
use crate::render::Query;
use crate::request::{Claims, Scopes, Tenant};

/// What is asked for.
pub(super) struct Said {
    pub(super) scopes: Scopes,
    pub(super) tenant: Option<Tenant>,
    pub(super) claims: Option<Claims>,
    pub(super) form: Form,
    pub(super) query: Option<Query>,
}

/// How the answer looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    None,
    Text,
}

/// What azd asks for unless told otherwise.
const MANAGEMENT: &str = "https://management.azure.com//.default";

const WITH_VALUE: [&str; 11] = [
    "--scope",
    "--tenant-id",
    "--claims",
    "--output",
    "-o",
    "--query",
    "--cwd",
    "-C",
    "--environment",
    "-e",
    "--trace-log-file",
];
const FLAGS: [&str; 5] = ["--no-prompt", "--debug", "--docs", "-ojson", "-onone"];

impl Said {
    /// Reads a command line; nothing if it is not `auth token`, or asks for help.
    pub(super) fn parse(args: &[String]) -> Result<Option<Self>, Error> {
        if args
            .iter()
            .any(|arg| ["--help", "-h", "--docs"].contains(&arg.as_str()))
        {
            return Ok(None);
        }
        let options = Options::parse(args, &[&WITH_VALUE], &FLAGS);
        let is_ours = match &options {
            Ok(options) => options.words == ["auth", "token"],
            Err(_) => args.starts_with(&["auth".to_owned(), "token".to_owned()]),
        };
        if !is_ours {
            return Ok(None);
        }
        let options = options?;
        let scopes: Vec<_> = options.values("--scope").collect();
        let scopes = if scopes.is_empty() { vec![MANAGEMENT] } else { scopes };
        let query = options.value("--query").map(Query::parse).transpose();
        Ok(Some(Self {
            scopes: Scopes::parse(scopes).map_err(|_| bad("`--scope`: not a scope as RFC 6749 has it"))?,
            tenant: options
                .value("--tenant-id")
                .map(|text| Tenant::parse(text).map_err(|_| bad("`--tenant-id`: not a tenant")))
                .transpose()?,
            claims: options
                .value("--claims")
                .map(|text| Claims::parse(text).map_err(|_| bad("invalid claims, expected base64")))
                .transpose()?,
            form: form(&options)?,
            query: query.map_err(|_| bad("`--query`: not JMESPath"))?,
        }))
    }
}

fn form(options: &Options) -> Result<Form, Error> {
    let short = FLAGS
        .into_iter()
        .filter(|flag| flag.starts_with("-o") && options.has(flag));
    let short = short.map(|flag| &flag[2..]).next();
    match options.value("--output").or_else(|| options.value("-o")).or(short) {
        None => Ok(Form::Text),
        Some("json") => Ok(Form::Json),
        Some("none") => Ok(Form::None),
        Some(_) => Err(bad("unsupported format; there are json and none")),
    }
}
