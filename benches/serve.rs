//! `entra-token serve` under an open loop of new connections, beside a responder that only ever sends the same bytes. Called
//! by `serve.sh` with: port, path and host of a running `serve`, requests a second, rounds. Prints numbers, asserts nothing.
//!
//! Open loop: a request is due at its time, whether or not those before it have been answered, and its latency counts from
//! there. Rounds alternate, so that both meet the same machine.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark measures time and prints it"
)]

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Requests that may be under way at once.
const CALLERS: usize = 64;

/// How long a round is.
const ROUND: Duration = Duration::from_secs(2);

/// What is asked of one server.
struct Asked {
    name: &'static str,
    port: u16,
    request: Vec<u8>,
    latencies: Vec<Duration>,
    errors: usize,
    took: Duration,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["respond"] => respond(),
        [port, path, host, rate, rounds] => compare(port.parse()?, path, host, rate.parse()?, rounds.parse()?),
        _ => Err("wanted: PORT PATH HOST RATE ROUNDS".into()),
    }
}

fn compare(port: u16, path: &str, host: &str, rate: u32, rounds: usize) -> Result<(), Box<dyn std::error::Error>> {
    let request = |port: u16| {
        let text = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Databricks-Metadata-Version: 1\r\n\
             X-Databricks-Host: {host}\r\n\r\n"
        );
        text.into_bytes()
    };
    let answer = ask(port, &request(port))?;
    if !answer.starts_with(b"HTTP/1.1 200 ") {
        return Err("serve did not answer with a token".into());
    }
    let (mut responder, still) = responder(&answer)?;
    let mut asked = [("static", still), ("serve", port)].map(|(name, port)| Asked {
        name,
        port,
        request: request(port),
        latencies: Vec::new(),
        errors: 0,
        took: Duration::ZERO,
    });
    for round in 0..=rounds {
        if round % 2 == 0 {
            asked.reverse();
        }
        for one in &mut asked {
            one.round(rate, answer.len());
            if round == 0 {
                // That was for warming up.
                one.latencies.clear();
                (one.errors, one.took) = (0, Duration::ZERO);
            }
        }
    }
    responder.kill()?;
    responder.wait()?;
    asked.sort_by_key(|one| one.name != "static");
    println!(
        "{rate} requests/s with new connections, {rounds} rounds of {ROUND:?} each, {} bytes:",
        answer.len()
    );
    let p99 = asked.map(|mut one| one.told());
    println!("p99 of serve / p99 of static: {:.2}", p99[1] / p99[0]);
    Ok(())
}

impl Asked {
    /// Asks at that rate.
    fn round(&mut self, rate: u32, length: usize) {
        let count = (ROUND.as_secs_f64() * f64::from(rate)) as usize;
        let (next, found) = (AtomicUsize::new(0), Mutex::new((Vec::with_capacity(count), 0)));
        let begin = Instant::now() + Duration::from_millis(20);
        std::thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    let (mut latencies, mut errors) = (Vec::new(), 0);
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            break;
                        }
                        let due = begin + ROUND.mul_f64(number as f64 / count as f64);
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        match ask(self.port, &self.request) {
                            Ok(answer) if answer.len() == length => latencies.push(due.elapsed()),
                            _ => errors += 1,
                        }
                    }
                    let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    found.0.append(&mut latencies);
                    found.1 += errors;
                });
            }
        });
        self.took += begin.elapsed();
        let (mut latencies, errors) = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.latencies.append(&mut latencies);
        self.errors += errors;
    }

    /// Prints how it went; p99 in milliseconds.
    fn told(&mut self) -> f64 {
        self.latencies.sort_unstable();
        let count = self.latencies.len();
        let at = |share: f64| {
            let place = (count as f64 * share) as usize;
            let found = self.latencies.get(place.min(count.saturating_sub(1)));
            found.map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
        };
        let reached = count as f64 / self.took.as_secs_f64();
        println!(
            "  {:<7} p50 {:.3} ms, p99 {:.3} ms, p999 {:.3} ms; {count} answers, {reached:.0}/s, {} errors",
            self.name,
            at(0.5),
            at(0.99),
            at(0.999),
            self.errors
        );
        at(0.99)
    }
}

/// One request on a connection of its own; all that comes back.
fn ask(port: u16, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(request)?;
    let mut answer = Vec::with_capacity(4096);
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// The yardstick, in a process of its own as `serve` is: it answers with these bytes.
fn responder(answer: &[u8]) -> Result<(Child, u16), Box<dyn std::error::Error>> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("respond")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(answer)?;
    let mut port = [0; 5];
    child.stdout.take().ok_or("no output")?.read_exact(&mut port)?;
    Ok((child, std::str::from_utf8(&port)?.trim().parse()?))
}

/// Answers every connection with the bytes of standard input. Reads no more of a request than comes at once.
fn respond() -> Result<(), Box<dyn std::error::Error>> {
    let mut answer = Vec::new();
    io::stdin().read_to_end(&mut answer)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    print!("{:5}", listener.local_addr()?.port());
    io::stdout().flush()?;
    let mut request = [0; 16 * 1024];
    loop {
        let (mut stream, _) = listener.accept()?;
        if stream.read(&mut request).is_ok_and(|count| count > 0) {
            let _ = stream.write_all(&answer);
        }
    }
}
