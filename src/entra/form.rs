//! `Form`: what is posted to the token endpoint.

use crate::secret::Secret;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

/// A value that is sent.
pub enum Field {
    /// Anybody may see it.
    Plain(String),
    /// A token, password, code or assertion.
    Secret(Secret),
}

/// Fields in the order in which they are sent; empty ones are left out, as MSAL does.
#[derive(Default)]
pub struct Form(Vec<(&'static str, Field)>);

impl Form {
    /// A form without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    #[must_use]
    pub fn plain(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, Field::Plain(value.into())));
        self
    }

    /// Adds a value, if there is one.
    #[must_use]
    pub fn optional(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.plain(name, value),
            None => self,
        }
    }

    /// Adds a secret.
    #[must_use]
    pub fn secret(mut self, name: &'static str, value: &Secret) -> Self {
        self.0.push((name, Field::Secret(value.clone())));
        self
    }

    /// `application/x-www-form-urlencoded`, a space as `+`; wiped after use.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it at once: a vector that grows leaves copies behind that nobody wipes.
        let longest = self
            .0
            .iter()
            .map(|(name, field)| name.len() + 3 * field.text().len() + 2);
        let mut bytes = Zeroizing::new(Vec::with_capacity(longest.sum()));
        for (name, field) in self.0.iter().filter(|(_, field)| !field.text().is_empty()) {
            if !bytes.is_empty() {
                bytes.push(b'&');
            }
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(b'=');
            for part in byte_serialize(field.text().as_bytes()) {
                bytes.extend_from_slice(part.as_bytes());
            }
        }
        bytes
    }

    /// The text with every secret of this form blotted out: a server may repeat what it was sent.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (_, field) in &self.0 {
            if let Field::Secret(secret) = field
                && !secret.is_empty()
            {
                text = text.replace(secret.expose(), "…");
            }
        }
        text
    }
}

impl Field {
    fn text(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_and_encoded_as_a_form() {
        let form = Form::new()
            .plain("b", "x/.default offline_access")
            .secret("a", &Secret::new("ä&=+%".into()))
            .plain("empty", "")
            .optional("none", None)
            .optional("some", Some("1"));
        assert_eq!(
            String::from_utf8_lossy(&form.encode()),
            "b=x%2F.default+offline_access&a=%C3%A4%26%3D%2B%25&some=1"
        );
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        let form = Form::new()
            .secret("code", &Secret::new("planted".into()))
            .secret("none", &Secret::new(String::new()));
        assert_eq!(form.redact("the code planted is bad"), "the code … is bad");
    }
}
