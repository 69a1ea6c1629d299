//! Credential helper for Microsoft Entra ID.
