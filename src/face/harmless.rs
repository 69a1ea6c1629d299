//! Words that a caller takes for something else, made harmless in foreign texts: the authority's own words may hold them.

/// The text with hyphens in place of the blanks of every such word, in any case: a person reads it as before.
pub(super) fn harmless(text: &str, forbidden: &[&str]) -> String {
    let mut text = text.to_owned();
    for word in forbidden {
        let instead = word.replace(' ', "-");
        let mut from = 0;
        while let Some(at) = find(&text, word, from) {
            text.replace_range(at..at + word.len(), &instead);
            from = at + instead.len();
        }
    }
    text
}

/// The first place of an ASCII word from a byte on, in any case.
fn find(text: &str, word: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(from..)?;
    let at = bytes
        .windows(word.len().max(1))
        .position(|window| window.eq_ignore_ascii_case(word.as_bytes()))?;
    Some(from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_wherever_they_stand() {
        let forbidden = ["not found", "databricks OAuth is not"];
        for (text, expected) in [
            ("", ""),
            ("the user was Not Found.", "the user was not-found."),
            ("not found, not found", "not-found, not-found"),
            ("é databricks oauth is not here", "é databricks-OAuth-is-not here"),
            ("nothing of it", "nothing of it"),
        ] {
            assert_eq!(harmless(text, &forbidden), expected);
        }
    }
}
