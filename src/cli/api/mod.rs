//! `api`: one call of a REST API, with a token for its host.

mod body;
mod headers;
mod output;
mod pages;
mod refusal;
mod resource_id;
mod send;
mod target;

use super::get::seconds;
use super::selectors::{SelectorFlags, bad_flag};
use super::{Act, Answer};
use crate::error::Error;
use crate::render::Query;
use crate::world::World;
use crate::world::http::Method;
use output::Form;
use resource_id::WorkspaceFlags;
use send::Caller;
use target::Target;

const EXAMPLES: &str = "Examples:
  entra-token api GET /api/2.0/clusters/list
  entra-token api /api/2.0/clusters/list --host https://adb-1234567890123456.7.azuredatabricks.net
  entra-token api GET /api/2.2/jobs/list --paginate --query 'jobs[].settings.name' -o tsv
  entra-token api POST /api/2.2/jobs/run-now --data '{\"job_id\": 7}'
  entra-token api PUT /api/2.0/fs/files/Volumes/main/a/b/c.csv -d @c.csv -H 'Content-Type: text/csv'

If nothing names a host, it is the one that the default login was made for.

Forms: json (indented; the default for an answer that is JSON), yaml, tsv, table; raw is the answer as it came, and the
default for any other answer.

A token that is refused (401) is replaced once. Where the API asks to wait (429, or 503 with `Retry-After`), it is asked
again after that time, while `--timeout` allows. Redirects are never followed, and the token goes to this host only.

`--paginate` follows `next_page_token`, or the `startIndex` of SCIM, and prints one document: the lists of all pages
joined, everything else as on the last page. If a page fails, nothing is printed.

Exit status: 0 for 2xx; 2 for a call that the API does not accept (400, 405, 409, …, a redirect); 3 for 404 and 410, and
for a host that is on no list; 5 for 401 and 403; 6 for 408, 429 and 5xx; the others as for `get`.";

/// Seconds for all waiting and networking together.
const TIMEOUT: u64 = 60;

/// Longest request and longest answer in bytes, all pages together.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// The flags of `api`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES, override_usage = "entra-token api [OPTIONS] [METHOD] PATH")]
pub(super) struct Api {
    /// GET, POST, PUT, PATCH, DELETE or HEAD (default: GET, or POST with `--data`); path or https URL
    #[arg(value_name = "METHOD|PATH", num_args = 1..=2, required = true)]
    words: Vec<String>,
    /// Body: JSON, `@FILE`, or `-` for standard input
    #[arg(short, long, value_name = "DATA")]
    data: Option<String>,
    /// Header `NAME: VALUE`, may be repeated; another `Content-Type` than JSON takes any body
    #[arg(short = 'H', long, value_name = "HEADER")]
    header: Vec<String>,
    /// Form of the answer: json, yaml, tsv, table or raw
    #[arg(short, long, value_name = "FORM", value_enum, hide_possible_values = true)]
    output: Option<Form>,
    /// JMESPath over the answer, for json, yaml, tsv and table (default: all of it)
    #[arg(long, value_name = "JMESPATH")]
    query: Option<String>,
    /// Get every page of a list, as one document
    #[arg(long, conflicts_with = "include")]
    paginate: bool,
    /// Print status and headers before the answer, also before one that is an error
    #[arg(short, long)]
    include: bool,
    /// Seconds for all waiting and networking together (default: 60)
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<String>,
    #[command(flatten)]
    workspace: WorkspaceFlags,
    #[command(flatten)]
    selectors: SelectorFlags,
}

impl Act for Api {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let until = world.clock.monotonic() + seconds(self.timeout.as_deref(), TIMEOUT, 600).map_err(bad)?;
        let query = self.query.as_deref().map(parse_query).transpose()?;
        self.fits_together(query.is_some())?;
        let (method, target) = Target::parse(&self.words, self.data.is_some())?;
        if method != Method::Get && self.paginate {
            return Err(bad("`--paginate` works with GET only"));
        }
        let mut headers = headers::parse(&self.header)?;
        if let Some(id) = self.workspace.id()? {
            headers::add(&mut headers, resource_id::HEADER, id)?;
        }
        let body = body::read(self.data.as_deref(), method, &mut headers, world)?;
        let ask = self.selectors.ask("api", world)?;
        let desk = super::desk(world)?;
        let (ask, host) = target.host(ask, &desk)?;
        let caller = Caller {
            world,
            tokens: &desk,
            ask,
            url: target.url(&host)?,
            host,
            method,
            headers,
            body,
            until,
        };
        if self.paginate {
            return output::value(&pages::all(&caller)?, self.output, query.as_ref());
        }
        let reply = caller.send(&caller.url, MAX_BODY)?;
        if let Some(error) = refusal::explain(&reply, &caller) {
            if self.include {
                output::whole(&reply.response).write(world);
            }
            return Err(error);
        }
        output::answer(reply.response, self.output, query.as_ref(), self.include)
    }
}

impl Api {
    fn fits_together(&self, query: bool) -> Result<(), Error> {
        match self.output {
            Some(Form::Raw) if query => Err(bad("`--query` works on the forms json, yaml, tsv and table only")),
            Some(Form::Raw) if self.paginate => Err(bad("`--paginate` joins pages, so there is no raw form of it")),
            _ => Ok(()),
        }
    }
}

fn parse_query(text: &str) -> Result<Query, Error> {
    Query::parse(text).map_err(|why| bad(format!("`--query`: {why}")))
}

fn bad(text: impl Into<String>) -> Error {
    bad_flag("api", text.into())
}
