use http::Uri;

/// The URL of a webhook endpoint; `None` unless it is an absolute http or https URL.
///
/// ```
/// use anykey_sim_kit::webhook_url;
///
/// assert!(webhook_url("http://127.0.0.1:8080/webhooks").is_some());
/// assert!(webhook_url("/webhooks").is_none());
/// assert!(webhook_url("ftp://seller.example/webhooks").is_none());
/// ```
#[must_use]
pub fn webhook_url(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    let is_absolute = uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"));
    is_absolute.then_some(uri)
}
