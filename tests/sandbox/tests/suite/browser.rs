//! A browser without a window: it keeps cookies, reads forms and fills them in.

use entra_sandbox::{Client, Result};

use crate::caller::Caller;

pub(crate) struct Browser {
    client: Client,
    base: String,
    cookie: Option<String>,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) text: String,
}

/// A form of a page.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new(caller: &Caller) -> Self {
        Self {
            client: caller.client.clone(),
            base: caller.sandbox.authority(),
            cookie: None,
        }
    }

    pub(crate) fn get(&mut self, url: &str) -> Result<Page> {
        self.send("GET", url, &[])
    }

    /// Fills in the form of `page` and sends it.
    pub(crate) fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Result<Page> {
        let form = Form::of(&page.text);
        let mut all: Vec<(&str, &str)> = form.hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.extend_from_slice(fields);
        let url = format!("{}{}", self.base, form.action);
        self.send("POST", &url, &all)
    }

    fn send(&mut self, method: &str, url: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let cookie = self.cookie.as_deref().map(|cookie| ("Cookie", cookie));
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = cookie.into_iter().chain([kind]).collect();
        let answer = self.client.request(method, url, &headers, &query(fields))?;
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        Ok(Page {
            status: answer.status,
            location: answer.header("location").map(str::to_owned),
            text: String::from_utf8_lossy(&answer.body).into_owned(),
        })
    }
}

impl Form {
    /// The first form of `html`.
    pub(crate) fn of(html: &str) -> Self {
        let form = html.split("<form").nth(1).unwrap_or_default();
        let form = form.split("</form>").next().unwrap_or_default();
        let hidden = form.split("<input").filter(|tag| tag.contains("type=\"hidden\""));
        Self {
            action: attribute(form, "action"),
            hidden: hidden
                .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
                .collect(),
        }
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        let field = self.hidden.iter().find(|(of, _)| of == name);
        field.map_or("", |(_, value)| value)
    }
}

/// An attribute's value, its entities resolved.
fn attribute(tag: &str, name: &str) -> String {
    let start = format!(" {name}=\"");
    let value = tag.split(&start).nth(1).and_then(|rest| rest.split('"').next());
    let value = value.unwrap_or_default();
    [
        ("&#38;", "&"),
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ]
    .into_iter()
    .fold(value.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn query(fields: &[(&str, &str)]) -> String {
    fn encode(text: &str) -> String {
        text.bytes().fold(String::new(), |out, byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out + &char::from(byte).to_string(),
            _ => format!("{out}%{byte:02X}"),
        })
    }
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}
