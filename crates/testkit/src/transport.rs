//! Transports for tests: one that follows a script, one that records, one that breaks things on purpose.
//!
//! They stand where an adapter expects its network: behind
//! [`HttpTransport`](anykey_http::HttpTransport). All of them are handles: a clone shares the script, the
//! records and the faults, so a test keeps one and gives the other away.

mod answer;
mod fault;
mod faulty;
mod foreign;
mod recorded;
mod recording;
mod rule;
mod scripted;

pub use answer::{Answer, Reply};
pub use fault::{Fault, RetryAfter};
pub use faulty::FaultyTransport;
pub use foreign::{ForeignAnswer, foreign_answers};
pub use recorded::RecordedRequest;
pub use recording::RecordingTransport;
pub use rule::Rule;
pub use scripted::ScriptedTransport;
