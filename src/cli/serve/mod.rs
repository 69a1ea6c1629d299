//! `serve`: tokens over HTTP on this machine, for programs that can ask for them so and in no other way. One thread answers
//! what is held; what must wait does so on others ([`errands`]). Nothing that is asked may involve a person.

mod answer;
mod errands;
mod variables;

use super::{Act, Answer};
use crate::desk::Desk;
use crate::error::{Error, Kind};
use crate::request::{Ask, Host};
use crate::services::{AtOnce, Directory, Said};
use crate::world::World;
use crate::world::loopback::{Limits, Listener, Reply, Request, Waker};
use errands::{Errands, Source, Taker};
use std::ffi::OsString;
use std::sync::Arc;
use std::thread::Scope;
use std::time::Duration;
use variables::Secrets;
use zeroize::Zeroizing;

const EXAMPLES: &str = "Examples:
  entra-token serve --host https://adb-1234567890123456.7.azuredatabricks.net -- databricks clusters list
  entra-token serve -- azd provision
  (umask 077; exec entra-token serve --port 8123 > ~/.serve.env) & sleep 1; . ~/.serve.env

With a command: runs it with the variables below, and ends with it and with its exit status.
Without: prints them as `export` lines for a POSIX shell, and serves until it is ended.
Whoever knows the path in DATABRICKS_METADATA_SERVICE_URL, or the key, gets tokens: both are new each time.
A login or logout elsewhere, and a change of config.toml, counts from the next request on.
Why there is no token is told on standard error as well, once in ten minutes: programs tend to keep it to themselves.

Variables:
  DATABRICKS_METADATA_SERVICE_URL   for the Databricks SDKs for Python, Go and JavaScript, Terraform, the Databricks CLI
  DATABRICKS_HOST                   with --host: they want a host beside it
  AZD_AUTH_ENDPOINT, AZD_AUTH_KEY   for azd";

/// The flags of `serve`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    /// The only host that Databricks tokens are given for (default: every host that is known)
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    /// Port on 127.0.0.1 and ::1 (default: a free one)
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// A command to run and serve, after `--`
    #[arg(value_name = "COMMAND", last = true)]
    command: Vec<OsString>,
}

/// How long a wait is while a command runs: its end is noticed after that.
const LOOK: Duration = Duration::from_millis(50);

/// The first wait: most that fails does so at once.
const FIRST_LOOK: Duration = Duration::from_millis(2);

/// Any time: nothing but requests is waited for.
const LONG: Duration = Duration::from_secs(3600);

impl Act for Serve {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let bad = |why: String| super::selectors::bad_flag("serve", why);
        let port = self.port.as_deref().map_or(Ok(0), |text| {
            text.parse()
                .ok()
                .filter(|port| *port != 0)
                .ok_or_else(|| bad("`--port`: expected a number from 1 to 65535".to_owned()))
        })?;
        let host = self.host.as_deref().map(Host::parse).transpose();
        let host = host.map_err(|why| bad(format!("`--host`: {why}")))?;
        let desk = Desk::for_many_calls(world)?;
        if let Some(host) = &host {
            known(&desk, host)?;
        }
        let secrets = Secrets::new(world)?;
        let mut listener = world
            .loopback
            .listen(port, &Limits::SERVE)
            .map_err(|why| busy(port, why))?;
        let waker = listener.waker().map_err(cannot_wait)?;
        let errands = Errands::new(world);
        // Errands that are on their way when the command ends are waited for: a refresh is not left half done.
        std::thread::scope(|scope| {
            let books = Books {
                world,
                desk: Ok(Arc::new(desk)),
                host,
                secrets,
                waker,
                errands: &errands,
                scope,
            };
            let mut server = Server { books, listener };
            match self.command.split_first() {
                Some((program, args)) => server.beside(program, args),
                None => server.forever(),
            }
        })
    }
}

struct Server<'s, 'e, 'w> {
    books: Books<'s, 'e, 'w>,
    listener: Box<dyn Listener>,
}

/// What a request is answered from.
struct Books<'s, 'e, 'w> {
    world: &'w World,
    desk: Result<Arc<Desk<'w>>, Error>,
    host: Option<Host>,
    secrets: Secrets,
    waker: Waker,
    errands: &'s Errands<'w>,
    scope: &'s Scope<'s, 'e>,
}

impl Server<'_, '_, '_> {
    /// Serves one command and ends with it.
    fn beside(&mut self, program: &OsString, args: &[OsString]) -> Result<Answer, Error> {
        let Books {
            world, secrets, host, ..
        } = &self.books;
        let variables = secrets.variables(self.listener.port(), host.as_ref());
        let mut companion = world.processes.run_beside(program, args, &variables)?;
        let mut wait = FIRST_LOOK;
        loop {
            let ended = companion
                .ended()
                .map_err(|why| Error::new(Kind::Internal, "the command cannot be waited for").caused_by(why))?;
            if let Some(exit) = ended {
                return Ok(Answer::ended(exit));
            }
            if self.requests(wait).is_err() {
                // The command goes on without us, and we wait for it all the same.
                self.books.world.clock.sleep(wait);
            }
            wait = (wait * 2).min(LOOK);
        }
    }

    /// Says where it is, and serves until it is ended.
    fn forever(&mut self) -> Result<Answer, Error> {
        let Books {
            world, secrets, host, ..
        } = &self.books;
        let variables = secrets.variables(self.listener.port(), host.as_ref());
        let told = Zeroizing::new(variables::exports(&variables));
        world
            .streams
            .out(told.as_bytes())
            .map_err(|why| Error::new(Kind::Config, "cannot write where it is served").caused_by(why))?;
        loop {
            self.requests(LONG)?;
        }
    }

    /// Answers requests for so long.
    fn requests(&mut self, wait: Duration) -> Result<(), Error> {
        let Self { books, listener } = self;
        listener
            .serve(wait, &mut |request| books.answer(request))
            .map(|_| ())
            .map_err(cannot_wait)
    }
}

impl Books<'_, '_, '_> {
    /// Answers at once, or has the answer come later.
    fn answer(&mut self, request: &Request<'_>) -> Reply {
        let method = answer::word(request.method);
        let at_once = |reply| answer::out(self.world, method, reply);
        let wanted = match answer::read(&self.secrets.endpoint(self.host.as_ref()), request) {
            Ok(wanted) => wanted,
            Err(reply) => return at_once(reply),
        };
        if !matches!(&self.desk, Ok(desk) if desk.is_current()) {
            self.desk = Desk::for_many_calls(self.world).map(Arc::new);
        }
        let desk = match &self.desk {
            Ok(desk) => desk,
            Err(error) => {
                let refused = Err(error.clone());
                self.errands.told.hear(self.world, &refused);
                return at_once(wanted.answer(refused));
            }
        };
        let source: Source<'_> = desk.clone();
        let (held, wish) = match desk.at_once(&wanted.ask) {
            Said::All(granted) => {
                self.errands.told.hear(self.world, &granted);
                return at_once(wanted.answer(granted));
            }
            Said::Early(held, wish) if !self.errands.may_begin(&source, &wish) => {
                return at_once(wanted.answer(Ok(held)));
            }
            Said::Early(held, wish) => (Some(held), wish),
            Said::Nothing(wish) => (None, wish),
        };
        let (reply, promise) = self.waker.later();
        let taker = Taker {
            wanted,
            method,
            promise,
            held,
        };
        self.errands.join(self.scope, &source, wish, taker);
        reply
    }
}

/// Refuses a host that is on no list.
fn known(directory: &dyn Directory, host: &Host) -> Result<(), Error> {
    let mut ask = Ask::default();
    ask.explicit.host = Some(host.clone());
    directory.host(&ask).map(|_| ())
}

fn cannot_wait(why: std::io::Error) -> Error {
    Error::new(Kind::Internal, "requests cannot be waited for").caused_by(why)
}

fn busy(port: u16, why: std::io::Error) -> Error {
    let told = match port {
        0 => "no port on 127.0.0.1 can be listened on".to_owned(),
        port => format!("port {port} on 127.0.0.1 cannot be listened on"),
    };
    Error::new(Kind::Config, told)
        .caused_by(why)
        .hint("choose another one with `--port`, or leave it out")
}
