//! What a caller may require of a key while validating it.
//!
//! A vendor that does not compare them leaves it to the provider, which must not ignore them.

use anykey_core::{ActivateRequest, LicenseProvider, Metadata, RefusalReason, ValidateRequest};

use super::check::{Checked, altered, invalid, issue, valid, validation_of, works};
use super::{IssueSpec, Subject, Which};

/// The product of another key, and one that does not exist.
pub(super) async fn a_required_product_is_checked(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new().product(Which::Second)).await?;
    let provider = subject.provider();
    let alone = validation_of(subject, &issued).await?;
    let request = |product: &str| alone.clone().product(product);
    valid(provider.validate(request(issued.product.as_str())).await, "a key of the product")?;
    for wrong in [other.product.to_string(), altered(issued.product.as_str())] {
        let answer = provider.validate(request(&wrong)).await;
        invalid(subject, answer, RefusalReason::WrongProduct, "a key of another product")?;
    }
    Ok(())
}

/// The customer of another key, and one that does not exist.
pub(super) async fn a_required_customer_is_checked(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new().customer(Which::Second)).await?;
    let provider = subject.provider();
    let alone = validation_of(subject, &issued).await?;
    let request = |customer: &str| alone.clone().customer(customer);
    valid(provider.validate(request(issued.customer.as_str())).await, "a key of the customer")?;
    for wrong in [other.customer.to_string(), altered(issued.customer.as_str())] {
        let answer = provider.validate(request(&wrong)).await;
        invalid(subject, answer, RefusalReason::WrongCustomer, "a key of another customer")?;
    }
    Ok(())
}

/// A missing, a different and a further condition, and one of another type, are refused.
pub(super) async fn conditions_have_to_match_as_a_whole(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let stored = Metadata::from([("os".into(), "linux".into()), ("cores".into(), 8.into())]);
    let request = ActivateRequest::new(issued.code.clone(), "laptop").conditions(stored.clone());
    let seat = works(provider.activate(request).await, "taking a seat with conditions")?.id;
    let validate = |conditions: Metadata| {
        let request = ValidateRequest::new(issued.code.clone()).activation(seat.as_str());
        provider.validate(request.conditions(conditions))
    };
    valid(validate(stored).await, "a seat with its own conditions")?;
    for wrong in [
        Metadata::new(),
        Metadata::from([("os".into(), "linux".into())]),
        Metadata::from([("os".into(), "macos".into()), ("cores".into(), 8.into())]),
        Metadata::from([("os".into(), "linux".into()), ("cores".into(), "8".into())]),
        Metadata::from([
            ("os".into(), "linux".into()),
            ("cores".into(), 8.into()),
            ("more".into(), 1.into()),
        ]),
    ] {
        let what = format!("a seat with the conditions {wrong:?}");
        invalid(subject, validate(wrong).await, RefusalReason::ConditionsMismatch, &what)?;
    }
    Ok(())
}

/// Conditions of a request mean nothing for a seat that has none.
pub(super) async fn a_seat_without_conditions_takes_any(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let seat = provider.activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
    let seat = works(seat, "taking a seat without conditions")?.id;
    let any = Metadata::from([("os".into(), "linux".into())]);
    let request = ValidateRequest::new(issued.code).activation(seat.as_str()).conditions(any);
    valid(provider.validate(request).await, "a seat without conditions").map(drop)
}
