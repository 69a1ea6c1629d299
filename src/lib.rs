//! Credential helper for Microsoft Entra ID.

pub mod render;
