//! Why requests are refused, and how the vendor writes that.
//!
//! One status stands for several causes (documentation, 2026), and the texts are not documented, so quirks choose
//! between the readings.

use anykey_core::Timestamp;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::quirks::{DeactivatedInstance, LimitStatus, MessageForm, MissingApiKey};
use super::rate_limit::Allowance;
use super::state::State;

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No API key.
    MissingApiKey,
    /// An unknown or revoked API key, or one without the scope.
    Forbidden,
    /// An API key at the host of the other mode.
    OtherMode,
    /// A path or method that the API does not have.
    NoSuchCall(String),
    /// Faults of the body or the query, each beginning with the field's name.
    Invalid(Vec<String>),
    /// No license with this code in the store.
    UnknownLicense,
    /// No such instance of the license.
    UnknownInstance,
    /// No such customer in the store.
    UnknownCustomer,
    /// No such event at the endpoint.
    UnknownEvent,
    /// The license has ended.
    Expired,
    /// The seller disabled the license.
    Disabled,
    /// Every seat is taken.
    Full,
    /// The instance was deactivated before.
    DeactivatedBefore,
    /// A validation with a deactivated instance.
    Deactivated,
}

impl Refusal {
    /// The answer, with a new id of the request.
    pub(super) fn into_answer(self, state: &mut State, now: Timestamp) -> Answer {
        let quirks = &state.quirks;
        let status = self.status(state);
        let messages = self.messages();
        let form = match self {
            Self::Invalid(_) | Self::NoSuchCall(_) => MessageForm::List,
            Self::Full if quirks.message_form == MessageForm::Absent => MessageForm::Text,
            _ => quirks.message_form,
        };
        let message = match form {
            MessageForm::List if !messages.is_empty() => Some(json!(messages)),
            MessageForm::Text => messages.first().map(|text| json!(text)),
            _ => None,
        };
        let error = match status {
            StatusCode::NOT_FOUND if quirks.not_found_says_bad_request => "Bad Request",
            status => status.canonical_reason().unwrap_or_default(),
        };
        let mut body = Map::new();
        body.insert("trace_id".to_owned(), state.ids.trace_id().into());
        body.insert("status".to_owned(), status.as_u16().into());
        body.insert("error".to_owned(), error.into());
        if let Some(message) = message {
            body.insert("message".to_owned(), message);
        }
        body.insert("timestamp".to_owned(), now.as_millisecond().into());
        Answer::new(status, Value::Object(body))
    }

    const fn status(&self, state: &State) -> StatusCode {
        let quirks = &state.quirks;
        match self {
            Self::MissingApiKey => match quirks.missing_api_key {
                MissingApiKey::Unauthorized => StatusCode::UNAUTHORIZED,
                MissingApiKey::Forbidden => StatusCode::FORBIDDEN,
            },
            Self::OtherMode if quirks.other_mode_is_not_found => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::OtherMode => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Expired | Self::Disabled => StatusCode::GONE,
            Self::Full => match quirks.limit_status {
                LimitStatus::Forbidden => StatusCode::FORBIDDEN,
                LimitStatus::BadRequest => StatusCode::BAD_REQUEST,
            },
            Self::DeactivatedBefore => StatusCode::CONFLICT,
            Self::Deactivated => match quirks.deactivated_instance {
                DeactivatedInstance::Conflict => StatusCode::CONFLICT,
                DeactivatedInstance::Gone => StatusCode::GONE,
                _ => StatusCode::NOT_FOUND,
            },
            Self::NoSuchCall(_)
            | Self::UnknownLicense
            | Self::UnknownInstance
            | Self::UnknownCustomer
            | Self::UnknownEvent => StatusCode::NOT_FOUND,
        }
    }

    fn messages(&self) -> Vec<String> {
        let text = match self {
            // The known answers to a bad API key have no message.
            Self::MissingApiKey | Self::Forbidden | Self::OtherMode => return Vec::new(),
            Self::NoSuchCall(call) => return vec![format!("Cannot {call}")],
            Self::Invalid(faults) => return faults.clone(),
            Self::UnknownLicense => "License not found",
            Self::UnknownInstance => "License instance not found",
            Self::UnknownCustomer => "Customer not found",
            Self::UnknownEvent => "Webhook event not found",
            Self::Expired => "License is expired",
            Self::Disabled => "License is disabled",
            Self::Full => "License activation limit reached",
            Self::DeactivatedBefore => "License instance is already deactivated",
            Self::Deactivated => "License instance is deactivated",
        };
        vec![text.to_owned()]
    }
}

/// The 429, whose body has another shape than the other errors.
pub(super) fn too_many_requests(allowance: Allowance) -> Answer {
    let error = json!({
        "code": "rate_limit_exceeded",
        "message": "Too many requests",
        "retry_after": allowance.seconds_left,
    });
    Answer::new(StatusCode::TOO_MANY_REQUESTS, json!({ "error": error }))
}
