//! A line while it is typed: bytes in, a text out, and what to show of it.

use super::Echo;
use crate::secret::Secret;
use std::io;
use zeroize::Zeroizing;

/// The longest text that is taken back character by character: it stands on one row of any terminal.
const ONE_ROW: usize = 40;

/// Pauses after which an Escape was a key of its own, and not the beginning of a sequence.
const LONE_ESCAPE: u8 = 10;

/// What a key asks for beyond editing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Enter.
    Done,
    /// Ctrl-C, or Ctrl-\.
    Interrupted,
    /// Ctrl-D with nothing typed.
    Ended,
    /// Ctrl-Z.
    Suspended,
    /// Ctrl-U on a long line: the question is to be asked again.
    Cleared,
}

/// A line while it is typed.
pub(super) struct Editor {
    /// As large as it can become: a buffer that grows would leave copies behind.
    text: Zeroizing<String>,
    limit: usize,
    echo: Echo,
    /// The first bytes of a character.
    character: Zeroizing<[u8; 4]>,
    begun: usize,
    keys: Keys,
    pauses: u8,
    /// Between the marks of a paste.
    pasting: bool,
    too_long: bool,
    not_utf8: bool,
}

/// Where we are in an escape sequence (ECMA-48 §5.4).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Plain,
    Escape,
    /// After `ESC [`, with its number so far.
    Control(u16),
    /// After `ESC O`.
    Single,
}

impl Editor {
    pub(super) fn new(limit: usize, echo: Echo) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(limit)),
            limit,
            echo,
            character: Zeroizing::default(),
            begun: 0,
            keys: Keys::Plain,
            pauses: 0,
            pasting: false,
            too_long: false,
            not_utf8: false,
        }
    }

    /// Takes one byte; what the screen is to show for it is added to `shown`, nothing of a hidden line.
    pub(super) fn press(&mut self, byte: u8, shown: &mut String) -> Option<Event> {
        self.pauses = 0;
        // Terminals take control characters out of pastes, and the end mark of a paste can get lost.
        if matches!(byte, ctrl::C | ctrl::BACKSLASH) {
            return Some(Event::Interrupted);
        }
        if self.belongs_to_sequence(byte) {
            return None;
        }
        match byte {
            ctrl::ESCAPE => self.keys = Keys::Escape,
            0..0x20 | ctrl::DELETE if self.pasting => {}
            b'\r' | b'\n' => return Some(Event::Done),
            ctrl::D if self.is_empty() => return Some(Event::Ended),
            ctrl::Z => return Some(Event::Suspended),
            ctrl::H | ctrl::DELETE => self.erase_character(shown),
            ctrl::W => self.erase_word(shown),
            ctrl::U => return self.erase_all(shown),
            0..0x20 => {}
            _ => self.take(byte, shown),
        }
        None
    }

    /// Nothing was typed for a while.
    pub(super) fn pause(&mut self) {
        self.pauses = self.pauses.saturating_add(1);
        if self.keys == Keys::Escape && self.pauses >= LONE_ESCAPE {
            self.keys = Keys::Plain;
        }
    }

    /// What the screen shows of it.
    pub(super) fn shown(&self) -> &str {
        match self.echo {
            Echo::Shown => &self.text,
            Echo::Hidden => "",
        }
    }

    /// The finished line.
    pub(super) fn line(&mut self) -> io::Result<Secret> {
        let wrong = |why: String| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        if self.too_long {
            return wrong(format!("the line is longer than {} bytes", self.limit));
        }
        if self.not_utf8 || self.begun > 0 {
            return wrong("the line is not UTF-8".to_owned());
        }
        Ok(Secret::new(std::mem::take(&mut *self.text)))
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.begun == 0 && !self.too_long && !self.not_utf8
    }

    /// Arrow keys and their like do nothing; the marks of a paste are noted.
    fn belongs_to_sequence(&mut self, byte: u8) -> bool {
        let control = byte < 0x20;
        self.keys = match (self.keys, byte) {
            (Keys::Plain, _) => return false,
            (_, ctrl::ESCAPE) => Keys::Escape,
            _ if control => {
                self.keys = Keys::Plain;
                return false;
            }
            (Keys::Escape, b'[') => Keys::Control(0),
            (Keys::Escape, b'O') => Keys::Single,
            (Keys::Control(number), b'0'..=b'9') => {
                Keys::Control(number.saturating_mul(10).saturating_add(u16::from(byte - b'0')))
            }
            // More parameters, which no mark of a paste has.
            (Keys::Control(_), 0x20..0x40) => Keys::Control(u16::MAX),
            (Keys::Control(200), b'~') => {
                self.pasting = true;
                Keys::Plain
            }
            (Keys::Control(201), b'~') => {
                self.pasting = false;
                Keys::Plain
            }
            (Keys::Escape | Keys::Control(_) | Keys::Single, _) => Keys::Plain,
        };
        true
    }

    /// A byte of a character.
    fn take(&mut self, byte: u8, shown: &mut String) {
        self.character[self.begun] = byte;
        self.begun += 1;
        match std::str::from_utf8(&self.character[..self.begun]) {
            Ok(text) => {
                let complete = text.chars().next();
                self.begun = 0;
                if let Some(character) = complete {
                    self.push(character, shown);
                }
            }
            Err(why) if why.error_len().is_none() => {}
            Err(_) => {
                self.begun = 0;
                self.not_utf8 = true;
            }
        }
    }

    fn push(&mut self, character: char, shown: &mut String) {
        if character.is_control() {
            return;
        }
        if self.text.len() + character.len_utf8() > self.limit {
            self.too_long = true;
            return;
        }
        self.text.push(character);
        if self.echo == Echo::Shown {
            shown.push(character);
        }
    }

    fn erase_character(&mut self, shown: &mut String) {
        self.begun = 0;
        if let Some(character) = self.text.pop() {
            self.take_back(columns(character), shown);
        }
    }

    fn erase_word(&mut self, shown: &mut String) {
        let word = |c: char| !c.is_whitespace();
        let kept = self.text.trim_end().trim_end_matches(word).len();
        while self.text.len() > kept {
            self.erase_character(shown);
        }
    }

    fn erase_all(&mut self, shown: &mut String) -> Option<Event> {
        let width: usize = self.text.chars().map(columns).sum();
        self.text.clear();
        self.begun = 0;
        self.too_long = false;
        self.not_utf8 = false;
        if width > ONE_ROW && self.echo == Echo::Shown {
            return Some(Event::Cleared);
        }
        self.take_back(width, shown);
        None
    }

    fn take_back(&self, columns: usize, shown: &mut String) {
        if self.echo == Echo::Shown {
            (0..columns).for_each(|_| shown.push_str("\x08 \x08"));
        }
    }
}

/// Columns of the screen that a character takes, for the scripts in which people have names.
fn columns(character: char) -> usize {
    match u32::from(character) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Control characters by the keys that send them.
mod ctrl {
    pub(super) const C: u8 = 0x03;
    pub(super) const D: u8 = 0x04;
    pub(super) const H: u8 = 0x08;
    pub(super) const U: u8 = 0x15;
    pub(super) const W: u8 = 0x17;
    pub(super) const Z: u8 = 0x1a;
    pub(super) const ESCAPE: u8 = 0x1b;
    pub(super) const BACKSLASH: u8 = 0x1c;
    pub(super) const DELETE: u8 = 0x7f;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line after these keys, and what the screen was told.
    fn typed(limit: usize, keys: &[u8]) -> (Result<String, String>, String) {
        let mut editor = Editor::new(limit, Echo::Shown);
        let mut shown = String::new();
        for key in keys {
            let _ = editor.press(*key, &mut shown);
        }
        let line = editor.line().map(|line| line.expose().to_owned());
        (line.map_err(|why| why.to_string()), shown)
    }

    #[test]
    fn keys_edit() {
        for (keys, line) in [
            ("", ""),
            ("a\u{fc}\x7f\u{20ac}\x7f\u{1f600}\x7f\u{6f22}\x08b", "ab"),
            ("\x7f\x08\x17\x15a", "a"),
            ("one two  \x17three", "one three"),
            ("one \u{fc}ber\x17\x17\x17two", "two"),
            ("wrong\x15right", "right"),
            // Tab, NUL, Ctrl-D within a line, a C1 control character.
            ("a\tb\0c\x04d\u{85}e", "abcde"),
            // Arrows, Delete, Home, with modifiers; Alt with a letter; a sequence cut short by a key.
            ("a\x1b[D\x1b[3~\x1bOH\x1b[1;5C\x1b[200;5~\x1bxb\x1b[\x08c", "ac"),
            // A paste: its breaks, its control characters, and other sequences in it.
            ("a\x1b[200~b\r\nc\td\x04\x15\x7f\x1b[De\x1b[201~f", "abcdef"),
            ("\x1b[200~a\x1b[201~\x7fb", "b"),
        ] {
            assert_eq!(typed(100, keys.as_bytes()).0.as_deref(), Ok(line), "{keys:?}");
        }
    }

    #[test]
    fn keys_that_end() {
        for (keys, event) in [
            ("a\r", Event::Done),
            ("\n", Event::Done),
            ("\x1b\r", Event::Done),
            ("a\x03", Event::Interrupted),
            ("\x1b[\x03", Event::Interrupted),
            ("\x1b[200~a\x03", Event::Interrupted),
            ("\x1c", Event::Interrupted),
            ("\x04", Event::Ended),
            ("a\x15\x04", Event::Ended),
            ("a\x1a", Event::Suspended),
        ] {
            let mut editor = Editor::new(10, Echo::Shown);
            let events: Vec<_> = keys.bytes().map(|key| editor.press(key, &mut String::new())).collect();
            let (last, before) = events.split_last().unwrap();
            assert_eq!(*last, Some(event), "{keys:?}");
            assert!(before.iter().all(Option::is_none), "{keys:?}");
        }
    }

    #[test]
    fn what_is_shown_is_taken_back() {
        assert_eq!(typed(100, b"ab\x7f\x7f\x7f").1, "ab\x08 \x08\x08 \x08");
        // Two columns; none.
        assert_eq!(typed(100, "\u{6f22}\x7f".as_bytes()).1, "\u{6f22}\x08 \x08\x08 \x08");
        assert_eq!(typed(100, "e\u{301}\x7f".as_bytes()).1, "e\u{301}");
        let mut editor = Editor::new(100, Echo::Shown);
        let mut shown = String::new();
        for _ in 0..=ONE_ROW {
            assert_eq!(editor.press(b'a', &mut shown), None);
        }
        shown.clear();
        assert_eq!(editor.press(ctrl::U, &mut shown), Some(Event::Cleared));
        assert_eq!((editor.shown(), shown.as_str()), ("", ""));
    }

    #[test]
    fn nothing_is_told_of_a_hidden_line() {
        let mut editor = Editor::new(100, Echo::Hidden);
        let mut shown = String::new();
        for key in [&[b'a'; 50][..], b"\x7f\x17\x15b c\x17"].concat() {
            assert_eq!(editor.press(key, &mut shown), None);
            assert_eq!((shown.as_str(), editor.shown()), ("", ""));
        }
        assert_eq!(editor.line().unwrap().expose(), "b ");
    }

    #[test]
    fn lines_that_are_refused() {
        let too_long = Err("the line is longer than 4 bytes".to_owned());
        let not_utf8 = Err("the line is not UTF-8".to_owned());
        assert_eq!(typed(4, b"abcd").0.as_deref(), Ok("abcd"));
        assert_eq!(typed(4, b"abcde").0, too_long);
        assert_eq!(typed(4, "abc\u{fc}".as_bytes()).0, too_long);
        assert_eq!(
            typed(4, b"abcde\x7f\x7f").0,
            too_long,
            "what was left out is not known any more"
        );
        assert_eq!(typed(4, b"abcde\x15f").0.as_deref(), Ok("f"));
        assert_eq!(typed(4, b"a\xe9b").0, not_utf8);
        assert_eq!(typed(4, b"a\xc3").0, not_utf8);
        assert_eq!(typed(4, b"\xed\xa0\x80").0, not_utf8);
        assert_eq!(typed(4, b"a\xff\x15b").0.as_deref(), Ok("b"));
    }

    #[test]
    fn a_lone_escape_is_forgotten() {
        let mut editor = Editor::new(10, Echo::Shown);
        let _ = editor.press(ctrl::ESCAPE, &mut String::new());
        for _ in 0..LONE_ESCAPE {
            editor.pause();
        }
        let _ = editor.press(b'[', &mut String::new());
        assert_eq!(editor.shown(), "[");
    }

    /// A buffer that moved would leave a copy behind.
    #[test]
    fn the_buffer_never_moves() {
        let mut editor = Editor::new(64, Echo::Shown);
        let place = editor.text.as_ptr();
        // Marsaglia's generator: every byte comes, controls and broken characters among them.
        let mut state = 0x9e37_79b9_u32;
        for _ in 0..100_000 {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let _ = editor.press(state.to_le_bytes()[1], &mut String::new());
            assert!(editor.text.len() <= 64);
        }
        assert_eq!(editor.text.as_ptr(), place);
        let _ = editor.press(b'\\', &mut String::new());
        let _ = editor.press(ctrl::U, &mut String::new());
        assert_eq!(editor.line().unwrap().expose().as_ptr(), place);
    }
}
