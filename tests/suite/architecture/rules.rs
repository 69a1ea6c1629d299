//! The rooms, their order, and what speaks against an import.

use super::source::{Form, names, tokens};
use super::tree::File;
use std::collections::{BTreeMap, BTreeSet};

/// The rooms from the bottom up. A room imports from those below it; words import each other, without circles.
pub(super) const LAYERS: [&[&str]; 7] = [
    WORDS,
    &["world"],
    &["cache", "config", "entra"],
    &["flow"],
    &["broker"],
    &["desk"],
    &["cli"],
];

/// Plain values and narrow traits.
const WORDS: &[&str] = &[
    "audience",
    "challenge",
    "clouds",
    "error",
    "expiry",
    "how",
    "jwt",
    "localtime",
    "remedy",
    "render",
    "request",
    "secret",
    "services",
    "status",
    "token",
];

/// Beside the layers: imports words, is known by the top.
pub(super) const FACE: &str = "face";

/// Not a room: they may know everything.
pub(super) const TOP: [&str; 2] = ["lib", "main"];

/// Crates that one place only may name.
const KEPT: [(&str, &str); 3] = [
    ("reqwest", "src/world/http"),
    ("httparse", "src/world/loopback"),
    ("fs2", "src/cache/lock.rs"),
];

/// An import of another room.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow {
    from: String,
    to: String,
    place: String,
}

/// What is wrong with these files, one line each.
pub(super) fn objections(files: &[File]) -> String {
    let mut told: Vec<String> = files.iter().flat_map(bad_forms).collect();
    let arrows = arrows(files);
    told.extend(
        arrows
            .iter()
            .filter_map(|arrow| Some(arrow.told(against(&arrow.from, &arrow.to)?))),
    );
    told.extend(know_both(&arrows).map(|arrow| arrow.told("only the broker knows both the cache and the flows")));
    told.extend(circle(&arrows));
    told.join("\n")
}

/// Why a room may not import this, if so.
fn against(from: &str, to: &str) -> Option<&'static str> {
    let to_room = to.split("::").next().unwrap_or_default();
    let is_word = |room: &str| WORDS.contains(&room);
    if from == FACE && to_room != FACE {
        return (!is_word(to_room)).then_some("a face imports words only");
    }
    if to_room == FACE {
        return (from != "cli" && from != FACE).then_some("only the verbs know the faces");
    }
    let rank = |room: &str| LAYERS.iter().position(|layer| layer.contains(&room));
    let (Some(low), Some(high)) = (rank(to_room), rank(from)) else {
        return Some("is in no layer: give the new room its place in this test and in `ARCHITECTURE.md`");
    };
    match to {
        "world::http" | "world::Http" if from == "cache" => Some("the cache never sees HTTP"),
        "cache" if from == "flow" => Some("a flow never reads the cache"),
        _ if low > high => Some("an arrow points up"),
        _ if low == high && from != to_room && !is_word(from) => Some("rooms side by side do not know each other"),
        _ => None,
    }
}

/// Every import of another room; HTTP is told apart from the rest of the world.
pub(super) fn arrows(files: &[File]) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for File { path, text } in files {
        let from = room(path);
        if TOP.contains(&from.as_str()) {
            continue;
        }
        let module = module(path);
        for name in names(&module, text).iter().filter(|name| name.form != Form::Renamed) {
            let to = match name.path.as_slice() {
                [world, part, ..] if world == "world" && part.eq_ignore_ascii_case("http") => format!("world::{part}"),
                [room, ..] => room.clone(),
                [] => continue,
            };
            if to.split("::").next() != Some(&from) {
                arrows.push(Arrow {
                    from: from.clone(),
                    to,
                    place: format!("{path}:{}", name.line),
                });
            }
        }
    }
    arrows
}

/// Ways of writing that would hide an arrow, and crates in the wrong place.
fn bad_forms(file: &File) -> Vec<String> {
    let File { path, text } = file;
    let mut told = Vec::new();
    let top = TOP.contains(&room(path).as_str());
    for name in names(&module(path), text) {
        let why = match name.form {
            Form::Grouped => "`crate::{…}`: one `use` line per module",
            Form::Climbing => "`super::super`: name the room, `crate::…`",
            Form::Renamed if !top => "the crate by another name: write `crate::…`",
            Form::Plain | Form::Renamed => continue,
        };
        told.push(format!("{path}:{}: {why}", name.line));
    }
    let tokens = tokens(text);
    for token in &tokens {
        for (name, place) in KEPT {
            if token.text == name && !path.starts_with(place) {
                told.push(format!("{path}:{}: `{name}` is named in {place} only", token.line));
            }
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
        // `#[path = "…"] mod tests;`: long tests beside their file.
        let is_tests = (word(5), word(6)) == ("mod", "tests");
        if (word(0), word(1), word(2)) == ("#", "[", "path") && !is_tests {
            told.push(format!(
                "{path}:{}: `#[path]`: a file stands where its module's name says",
                token.line
            ));
        }
    }
    told
}

/// Arrows to the flows from rooms that also know the cache.
fn know_both(arrows: &[Arrow]) -> impl Iterator<Item = &Arrow> {
    arrows.iter().filter(|arrow| {
        let knows_cache = || {
            arrows
                .iter()
                .any(|other| other.from == arrow.from && other.to == "cache")
        };
        arrow.to == "flow" && arrow.from != "broker" && knows_cache()
    })
}

/// One circle among the words, if there is any.
fn circle(arrows: &[Arrow]) -> Option<String> {
    let mut imports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Arrow { from, to, place: _ } in arrows.iter().filter(|arrow| WORDS.contains(&arrow.to.as_str())) {
        imports.entry(from).or_default().insert(to);
    }
    fn walk<'a>(at: &'a str, imports: &BTreeMap<&str, BTreeSet<&'a str>>, way: &mut Vec<&'a str>) -> bool {
        let back = way.contains(&at);
        way.push(at);
        if back
            || imports
                .get(at)
                .is_some_and(|next| next.iter().any(|next| walk(next, imports, way)))
        {
            return true;
        }
        way.pop();
        false
    }
    WORDS.iter().find_map(|word| {
        let mut way = Vec::new();
        walk(word, &imports, &mut way).then(|| format!("{}: words go in a circle", way.join(" -> ")))
    })
}

impl Arrow {
    fn told(&self, why: &str) -> String {
        format!("{}: {} -> {}: {why}", self.place, self.from, self.to)
    }
}

/// `src/cache/lock.rs` -> `cache`.
pub(super) fn room(path: &str) -> String {
    let below = path.trim_start_matches("src/");
    below
        .split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs")
        .to_owned()
}

/// `src/cache/lock.rs` -> `cache`, `lock`; `src/cache/mod.rs` -> `cache`.
fn module(path: &str) -> Vec<&str> {
    let below = path.trim_start_matches("src/").trim_end_matches(".rs");
    below
        .split('/')
        .filter(|part| *part != "mod" && !TOP.contains(part))
        .collect()
}

#[test]
fn the_test_bites() {
    for (path, text, told) in [
        (
            "src/jwt.rs",
            "use crate::world::World;",
            "src/jwt.rs:1: jwt -> world: an arrow points up",
        ),
        (
            "src/jwt.rs",
            "\nuse super::cache::Cache;",
            "src/jwt.rs:2: jwt -> cache: an arrow points up",
        ),
        (
            "src/render/az.rs",
            "fn f() { crate::world::home::folder() }",
            "render -> world: an arrow points up",
        ),
        (
            "src/world/files.rs",
            "use crate::cache::Cache;",
            "world -> cache: an arrow points up",
        ),
        (
            "src/cache/mod.rs",
            "use crate::entra::Answer;",
            "cache -> entra: rooms side by side do not know each other",
        ),
        (
            "src/entra/mod.rs",
            "use crate::config::load;",
            "entra -> config: rooms side by side do not know each other",
        ),
        (
            "src/config/mod.rs",
            "use crate::cache::Cache;",
            "config -> cache: rooms side by side do not know each other",
        ),
        (
            "src/cache/lock.rs",
            "use crate::world::http::Client;",
            "cache -> world::http: the cache never sees HTTP",
        ),
        (
            "src/cache/lock.rs",
            "use crate::world::{Files,\n Http};",
            "lock.rs:2: cache -> world::Http: the cache never sees",
        ),
        (
            "src/flow/refresh.rs",
            "use crate::cache::Cache;",
            "flow -> cache: a flow never reads the cache",
        ),
        (
            "src/flow/refresh.rs",
            "use crate::broker::Call;",
            "flow -> broker: an arrow points up",
        ),
        (
            "src/broker/mod.rs",
            "use crate::desk::Desk;",
            "broker -> desk: an arrow points up",
        ),
        (
            "src/desk.rs",
            "use crate::cache::A;\nuse crate::flow::B;",
            "src/desk.rs:2: desk -> flow: only the broker knows both",
        ),
        ("src/desk.rs", "use crate::cli::run;", "desk -> cli: an arrow points up"),
        (
            "src/desk.rs",
            "use crate::face::FACES;",
            "desk -> face: only the verbs know the faces",
        ),
        (
            "src/face/rpc/ask.rs",
            "use crate::world::World;",
            "face -> world: a face imports words only",
        ),
        (
            "src/face/rpc/ask.rs",
            "use crate::desk::Desk;",
            "face -> desk: a face imports words only",
        ),
        (
            "src/face/rpc/ask.rs",
            "#[cfg(test)] mod t { use crate::cache::A; }",
            "face -> cache: a face imports words only",
        ),
        (
            "src/face/rpc/ask.rs",
            "use super::super::Call;",
            "src/face/rpc/ask.rs:1: `super::super`",
        ),
        (
            "src/cache/mod.rs",
            "use crate::{error, jwt};",
            "src/cache/mod.rs:1: `crate::{",
        ),
        (
            "src/cache/mod.rs",
            "use crate as all;",
            "src/cache/mod.rs:1: the crate by another name",
        ),
        (
            "src/cache/mod.rs",
            "use crate::new_room::A;",
            "cache -> new_room: is in no layer",
        ),
        (
            "src/new_room.rs",
            "use crate::jwt::claims;",
            "new_room -> jwt: is in no layer",
        ),
        (
            "src/cache/mod.rs",
            "#[path = \"../flow/mod.rs\"]\nmod flow;",
            "src/cache/mod.rs:1: `#[path]`",
        ),
        (
            "src/entra/post.rs",
            "fn f() -> reqwest::Error {}",
            "src/entra/post.rs:1: `reqwest` is named in src/world/http only",
        ),
        (
            "src/cache/file.rs",
            "use fs2::FileExt;",
            "src/cache/file.rs:1: `fs2` is named in src/cache/lock.rs only",
        ),
    ] {
        let told_us = objections(&[file(path, text)]);
        assert!(told_us.contains(told), "{path}: {text}\n{told_us}");
    }
    let circle = [
        file("src/jwt.rs", "use crate::token::A;"),
        file("src/token.rs", "use crate::jwt::A;"),
    ];
    assert!(
        objections(&circle).contains("jwt -> token -> jwt: words go in a circle"),
        "{}",
        objections(&circle)
    );
}

#[test]
fn and_lets_be_what_is_allowed() {
    for (path, text) in [
        ("src/services.rs", "use crate::token::Granted;"),
        (
            "src/world/log.rs",
            "use super::Files;\nfn f() { crate::localtime::rfc3339_utc(0) }",
        ),
        ("src/world/http/client.rs", "use reqwest::blocking::Client;"),
        (
            "src/cache/lock.rs",
            "use super::layout::LoginId;\nuse fs2::FileExt;\nuse crate::world::World;",
        ),
        (
            "src/face/rpc/ask.rs",
            "//! see [`crate::cache`]\nuse super::VERSION;\nuse crate::face::Io;\nuse crate::error::Kind;",
        ),
        (
            "src/broker/mod.rs",
            "use crate::cache::Cache;\nuse crate::flow::refresh;\nuse crate::entra;",
        ),
        (
            "src/desk.rs",
            "use crate::cache::Cache;\nuse crate::broker::Broker;\npub(crate) struct A;",
        ),
        ("src/cli/mod.rs", "use crate::desk::Desk;\nuse crate::face::FACES;"),
        ("src/lib.rs", "use face::FACES;\nuse cache::A;\nuse flow::B;"),
    ] {
        assert_eq!(objections(&[file(path, text)]), "", "{path}");
    }
}

fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
