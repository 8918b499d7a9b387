//! Listing a key's activations, where the provider can.
//!
//! The id of a key comes from a validation of the code, or from a search through all keys where the provider lists
//! them.

use anykey_core::{
    Capabilities, Capability, Error, ErrorKind, KeyCode, LicenseKeyId, LicenseProvider, LicenseProviderExt,
    ValidateRequest,
};

use crate::machine::Lookup;

/// Lists the activations of `code`; [`Lookup::NotPossible`] where the provider has no list, is not allowed to read
/// it, or does not know the key's id.
///
/// # Errors
///
/// Any failure that another attempt may resolve.
pub(crate) async fn list(provider: &dyn LicenseProvider, code: &KeyCode) -> Result<Lookup, Error> {
    let capabilities = provider.capabilities();
    if !capabilities.contains(Capability::Activations) {
        return Ok(Lookup::NotPossible);
    }
    let listed = match key_id(provider, capabilities, code).await {
        Ok(Some(id)) => provider.activations(&id).await,
        Ok(None) => return Ok(Lookup::NotPossible),
        Err(error) => Err(error),
    };
    match listed {
        Ok(activations) => Ok(Lookup::Listed(activations)),
        Err(error) if is_denied(error.kind()) => Ok(Lookup::NotPossible),
        Err(error) => Err(error),
    }
}

/// The id of the key; `None` when no call of this provider shows it.
async fn key_id(
    provider: &dyn LicenseProvider,
    capabilities: Capabilities,
    code: &KeyCode,
) -> Result<Option<LicenseKeyId>, Error> {
    if !capabilities.contains(Capability::ValidateWithoutSeat) {
        return find(provider, capabilities, code).await;
    }
    let validation = provider.validate(ValidateRequest::new(code.clone())).await?;
    if let Some(key) = validation.key {
        return Ok(Some(key.id));
    }
    find(provider, capabilities, code).await
}

/// Searches all keys for the code.
async fn find(
    provider: &dyn LicenseProvider,
    capabilities: Capabilities,
    code: &KeyCode,
) -> Result<Option<LicenseKeyId>, Error> {
    if !capabilities.contains(Capability::ListAll) {
        return Ok(None);
    }
    Ok(provider.find(code).await?.map(|key| key.id))
}

/// Whether this provider is not allowed to list activations, so that trying again is useless.
const fn is_denied(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unsupported
            | ErrorKind::PermissionDenied
            | ErrorKind::Unauthenticated
            | ErrorKind::NotFound
            | ErrorKind::Refused
    )
}
