use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::adapter::{ErrorExt as _, check};
use crate::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, CreateRequest, DeactivateRequest,
    Error, ErrorKind, KeyCode, KeyHint, LicenseKey, LicenseKeyId, LicensePatch, ListQuery, OfflineProof,
    Operation, Page, ProvenLicense, RenewRequest, Result, ValidateRequest, Validation,
};

/// A license-key vendor, as an app sees it.
///
/// Hold it as `Arc<dyn LicenseProvider>`; the vendor behind it is a word in the configuration. This trait
/// is for those who implement a vendor: few methods, each a request in and data out. Those who call one
/// find the pretty forms on [`LicenseProviderExt`](crate::LicenseProviderExt).
///
/// Three outcomes exist and never mix: the vendor says yes, the vendor says no
/// ([`Refusal`](crate::Refusal)), and there is no answer ([`Error`] of any other kind).
///
/// The *management plane* (`list` to `activations`) needs the seller's credential; the *device plane*
/// (`validate`, `activate`, `renew`, `deactivate`) needs none and may ship to customers. What the object at hand can
/// do, with the credential it holds, is reported by [`capabilities`](Self::capabilities). An operation that it
/// cannot do answers [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported); so does an argument that it
/// cannot honour.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{InMemoryProvider, KeyCode, LicenseProvider, Timestamp, ValidateRequest};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let provider: Arc<dyn LicenseProvider> = Arc::new(InMemoryProvider::new(Timestamp::now));
/// let validation = provider.validate(ValidateRequest::new(KeyCode::parse("AAAA-BBBB")?)).await?;
/// assert!(!validation.is_valid());
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
#[async_trait]
pub trait LicenseProvider: fmt::Debug + Send + Sync + 'static {
    /// The vendor's word, a constant of the adapter: the one that `provider = "…"` in a configuration chooses.
    fn vendor(&self) -> &str;

    /// The name under which the app knows this provider; the [vendor's](Self::vendor) word when it has none of its
    /// own.
    ///
    /// It distinguishes two accounts at one vendor: errors, traces, page tokens, events and every key carry it.
    /// A configuration gives it (`[providers.main]`). It is permanent: page tokens that an app has stored, and
    /// webhook deliveries that it has counted, belong to a name.
    fn name(&self) -> &str {
        self.vendor()
    }

    /// What this object can do with the credential that it holds.
    fn capabilities(&self) -> Capabilities;

    /// Says what looks wrong with `code`, without asking the vendor: `None` when it has the shape of the vendor's own
    /// keys, or no shape that is known.
    ///
    /// Only a hint to show beside a refusal, since sellers may import any text as a code. A vendor whose keys have a
    /// known shape overrides it.
    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        let _ = code;
        None
    }

    /// Reads one page of keys. For all of them, call [`keys`](crate::LicenseProviderExt::keys).
    ///
    /// A query without a customer needs [`Capability::ListAll`].
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) for a page token of another provider.
    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let _ = query;
        Err(Error::unsupported(self.name().to_owned(), Capability::List))
    }

    /// Reads the key `id`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is none.
    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let _ = id;
        Err(Error::unsupported(self.name().to_owned(), Capability::Get))
    }

    /// Creates a key with the request's code, or with one that the vendor makes.
    ///
    /// Sent once: after a lost answer, [`may_have_taken_effect`](Error::may_have_taken_effect) says so.
    ///
    /// # Cancel safety
    ///
    /// Not safe: the key may exist although the future was dropped, and no error reports it. Calling again with
    /// the same code is harmless, as it is a [`Conflict`](crate::ErrorKind::Conflict) then; without a code it makes
    /// a second key.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) when the code exists already;
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown customer or product.
    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        let _ = request;
        Err(Error::unsupported(self.name().to_owned(), Capability::Create))
    }

    /// Changes the key `id` and returns it as it is afterwards. An empty patch changes nothing.
    ///
    /// # Cancel safety
    ///
    /// The change may have been made although the future was dropped. Calling again with the same patch gives the
    /// same key.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such key;
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) or [`Conflict`](crate::ErrorKind::Conflict) when
    /// the vendor does not allow the change.
    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        let _ = id;
        check(self, &patch)?;
        Err(Error::new(ErrorKind::Unsupported, "this provider cannot update keys")
            .with_provider(self.name().to_owned())
            .with_operation(Operation::Update))
    }

    /// Gives the key `id` a new code. The old one is unknown at once; id and activations stay.
    ///
    /// # Cancel safety
    ///
    /// Not safe: the key may have a new code although the future was dropped, and calling again gives it another.
    /// [`get`](Self::get) reads the present one.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such key;
    /// [`Conflict`](crate::ErrorKind::Conflict) when its status does not allow it.
    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let _ = id;
        Err(Error::unsupported(self.name().to_owned(), Capability::Rotate))
    }

    /// Reads all live activations of the key `id`, in no particular order.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such key and the vendor says so (Dodo
    /// answers an empty list).
    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let _ = id;
        Err(Error::unsupported(self.name().to_owned(), Capability::Activations))
    }

    /// Gives the activation `id` another label. Customer and seller see it.
    ///
    /// # Cancel safety
    ///
    /// The label may be changed although the future was dropped. Calling again is harmless.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such activation.
    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        let _ = (id, label);
        Err(Error::unsupported(self.name().to_owned(), Capability::RenameActivation))
    }

    /// Asks whether a key is good. A refusal is an `Ok` answer.
    ///
    /// A request without an activation needs [`Capability::ValidateWithoutSeat`].
    ///
    /// # Cancel safety
    ///
    /// Safe, unless it [counts usage](ValidateRequest::increment_usage), which may have been counted although the
    /// future was dropped; calling again counts once more.
    ///
    /// # Errors
    ///
    /// Only when there is no verdict: keep the last known good state.
    async fn validate(&self, request: ValidateRequest) -> Result<Validation>;

    /// Takes a seat for a device.
    ///
    /// Sent once: after a lost answer, [`may_have_taken_effect`](Error::may_have_taken_effect) says that a
    /// seat may be taken.
    ///
    /// # Cancel safety
    ///
    /// Not safe: a seat may be taken although the future was dropped, by `select!` or a time-out of the caller's, and
    /// no error reports it; calling again takes another. Let it run in a task of its own, or use
    /// [`SeatClaim`](crate::SeatClaim), which remembers what it has sent.
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::ErrorKind::Refused) with the [`Refusal`](crate::Refusal) when the vendor says no.
    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        let _ = request;
        Err(Error::unsupported(self.name().to_owned(), Capability::Activate))
    }

    /// Keeps a seat that would end by itself ([`Activation::expires_at`]) and returns it with its new end.
    ///
    /// Call it well before the end, again and again while the app runs. The guard does that. A seat that never ends
    /// is returned as it is.
    ///
    /// # Cancel safety
    ///
    /// The seat may be renewed although the future was dropped. Calling again is harmless.
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::ErrorKind::Refused) with [`SeatExpired`](crate::RefusalReason::SeatExpired) when the seat has
    /// ended, or with [`UnknownActivation`](crate::RefusalReason::UnknownActivation) when the vendor has removed it
    /// already: activate again. A key that is refused keeps no seat either.
    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        let _ = request;
        Err(Error::unsupported(self.name().to_owned(), Capability::Renew))
    }

    /// Gives a seat back.
    ///
    /// # Cancel safety
    ///
    /// The seat may be free although the future was dropped. Calling again is harmless: it is refused with
    /// [`UnknownActivation`](crate::RefusalReason::UnknownActivation) then, or succeeds where the vendor says that the
    /// seat was given back before (Creem).
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::ErrorKind::Refused) with
    /// [`UnknownActivation`](crate::RefusalReason::UnknownActivation) when the seat is not there (any more),
    /// or with [`UnknownKey`](crate::RefusalReason::UnknownKey). On uninstall both mean: done.
    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        let _ = request;
        Err(Error::unsupported(self.name().to_owned(), Capability::Deactivate))
    }

    /// Verifies a proof that the vendor signed for the key `code`, without asking the vendor, and reads what it states.
    ///
    /// It does not know the time: ask [`ProvenLicense::is_current`] whether the statement still counts. The key with
    /// which the vendor signs has to be in the provider's configuration.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when the proof was altered, was signed by somebody else, is
    /// about another key, or cannot be read. That is no refusal: what the vendor last answered still holds.
    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        let _ = (proof, code);
        let error = Error::unsupported(self.name().to_owned(), Capability::OfflineProof);
        Err(error.with_operation(Operation::VerifyProof))
    }
}

macro_rules! forward {
    ($pointer:ty) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<P: LicenseProvider + ?Sized> LicenseProvider for $pointer {
            fn vendor(&self) -> &str {
                (**self).vendor()
            }

            fn name(&self) -> &str {
                (**self).name()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
                (**self).key_hint(code)
            }

            fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
                (**self).verify_proof(proof, code)
            }

            async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
                (**self).list(query).await
            }

            async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
                (**self).get(id).await
            }

            async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
                (**self).create(request).await
            }

            async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
                (**self).update(id, patch).await
            }

            async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
                (**self).rotate(id).await
            }

            async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
                (**self).activations(id).await
            }

            async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
                (**self).rename_activation(id, label).await
            }

            async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
                (**self).validate(request).await
            }

            async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
                (**self).activate(request).await
            }

            async fn renew(&self, request: RenewRequest) -> Result<Activation> {
                (**self).renew(request).await
            }

            async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
                (**self).deactivate(request).await
            }
        }
    };
}

forward!(Arc<P>);
forward!(Box<P>);
