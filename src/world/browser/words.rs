//! What `$BROWSER` says: commands divided by colons, each of words, in the way of a shell but without one.

/// One command of `$BROWSER`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The program, and its arguments with the address in place.
    pub(super) words: Vec<String>,
    /// It ended in `&`: nobody waits for it.
    pub(super) in_background: bool,
}

impl Named {
    /// A program and nothing else.
    pub(super) fn program(path: &str, url: &str) -> Self {
        Self {
            words: vec![path.to_owned(), url.to_owned()],
            in_background: false,
        }
    }
}

/// The commands of a value of `$BROWSER`, the preferred first.
pub(super) fn commands(value: &str) -> impl Iterator<Item = &str> {
    value.split(':').map(str::trim).filter(|command| !command.is_empty())
}

/// Reads one command, for an address.
pub(super) fn named(command: &str, url: &str) -> Result<Named, String> {
    let (command, in_background) = match command.strip_suffix('&') {
        Some(command) => (command, true),
        None => (command, false),
    };
    let split = split(command).ok_or_else(|| format!("`{command}` in `$BROWSER` has a quotation mark too few"))?;
    // The address goes in after the words are apart: nothing in it can become a word of its own.
    let mut has_place = false;
    let mut words: Vec<_> = split
        .iter()
        .enumerate()
        .map(|(at, word)| match at {
            0 => word.clone(),
            _ => with_url(word, url, &mut has_place),
        })
        .collect();
    if !has_place {
        words.push(url.to_owned());
    }
    match split.first() {
        None => Err("`$BROWSER` names nothing".to_owned()),
        Some(program) if program.is_empty() || program.starts_with('-') => {
            Err(format!("`{program}` in `$BROWSER` is no program"))
        }
        Some(_) => Ok(Named { words, in_background }),
    }
}

/// `%s` is the address, `%%` a percent sign.
fn with_url(word: &str, url: &str, has_place: &mut bool) -> String {
    let mut done = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('%') {
        done.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("%s") {
            *has_place = true;
            done.push_str(url);
            rest = after;
        } else {
            done.push('%');
            rest = rest.strip_prefix("%%").unwrap_or_else(|| &rest[1..]);
        }
    }
    done + rest
}

/// Words by blanks, quotation marks and backslashes; none if a quotation mark is open at the end.
fn split(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = None;
    let mut characters = command.chars();
    while let Some(c) = characters.next() {
        match (quoted, c) {
            (Some(mark), _) if c == mark => quoted = None,
            (None, '\'' | '"') => {
                quoted = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().push(characters.next()?),
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    if quoted.is_some() {
        return None;
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_address_becomes_a_word() {
        let url = "https://x/?a=%s%20b' c&\"d\\e&";
        for (command, words) in [
            ("p", &["p", url][..]),
            ("p %s", &["p", url]),
            ("p '%s' '' %s", &["p", url, "", url]),
        ] {
            let named = named(command, url).unwrap();
            assert_eq!(named.words, words, "{command}");
            assert!(!named.in_background);
        }
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        for (command, words) in [
            ("", Some(&[][..])),
            ("  a\tb  ", Some(&["a", "b"])),
            (r"a\ b 'c d'\''e' \x", Some(&["a b", "c d'e", "x"])),
            (r#""a 'b' \" c"'$d'`"#, Some(&["a 'b' \" c$d`"])),
            ("'a", None),
            ("a\"", None),
            ("a\\", None),
        ] {
            let expected = words.map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(split(command), expected, "{command}");
        }
    }
}
