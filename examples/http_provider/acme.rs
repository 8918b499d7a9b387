//! Acme Licensing, a vendor with an HTTP API. Documentation of its calls, as a real adapter's README has them:
//!
//! | operation | call | credential |
//! |---|---|---|
//! | validate | `POST /device/validate` | none |
//! | activate | `POST /device/activate` | none |
//! | deactivate | `POST /device/deactivate` | none |
//! | list, get | `GET /licenses`, `GET /licenses/{id}` | bearer token |
//! | list activations | `GET /licenses/{id}/seats` | bearer token |
//! | disable, enable | `PATCH /licenses/{id}` | bearer token |
//!
//! Pages are counted from 1 and hold 100 licenses at most. `seats` is `-1` for an unlimited license and `0` for one
//! that is never activated. A failure is `{"error": "<word>", "detail": "<sentence>"}`.

mod answer;
mod config;
mod device;
mod error;
mod list;
mod management;
mod map;
mod position;
mod provider;
mod vendor;
mod wire;

pub(crate) use vendor::{NAME, VENDOR};
