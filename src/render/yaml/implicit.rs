//! Texts that a YAML 1.1 reader does not take for strings: <https://yaml.org/type/>, in the form that PyYAML's resolver
//! gives them.

/// Whether the text, written without quotes, would be read as null, a boolean, a number, a time, or a special key.
pub(super) fn is_not_a_string(text: &str) -> bool {
    is_word(text) || is_integer(text) || is_float(text) || is_time(text)
}

fn is_word(text: &str) -> bool {
    const ANY_CASE: [&str; 7] = ["null", "yes", "no", "true", "false", "on", "off"];
    const EXACT: [&str; 4] = ["", "~", "<<", "="];
    let usual_case = || {
        let rest = text.get(1..).unwrap_or_default();
        let same = |test: fn(&u8) -> bool| rest.bytes().all(|byte| test(&byte));
        same(u8::is_ascii_lowercase)
            || text.starts_with(|c: char| c.is_ascii_uppercase()) && same(u8::is_ascii_uppercase)
    };
    EXACT.contains(&text) || ANY_CASE.iter().any(|word| word.eq_ignore_ascii_case(text)) && usual_case()
}

/// Binary, octal, decimal, hexadecimal and base 60, all with underscores.
fn is_integer(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let some = |digits: &str, test: fn(u8) -> bool| {
        !digits.is_empty() && digits.bytes().all(|byte| byte == b'_' || test(byte))
    };
    let starts_above_zero = unsigned.starts_with(|c| matches!(c, '1'..='9'));
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return some(digits, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return some(digits, |byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix('0') {
        return digits.is_empty() || some(digits, |byte| matches!(byte, b'0'..=b'7'));
    }
    let whole = unsigned.split(':').next().unwrap_or_default();
    starts_above_zero && some(whole, |byte| byte.is_ascii_digit()) && are_sixtieths(&unsigned[whole.len()..])
}

/// Decimal with a point, base 60 with a point, infinity, not a number.
fn is_float(text: &str) -> bool {
    const NOT_A_NUMBER: [&str; 3] = [".nan", ".NaN", ".NAN"];
    const INFINITY: [&str; 3] = [".inf", ".Inf", ".INF"];
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if NOT_A_NUMBER.contains(&text) || INFINITY.contains(&unsigned) {
        return true;
    }
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        return false;
    };
    let digits = fraction.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    let used = &fraction[..fraction.len() - digits.len()];
    let exponent = digits.is_empty() || is_exponent(digits);
    if whole.is_empty() {
        return text == unsigned && used.starts_with(|c: char| c.is_ascii_digit()) && exponent;
    }
    let first = whole.split(':').next().unwrap_or_default();
    let sixtieths = &whole[first.len()..];
    let counted = first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|byte| byte == b'_' || byte.is_ascii_digit());
    let ends = if sixtieths.is_empty() {
        exponent
    } else {
        digits.is_empty()
    };
    counted && are_sixtieths(sixtieths) && ends
}

/// The sign is needed.
fn is_exponent(text: &str) -> bool {
    let digits = text
        .strip_prefix(['e', 'E'])
        .and_then(|rest| rest.strip_prefix(['-', '+']));
    digits.is_some_and(|digits| is_digits(digits, 1..=usize::MAX))
}

/// `:0` to `:59`, any number of times.
fn are_sixtieths(text: &str) -> bool {
    text.split(':').enumerate().all(|(at, part)| match at {
        0 => part.is_empty(),
        _ => is_digits(part, 1..=1) || is_digits(part, 2..=2) && part.as_bytes()[0] <= b'5',
    })
}

/// A date, or a date and a time with or without a zone.
fn is_time(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let end = rest.find(['T', 't', ' ', '\t']).unwrap_or(rest.len());
    let (day, time) = rest.split_at(end);
    if !is_digits(year, 4..=4) || !is_digits(month, 1..=2) || !is_digits(day, 1..=2) {
        return false;
    }
    if time.is_empty() {
        return month.len() == 2 && day.len() == 2;
    }
    let time = match time.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => time.trim_start_matches([' ', '\t']),
    };
    is_clock(time)
}

/// `10:42:07`, then perhaps a fraction, then perhaps a zone.
fn is_clock(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (Some(hour), Some(minute), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let Some((second, rest)) = rest.split_at_checked(2) else {
        return false;
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let zone = rest.trim_start_matches([' ', '\t']);
    is_digits(hour, 1..=2) && is_digits(minute, 2..=2) && is_digits(second, 2..=2) && (rest.is_empty() || is_zone(zone))
}

fn is_zone(text: &str) -> bool {
    if matches!(text, "" | "Z") {
        return true;
    }
    let Some(offset) = text.strip_prefix(['-', '+']) else {
        return false;
    };
    match offset.split_once(':') {
        Some((hours, minutes)) => is_digits(hours, 1..=2) && is_digits(minutes, 2..=2),
        None => is_digits(offset, 1..=2),
    }
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_not_a_string;

    #[test]
    fn these_need_quotes() {
        for text in [
            "",
            "~",
            "null",
            "Null",
            "NULL",
            "yes",
            "No",
            "ON",
            "off",
            "true",
            "False",
            "<<",
            "=",
            "0",
            "12",
            "-1",
            "+1",
            "1_000",
            "017",
            "0b101",
            "0x1F",
            "190:20:30",
            "0_",
            "-0x_1",
            "1.0",
            "1.",
            ".5",
            "-1.5e+3",
            "1_0.0_1",
            "190:20:30.15",
            ".inf",
            "-.Inf",
            ".NaN",
            "2026-11-22",
            "2026-11-22 10:42:07",
            "2026-11-22 10:42:07.000000",
            "2026-1-2t3:04:05Z",
            "2026-11-22T10:42:07+01:00",
            "2026-11-22 10:42:07 -5",
            "2026-11-22 10:42:07.5 ",
        ] {
            assert!(is_not_a_string(text), "{text}");
        }
    }

    #[test]
    fn these_do_not() {
        for text in [
            "y",
            "n",
            "nULL",
            "yEs",
            "nullable",
            "09",
            "08",
            "1e5",
            "1.5e3",
            "-.5",
            "1:60",
            "0:30",
            "0x",
            "0b",
            "_1",
            "+",
            "-",
            ".",
            "..",
            "eyJ",
            "2026-11",
            "2026-1-2",
            "26-11-22",
            "2026-11-22 10:42",
            "2026-11-22T",
            "2026-11-22 10:42:07 UTC",
            "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
            "1.2.3",
            "2.91.0",
        ] {
            assert!(!is_not_a_string(text), "{text}");
        }
    }
}
