use http::StatusCode;
use serde::Serialize;

use super::quirks::Quirks;

/// An error answer, with the vendor's code and message if it has them.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: Option<&'static str>,
    message: Option<String>,
}

/// The body of an error answer.
#[derive(Serialize)]
pub(super) struct RefusalDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Refusal {
    pub(super) fn too_many_requests() -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: Some("TOO_MANY_REQUESTS"), message: None }
    }

    pub(super) fn internal() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: Some("INTERNAL_SERVER_ERROR"), message: None }
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "You are not authorised to perform this action")
    }

    pub(super) fn read_only(quirks: &Quirks) -> Self {
        if quirks.read_only_is_unauthorized {
            return Self::unauthorized();
        }
        Self { status: StatusCode::FORBIDDEN, ..Self::unauthorized() }
    }

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

    pub(super) fn wrong_body(why: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_REQUEST_BODY",
            format!("Failed to deserialize the JSON body into the target type: {why}"),
        )
    }

    pub(super) fn wrong_query(why: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "INVALID_QUERY_PARAMS",
            format!("Failed to deserialize query string: {why}"),
        )
    }

    pub(super) fn oversized_page() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_QUERY_PARAMS",
            "page_size cannot be more than 100",
        )
    }

    pub(super) fn inactive_key() -> Self {
        Self::new(StatusCode::FORBIDDEN, "INACTIVE_LICENSE_KEY", "License key is not active")
    }

    pub(super) fn limit_reached(quirks: &Quirks) -> Self {
        let status = if quirks.limit_reached_is_conflict {
            StatusCode::CONFLICT
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        Self::new(status, "LICENSE_KEY_LIMIT_REACHED", "License key activation limit reached")
    }

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

    pub(super) fn negative_limit() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_REQUEST_PARAMETERS",
            "Activations limit cannot be negative",
        )
    }

    pub(super) fn limit_below_use() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT",
            "New activation limit cannot be less than current instances count",
        )
    }

    pub(super) fn expiry_on_subscription() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
            "Cannot set expiry date for subscription-based license key",
        )
    }

    pub(super) fn bad_fulfillment(why: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETERS", why)
    }

    /// The vendor documents the status, but no code.
    pub(super) fn not_pending() -> Self {
        Self::new(StatusCode::CONFLICT, "CONFLICT", "Grant is not awaiting fulfillment")
    }

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

    pub(super) fn into_document(self, quirks: &Quirks) -> RefusalDocument {
        RefusalDocument {
            code: self.code.filter(|_| !quirks.omit_error_code),
            message: self.message.filter(|_| !quirks.omit_error_message),
        }
    }

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code: Some(code), message: Some(message.into()) }
    }
}
