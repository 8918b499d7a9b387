//! Parameters of requests, which Rails reads from query, form and JSON alike.

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// The parameters of a request: those of the query and of the body, which may be a form or JSON.
pub(super) struct Params(Map<String, Value>);

impl Params {
    /// The parameters of a request. A member of the body takes the place of one of the query.
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        let mut params = Map::new();
        read_form(request.uri().query().unwrap_or_default().as_bytes(), &mut params);
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if content_type.is_some_and(|value| value.starts_with("application/json")) {
            if let Ok(Value::Object(members)) = serde_json::from_slice(request.body()) {
                params.extend(members);
            }
        } else {
            read_form(request.body(), &mut params);
        }
        Self(params)
    }

    /// A parameter as it was sent, if it was.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text that is not blank.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Whether a parameter is there, not blank and no text.
    pub(super) fn is_odd(&self, name: &str) -> bool {
        match self.0.get(name) {
            None | Some(Value::Null | Value::Bool(false) | Value::String(_)) => false,
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(_) => true,
        }
    }
}

/// Reads pairs; `name[…]` makes `name` an object.
fn read_form(form: &[u8], params: &mut Map<String, Value>) {
    for (name, value) in url::form_urlencoded::parse(form) {
        match name.split_once('[') {
            Some((outer, inner)) => {
                let member = inner.trim_end_matches(']').to_owned();
                let object = params.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Some(members) = object.as_object_mut() {
                    members.insert(member, Value::from(value.as_ref()));
                }
            }
            None => {
                params.insert(name.into_owned(), Value::from(value.as_ref()));
            }
        }
    }
}
