//! A browser without a window: it keeps cookies, reads forms and fills them in.

use crate::client::Client;
use crate::error::Result;
use crate::http::form;

/// A browser of somebody who is signed in nowhere yet.
pub struct Browser {
    client: Client,
    base: String,
    cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// Where it redirects to; that is not followed.
    pub location: Option<String>,
    /// What it says.
    pub text: String,
}

/// A form of a page.
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Fields that nobody fills in, in order.
    pub hidden: Vec<(String, String)>,
    /// Names of the fields that somebody fills in.
    pub open: Vec<String>,
    /// What its first button stands for.
    pub button: Option<(String, String)>,
}

impl Browser {
    /// A browser that stands at `base`, an address without a path.
    pub fn new(client: Client, base: String) -> Self {
        Self {
            client,
            base,
            cookie: None,
        }
    }

    /// Opens an address.
    pub fn get(&mut self, url: &str) -> Result<Page> {
        self.send("GET", url, &[])
    }

    /// Fills in the form of `page` and sends it.
    pub fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Result<Page> {
        let form = Form::of(&page.text);
        let mut all: Vec<(&str, &str)> = form.hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        all.extend_from_slice(fields);
        self.send("POST", &self.absolute(&form.action), &all)
    }

    /// An address that may begin with its path.
    pub fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') {
            format!("{}{url}", self.base)
        } else {
            url.to_owned()
        }
    }

    fn send(&mut self, method: &str, url: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let cookie = self.cookie.as_deref().map(|cookie| ("Cookie", cookie));
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = cookie.into_iter().chain([kind]).collect();
        let answer = self
            .client
            .request(method, url, &headers, &form::write(fields.iter().copied()))?;
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
    pub fn of(html: &str) -> Self {
        let form = html.split("<form").nth(1).unwrap_or_default();
        let form = form.split("</form>").next().unwrap_or_default();
        let inputs = form
            .split("<input")
            .skip(1)
            .map(|tag| tag.split('>').next().unwrap_or_default());
        let (hidden, open): (Vec<&str>, Vec<&str>) = inputs.partition(|tag| tag.contains("type=\"hidden\""));
        let named = |tag: &str| (attribute(tag, "name"), attribute(tag, "value"));
        let button = form.split("<button").nth(1).and_then(|rest| rest.split('>').next());
        Self {
            action: attribute(form, "action"),
            hidden: hidden.into_iter().map(named).collect(),
            open: open
                .into_iter()
                .map(|tag| attribute(tag, "name"))
                .filter(|name| !name.is_empty())
                .collect(),
            button: button.map(named),
        }
    }

    /// The value of a hidden field; nothing if there is none.
    pub fn value(&self, name: &str) -> &str {
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

/// Fields as the query of an address.
pub fn query(fields: &[(&str, &str)]) -> String {
    form::write(fields.iter().copied())
}
