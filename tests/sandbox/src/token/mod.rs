//! What Entra hands out.

pub(crate) mod access;
pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod jwt;
pub(crate) mod refresh;
pub(crate) mod verify;
