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

#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicRoute {
    Activate,
    Deactivate,
    Validate,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum MerchantRoute {
    ListKeys,
    CreateKey,
    GetKey(String),
    PatchKey(String),
    ListInstances,
    GetInstance(String),
    PatchInstance(String),
    ListEntitlements,
    GetEntitlement(String),
    ListGrantsOfEntitlement(String),
    ListGrantsOfCustomer(String),
    RevokeGrant { entitlement: String, grant: String },
    FulfillGrant(String),
}

/// Why a request is not a call of the API.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unrouted {
    UnknownPath,
    /// The path exists with these other methods.
    WrongMethod(&'static str),
}

impl Route {
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
    fn of_collection(method: &Method, collection: &str) -> Result<Self, Unrouted> {
        match (collection, method) {
            ("license_keys", &Method::GET) => Ok(Self::ListKeys),
            ("license_keys", &Method::POST) => Ok(Self::CreateKey),
            ("license_keys", _) => Err(Unrouted::WrongMethod("GET,POST")),
            ("license_key_instances", &Method::GET) => Ok(Self::ListInstances),
            ("entitlements", &Method::GET) => Ok(Self::ListEntitlements),
            ("license_key_instances" | "entitlements", _) => Err(Unrouted::WrongMethod("GET")),
            _ => Err(Unrouted::UnknownPath),
        }
    }

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

    pub(super) const fn is_deprecated(&self) -> bool {
        matches!(self, Self::ListKeys | Self::GetKey(_) | Self::PatchKey(_))
    }

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
