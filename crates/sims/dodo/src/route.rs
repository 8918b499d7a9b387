//! Which call a request is for.

use anykey_sim_kit::path_segments;
use http::{Method, Uri};

/// A call of the license API. The ids are decoded path segments.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// A call without a credential.
    Public(PublicRoute),
    /// A call with an API key.
    Merchant(MerchantRoute),
}

/// A call of an installed app.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicRoute {
    /// `POST /licenses/activate`.
    Activate,
    /// `POST /licenses/deactivate`.
    Deactivate,
    /// `POST /licenses/validate`.
    Validate,
}

/// A call of the seller.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MerchantRoute {
    /// `GET /license_keys`, deprecated.
    ListKeys,
    /// `POST /license_keys`, an import.
    CreateKey,
    /// `GET /license_keys/{id}`, deprecated.
    GetKey(String),
    /// `PATCH /license_keys/{id}`, deprecated.
    PatchKey(String),
    /// `GET /license_key_instances`.
    ListInstances,
    /// `GET /license_key_instances/{id}`.
    GetInstance(String),
    /// `PATCH /license_key_instances/{id}`.
    PatchInstance(String),
    /// `GET /entitlements`.
    ListEntitlements,
    /// `GET /entitlements/{id}`.
    GetEntitlement(String),
    /// `GET /entitlements/{id}/grants`.
    ListGrantsOfEntitlement(String),
    /// `GET /customers`.
    ListCustomers,
    /// `GET /customers/{id}/entitlement-grants`.
    ListGrantsOfCustomer(String),
    /// `DELETE /entitlements/{id}/grants/{grant_id}`.
    RevokeGrant { entitlement: String, grant: String },
    /// `POST /grants/{id}/license-key`.
    FulfillGrant(String),
}

/// Why a request is not a call of the API.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unrouted {
    /// There is no such path.
    UnknownPath,
    /// The path exists with these other methods.
    WrongMethod(&'static str),
}

impl Route {
    /// The call of a request.
    pub(super) fn of(method: &Method, uri: &Uri) -> Result<Self, Unrouted> {
        let segments = path_segments(uri);
        let segments: Vec<_> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["licenses", call] => PublicRoute::of(method, call).map(Self::Public),
            [collection] => MerchantRoute::of_collection(method, collection).map(Self::Merchant),
            [collection, id] => MerchantRoute::of_record(method, collection, id).map(Self::Merchant),
            [collection, id, part @ ..] => {
                MerchantRoute::of_part(method, collection, id, part).map(Self::Merchant)
            }
            _ => Err(Unrouted::UnknownPath),
        }
    }
}

impl PublicRoute {
    /// The call below `/licenses`.
    fn of(method: &Method, call: &str) -> Result<Self, Unrouted> {
        let route = match call {
            "activate" => Self::Activate,
            "deactivate" => Self::Deactivate,
            "validate" => Self::Validate,
            _ => return Err(Unrouted::UnknownPath),
        };
        if method == Method::POST { Ok(route) } else { Err(Unrouted::WrongMethod("POST")) }
    }
}

impl MerchantRoute {
    /// A call about a whole collection.
    fn of_collection(method: &Method, collection: &str) -> Result<Self, Unrouted> {
        match (collection, method) {
            ("license_keys", &Method::GET) => Ok(Self::ListKeys),
            ("license_keys", &Method::POST) => Ok(Self::CreateKey),
            ("license_keys", _) => Err(Unrouted::WrongMethod("GET,POST")),
            ("license_key_instances", &Method::GET) => Ok(Self::ListInstances),
            ("entitlements", &Method::GET) => Ok(Self::ListEntitlements),
            ("customers", &Method::GET) => Ok(Self::ListCustomers),
            // `POST` is another call of the vendor's, which is not simulated.
            ("license_key_instances" | "entitlements" | "customers", _) => Err(Unrouted::WrongMethod("GET")),
            _ => Err(Unrouted::UnknownPath),
        }
    }

    /// A call about one record.
    fn of_record(method: &Method, collection: &str, id: &str) -> Result<Self, Unrouted> {
        match (collection, method) {
            _ if id.is_empty() => Err(Unrouted::UnknownPath),
            ("license_keys", &Method::GET) => Ok(Self::GetKey(id.to_owned())),
            ("license_keys", &Method::PATCH) => Ok(Self::PatchKey(id.to_owned())),
            ("license_key_instances", &Method::GET) => Ok(Self::GetInstance(id.to_owned())),
            ("license_key_instances", &Method::PATCH) => Ok(Self::PatchInstance(id.to_owned())),
            ("license_keys" | "license_key_instances", _) => Err(Unrouted::WrongMethod("GET,PATCH")),
            ("entitlements", &Method::GET) => Ok(Self::GetEntitlement(id.to_owned())),
            ("entitlements", _) => Err(Unrouted::WrongMethod("GET")),
            _ => Err(Unrouted::UnknownPath),
        }
    }

    /// A call about what belongs to a record.
    fn of_part(method: &Method, collection: &str, id: &str, part: &[&str]) -> Result<Self, Unrouted> {
        match (collection, part, method) {
            _ if id.is_empty() || part.contains(&"") => Err(Unrouted::UnknownPath),
            ("entitlements", ["grants"], &Method::GET) => Ok(Self::ListGrantsOfEntitlement(id.to_owned())),
            ("customers", ["entitlement-grants"], &Method::GET) => {
                Ok(Self::ListGrantsOfCustomer(id.to_owned()))
            }
            ("entitlements", ["grants", grant], &Method::DELETE) => {
                Ok(Self::RevokeGrant { entitlement: id.to_owned(), grant: (*grant).to_owned() })
            }
            ("grants", ["license-key"], &Method::POST) => Ok(Self::FulfillGrant(id.to_owned())),
            ("entitlements", ["grants"], _) | ("customers", ["entitlement-grants"], _) => {
                Err(Unrouted::WrongMethod("GET"))
            }
            ("entitlements", ["grants", _], _) => Err(Unrouted::WrongMethod("DELETE")),
            ("grants", ["license-key"], _) => Err(Unrouted::WrongMethod("POST")),
            _ => Err(Unrouted::UnknownPath),
        }
    }

    /// Whether the vendor has announced to remove the call.
    pub(super) const fn is_deprecated(&self) -> bool {
        matches!(self, Self::ListKeys | Self::GetKey(_) | Self::PatchKey(_))
    }

    /// Whether the call is one of the successor.
    pub(super) const fn is_of_entitlements(&self) -> bool {
        matches!(
            self,
            Self::ListEntitlements
                | Self::GetEntitlement(_)
                | Self::ListGrantsOfEntitlement(_)
                | Self::ListGrantsOfCustomer(_)
                | Self::RevokeGrant { .. }
                | Self::FulfillGrant(_)
        )
    }

    /// Whether a read-only API key may not make the call.
    pub(super) const fn writes(&self) -> bool {
        matches!(
            self,
            Self::CreateKey
                | Self::PatchKey(_)
                | Self::PatchInstance(_)
                | Self::RevokeGrant { .. }
                | Self::FulfillGrant(_)
        )
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
            route(Method::GET, "/license_keys/..%2Flicenses"),
            Ok(Route::Merchant(MerchantRoute::GetKey("../licenses".to_owned())))
        );
    }

    #[test]
    fn an_empty_id_or_a_trailing_slash_is_an_unknown_path() {
        for path in [
            "/license_keys/",
            "/license_key_instances/",
            "/licenses/activate/",
            "/",
            "/licenses",
            "/entitlements/",
            "/entitlements//grants",
            "/entitlements/ent_1/grants/",
            "/entitlements/ent_1/grants/entg_1/license-key",
            "/customers/cus_1",
            "/grants/entg_1",
        ] {
            assert_eq!(route(Method::GET, path), Err(Unrouted::UnknownPath), "{path}");
        }
    }

    #[test]
    fn a_known_path_reports_its_methods() {
        assert_eq!(route(Method::DELETE, "/license_keys/lic_1"), Err(Unrouted::WrongMethod("GET,PATCH")));
        assert_eq!(route(Method::GET, "/licenses/validate"), Err(Unrouted::WrongMethod("POST")));
        assert_eq!(route(Method::GET, "/entitlements/e/grants/g"), Err(Unrouted::WrongMethod("DELETE")));
        assert_eq!(route(Method::GET, "/grants/g/license-key"), Err(Unrouted::WrongMethod("POST")));
    }
}
