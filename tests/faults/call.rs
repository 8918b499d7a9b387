//! The operations, and what is known about sending each twice.

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivateRequest, CreateRequest, DeactivateRequest, LicensePatch, LicenseProvider, ListQuery,
    ValidateRequest,
};

use crate::plane::World;
use crate::told::Told;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    List,
    Get,
    Create,
    Update,
    Rotate,
    Activations,
    Validate,
    ValidateSeat,
    ValidateCounted,
    Activate,
    Deactivate,
}

/// What sending a call twice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It changes nothing.
    Nothing,
    /// The same as sending it once.
    Same,
    /// It may take effect twice.
    Twice,
}

impl Call {
    pub(crate) const fn effect(self) -> Effect {
        match self {
            Self::List | Self::Get | Self::Activations | Self::Validate | Self::ValidateSeat => {
                Effect::Nothing
            }
            Self::Update | Self::Deactivate => Effect::Same,
            Self::Create | Self::Rotate | Self::ValidateCounted | Self::Activate => Effect::Twice,
        }
    }

    pub(crate) const fn is_of_the_device_plane(self) -> bool {
        !matches!(
            self,
            Self::List | Self::Get | Self::Create | Self::Update | Self::Rotate | Self::Activations
        )
    }

    pub(crate) async fn run(self, world: &World) -> Told {
        let provider: &dyn LicenseProvider = &*world.provider;
        let id = &world.key;
        let code = || world.code.clone();
        let seat = || world.seat.clone();
        match self {
            Self::List => Told::of(provider.list(ListQuery::new()).await),
            Self::Get => Told::of(provider.get(id).await),
            Self::Create => {
                let new = anykey::KeyCode::verbatim(world.fresh_code());
                let (customer, product) = (world.customer.clone(), world.product.clone());
                Told::of(provider.create(CreateRequest::new(new, customer, product)).await)
            }
            Self::Update => Told::of(provider.update(id, LicensePatch::new().clear_expiry()).await),
            Self::Rotate => Told::of(provider.rotate(id).await),
            Self::Activations => Told::of(provider.activations(id).await),
            Self::Validate => Told::of_verdict(provider.validate(ValidateRequest::new(code())).await),
            Self::ValidateSeat => {
                Told::of_verdict(provider.validate(ValidateRequest::new(code()).activation(seat())).await)
            }
            Self::ValidateCounted => {
                Told::of_verdict(provider.validate(ValidateRequest::new(code()).increment_usage(1)).await)
            }
            Self::Activate => Told::of(provider.activate(ActivateRequest::new(code(), "laptop")).await),
            Self::Deactivate => Told::of(provider.deactivate(DeactivateRequest::new(code(), seat())).await),
        }
    }
}
