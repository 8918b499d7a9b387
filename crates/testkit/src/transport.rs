//! Transports for tests: one that follows a script, one that records, one that waits, one
//! that breaks things on purpose.
//!
//! Each is an [`HttpTransport`](anykey_core::HttpTransport), so an adapter uses it in place of its network. All of them
//! are handles: a clone shares the script, the records and the faults, so a test keeps one and passes the other on.

mod foreign;
mod recorded;
mod recording;
mod reply;
mod scripted;
mod waiting;

pub use anykey_sim_kit::{Answer, Fault, Faults, FaultyTransport, RetryAfter, Rule};
pub use foreign::{ForeignAnswer, foreign_answers};
pub use recorded::RecordedRequest;
pub use recording::RecordingTransport;
pub use reply::Reply;
pub use scripted::ScriptedTransport;
pub use waiting::WaitingTransport;
