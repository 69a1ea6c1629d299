//! `--paginate`: every page of a list, as one document.

use super::refusal;
use super::send::{Caller, Reply};
use super::{MAX_BODY, bad};
use crate::error::{Error, Kind};
use serde_json::{Map, Value};
use std::collections::HashSet;
use url::Url;

/// Members that speak of one page, and make no sense in the whole.
const OF_A_PAGE: [&str; 5] = [
    "next_page_token",
    "prev_page_token",
    "has_more",
    "startIndex",
    "itemsPerPage",
];

/// All pages in one: lists joined, everything else as on the last page.
pub(super) fn all(caller: &Caller<'_>) -> Result<Value, Error> {
    let (mut whole, mut left) = (Map::new(), MAX_BODY);
    let (mut url, mut seen) = (caller.url.clone(), HashSet::new());
    loop {
        let reply = caller.send(&url, left)?;
        if let Some(error) = refusal::explain(&reply, caller) {
            return Err(error);
        }
        left -= reply.response.body.len();
        let page = page_of(&reply, caller)?;
        let next = next(&page)?;
        join(&mut whole, page);
        match next {
            None => {
                whole.retain(|name, _| !OF_A_PAGE.contains(&name.as_str()));
                return Ok(Value::Object(whole));
            }
            Some((_, value)) if !seen.insert(value.clone()) => {
                return Err(Error::new(
                    Kind::Internal,
                    format!("`{}` names the same next page again", caller.host.key()),
                )
                .hint("get the pages one by one, without `--paginate`"));
            }
            Some((name, value)) => url = with_parameter(&caller.url, name, &value),
        }
    }
}

fn page_of(reply: &Reply, caller: &Caller<'_>) -> Result<Map<String, Value>, Error> {
    match serde_json::from_slice(&reply.response.body) {
        Ok(Value::Object(page)) => Ok(page),
        _ => Err(bad(format!("`{}` answers with no list of pages", caller.host.key()))
            .hint("repeat the command without `--paginate`")),
    }
}

/// The parameter that asks for the next page, if there is one: `page_token` as `next_page_token` names it, or the
/// `startIndex` of SCIM (RFC 7644 §3.4.2.4).
fn next(page: &Map<String, Value>) -> Result<Option<(&'static str, String)>, Error> {
    let more = page.get("has_more").and_then(Value::as_bool);
    let token = page.get("next_page_token").and_then(Value::as_str);
    match token.filter(|token| !token.is_empty()) {
        // Part of a list must not look like all of it.
        None if more == Some(true) => Err(bad("the list goes on, but names no `next_page_token`")
            .hint("get the pages one by one, such as by `offset` and `limit` in the path")),
        Some(token) if more != Some(false) => Ok(Some(("page_token", token.to_owned()))),
        _ => Ok(next_index(page).map(|index| ("startIndex", index.to_string()))),
    }
}

fn next_index(page: &Map<String, Value>) -> Option<u64> {
    let number = |name: &str| page.get(name).and_then(Value::as_u64);
    let count = u64::try_from(page.get("Resources")?.as_array()?.len()).ok()?;
    let next = number("startIndex")?.checked_add(count)?;
    (count > 0 && next <= number("totalResults")?).then_some(next)
}

fn join(whole: &mut Map<String, Value>, page: Map<String, Value>) {
    for (name, value) in page {
        match (whole.get_mut(&name), value) {
            (Some(Value::Array(have)), Value::Array(more)) => have.extend(more),
            (_, value) => drop(whole.insert(name, value)),
        }
    }
}

/// The address with another value of a parameter; all others stay as they are.
fn with_parameter(url: &Url, parameter: &str, value: &str) -> Url {
    let name = |pair: &str| {
        url::form_urlencoded::parse(pair.as_bytes())
            .next()
            .map(|(name, _)| name.into_owned())
    };
    let mut pairs: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && name(pair).as_deref() != Some(parameter))
        .map(str::to_owned)
        .collect();
    pairs.push(
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair(parameter, value)
            .finish(),
    );
    let mut url = url.clone();
    url.set_query(Some(&pairs.join("&")));
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::api::send::tests::{Script, caller};
    use crate::entra::testing::Stage;
    use crate::world::http::Method;
    use serde_json::json;

    fn of(pages: &[Value]) -> (Result<Value, Error>, Vec<String>) {
        let stage = pages
            .iter()
            .fold(Stage::new(), |stage, page| stage.answers(200, &page.to_string()));
        let tokens = Script::default();
        let mut caller = caller(&stage, &tokens, Method::Get);
        caller.url = Url::parse("https://adb-1.2.azuredatabricks.net/x?a=%20b&page_token=old&c").unwrap();
        let all = all(&caller);
        let queries = stage
            .sent()
            .into_iter()
            .map(|sent| sent.url.split_once('?').unwrap().1.to_owned());
        (all, queries.collect())
    }

    #[test]
    fn lists_are_joined_and_the_rest_is_of_the_last_page() {
        let (all, queries) = of(&[
            json!({"total": 1, "items": [1], "next_page_token": "a&b="}),
            json!({"items": [2, 3], "other": [0], "next_page_token": "2", "prev_page_token": "1", "has_more": true}),
            json!({"items": [], "total": 3, "next_page_token": ""}),
        ]);
        assert_eq!(all.unwrap(), json!({"total": 3, "items": [1, 2, 3], "other": [0]}));
        assert_eq!(
            queries,
            [
                "a=%20b&page_token=old&c",
                "a=%20b&c&page_token=a%26b%3D",
                "a=%20b&c&page_token=2"
            ]
        );
    }

    #[test]
    fn users_and_groups_by_their_index() {
        let page =
            |at: u64, names: Value| json!({"totalResults": 3, "startIndex": at, "itemsPerPage": 2, "Resources": names});
        let (all, queries) = of(&[page(1, json!(["a", "b"])), page(3, json!(["c"]))]);
        assert_eq!(all.unwrap(), json!({"totalResults": 3, "Resources": ["a", "b", "c"]}));
        assert_eq!(queries[1], "a=%20b&page_token=old&c&startIndex=3");
        // One that says less than it has must not be asked for ever.
        assert_eq!(of(&[page(1, json!([]))]).1.len(), 1);
    }

    #[test]
    fn one_page_is_enough() {
        for page in [
            json!({}),
            json!({"x": [1], "next_page_token": null}),
            json!({"x": 1, "has_more": false, "next_page_token": "t"}),
        ] {
            let (all, queries) = of(std::slice::from_ref(&page));
            assert_eq!(queries.len(), 1, "{page}");
            assert!(all.unwrap().get("next_page_token").is_none());
        }
    }

    #[test]
    fn part_of_a_list_is_never_taken_for_all_of_it() {
        let again = json!({"x": [1], "next_page_token": "t"});
        let (all, queries) = of(&[again.clone(), again]);
        assert_eq!((all.unwrap_err().kind(), queries.len()), (Kind::Internal, 2));
        assert!(
            of(&[json!({"jobs": [], "has_more": true})])
                .0
                .unwrap_err()
                .remedy()
                .unwrap()
                .contains("`offset`")
        );
        assert_eq!(of(&[json!([1])]).0.unwrap_err().kind(), Kind::BadRequest);
    }

    #[test]
    fn a_page_that_fails_fails_all() {
        let stage = Stage::new()
            .answers(200, r#"{"x":[1],"next_page_token":"t"}"#)
            .answers(500, "");
        let tokens = Script::default();
        let error = all(&caller(&stage, &tokens, Method::Get)).unwrap_err();
        assert_eq!(error.kind(), Kind::Network);
    }
}
