//! Every printed time is right in every zone, through both passes of an hour that comes twice.

use crate::support::{Bed, read, write};
use chrono::DateTime;
use entra_sandbox::{ANA, AZURE_CLI, DATABRICKS};
use serde_json::Value;

#[test]
fn printed_times_are_the_true_instant_in_the_local_zone() {
    let bed = Bed::signed_in();
    let truth = read(&bed.store().tokens()[0])["token"]["expires_on"].as_i64().unwrap();
    for (zone, offset) in [("UTC", "+00:00"), ("Asia/Tokyo", "+09:00"), ("America/New_York", "-0")] {
        let answer: Value = serde_json::from_str(&bed.run(["get"]).env("TZ", zone).ok()).unwrap();
        let expiry = answer["expiry"].as_str().unwrap();
        assert_eq!(answer["expires_on"], truth);
        assert_eq!(
            DateTime::parse_from_rfc3339(expiry).unwrap().timestamp(),
            truth,
            "{zone}: {expiry}"
        );
        assert!(
            expiry.contains('.') && expiry[19..].contains(offset),
            "{zone}: {expiry}"
        );
        let status: Value = serde_json::from_str(&bed.run(["status", "--json"]).env("TZ", zone).ok()).unwrap();
        let shown = status["logins"][0]["tokens"][0]["expiry"].as_str().unwrap();
        assert_eq!(
            DateTime::parse_from_rfc3339(shown).unwrap().timestamp(),
            truth,
            "{zone}: {shown}"
        );
        let answer: Value =
            serde_json::from_str(&bed.run(["rpc"]).env("TZ", zone).stdin(r#"{"v":1,"op":"get"}"#).ok()).unwrap();
        let at = answer["result"]["expires_at"].as_str().unwrap();
        assert!(at.ends_with('Z'));
        assert_eq!(DateTime::parse_from_rfc3339(at).unwrap().timestamp(), truth);
    }
}

#[test]
fn times_for_people_are_those_for_programs() {
    let bed = Bed::new();
    for zone in ["UTC", "Asia/Tokyo", "America/New_York", "<+0545>-5:45"] {
        let token = bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
        let signed_in = bed
            .run(["login", "--refresh-token-stdin", "--host", &bed.sandbox.workspace()])
            .env("TZ", zone)
            .stdin(token)
            .ok();
        let answer: Value = serde_json::from_str(&bed.run(["get"]).env("TZ", zone).ok()).unwrap();
        let wall = &answer["expiry"].as_str().unwrap()[11..16];
        for text in [signed_in, bed.run(["status"]).env("TZ", zone).ok()] {
            let until = text.split("until ").nth(1).unwrap().lines().next().unwrap();
            assert!(until.ends_with(wall), "{zone}: {until}, and it is {wall}");
        }
    }
}

/// As Python's Databricks SDK reads `expiry`: the text before the first `.`, as naive local
/// time of a zone whose clock is put back by an hour in the middle of the next hours; the later reading of the two.
#[test]
fn no_naive_reader_outlives_the_token() {
    let bed = Bed::signed_in();
    let path = bed.store().tokens().remove(0);
    for minutes in (-150..150).step_by(10) {
        // A zone of our own, put back from 02:00 to 01:00 that many minutes after the token expires: both passes are met.
        let mut file = read(&path);
        let now = DateTime::from_timestamp(file["token"]["obtained_ms"].as_i64().unwrap() / 1000, 0).unwrap();
        let expires = now.timestamp() + 70 * 60;
        file["token"]["expires_on"] = expires.into();
        write(&path, file.to_string());
        let change = expires + minutes * 60;
        let zone = zone_put_back_at(change);
        let get: Value = serde_json::from_str(&bed.run(["get"]).env("TZ", &zone).ok()).unwrap();
        let az = bed.run(["account", "get-access-token", "--resource", DATABRICKS.id()]);
        let az: Value = serde_json::from_str(&az.env("TZ", &zone).ok()).unwrap();
        for (expiry, form, truth) in [
            (&get["expiry"], "%Y-%m-%dT%H:%M:%S", &get["expires_on"]),
            (&az["expiresOn"], "%Y-%m-%d %H:%M:%S", &az["expires_on"]),
        ] {
            let (expiry, truth) = (expiry.as_str().unwrap(), truth.as_i64().unwrap());
            let wall = chrono::NaiveDateTime::parse_from_str(expiry.split('.').next().unwrap(), form).unwrap();
            let readings = [3600, 0].map(|offset| wall.and_utc().timestamp() - offset);
            let fits = |reading: i64| {
                if reading < change {
                    reading == readings[0]
                } else {
                    reading == readings[1]
                }
            };
            let latest = readings.into_iter().filter(|reading| fits(*reading)).max().unwrap();
            assert!(
                latest <= truth,
                "{minutes} min, {zone}: {expiry} is read as {latest}, the token ends at {truth}"
            );
            assert!(
                latest >= now.timestamp() + 300,
                "{minutes} min: {expiry} leaves too little"
            );
        }
    }
}

/// A POSIX zone one hour east of UTC until `change`, then UTC.
fn zone_put_back_at(change: i64) -> String {
    let summer = change + 3600;
    let wall = DateTime::from_timestamp(summer, 0).unwrap();
    let (day, time) = (
        wall.format("%j").to_string().parse::<u32>().unwrap() - 1,
        wall.format("%H:%M:%S"),
    );
    // Begins half a year earlier; zero-based day of the year counts leap days (POSIX `n`).
    format!("STD0DST-1,{},{day}/{time}", (day + 180) % 365)
}
