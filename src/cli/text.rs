//! Words for people: columns, times, lives.

use crate::localtime::{OffsetAt, rfc3339};

/// Lines of columns, each as wide as its longest cell.
pub(super) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Local wall-clock time to the minute; with the day, unless it is today's.
pub(super) fn moment(epoch: i64, now: i64, offset: OffsetAt<'_>) -> String {
    let (then, today) = (rfc3339(epoch, offset), rfc3339(now, offset));
    let (day, time) = (then.get(..10).unwrap_or_default(), then.get(11..16).unwrap_or_default());
    if today.starts_with(day) {
        time.to_owned()
    } else {
        format!("{day} {time}")
    }
}

/// What is left of a life.
pub(super) fn left(seconds: i64) -> String {
    match seconds {
        ..=0 => "expired".to_owned(),
        1..120 => format!("{seconds} s left"),
        120..7200 => format!("{} min left", seconds / 60),
        _ => format!("{} h left", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::NOW;

    #[test]
    fn words() {
        assert_eq!(
            columns(&[["a".into(), "bc".into()], ["def".into(), "é".into()]]),
            "a    bc\ndef  é\n"
        );
        assert_eq!(moment(NOW, NOW, &|_| 3600), "11:00");
        assert_eq!(moment(NOW + 86_400, NOW, &|_| 0), "2026-11-23 10:00");
        assert_eq!(
            [left(0), left(119), left(120), left(3599), left(7200)],
            ["expired", "119 s left", "2 min left", "59 min left", "2 h left"]
        );
    }
}
