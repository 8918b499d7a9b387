//! Which call a request is for.

use anykey_sim_kit::path_segments;
use http::{Method, Uri};

use super::Scope;

/// A call of the API. The ids are decoded path segments.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `POST /licenses/verify`.
    Verify,
    /// `PUT /licenses/…`.
    Change(Change),
    /// `GET /sales`.
    ListSales,
    /// `GET /sales/{id}`.
    GetSale(String),
    /// `GET /products/{id}/subscribers`.
    ListSubscribers(String),
    /// `GET /subscribers/{id}`.
    GetSubscriber(String),
    /// `GET /resource_subscriptions`: addresses that pings go to.
    ListSubscriptions,
    /// `PUT /resource_subscriptions`.
    AddSubscription,
    /// `DELETE /resource_subscriptions/{id}`.
    RemoveSubscription(String),
}

/// A change of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Lifts a disabling.
    Enable,
    /// Makes verifications refuse the key.
    Disable,
    /// Lowers the use counter by one, not below zero.
    Decrement,
    /// Replaces the code.
    Rotate,
}

impl Route {
    /// The call of a request; `None` when there is none. The vendor has the same calls under `/v2` and `/api/v2`.
    pub(super) fn of(method: &Method, uri: &Uri) -> Option<Self> {
        let segments = path_segments(uri);
        let segments: Vec<_> = segments.iter().map(String::as_str).collect();
        let segments = match segments.as_slice() {
            ["api", "v2", rest @ ..] | ["v2", rest @ ..] => rest,
            _ => return None,
        };
        let (expected, route) = match segments {
            ["licenses", "verify"] => (Method::POST, Self::Verify),
            ["licenses", "enable"] => (Method::PUT, Self::Change(Change::Enable)),
            ["licenses", "disable"] => (Method::PUT, Self::Change(Change::Disable)),
            ["licenses", "decrement_uses_count"] => (Method::PUT, Self::Change(Change::Decrement)),
            ["licenses", "rotate"] => (Method::PUT, Self::Change(Change::Rotate)),
            ["sales"] => (Method::GET, Self::ListSales),
            ["sales", id] => (Method::GET, Self::GetSale((*id).to_owned())),
            ["products", id, "subscribers"] => (Method::GET, Self::ListSubscribers((*id).to_owned())),
            ["subscribers", id] => (Method::GET, Self::GetSubscriber((*id).to_owned())),
            ["resource_subscriptions"] if method == Method::PUT => (Method::PUT, Self::AddSubscription),
            ["resource_subscriptions"] => (Method::GET, Self::ListSubscriptions),
            ["resource_subscriptions", id] => (Method::DELETE, Self::RemoveSubscription((*id).to_owned())),
            _ => return None,
        };
        (*method == expected).then_some(route)
    }

    /// What its token needs; `None` for a call without one.
    pub(super) const fn scope(&self) -> Option<Scope> {
        match self {
            Self::Verify => None,
            Self::Change(_) => Some(Scope::EditProducts),
            _ => Some(Scope::ViewSales),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_prefixes_lead_to_the_same_calls() {
        let route = |method: &Method, path: &'static str| Route::of(method, &Uri::from_static(path));
        for path in ["/v2/licenses/verify", "/api/v2/licenses/verify"] {
            assert_eq!(route(&Method::POST, path), Some(Route::Verify));
            assert_eq!(route(&Method::GET, path), None);
        }
        assert_eq!(route(&Method::GET, "/v2/sales/..%2Fx%3D%3D"), Some(Route::GetSale("../x==".to_owned())));
        for path in ["/", "/v2", "/v1/sales", "/v2/licenses", "/v2/sales/1/2", "/sales"] {
            assert_eq!(route(&Method::GET, path), None, "{path}");
        }
    }
}
