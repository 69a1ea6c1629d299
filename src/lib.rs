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

// siblings: the logins on disk, what a call means, the authority over HTTP
pub mod cache;
pub mod config;
pub mod entra;

// ways to get a token
pub mod flow;

// the promise
pub mod broker;

// the services
pub mod desk;

// protocols that other programs speak to us; imports words only
pub mod face;
