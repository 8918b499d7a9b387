//! Which call a request is for.

use anykey_sim_kit::path_segments;
use http::{Method, Uri};

/// A call of one of the two APIs. The ids are decoded path segments.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `/v1/licenses/…`.
    License(LicenseCall),
    /// Every other path.
    Main(MainCall),
}

/// A call of the License API, without a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LicenseCall {
    /// Takes a seat.
    Activate,
    /// Checks a key, or one of its instances.
    Validate,
    /// Gives a seat back.
    Deactivate,
}

/// A call of the main API, with an API key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MainCall {
    /// `GET /v1/license-keys`.
    ListKeys,
    /// `GET /v1/license-keys/{id}`.
    GetKey(String),
    /// `PATCH /v1/license-keys/{id}`.
    PatchKey(String),
    /// `GET /v1/orders`.
    ListOrders,
    /// `GET /v1/license-key-instances`.
    ListInstances,
    /// `GET /v1/license-key-instances/{id}`.
    GetInstance(String),
}

/// Why a request is not a call of the API.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unrouted {
    /// There is no such path.
    UnknownPath,
    /// The path has another method.
    WrongMethod,
}

impl Route {
    /// The call of a request.
    pub(super) fn of(method: &Method, uri: &Uri) -> Result<Self, Unrouted> {
        let segments = path_segments(uri);
        let segments: Vec<_> = segments.iter().map(String::as_str).collect();
        let (expected, route) = match segments.as_slice() {
            ["v1", "licenses", "activate"] => (Method::POST, Self::License(LicenseCall::Activate)),
            ["v1", "licenses", "validate"] => (Method::POST, Self::License(LicenseCall::Validate)),
            ["v1", "licenses", "deactivate"] => (Method::POST, Self::License(LicenseCall::Deactivate)),
            ["v1", "license-keys"] => (Method::GET, Self::Main(MainCall::ListKeys)),
            ["v1", "license-keys", id] if method == Method::PATCH => {
                (Method::PATCH, Self::Main(MainCall::PatchKey((*id).to_owned())))
            }
            ["v1", "license-keys", id] => (Method::GET, Self::Main(MainCall::GetKey((*id).to_owned()))),
            ["v1", "orders"] => (Method::GET, Self::Main(MainCall::ListOrders)),
            ["v1", "license-key-instances"] => (Method::GET, Self::Main(MainCall::ListInstances)),
            ["v1", "license-key-instances", id] => {
                (Method::GET, Self::Main(MainCall::GetInstance((*id).to_owned())))
            }
            _ => return Err(Unrouted::UnknownPath),
        };
        if *method == expected { Ok(route) } else { Err(Unrouted::WrongMethod) }
    }
}

impl LicenseCall {
    /// The name of the flag in its answer.
    pub(super) const fn flag(self) -> &'static str {
        match self {
            Self::Activate => "activated",
            Self::Validate => "valid",
            Self::Deactivate => "deactivated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(method: Method, path: &'static str) -> Result<Route, Unrouted> {
        Route::of(&method, &Uri::from_static(path))
    }

    #[test]
    fn an_encoded_slash_is_part_of_the_id() {
        assert_eq!(
            route(Method::GET, "/v1/license-keys/..%2F1"),
            Ok(Route::Main(MainCall::GetKey("../1".to_owned())))
        );
    }

    #[test]
    fn a_wrong_method_and_an_unknown_path_are_different_errors() {
        assert_eq!(route(Method::GET, "/v1/licenses/validate"), Err(Unrouted::WrongMethod));
        assert_eq!(route(Method::DELETE, "/v1/license-key-instances/1"), Err(Unrouted::WrongMethod));
        for path in ["/", "/v1", "/v1/licenses", "/v1/license-keys/1/2", "/licenses/validate"] {
            assert_eq!(route(Method::GET, path), Err(Unrouted::UnknownPath), "{path}");
        }
    }
}
