//! The routes: paths and methods of the endpoints.

use http::Method;

use super::reply::Problem;

/// An endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    PortalList,
    PortalGet,
    PortalRotate,
    PortalValidate,
    PortalActivate,
    PortalDeactivate,
    List,
    Get,
    Update,
    Rotate,
    GetActivation,
    Validate,
    Activate,
    Deactivate,
    CreateCustomerSession,
    ListGrants,
    ListCustomers,
}

/// In the server's order, which matters for `validate` and an id.
const ROUTES: [(&str, &str, Endpoint); 17] = [
    ("GET", "/v1/customer-portal/license-keys/", Endpoint::PortalList),
    ("GET", "/v1/customer-portal/license-keys/{id}", Endpoint::PortalGet),
    ("POST", "/v1/customer-portal/license-keys/{id}/rotate", Endpoint::PortalRotate),
    ("POST", "/v1/customer-portal/license-keys/validate", Endpoint::PortalValidate),
    ("POST", "/v1/customer-portal/license-keys/activate", Endpoint::PortalActivate),
    ("POST", "/v1/customer-portal/license-keys/deactivate", Endpoint::PortalDeactivate),
    ("GET", "/v1/license-keys/", Endpoint::List),
    ("GET", "/v1/license-keys/{id}", Endpoint::Get),
    ("PATCH", "/v1/license-keys/{id}", Endpoint::Update),
    ("POST", "/v1/license-keys/{id}/rotate", Endpoint::Rotate),
    ("GET", "/v1/license-keys/{id}/activations/{activation_id}", Endpoint::GetActivation),
    ("POST", "/v1/license-keys/validate", Endpoint::Validate),
    ("POST", "/v1/license-keys/activate", Endpoint::Activate),
    ("POST", "/v1/license-keys/deactivate", Endpoint::Deactivate),
    ("POST", "/v1/customer-sessions/", Endpoint::CreateCustomerSession),
    ("GET", "/v1/benefit-grants/", Endpoint::ListGrants),
    ("GET", "/v1/customers/", Endpoint::ListCustomers),
];

/// An endpoint with the variable segments of its path.
pub(super) struct Target {
    pub(super) endpoint: Endpoint,
    pub(super) ids: Vec<String>,
}

/// Finds the endpoint for a decoded path.
///
/// `address` creates the absolute URL of another path, for a redirect to the path with the correct trailing slash.
///
/// # Errors
///
/// 405 with the first allowed method for a known path; 307 where only the trailing slash differs, which loses the
/// credential in most clients; 404 otherwise.
pub(super) fn route(
    method: &Method,
    path: &str,
    address: impl Fn(&str) -> String,
) -> Result<Target, Problem> {
    let mut other_method = None;
    for (allowed, pattern, endpoint) in ROUTES {
        let Some(ids) = variables(pattern, path) else { continue };
        if method == allowed {
            return Ok(Target { endpoint, ids });
        }
        other_method = other_method.or(Some(allowed));
    }
    if let Some(allowed) = other_method {
        return Err(Problem::MethodNotAllowed(allowed));
    }
    let toggled = match path.strip_suffix('/') {
        Some(stripped) => stripped.trim_end_matches('/').to_owned(),
        None => format!("{path}/"),
    };
    if ROUTES.iter().any(|(_, pattern, _)| variables(pattern, &toggled).is_some()) {
        return Err(Problem::Redirect(address(&toggled)));
    }
    Err(Problem::Plain(http::StatusCode::NOT_FOUND, "Not Found"))
}

/// The segments of `path` at the braces of `pattern`; `None` if `path` does not match.
fn variables(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (expected, given) = (pattern.split('/'), path.split('/'));
    if expected.clone().count() != given.clone().count() {
        return None;
    }
    let mut found = Vec::new();
    for (expected, given) in expected.zip(given) {
        if expected.starts_with('{') && !given.is_empty() {
            found.push(given.to_owned());
        } else if expected != given {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(method: &str, path: &str) -> String {
        match route(&Method::from_bytes(method.as_bytes()).unwrap(), path, str::to_owned) {
            Ok(target) => format!("{:?} {}", target.endpoint, target.ids.join(" ")),
            Err(Problem::MethodNotAllowed(allow)) => format!("405 {allow}"),
            Err(Problem::Redirect(location)) => format!("307 {location}"),
            Err(_) => "404".to_owned(),
        }
    }

    #[test]
    fn reserved_segments_are_ids_with_other_methods() {
        for (method, path, found) in [
            ("POST", "/v1/license-keys/validate", "Validate "),
            ("GET", "/v1/license-keys/validate", "Get validate"),
            ("PATCH", "/v1/license-keys/validate", "Update validate"),
            ("PUT", "/v1/license-keys/validate", "405 GET"),
            ("POST", "/v1/license-keys/abc", "405 GET"),
            ("GET", "/v1/license-keys/abc/rotate", "405 POST"),
            ("GET", "/v1/license-keys/a/activations/b", "GetActivation a b"),
            ("PATCH", "/v1/customer-portal/license-keys/abc", "405 GET"),
            ("HEAD", "/v1/license-keys/", "405 GET"),
            ("GET", "/v1/customer-sessions/", "405 POST"),
        ] {
            assert_eq!(routed(method, path), found, "{method} {path}");
        }
    }

    #[test]
    fn a_wrong_trailing_slash_is_redirected_and_other_paths_are_unknown() {
        for (path, found) in [
            ("/v1/license-keys", "307 /v1/license-keys/"),
            ("/v1/license-keys/validate/", "307 /v1/license-keys/validate"),
            ("/v1/license-keys/abc//", "307 /v1/license-keys/abc"),
            ("/v1/license-keys/abc/activations", "404"),
            ("/v2/license-keys/", "404"),
            ("/", "404"),
        ] {
            assert_eq!(routed("DELETE", path), found.replace("DELETE", ""), "{path}");
        }
    }
}
