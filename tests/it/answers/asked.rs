//! A call of a provider on a simulated vendor, and what its caller gets.

use std::sync::Arc;

use anykey::sim::{IssueSpec, IssuedKey, Simulator};
use anykey::{
    ActivateRequest, ActivationId, ActivationLimit, Capability, CreateRequest, DeactivateRequest, Error,
    HttpTransport, KeyCode, LicenseKey, LicensePatch, LicenseProvider, Refusal, RenewRequest, Result,
    StatusChange, ValidateRequest, Verdict,
};
use anykey_tests::Simulation;
use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Call {
    Validate,
    ValidateSeat,
    ValidateCounted,
    Activate,
    Renew,
    Deactivate,
    Get,
    List,
    Activations,
    Create,
    Update,
    Rotate,
}

/// A vendor with a key and a seat of it.
#[derive(Debug)]
pub(super) struct Question {
    simulation: Simulation,
    key: IssuedKey,
    seat: ActivationId,
    only_its_product: bool,
}

/// What the caller gets.
pub(super) struct Answer {
    pub(super) meaning: String,
    pub(super) key: Option<LicenseKey>,
}

impl Call {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::ValidateSeat => "validate a seat",
            Self::ValidateCounted => "validate and count",
            Self::Activate => "activate",
            Self::Renew => "renew",
            Self::Deactivate => "deactivate",
            Self::Get => "get",
            Self::List => "list",
            Self::Activations => "activations",
            Self::Create => "create",
            Self::Update => "update",
            Self::Rotate => "rotate",
        }
    }

    const fn is_of_the_device_plane(self) -> bool {
        matches!(
            self,
            Self::Validate
                | Self::ValidateSeat
                | Self::ValidateCounted
                | Self::Activate
                | Self::Renew
                | Self::Deactivate
        )
    }
}

impl Question {
    /// `only_its_product` is whether the provider allows the key's product only.
    pub(super) fn to(simulator: Simulator, only_its_product: bool) -> Self {
        let simulation = Simulation::of(simulator);
        let key = simulation.issue(IssueSpec::new().activation_limit(ActivationLimit::AtMost(5)));
        let seat = simulation.vendor.activate(&key.id, "first").unwrap_or_else(|| "no seat".into());
        Self { simulation, key, seat, only_its_product }
    }

    /// The vendor's answers.
    pub(super) fn transport(&self) -> Arc<dyn HttpTransport> {
        self.simulation.vendor.transport()
    }

    pub(super) async fn ask(&self, call: Call, transport: Arc<dyn HttpTransport>) -> Answer {
        let device = self.simulation.device_plane();
        let validates_alone =
            |plane| self.simulation.provider(plane).capabilities().contains(Capability::ValidateWithoutSeat);
        let is_able = !matches!(call, Call::Validate) || validates_alone(&device);
        let plane = match call.is_of_the_device_plane() && is_able {
            true => device,
            false => self.simulation.seller_plane(),
        };
        let plane = match self.only_its_product {
            true => plane.field("products", vec![self.key.product.as_str()]),
            false => plane,
        };
        let provider = self.simulation.provider_on(&plane, transport);
        self.run(call, &*provider).await.unwrap_or_else(|error| Answer { meaning: failed(&error), key: None })
    }

    async fn run(&self, call: Call, provider: &dyn LicenseProvider) -> Result<Answer> {
        let (id, code) = (&self.key.id, self.key.code.clone());
        let validation = ValidateRequest::new(code.clone());
        let done = |key| Answer { meaning: "done".to_owned(), key };
        Ok(match call {
            Call::Validate => validated(provider.validate(validation).await?),
            Call::ValidateSeat => {
                validated(provider.validate(validation.activation(self.seat.clone())).await?)
            }
            Call::ValidateCounted => validated(provider.validate(validation.increment_usage(1)).await?),
            Call::Activate => {
                let activation = provider.activate(ActivateRequest::new(code, "laptop")).await?;
                done(activation.key.map(|key| *key))
            }
            Call::Renew => {
                provider.renew(RenewRequest::new(code, self.seat.clone())).await?;
                done(None)
            }
            Call::Deactivate => {
                provider.deactivate(DeactivateRequest::new(code, self.seat.clone())).await?;
                done(None)
            }
            Call::Get => done(Some(provider.get(id).await?)),
            Call::List => {
                let page = provider.list(Simulation::listing(provider, &self.key)).await?;
                match page.unreadable.is_empty() {
                    true => done(page.items.into_iter().next()),
                    false => Answer { meaning: "the record is unreadable".to_owned(), key: None },
                }
            }
            Call::Activations => {
                provider.activations(id).await?;
                done(None)
            }
            Call::Create => {
                let code: KeyCode = "A-CODE-THAT-NO-KEY-HAS".parse()?;
                let request = CreateRequest::new(code, self.key.customer.clone(), self.key.product.clone());
                done(Some(provider.create(request).await?))
            }
            Call::Update => {
                let patch = match provider.capabilities().contains(Capability::SetExpiry) {
                    true => LicensePatch::new().clear_expiry(),
                    false => LicensePatch::new().status(StatusChange::Disable),
                };
                done(Some(provider.update(id, patch).await?))
            }
            Call::Rotate => done(Some(provider.rotate(id).await?)),
        })
    }
}

fn validated(validation: anykey::Validation) -> Answer {
    let meaning = match &validation.verdict {
        Verdict::Valid => "valid".to_owned(),
        Verdict::Refused(refusal) => refused(refusal),
    };
    Answer { meaning, key: validation.key }
}

fn refused(refusal: &Refusal) -> String {
    let doubt = if refusal.is_doubtful { ", doubtful" } else { "" };
    format!("refused: `{:?}`{doubt}", refusal.reason)
}

fn failed(error: &Error) -> String {
    if let Some(refusal) = error.refusal() {
        return refused(refusal);
    }
    let transient = if error.is_transient() { ", transient" } else { "" };
    let open = if error.may_have_taken_effect() { ", may have taken effect" } else { "" };
    format!("error: `{:?}`{transient}{open}", error.kind())
}
