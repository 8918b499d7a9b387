#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod abilities;
mod access;
mod action;
mod changes;
mod clock;
mod deliveries;
mod fault_choice;
mod issue_form;
mod mask;
mod page;
mod panel;
mod recorder;
mod request_log;
mod routes;
mod server;

pub use clock::MovableClock;
pub use panel::Panel;
pub use server::SimPage;
