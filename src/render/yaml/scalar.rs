//! How a text is written: plain where it can be, else in single quotes, else in double quotes with escapes.

use crate::render::yaml::Writer;
use crate::render::yaml::implicit;

/// A text is broken at the first blank beyond this column.
const WIDTH: usize = 80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
}

/// What stands in the way of the simpler styles.
pub(super) struct Analysis {
    /// There are line breaks.
    pub(super) lines: bool,
    not_plain: bool,
    not_single: bool,
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        let mut this = Self {
            lines: text.contains(is_break),
            not_plain: implicit::is_not_a_string(text) || has_marks(text),
            not_single: !text.chars().all(is_printable),
        };
        let mut last = None;
        for next in text.chars() {
            this.not_single |= match last {
                Some(' ') => is_break(next),
                Some(last) => is_break(last) && next == ' ',
                None => false,
            };
            last = Some(next);
        }
        this.not_plain |= this.lines || this.not_single;
        this.not_plain |= text.starts_with(' ') || text.ends_with(' ');
        this
    }

    pub(super) fn style(&self) -> Style {
        if self.not_single {
            Style::Double
        } else if self.not_plain {
            Style::Single
        } else {
            Style::Plain
        }
    }
}

/// Marks that mean something else to a reader where they stand.
fn has_marks(text: &str) -> bool {
    const FIRST: [char; 18] = [
        '#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '\0', '\u{feff}',
    ];
    let lone = |rest: &str| rest.is_empty() || rest.starts_with(is_white);
    let mark_alone = text.strip_prefix(['?', ':', '-']).is_some_and(lone);
    let colon = text.match_indices(':').any(|(at, _)| lone(&text[at + 1..]));
    let comment = text.match_indices('#').any(|(at, _)| text[..at].ends_with(is_white));
    text.starts_with("---") || text.starts_with("...") || text.starts_with(FIRST) || mark_alone || colon || comment
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_white(character: char) -> bool {
    is_break(character) || matches!(character, '\0' | ' ' | '\t' | '\r')
}

fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && character != '\u{feff}'
        || matches!(character, '\u{10000}'..='\u{10fffe}')
}

impl Writer {
    /// Writes a text; where `indent` is given, it may be broken into lines with that indent.
    pub(super) fn text(&mut self, text: &str, style: Style, indent: Option<usize>) {
        match style {
            Style::Plain => {
                self.indicator("", true, false);
                self.words(text, indent, false);
            }
            Style::Single => {
                self.indicator("'", true, false);
                self.words(text, indent, true);
                self.push("'");
            }
            Style::Double => {
                self.indicator("\"", true, false);
                self.escaped(text, indent);
                self.push("\"");
            }
        }
        self.white = false;
        self.indention = false;
    }

    /// Plain and single quoted texts: runs of words, of blanks and of line breaks.
    fn words(&mut self, text: &str, indent: Option<usize>, quoted: bool) {
        let kind = |character: char| match character {
            ' ' => 1,
            _ if is_break(character) => 2,
            _ => 0,
        };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            let inside = !quoted || rest.len() < text.len() && !tail.is_empty();
            match (kind(first), indent) {
                (1, Some(indent)) if run == " " && self.column > WIDTH && inside => {
                    self.break_line('\n');
                    self.start_line(indent);
                }
                (2, _) => self.breaks(run, indent.unwrap_or_default()),
                _ if quoted => self.push(&run.replace('\'', "''")),
                _ => self.push(run),
            }
            rest = tail;
        }
    }

    /// A line break in quotes is written as two: a single one would be read as a blank.
    fn breaks(&mut self, run: &str, indent: usize) {
        if run.starts_with('\n') {
            self.break_line('\n');
        }
        for character in run.chars() {
            self.break_line(character);
        }
        self.start_line(indent);
    }

    /// Double quoted texts, which are broken by a backslash at the end of the line: before a blank, or beside an
    /// escape.
    fn escaped(&mut self, text: &str, indent: Option<usize>) {
        let mut pending = String::new();
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(character) = chars.next() {
            let kept = is_kept(character);
            if !kept {
                self.push(&pending);
                pending.clear();
                self.push(&escape(character));
            }
            let next = if kept { Some(&character) } else { chars.peek() };
            let next_is_blank = next == Some(&' ');
            let reached = self.column + pending.chars().count() - usize::from(!kept);
            let may_break = !first && chars.peek().is_some();
            first = false;
            match indent {
                Some(indent) if may_break && (character == ' ' || pending.is_empty()) && reached > WIDTH => {
                    self.push(&pending);
                    pending.clear();
                    self.push("\\");
                    self.break_line('\n');
                    self.start_line(indent);
                    if next_is_blank {
                        self.push("\\");
                    }
                }
                _ => {}
            }
            if kept {
                pending.push(character);
            }
        }
        self.push(&pending);
    }
}

fn is_kept(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && !matches!(character, '"' | '\\' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn escape(character: char) -> String {
    let short = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => character,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match u32::from(character) {
                code @ ..=0xff => format!("\\x{code:02X}"),
                code @ ..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
