//! What a credential may do, where each call has to be allowed to it. Asked with records that do not exist.

use anykey::adapter::{KeyCodeExt as _, Probe};
use anykey::{
    ActivateRequest, ErrorKind, KeyCode, LicenseKeyId, LicensePatch, LicenseProvider, Result, StatusChange,
    ValidateRequest,
};

use super::online::MADE_UP;

/// A call, and whether the vendor allows it.
type Grant = (&'static str, Option<bool>);

/// What the vendor allows: `None` where it gave no answer to that.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Grants {
    of_a_server: [Grant; 3],
    of_an_app: [Grant; 2],
}

impl Grants {
    /// Asks with `provider`, which makes every call of the vendor.
    pub(super) async fn of(provider: &dyn LicenseProvider, probe: Probe) -> Self {
        let id = LicenseKeyId::from(probe.key_id);
        let code = || KeyCode::verbatim(MADE_UP);
        let change = LicensePatch::new().status(StatusChange::Enable);
        let of_a_seat = ValidateRequest::new(code()).activation(probe.activation_id);
        Self {
            of_a_server: [
                ("list keys", is_allowed(provider.get(&id).await)),
                (
                    "look up codes with their activations",
                    is_allowed(provider.validate(ValidateRequest::new(code())).await),
                ),
                ("change keys", is_allowed(provider.update(&id, change).await)),
            ],
            of_an_app: [
                ("activate", is_allowed(provider.activate(ActivateRequest::new(code(), MADE_UP)).await)),
                ("validate activations", is_allowed(provider.validate(of_a_seat).await)),
            ],
        }
    }

    /// In words, for a provider of the seller's server.
    pub(super) fn explain(&self) -> String {
        let all = self.of_a_server.iter().chain(&self.of_an_app);
        sentence("it may", all.clone(), Some(true)) + &sentence("it may not", all, Some(false))
    }

    /// In words, for a provider of an installed app, which anyone can take its credential from.
    pub(super) fn explain_of_an_app(&self) -> String {
        let too_much = sentence("warning: it may also", &self.of_a_server, Some(true));
        let too_much = match too_much.is_empty() {
            true => "; it may neither read nor change keys".to_owned(),
            false => {
                too_much
                    + ", and so may whoever takes it out of the app; give the app a credential of its own that may \
                       only activate, deactivate and validate"
            }
        };
        sentence("it may", &self.of_an_app, Some(true))
            + &sentence("it may not", &self.of_an_app, Some(false))
            + &too_much
    }
}

/// `; it may list keys, change keys`; empty if nothing is so.
fn sentence<'g>(start: &str, grants: impl IntoIterator<Item = &'g Grant>, wanted: Option<bool>) -> String {
    let calls: Vec<_> =
        grants.into_iter().filter(|(_, allowed)| *allowed == wanted).map(|(call, _)| *call).collect();
    if calls.is_empty() { String::new() } else { format!("; {start} {}", calls.join(", ")) }
}

/// A vendor that says something about the record has allowed the call.
fn is_allowed<T>(answer: Result<T>) -> Option<bool> {
    match answer {
        Ok(_) => Some(true),
        Err(error) if error.refusal().is_some() => Some(true),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Some(true),
            ErrorKind::PermissionDenied | ErrorKind::Unauthenticated => Some(false),
            _ => None,
        },
    }
}
