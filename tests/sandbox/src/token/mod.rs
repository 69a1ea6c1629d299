//! What Entra hands out.

pub(crate) mod access;
pub(crate) mod jwt;
pub(crate) mod refresh;
