//! Somebody who signs in: fills in whatever page comes, as far as it leads.

use crate::browser::{Browser, Form, Page};
use crate::client::Client;
use crate::directory::User;
use crate::error::{Error, Result};

/// Pages after which a sign-in goes round in circles.
const MOST_PAGES: usize = 20;

/// A user at a browser of their own.
pub struct Person {
    browser: Browser,
    client: Client,
    control: String,
    user: &'static User,
    user_code: Option<String>,
}

impl Person {
    /// `user` at a browser; `authority` and `control` are addresses of the sandbox.
    pub fn new(client: Client, authority: &str, control: &str, user: &'static User) -> Self {
        Self {
            browser: Browser::new(client.clone(), authority.to_owned()),
            client,
            control: control.to_owned(),
            user,
            user_code: None,
        }
    }

    /// Has been shown this code by a device.
    #[must_use]
    pub fn with_code(mut self, user_code: &str) -> Self {
        self.user_code = Some(user_code.to_owned());
        self
    }

    /// Opens an address and does what every page asks for: the page where that ends. That of a program which waits for
    /// the sign-in is one, and so is one with a mistake on it.
    pub fn visit(&mut self, url: &str) -> Result<Page> {
        self.walk(url, |_| false)
    }

    /// The same, but stops before the browser goes back to a program by GET: that address.
    pub fn address(&mut self, url: &str) -> Result<String> {
        let authority = self.browser.absolute("/");
        let page = self.walk(url, |location| {
            location.starts_with("http://localhost") && !location.starts_with(&authority)
        })?;
        page.location
            .ok_or_else(|| Error::new(format!("signing in at {url}"), "the browser was not sent back by GET"))
    }

    fn walk(&mut self, url: &str, stops: impl Fn(&str) -> bool) -> Result<Page> {
        let mut page = self.browser.get(url)?;
        for _ in 0..MOST_PAGES {
            if let Some(location) = &page.location {
                if stops(location) {
                    return Ok(page);
                }
                page = self.browser.get(&self.browser.absolute(location))?;
                continue;
            }
            let form = Form::of(&page.text);
            if form.action.is_empty() || page.text.contains("role=\"alert\"") {
                return Ok(page);
            }
            let fields = self.fields(&form)?;
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            page = self.browser.submit(&page, &fields)?;
        }
        Err(Error::new(
            format!("signing in at {url}"),
            "the pages go round in circles",
        ))
    }

    /// What is typed into the open fields, and the first button.
    fn fields(&mut self, form: &Form) -> Result<Vec<(String, String)>> {
        let mut fields = Vec::new();
        for name in &form.open {
            let value = match name.as_str() {
                "loginfmt" => self.user.upn.to_owned(),
                "passwd" => self.user.password.to_owned(),
                // The code of the device on its first page, the second factor on those that follow.
                "otc" => match self.user_code.take() {
                    Some(code) => code,
                    None => self.second_factor()?,
                },
                _ => continue,
            };
            fields.push((name.clone(), value));
        }
        fields.extend(form.button.clone());
        Ok(fields)
    }

    /// The number that the user's telephone shows.
    fn second_factor(&self) -> Result<String> {
        let waiting = self.client.get(&format!("{}/sign-ins", self.control), None)?.json();
        let mine = waiting
            .as_array()
            .into_iter()
            .flatten()
            .find(|one| one["user"] == self.user.upn && one["number"].is_string());
        let number = mine.and_then(|one| one["number"].as_str().map(str::to_owned));
        number.ok_or_else(|| Error::new("signing in", "no second factor is asked for"))
    }
}
