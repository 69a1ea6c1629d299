//! Asks a credential of `azure_identity` for a token, or `object_store` for an object; told as JSON.

mod identity;
mod store;

use serde_json::{Value, json};
use std::error::Error;

/// What is told, or why there is nothing.
type Told = Result<Value, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let told = tokio::runtime::Runtime::new()?.block_on(async {
        match words.as_slice() {
            ["token", credential, scope, tenant @ ..] => {
                identity::token(credential, scope, tenant.first().copied()).await
            }
            ["object", endpoint, path, times] => store::object(endpoint, path, times.parse()?).await,
            _ => Err("usage: token CREDENTIAL SCOPE [TENANT] | object ENDPOINT PATH TIMES".into()),
        }
    });
    println!("{}", told.unwrap_or_else(|why| json!({ "error": whole(why.as_ref()) })));
    Ok(())
}

/// The error and its causes.
fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
