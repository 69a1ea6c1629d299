//! Credential helper for Microsoft Entra ID: sign in once, and every program gets its token over stdio.
//!
//! The modules stand in the order of their layers; nothing imports from below itself (`ARCHITECTURE.md`).

// words: plain values and narrow traits
pub mod audience;
pub mod error;
pub mod jwt;
pub mod localtime;
pub mod remedy;
pub mod render;
pub mod request;
pub mod secret;
pub mod services;
pub mod status;
pub mod token;

// the only door to the outside
pub mod world;

// the logins on disk
pub mod cache;

// what a call means: settings and precedence
pub mod config;

// protocols that other programs speak to us; imports words only
pub mod face;
