//! The checks of WordPress itself, before the plugin is called.

use crate::answer::Answer;
use crate::consumer::Endpoint;
use crate::php::{Members, Php, member};
use crate::request::Call;
use crate::routes::{Action, Route};

/// The parameters of a call, where WordPress accepts them.
///
/// # Errors
///
/// 400 `rest_invalid_json` for a body that says that it is JSON and is not; 400 `rest_invalid_param` for a `page` or
/// `per_page` that is no integer, and for an update's code that is no text.
pub(crate) fn checked_parameters(call: &Call, route: &Route) -> Result<Members, Answer> {
    let parameters = call.parameters().map_err(|error| {
        let data = Php::object([
            ("status", 400.into()),
            ("json_error_code", error.code.into()),
            ("json_error_message", error.message.into()),
        ]);
        Answer::with_data(400, "rest_invalid_json", "Invalid JSON body passed.", data)
    })?;
    let integers: &[&str] = match route.action {
        Action::Licenses(Endpoint::List) if !route.is_lmfwc => &["page", "per_page"],
        _ => &[],
    };
    for name in integers {
        if member(&parameters, name).is_some_and(|value| !is_integer(value)) {
            return Err(invalid_parameter(name, "integer"));
        }
    }
    let is_update = route.action == Action::Licenses(Endpoint::Update);
    let code = member(&parameters, "license_key");
    if is_update && code.is_some_and(|code| !matches!(code, Php::Text(_))) {
        return Err(invalid_parameter("license_key", "string"));
    }
    Ok(parameters)
}

fn is_integer(value: &Php) -> bool {
    value.is_numeric() && !value.to_text().unwrap_or_default().contains('.')
}

fn invalid_parameter(name: &str, expected: &str) -> Answer {
    let message = format!("{name} is not of type {expected}.");
    let detail = Php::object([
        ("code", "rest_invalid_type".into()),
        ("message", message.clone().into()),
        ("data", Php::object([("param", name.into())])),
    ]);
    let data = Php::object([
        ("status", 400.into()),
        ("params", Php::object([(name, message.into())])),
        ("details", Php::object([(name, detail)])),
    ]);
    Answer::with_data(400, "rest_invalid_param", format!("Invalid parameter(s): {name}"), data)
}
