//! The routes of the plugin.
//!
//! A path that no route matches is a `rest_no_route`, also one whose last part holds a character outside letters,
//! digits, `_` and `-`. HEAD is handled as GET, so it activates too, and PATCH as PUT.

use crate::consumer::Endpoint;
use crate::php::{Members, Php, member};

/// A call that a path and a method name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A call about license keys, named by the endpoint that grants it.
    Licenses(Endpoint),
    ListGenerators,
    CreateGenerator,
    GetGenerator,
    UpdateGenerator,
    DeleteGenerator,
    Generate,
}

#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) action: Action,
    /// What the path names: a code, a token or an id; empty for a collection.
    pub(crate) named: String,
    /// The header `Allow` of its answers.
    pub(crate) allow: &'static str,
    /// Whether it is one of the other plugin's paths.
    pub(crate) is_lmfwc: bool,
}

const COLLECTION: &str = "GET, POST";
const RECORD: &str = "GET, POST, PUT, PATCH, DELETE";
const LMFWC_RECORD: &str = "GET, POST, PUT, PATCH";

impl Route {
    /// The code that a call names: its parameter `license_key`, else its path.
    pub(crate) fn code(&self, parameters: &Members) -> String {
        member(parameters, "license_key").map_or_else(|| self.named.clone(), Php::sanitized)
    }

    /// The route of a path below `/wp-json`, such as `/dlm/v1/licenses`. WordPress compares without regard to case.
    pub(crate) fn of(method: &str, path: &str, lmfwc: bool) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let lower = path.to_ascii_lowercase();
        let is_lmfwc = lower.starts_with("/lmfwc/v2/");
        if !(lower.starts_with("/dlm/v1/") || lmfwc && is_lmfwc) {
            return None;
        }
        let parts: Vec<&str> = path.split('/').skip(3).collect();
        let verb = match method {
            "HEAD" => "GET",
            "PATCH" => "PUT",
            other => other,
        };
        let collection = parts.first()?.to_ascii_lowercase();
        let second = parts.get(1).map(|part| part.to_ascii_lowercase());
        let (action, named, allow) = match (&*collection, parts.as_slice(), second.as_deref()) {
            ("licenses", [_], _) => {
                let endpoint = match verb {
                    "GET" => Endpoint::List,
                    "POST" => Endpoint::Create,
                    _ => return None,
                };
                (Action::Licenses(endpoint), "", COLLECTION)
            }
            ("licenses", [_, _, named], Some(call @ ("activate" | "deactivate" | "validate")))
                if verb == "GET" =>
            {
                let endpoint = match call {
                    "activate" => Endpoint::Activate,
                    "deactivate" => Endpoint::Deactivate,
                    _ => Endpoint::Validate,
                };
                (Action::Licenses(endpoint), *named, "GET")
            }
            ("licenses", [_, named], _) => {
                let endpoint = match verb {
                    "GET" => Endpoint::Get,
                    "POST" | "PUT" => Endpoint::Update,
                    "DELETE" if !is_lmfwc => Endpoint::Delete,
                    _ => return None,
                };
                (Action::Licenses(endpoint), *named, if is_lmfwc { LMFWC_RECORD } else { RECORD })
            }
            ("generators", [_], _) => {
                let action = match verb {
                    "GET" => Action::ListGenerators,
                    "POST" => Action::CreateGenerator,
                    _ => return None,
                };
                (action, "", COLLECTION)
            }
            ("generators", [_, named, _], _) if verb == "POST" && !is_lmfwc => {
                let is_generate = parts.get(2).is_some_and(|part| part.eq_ignore_ascii_case("generate"));
                (is_generate.then_some(Action::Generate)?, *named, "POST")
            }
            ("generators", [_, named], _) => {
                let action = match verb {
                    "GET" => Action::GetGenerator,
                    "POST" | "PUT" => Action::UpdateGenerator,
                    "DELETE" if !is_lmfwc => Action::DeleteGenerator,
                    _ => return None,
                };
                (action, *named, if is_lmfwc { LMFWC_RECORD } else { RECORD })
            }
            _ => return None,
        };
        let is_word = |named: &str| {
            named.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        is_word(named).then(|| Self { action, named: named.to_owned(), allow, is_lmfwc })
    }

    /// The endpoint that a consumer key has to be granted.
    ///
    /// The six calls about generators have one endpoint here.
    pub(crate) const fn endpoint(&self) -> Endpoint {
        match self.action {
            Action::Licenses(endpoint) => endpoint,
            _ => Endpoint::Generators,
        }
    }
}
