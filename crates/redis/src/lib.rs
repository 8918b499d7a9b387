#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answers;
mod deliveries;
mod health;
mod pacing;
mod seal_key;
mod server;
mod server_info;

pub use answers::RedisAnswers;
pub use deliveries::RedisDeliveries;
pub use seal_key::SealKey;
pub use server::{RedisServer, RedisServerBuilder};
pub use server_info::ServerInfo;
