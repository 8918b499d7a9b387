//! Whatever comes in, nothing panics, and only the vendor itself can refuse.

mod answers;
mod config;
mod headers;
mod json;
mod tokens;
mod vendors;
mod webhooks;
