//! A second since the epoch as HTTP and Entra write it.

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), for the header `Date`.
pub(crate) fn http(epoch: u64) -> String {
    let (year, month, day) = civil(epoch / 86_400);
    let name = DAYS[usize::try_from(epoch / 86_400 % 7).unwrap_or(0)];
    let month = MONTHS[month - 1];
    format!("{name}, {day:02} {month} {year:04} {} GMT", time(epoch))
}

/// `2023-01-04 19:44:18Z`, the `timestamp` of Entra's errors.
pub(crate) fn entra(epoch: u64) -> String {
    let (year, month, day) = civil(epoch / 86_400);
    format!("{year:04}-{month:02}-{day:02} {}Z", time(epoch))
}

fn time(epoch: u64) -> String {
    let second = epoch % 86_400;
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{hour:02}:{minute:02}:{:02}", second % 60)
}

/// Year, month and day of a day since the epoch: years counted from March, 400 of them at a time.
fn civil(days: u64) -> (u64, usize, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_are_written_as_in_their_specifications() {
        assert_eq!(super::http(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(super::entra(1_672_861_458), "2023-01-04 19:44:18Z");
        assert_eq!(super::http(951_782_400), "Tue, 29 Feb 2000 00:00:00 GMT");
    }
}
