//! Reading a record back, and comparing two readings of it.

use anykey_core::{
    ActivationLimit, Capability, Expiry, LicenseKey, LicenseKeyId, LicenseProvider, ListQuery,
};

use super::Subject;
use super::check::{Checked, equal, works};
use super::listing::read_all;

/// The record as the vendor has it now, read by id or out of the listing; `None` when neither is declared.
pub(super) async fn read(subject: &dyn Subject, id: &LicenseKeyId) -> Checked<Option<LicenseKey>> {
    let provider = subject.provider();
    let declared = subject.capabilities();
    if declared.contains(Capability::Get) {
        return works(provider.get(id).await, "reading the key back").map(Some);
    }
    if declared.contains(Capability::ListAll) {
        let keys = read_all(&*provider, ListQuery::new()).await?;
        return Ok(keys.into_iter().find(|key| key.id == *id));
    }
    Ok(None)
}

/// Fails unless two readings by different calls agree in every field that both of them have.
pub(super) fn agree(one: &LicenseKey, other: &LicenseKey) -> Checked {
    equal(&one.provider, &other.provider, "provider")?;
    equal(&one.id, &other.id, "id")?;
    equal(&one.code, &other.code, "code")?;
    equal(&one.status, &other.status, "status")?;
    equal(&one.status_word, &other.status_word, "status word")?;
    equal_unless(&one.expiry, &other.expiry, &Expiry::Unknown, "expiry")?;
    let (seats, other_seats) = (one.activations, other.activations);
    equal_unless(&seats.limit, &other_seats.limit, &ActivationLimit::Unknown, "activation limit")?;
    equal_unless(&seats.used, &other_seats.used, &None, "seats in use")?;
    equal_unless(&one.usage, &other.usage, &None, "usage")?;
    equal_unless(&one.customer, &other.customer, &None, "customer")?;
    equal_unless(&one.product, &other.product, &None, "product")?;
    equal_unless(&one.created_at, &other.created_at, &None, "creation")?;
    equal_unless(&one.modified_at, &other.modified_at, &None, "last change")?;
    equal_unless(&one.last_validated_at, &other.last_validated_at, &None, "last validation")?;
    let (origin, other_origin) = (&one.origin, &other.origin);
    equal_unless(&origin.source, &other_origin.source, &None, "source")?;
    equal_unless(&origin.seller, &other_origin.seller, &None, "seller")?;
    equal_unless(&origin.payment, &other_origin.payment, &None, "payment")?;
    equal_unless(&origin.subscription, &other_origin.subscription, &None, "subscription")?;
    equal_unless(&origin.order, &other_origin.order, &None, "order")
}

/// Whether both are equal, or one of them is `unknown`: calls may leave something out, and must not contradict each
/// other.
fn equal_unless<T: PartialEq + std::fmt::Debug>(one: &T, other: &T, unknown: &T, what: &str) -> Checked {
    if one == unknown || other == unknown { Ok(()) } else { equal(one, other, what) }
}
