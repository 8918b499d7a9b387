//! Providers on a transport of the suite, and the calls of an installed app that are made through it.
//!
//! The provider's own retries stay on, so what reaches the scenario is what an app would see.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, ActivationId, Capability, DeactivateRequest, HttpTransport, KeyCode, LicenseProvider,
    Result as ProviderResult, ValidateRequest,
};

use super::check::{Checked, Stop, altered, failed, issue, works};
use super::{IssueSpec, Skip, Subject};

/// A new provider of `subject` on the transport that `wrap` makes.
pub(super) fn provider_through<T: HttpTransport>(
    subject: &dyn Subject,
    wrap: impl Fn(Arc<dyn HttpTransport>) -> T,
) -> Checked<Arc<dyn LicenseProvider>> {
    let wrap = |transport| -> Arc<dyn HttpTransport> { Arc::new(wrap(transport)) };
    subject.provider_through(&wrap).ok_or(Stop::Skipped(Skip::WithoutHttp))
}

/// A call of an installed app.
#[derive(Clone, Debug)]
pub(super) enum DeviceCall {
    /// A validation, with a seat where there are seats.
    Validate(ValidateRequest),
    /// An activation.
    Activate(ActivateRequest),
    /// A deactivation of the seat.
    Deactivate(DeactivateRequest),
}

impl DeviceCall {
    /// Every such call that the provider declares, for a key that is issued now. Each works once.
    pub(super) async fn all(subject: &dyn Subject) -> Checked<Vec<Self>> {
        let provider = subject.provider();
        let declared = subject.capabilities();
        let code = issue(subject, IssueSpec::new()).await?.code;
        let mut calls = Vec::new();
        let mut seat = None;
        if declared.contains(Capability::Activate) {
            let activate = ActivateRequest::new(code.clone(), "laptop");
            seat = Some(works(provider.activate(activate.clone()).await, "taking a seat")?.id);
            calls.push(Self::Activate(activate));
        }
        if declared.contains(Capability::Validate) {
            calls.push(Self::Validate(validation(&code, seat.as_ref())));
        }
        if let Some(seat) = seat.filter(|_| declared.contains(Capability::Deactivate)) {
            calls.push(Self::Deactivate(DeactivateRequest::new(code, seat.as_str())));
        }
        Ok(calls)
    }

    /// The same call with a code that the vendor refuses.
    pub(super) fn of_an_unknown_code(mut self) -> Self {
        let code = match &mut self {
            Self::Validate(request) => &mut request.code,
            Self::Activate(request) => &mut request.code,
            Self::Deactivate(request) => &mut request.code,
        };
        *code = KeyCode::verbatim(altered(code.expose()));
        self
    }

    /// What it is called in messages.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Validate(_) => "validate",
            Self::Activate(_) => "activate",
            Self::Deactivate(_) => "deactivate",
        }
    }

    /// Makes the call. A refusal is an error, of `validate` too.
    pub(super) async fn send(self, provider: &dyn LicenseProvider) -> ProviderResult<()> {
        match self {
            Self::Validate(request) => provider.validate(request).await?.into_result().map(drop),
            Self::Activate(request) => provider.activate(request).await.map(drop),
            Self::Deactivate(request) => provider.deactivate(request).await,
        }
    }

    /// Makes the call through a transport that keeps the vendor's answer from the provider: it has to fail, without a
    /// refusal.
    pub(super) async fn fails_through<T: HttpTransport>(
        self,
        subject: &dyn Subject,
        wrap: impl Fn(Arc<dyn HttpTransport>) -> T,
        what: &str,
    ) -> Checked {
        let provider = provider_through(subject, wrap)?;
        let what = format!("{} with {what}", self.name());
        match self.send(&*provider).await {
            Ok(()) => failed(format_args!("{what}: expected a failure, but it worked")),
            failure => no_refusal(failure, &what),
        }
    }
}

/// Takes everything but a refusal.
#[track_caller]
pub(super) fn no_refusal<T>(result: ProviderResult<T>, what: &str) -> Checked {
    match result {
        Err(error) if error.kind() == anykey_core::ErrorKind::Refused || error.refusal().is_some() => {
            failed(format_args!("{what}: expected a failure, found the refusal `{error}`"))
        }
        _ => Ok(()),
    }
}

/// A validation of a key, with a seat or alone.
fn validation(code: &KeyCode, seat: Option<&ActivationId>) -> ValidateRequest {
    let request = ValidateRequest::new(code.clone());
    match seat {
        Some(seat) => request.activation(seat.as_str()),
        None => request,
    }
}
