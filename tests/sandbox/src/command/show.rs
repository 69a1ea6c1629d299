//! How the demonstration prints: what is done, the command that does it, its output without any secret.
#![expect(clippy::print_stdout, reason = "the demonstration is what this command prints")]

/// A new step.
pub(crate) fn step(number: usize, what: &str) {
    println!("\n{number}. {what}");
}

/// A command as one would type it.
pub(crate) fn command(line: &str) {
    println!("   $ {line}");
}

/// What a command printed.
pub(crate) fn output(text: &str) {
    for line in text.lines() {
        println!("   | {}", masked(line));
    }
}

/// A remark on what was seen.
pub(crate) fn remark(text: &str) {
    println!("   {text}");
}

/// The last words.
pub(crate) fn closing(text: &str) {
    println!("\n{text}");
}

/// `text` with every long run of the characters of tokens cut short.
pub(crate) fn masked(text: &str) -> String {
    let of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=');
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(of_token) {
        let (before, run) = rest.split_at(start);
        let (run, after) = run.split_at(run.find(|c| !of_token(c)).unwrap_or(run.len()));
        shown.push_str(before);
        // Paths, URLs and GUIDs are shorter, or have more slashes than base64 ever has.
        if run.len() > 100 && run.matches('/').count() < run.len() / 32 {
            shown.push_str(&format!("{}…({} characters)", &run[..6], run.len()));
        } else {
            shown.push_str(run);
        }
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_cut_and_addresses_are_not() {
        let token = format!("eyJ0eX{}.{}", "A".repeat(300), "b_-".repeat(100));
        let shown = super::masked(&format!(r#"{{"access_token":"{token}"}}"#));
        assert_eq!(shown, r#"{"access_token":"eyJ0eX…(607 characters)"}"#);
        let address = "https://localhost:41234/5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3/oauth2/v2.0/token";
        assert_eq!(super::masked(address), address);
    }
}
