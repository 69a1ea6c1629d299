//! `ClientId`: the application that asks.

use super::no_control;

/// An application (client) id, a GUID with Entra, another short word with other authorities.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// The public client of the Azure CLI, which Azure's own SDKs use when none is registered: nothing need be set up.
    pub const AZURE_CLI: &'static str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    /// Reads a client id.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        no_control(text, "client id")?;
        let text = text.trim();
        let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
        if text.is_empty() || text.len() > 128 || !text.bytes().all(fine) {
            return Err(format!("client id `{text}` is not an application id"));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An id as a person reads it: with the application's name, if it is known.
    #[must_use]
    pub fn told(id: &str) -> String {
        match id {
            Self::AZURE_CLI => format!("{id} (Azure CLI)"),
            _ => id.to_owned(),
        }
    }
}

impl Default for ClientId {
    fn default() -> Self {
        Self(Self::AZURE_CLI.to_owned())
    }
}
