//! Errors with the vendor's codes and messages.
//!
//! Codes and messages are those of the vendor's list (documentation, 2026); which status belongs to which code is
//! inferred where the list does not say it.

use http::StatusCode;
use serde::Serialize;

use super::quirks::Quirks;

/// An error answer, with the vendor's code and message if it has them.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// The code; `None` where the vendor has none.
    code: Option<&'static str>,
    /// The message; `None` where the vendor has none.
    message: Option<String>,
}

/// The body of an error answer.
#[derive(Serialize)]
pub(super) struct RefusalDocument {
    /// The code; a quirk leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// The message; a quirk leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Refusal {
    /// The rate limit is exceeded. The vendor documents no message.
    pub(super) fn too_many_requests() -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: Some("TOO_MANY_REQUESTS"), message: None }
    }

    /// The server failed.
    pub(super) fn internal() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: Some("INTERNAL_SERVER_ERROR"), message: None }
    }

    /// No API key, or one that is not valid.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "You are not authorised to perform this action")
    }

    /// A read-only API key that would change something. The status is not documented.
    pub(super) fn read_only(quirks: &Quirks) -> Self {
        if quirks.read_only_is_unauthorized {
            return Self::unauthorized();
        }
        Self { status: StatusCode::FORBIDDEN, ..Self::unauthorized() }
    }

    /// A record that is unknown in this environment.
    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("{what} not found"))
    }

    /// `status` is the documented status; the quirk changes it to 422.
    pub(super) fn unreadable_body(status: StatusCode, quirks: &Quirks) -> Self {
        let status =
            if quirks.unreadable_body_is_unprocessable { StatusCode::UNPROCESSABLE_ENTITY } else { status };
        Self::new(
            status,
            "INVALID_REQUEST_BODY",
            "Your request body is invalid. Please check your request headers and object.",
        )
    }

    /// A body with a missing or wrong member, in the words of the vendor's JSON library.
    pub(super) fn wrong_body(why: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_REQUEST_BODY",
            format!("Failed to deserialize the JSON body into the target type: {why}"),
        )
    }

    /// A parameter that is not acceptable.
    pub(super) fn wrong_query(why: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "INVALID_QUERY_PARAMS",
            format!("Failed to deserialize query string: {why}"),
        )
    }

    /// More than 100 records for a page.
    pub(super) fn oversized_page() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_QUERY_PARAMS",
            "page_size cannot be more than 100",
        )
    }

    /// An activation of a key that is expired, disabled or on hold, without a difference.
    pub(super) fn inactive_key() -> Self {
        Self::new(StatusCode::FORBIDDEN, "INACTIVE_LICENSE_KEY", "License key is not active")
    }

    /// An activation of a full key.
    pub(super) fn limit_reached(quirks: &Quirks) -> Self {
        let status = if quirks.limit_reached_is_conflict {
            StatusCode::CONFLICT
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        Self::new(status, "LICENSE_KEY_LIMIT_REACHED", "License key activation limit reached")
    }

    /// A deactivation of an unknown instance, or of another key's. The code's name suggests otherwise.
    pub(super) fn foreign_instance() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "LICENSE_KEY_NOT_FOUND",
            "License key instance not found or does not belong to this license key",
        )
    }

    /// The vendor documents the status, but no code.
    pub(super) fn key_exists() -> Self {
        Self::new(StatusCode::CONFLICT, "CONFLICT", "License key already exists")
    }

    /// A limit below zero.
    pub(super) fn negative_limit() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_REQUEST_PARAMETERS",
            "Activations limit cannot be negative",
        )
    }

    /// A limit below the number of instances.
    pub(super) fn limit_below_use() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT",
            "New activation limit cannot be less than current instances count",
        )
    }

    /// An end for a key that follows its subscription.
    pub(super) fn expiry_on_subscription() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
            "Cannot set expiry date for subscription-based license key",
        )
    }

    /// A fulfilment that the grant does not take.
    pub(super) fn bad_fulfillment(why: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETERS", why)
    }

    /// The vendor documents the status, but no code.
    pub(super) fn not_pending() -> Self {
        Self::new(StatusCode::CONFLICT, "CONFLICT", "Grant is not awaiting fulfillment")
    }

    /// A fulfilment with a limit of 0.
    pub(super) fn limit_below_one() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_REQUEST_PARAMETERS",
            "Activations limit must be at least 1",
        )
    }

    /// The same error with 422, which the entitlement calls document for an invalid query.
    pub(super) fn unprocessable(self) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..self }
    }

    /// The body.
    pub(super) fn into_document(self, quirks: &Quirks) -> RefusalDocument {
        RefusalDocument {
            code: self.code.filter(|_| !quirks.omit_error_code),
            message: self.message.filter(|_| !quirks.omit_error_message),
        }
    }

    /// An error with code and message.
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code: Some(code), message: Some(message.into()) }
    }
}
