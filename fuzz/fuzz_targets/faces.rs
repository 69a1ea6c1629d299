//! What other programs say to us: the first line of an input is the face and its arguments, a blank between them; the
//! rest is standard input.
#![no_main]

use entra_token::face::named;
use entra_token_fuzz::home::{self, ACCESS, REFRESH};
use libfuzzer_sys::fuzz_target;

/// Faces that hand a token to whoever stands behind the host that they were told.
const OF_HOSTS: [&str; 6] = ["git", "bazel", "cargo", "keyring", "credprovider", "goauth"];

/// Hosts that get one, and the ends of names that do.
const HOSTS: [&str; 4] = [
    "dev.azure.com",
    "pkgs.dev.azure.com",
    "db.contoso.example",
    "localhost:8080",
];
const ZONES: [&str; 4] = [
    ".visualstudio.com",
    ".azuredatabricks.net",
    ".databricks.azure.us",
    ".databricks.azure.cn",
];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (line, _) = text.split_once('\n').unwrap_or((&text, ""));
    let words: Vec<_> = line.split(' ').collect();
    if home::SECRETS.iter().any(|secret| text.contains(secret)) || named(words[0]).is_none() {
        return;
    }
    // Bytes, since not all callers write text.
    let input = data
        .get(line.len() + 1..)
        .filter(|_| data.starts_with(line.as_bytes()))
        .unwrap_or_default();
    let args = [&["as"][..], &words].concat();
    let (exit, out, err) = home::signed_in().run(&args, input);
    let out = std::str::from_utf8(&out).expect("an answer is text");
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!out.chars().any(steers), "it steers a terminal: {out:?}");
    assert!(
        !out.contains(REFRESH) && !err.contains(REFRESH),
        "the refresh token is told: {out:?} {err:?}"
    );
    assert!(!err.contains(ACCESS), "a token is told: {err:?}");
    if out.contains(ACCESS) && OF_HOSTS.contains(&words[0]) {
        assert_eq!(exit, 0, "{out:?} {err:?}");
        assert!(
            text.contains("\\u") || says_a_host(&text, words[0]),
            "a token for whom? {text:?}"
        );
    }
});

/// Whether one of our hosts stands there in plain letters, and after it only what ends it for every reader of addresses:
/// git names a host alone, the others an address.
fn says_a_host(text: &str, face: &str) -> bool {
    let text = text.to_ascii_lowercase().replace("\\/", "/");
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    let mut rest = text.as_str();
    while let Some(begin) = rest.find(is_of_name) {
        rest = &rest[begin..];
        let (word, after) = rest.split_at(rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()));
        let ends = match after.chars().next() {
            None | Some('\n') => true,
            Some(c) => face != "git" && matches!(c, '/' | '?' | '#' | '"' | ' ' | '\r'),
        };
        if ends && is_ours(word) {
            return true;
        }
        rest = after;
    }
    false
}

fn is_ours(word: &str) -> bool {
    let name = word.strip_suffix(":443").or(word.strip_suffix(':')).unwrap_or(word);
    let name = name.strip_suffix('.').unwrap_or(name);
    HOSTS.contains(&name) || ZONES.iter().any(|zone| name.len() > zone.len() && name.ends_with(zone))
}
