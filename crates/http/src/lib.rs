#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answered_at;
mod base_url;
mod builder;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod causes;
mod client;
mod connection;
#[cfg(feature = "metrics")]
mod counts;
mod credential;
mod echo;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod environment;
#[cfg(feature = "hyper")]
mod hyper;
mod json;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod kept;
mod loopback;
mod meaning;
mod network;
mod pacing;
mod path;
mod place;
mod redact;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
mod response;
mod retry;
mod retry_after;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod tls;
mod token;
mod unrecognized;

#[cfg(feature = "hyper")]
pub use self::hyper::{HyperTransport, HyperTransportBuilder};
#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, ReqwestTransportBuilder};
pub use anykey_core::{HttpTransport, NewConnection, TransportError, TransportErrorKind};
#[doc(no_inline)]
pub use async_trait::async_trait;
pub use base_url::BaseUrl;
pub use builder::ApiClientBuilder;
pub use client::ApiClient;
pub use connection::Connection;
pub use json::{
    JsonMember, JsonScalar, JsonText, JsonTimestamp, MappedList, ObjectsOnly, Scalar, lenient_list,
    mapped_list, optional_member, read_json,
};
pub use loopback::is_loopback;
pub use meaning::Meaning;
pub use network::{Network, NetworkConfig, ProxySource};
pub use pacing::{BudgetUnavailable, Limit, Pacer, Place, SharedBudget, SharedPacing, Turn, TurnId};
pub use path::PathSegment;
pub use redact::{SHORTEST_SECRET, error_code, redact};
pub use request::ApiRequest;
pub use response::ApiResponse;
pub use retry::{Decision, Outcome, Repeat, RetryPolicy};
pub use retry_after::{RETRY_AFTER_CAP, retry_after};
pub use token::BearerToken;
#[doc(no_inline)]
pub use url::Url;
