//! The native protocol: `entra-token rpc`, one JSON request on standard input, one JSON line on standard output; with
//! `--stream` one of each per line until the end of input. `schemas/rpc-*.schema.json` is the authority.

mod answer;
mod ask;
mod line;
mod serve;

use super::{Call, Face, Outcome, Services};
use crate::error::{Error, Kind};
use ask::Request;
use line::Line;

/// The protocol's version.
const VERSION: u64 = 1;

/// Longest request in bytes.
const LIMIT: usize = 1 << 20;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["rpc"],
    links: &[],
    is_verb: true,
    claims: |_| false,
    about: "answer requests of the native protocol: JSON on standard input and output",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| Outcome::Done(run(call, services)),
};

const USAGE: &str = "usage: entra-token rpc [--stream]

Reads one JSON request from standard input and writes one JSON line to standard output.
With --stream, one request per line until the end of input; answers carry the request's id, in any order.

  echo '{\"v\":1,\"op\":\"get\"}' | entra-token rpc
  echo '{\"v\":1,\"op\":\"status\"}' | entra-token rpc
";

fn run(call: &Call<'_>, services: &Services<'_>) -> u8 {
    let args: Vec<_> = call.args.iter().map(|arg| arg.to_string_lossy()).collect();
    match args.iter().map(AsRef::as_ref).collect::<Vec<_>>().as_slice() {
        [] => once(call, services),
        ["--stream"] => serve::stream(call, services),
        ["--help" | "-h"] => call
            .io
            .answer(USAGE.as_bytes())
            .map_or_else(|error| call.unwritten(&error), |()| 0),
        _ => {
            call.io
                .say(&format!("entra-token rpc: the only option is `--stream`\n{USAGE}"));
            Kind::BadRequest.exit()
        }
    }
}

/// One request, one answer; the exit status repeats the error's code.
fn once(call: &Call<'_>, services: &Services<'_>) -> u8 {
    let mut line = Ok(Line::End);
    let read = call.io.input(&mut |input| {
        line = Ok(line::value(input, LIMIT)?);
        Ok(())
    });
    if let Err(error) = read {
        line = Err(Error::new(Kind::BadRequest, "cannot read the request").caused_by(error));
    }
    let line = match line {
        Ok(Line::Text(bytes)) => bytes,
        Ok(Line::TooLong) => return finish(call, &answer::error(None, &too_long())),
        Ok(Line::End) => {
            let error = Error::new(Kind::BadRequest, "there is no request on standard input")
                .hint("send one, such as: echo '{\"v\":1,\"op\":\"get\"}' | entra-token rpc");
            return finish(call, &answer::error(None, &error));
        }
        Err(error) => return finish(call, &answer::error(None, &error)),
    };
    let answer = match Request::parse(&line, false) {
        Ok(request) => serve::answer(&request, services),
        Err((id, error)) => answer::error(id, &error),
    };
    finish(call, &answer)
}

fn finish(call: &Call<'_>, answer: &answer::Answer) -> u8 {
    if let Err(error) = call.io.answer(&answer.line) {
        return call.unwritten(&error);
    }
    if let Some(told) = &answer.told {
        call.io.say(told);
    }
    answer.exit
}

fn too_long() -> Error {
    Error::new(Kind::BadRequest, format!("the request is longer than {LIMIT} bytes"))
}
