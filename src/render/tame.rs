//! JSON that steers no terminal: it may hold the control characters U+007F to U+009F as they are, and some terminals obey
//! them, such as CSI (U+009B).

use zeroize::Zeroizing;

/// The same JSON with these characters as `\u` escapes, which every reader takes for the same.
#[must_use]
pub fn tame(json: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    // All of them begin with one of two bytes, and so do few others. No early end: this way it is a few bytes at a time.
    let suspicious = json.iter().fold(false, |found, b| found | matches!(b, 0x7f | 0xc2));
    let text = match std::str::from_utf8(&json) {
        Ok(text) if suspicious => text,
        _ => return json,
    };
    // Room for the worst case: a buffer that grows would leave copies of a token behind.
    let mut tamed = Zeroizing::new(Vec::with_capacity(text.len() * 6));
    for c in text.chars() {
        match u32::from(c) {
            code @ 0x7f..=0x9f => tamed.extend_from_slice(format!("\\u{code:04x}").as_bytes()),
            _ => tamed.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    tamed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tamed(text: &str) -> String {
        String::from_utf8(tame(Zeroizing::new(text.as_bytes().to_vec())).to_vec()).unwrap()
    }

    #[test]
    fn only_what_steers_is_escaped() {
        assert_eq!(
            tamed("{\"a\":\"\u{7f}\u{9b}2J\u{a0}é\"}\n"),
            "{\"a\":\"\\u007f\\u009b2J\u{a0}é\"}\n"
        );
        for same in ["", "{\"a\": \"é ü €\"}\n", "[\"\\u001b\"]"] {
            assert_eq!(tamed(same), same);
        }
    }

    #[test]
    fn it_is_read_as_the_same() {
        let text: String = (0x20..0x180).filter_map(char::from_u32).collect();
        let json = serde_json::to_string(&text).unwrap();
        let read: String = serde_json::from_str(&tamed(&json)).unwrap();
        assert_eq!(read, text);
        assert!(!tamed(&json).chars().any(char::is_control));
    }
}
