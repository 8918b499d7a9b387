use std::sync::Arc;

use anykey::webhook::Claim;
use anykey::{HeaderMap, WebhookError};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;

use crate::{App, Failure, key_states};

/// `POST /webhooks/{provider}`, one for each provider of the configuration.
pub fn router(app: App) -> Router {
    Router::new().route("/webhooks/{provider}", post(receive)).with_state(Arc::new(app))
}

/// `Bytes`, not `Json`: the signature is over the bytes as they came.
async fn receive(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let Some(vendor) = app.vendor(&name) else { return Ok(StatusCode::NOT_FOUND) };
    let now = app.clock.now();
    let event = match vendor.receiver.verify(&headers, &body, now) {
        Ok(event) => event,
        Err(WebhookError::Unreadable(delivery)) => {
            app.store.keep_unreadable(&name, &delivery, now).await?;
            tracing::error!(provider = name, id = delivery.id(), cause = delivery.cause(), "kept unread");
            return Ok(StatusCode::OK);
        }
        Err(refused) => {
            tracing::info!(provider = name, %refused, "not applied");
            return Ok(StatusCode::from_u16(refused.status_hint()).unwrap_or(StatusCode::BAD_REQUEST));
        }
    };

    // Before the transaction: no lock is held while the vendor is asked.
    let states = key_states(&event, &*vendor.provider, &app.store, now).await?;
    match app.store.apply(&event, &states, now).await? {
        Claim::New => {
            tracing::info!(provider = %event.provider, id = event.id, kind = %event.kind, "applied");
            Ok(StatusCode::OK)
        }
        Claim::Done => Ok(StatusCode::OK),
        Claim::InProgress => Ok(StatusCode::SERVICE_UNAVAILABLE),
    }
}
