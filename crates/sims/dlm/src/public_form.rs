//! The form that the shop shows to everyone. It needs no secret, only the nonce that its page prints.

use bytes::Bytes;
use http::Response;

use crate::answer::{Answer, plain};
use crate::moment;
use crate::php::{Php, member};
use crate::request::Call;
use crate::site::DlmSim;

/// The nonce of visitors who are not logged in.
/// Real ones change twice a day.
pub(crate) const NONCE: &str = "5f1d0c9a7e";
const HEADERS: [(&str, &str); 4] = [
    ("x-robots-tag", "noindex"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("x-frame-options", "SAMEORIGIN"),
];

/// The answer with the headers of `admin-ajax.php`.
pub(crate) fn answer(sim: &DlmSim, call: &Call) -> Response<Bytes> {
    plain(&check(sim, call), &HEADERS)
}

/// 200 in every case; `success` is false for an unknown code and for a wrong nonce. A disabled key is `VALID`.
fn check(sim: &DlmSim, call: &Call) -> Answer {
    let of_query = |name| member(&call.query, name).and_then(Php::to_text);
    if of_query("_wpnonce").as_deref() != Some(NONCE) {
        return refuse("Permission denied.");
    }
    let code = member(&call.form(), "licenseKey").map(Php::sanitized).unwrap_or_default();
    let state = sim.state.lock();
    let Some(license) = state.by_code(&code) else { return refuse("Invalid or expired license key.") };
    let end = license.end().map(|end| moment::shown(end, &state.switches.zone));
    let shown = end.unwrap_or_else(|| "Permanent Activation".to_owned());
    // The status does not count: a disabled key is valid here.
    let (word, class) =
        if license.is_expired(sim.now()) { ("EXPIRED", "expired") } else { ("VALID", "valid") };
    let block = "dlm-block-licenses-check--results";
    let html = format!(
        "\n<div class=\"{block} {block}-{class}\">\n    <p>The license is <strong>{word}</strong>. Expiry date: <strong>{shown}</strong></p>\n    <span class=\"{block}-close\" onclick=\"this.parentNode.remove();\">&times;</span>\n</div>\n"
    );
    Answer::success(Php::object([
        ("exp", license.expires_at.clone().into()),
        ("expF", shown.into()),
        ("status", word.into()),
        ("html", html.into()),
    ]))
}

fn refuse(message: &str) -> Answer {
    let data = Php::object([("message", message.into())]);
    Answer { status: 200, document: Php::object([("success", false.into()), ("data", data)]) }
}
