//! The real command, as a child process, against the vendors' simulators on loopback.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

mod activations;
mod bulk;
mod changes;
mod configuration;
#[cfg(unix)]
mod configuration_files;
mod device;
mod doctor;
mod exit_codes;
mod explain;
mod filters;
mod find;
mod flat_memory;
mod hostile_text;
#[cfg(feature = "migrate")]
mod import;
mod init;
mod listing;
#[cfg(feature = "migrate")]
mod migrate;
#[cfg(all(feature = "migrate", unix))]
mod migrate_live;
#[cfg(feature = "migrate")]
mod migrate_on_first_use;
mod pasted;
mod router;
mod secrets;
mod shell;
mod sim;
mod streams;
#[cfg(unix)]
mod terminal;
mod walk_through;
mod webhook_feed;
mod webhook_forward;
mod webhook_listen;
mod webhook_trigger;
mod webhook_verify;
#[cfg(unix)]
mod widths;
