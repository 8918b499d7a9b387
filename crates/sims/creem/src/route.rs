//! Which call a request is for.

use anykey_sim_kit::path_segments;
use http::{Method, Uri};

/// A call of the API. The ids are decoded path segments.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `POST /v1/licenses/…`.
    License(LicenseCall),
    /// `GET /v1/customers`, one customer.
    GetCustomer,
    /// `GET /v1/customers/{id}/licenses`.
    ListLicenses { customer: String },
    /// `GET /v1/licenses/{id}/instances`.
    ListInstances { license: String },
    /// The events that wait at an endpoint which is polled.
    ListPending { endpoint: String },
    /// Removes one of them.
    Acknowledge { endpoint: String, event: String },
}

/// A call about one license, by its key string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LicenseCall {
    /// Takes a seat.
    Activate,
    /// Checks a key with one of its instances.
    Validate,
    /// Gives a seat back.
    Deactivate,
}

impl Route {
    /// `None` for a path or method that the API does not have.
    pub(super) fn of(method: &Method, uri: &Uri) -> Option<Self> {
        let segments = path_segments(uri);
        let segments: Vec<_> = segments.iter().map(String::as_str).collect();
        let (expected, route) = match segments.as_slice() {
            ["v1", "licenses", "activate"] => (Method::POST, Self::License(LicenseCall::Activate)),
            ["v1", "licenses", "validate"] => (Method::POST, Self::License(LicenseCall::Validate)),
            ["v1", "licenses", "deactivate"] => (Method::POST, Self::License(LicenseCall::Deactivate)),
            ["v1", "licenses", license, "instances"] => {
                (Method::GET, Self::ListInstances { license: (*license).to_owned() })
            }
            ["v1", "customers"] => (Method::GET, Self::GetCustomer),
            ["v1", "customers", customer, "licenses"] => {
                (Method::GET, Self::ListLicenses { customer: (*customer).to_owned() })
            }
            ["v1", "webhooks", endpoint, "events", "pending"] => {
                (Method::GET, Self::ListPending { endpoint: (*endpoint).to_owned() })
            }
            ["v1", "webhooks", endpoint, "events", event, "ack"] => {
                let (endpoint, event) = ((*endpoint).to_owned(), (*event).to_owned());
                (Method::POST, Self::Acknowledge { endpoint, event })
            }
            _ => return None,
        };
        (*method == expected).then_some(route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(method: Method, path: &'static str) -> Option<Route> {
        Route::of(&method, &Uri::from_static(path))
    }

    #[test]
    fn an_encoded_slash_is_part_of_the_id() {
        assert_eq!(
            route(Method::GET, "/v1/licenses/..%2Fvalidate/instances"),
            Some(Route::ListInstances { license: "../validate".to_owned() })
        );
    }

    #[test]
    fn a_wrong_method_and_an_unknown_path_are_no_calls() {
        assert_eq!(route(Method::GET, "/v1/licenses/validate"), None);
        assert_eq!(route(Method::POST, "/v1/customers/cust_1/licenses"), None);
        for path in
            ["/", "/v1", "/v1/licenses", "/v1/licenses/lk_1", "/v1/licenses/search", "/licenses/validate"]
        {
            assert_eq!(route(Method::GET, path), None, "{path}");
        }
    }
}
