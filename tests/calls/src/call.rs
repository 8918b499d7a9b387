use std::sync::atomic::{AtomicU32, Ordering};

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, ActivationId, Capability, CreateRequest, CustomerId, DeactivateRequest, KeyCode,
    LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, ProductId, RenewRequest, ValidateRequest,
};

use crate::Observed;

/// A call of a provider. Two variants may be the same operation, with and without an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests match all calls")]
pub enum Call {
    /// Lists keys.
    List,
    /// Reads one key.
    Get,
    /// Creates a key.
    Create,
    /// Clears a key's expiry.
    Update,
    /// Replaces a key's code.
    Rotate,
    /// Lists a key's activations.
    Activations,
    /// Changes the label of the activation.
    Rename,
    /// Validates the key alone.
    Validate,
    /// Validates the key with its seat.
    ValidateSeat,
    /// Validates the key and counts a use.
    ValidateCounted,
    /// Activates the key.
    Activate,
    /// Keeps the seat, which would end by itself.
    Renew,
    /// Deactivates the seat.
    Deactivate,
}

/// What sending a call twice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests match all effects")]
pub enum Effect {
    /// It changes nothing.
    Nothing,
    /// The same as sending it once.
    Same,
    /// It may take effect twice.
    Twice,
}

/// What the calls are about.
#[derive(Debug)]
#[non_exhaustive]
pub struct Arguments {
    /// The id of the key.
    pub key: LicenseKeyId,
    /// The code of the key.
    pub code: KeyCode,
    /// An activation of the key.
    pub seat: ActivationId,
    /// The customer of the key, and of created ones.
    pub customer: CustomerId,
    /// The product of created keys.
    pub product: ProductId,
    created: AtomicU32,
}

impl Arguments {
    /// The key with this id and code and this activation. The key and created ones are of `customer` and `product`.
    pub fn new(
        key: impl Into<LicenseKeyId>,
        code: KeyCode,
        seat: impl Into<ActivationId>,
        customer: impl Into<CustomerId>,
        product: impl Into<ProductId>,
    ) -> Self {
        let (key, seat, customer, product) = (key.into(), seat.into(), customer.into(), product.into());
        Self { key, code, seat, customer, product, created: AtomicU32::new(0) }
    }

    /// A code that no key has.
    fn unused_code(&self) -> KeyCode {
        let number = self.created.fetch_add(1, Ordering::Relaxed);
        KeyCode::verbatim(format!("{}-{number}", self.code.expose()))
    }
}

impl Call {
    const ALL: [(Self, Capability); 13] = [
        (Self::List, Capability::List),
        (Self::Get, Capability::Get),
        (Self::Create, Capability::Create),
        (Self::Update, Capability::SetExpiry),
        (Self::Rotate, Capability::Rotate),
        (Self::Activations, Capability::Activations),
        (Self::Rename, Capability::RenameActivation),
        (Self::Validate, Capability::ValidateWithoutSeat),
        (Self::ValidateSeat, Capability::Validate),
        (Self::ValidateCounted, Capability::CountUsage),
        (Self::Activate, Capability::Activate),
        (Self::Renew, Capability::Renew),
        (Self::Deactivate, Capability::Deactivate),
    ];

    /// The calls that `provider` declares to support.
    pub fn supported_by(provider: &dyn LicenseProvider) -> impl Iterator<Item = Self> + use<> {
        let capabilities = provider.capabilities();
        let has_seats = capabilities.contains(Capability::Activate);
        let is_supported = move |(call, needed): &(Self, Capability)| {
            capabilities.contains(*needed) && (has_seats || *call != Self::ValidateSeat)
        };
        Self::ALL.into_iter().filter(is_supported).map(|(call, _)| call)
    }

    /// What sending it twice does.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::List | Self::Get | Self::Activations | Self::Validate | Self::ValidateSeat => {
                Effect::Nothing
            }
            Self::Update | Self::Rename | Self::Renew | Self::Deactivate => Effect::Same,
            Self::Create | Self::Rotate | Self::ValidateCounted | Self::Activate => Effect::Twice,
        }
    }

    /// Whether an installed app makes it, with the key's code and no credential.
    #[must_use]
    pub const fn is_of_the_device_plane(self) -> bool {
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

    /// Makes the call.
    pub async fn run(self, provider: &dyn LicenseProvider, about: &Arguments) -> Observed {
        let id = &about.key;
        let code = || about.code.clone();
        let seat = || about.seat.clone();
        match self {
            Self::List => {
                let mut query = ListQuery::new();
                if !provider.capabilities().contains(Capability::ListAll) {
                    query.customer = Some(about.customer.clone().into());
                }
                Observed::of(provider.list(query).await)
            }
            Self::Get => Observed::of(provider.get(id).await),
            Self::Create => {
                let (customer, product) = (about.customer.clone(), about.product.clone());
                let request = CreateRequest::new(about.unused_code(), customer, product);
                Observed::of(provider.create(request).await)
            }
            Self::Update => Observed::of(provider.update(id, LicensePatch::new().clear_expiry()).await),
            Self::Rotate => Observed::of(provider.rotate(id).await),
            Self::Activations => Observed::of(provider.activations(id).await),
            Self::Validate => Observed::of_validation(provider.validate(ValidateRequest::new(code())).await),
            Self::ValidateSeat => {
                let request = ValidateRequest::new(code()).activation(seat());
                Observed::of_validation(provider.validate(request).await)
            }
            Self::ValidateCounted => {
                let request = ValidateRequest::new(code()).increment_usage(1);
                Observed::of_validation(provider.validate(request).await)
            }
            Self::Activate => Observed::of(provider.activate(ActivateRequest::new(code(), "laptop")).await),
            Self::Rename => Observed::of(provider.rename_activation(&about.seat, "desktop").await),
            Self::Renew => Observed::of(provider.renew(RenewRequest::new(code(), seat())).await),
            Self::Deactivate => {
                Observed::of(provider.deactivate(DeactivateRequest::new(code(), seat())).await)
            }
        }
    }
}
