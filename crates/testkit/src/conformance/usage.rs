//! Counting usage while validating.

use anykey_core::{ErrorKind, LicenseProvider, RefusalReason, StatusChange, Validation};

use super::check::{Checked, equal, invalid, issue, set_status, valid, validation_of};
use super::{IssueSpec, Subject};

/// Each validation shows the count after it.
pub(super) async fn usage_is_counted_one_by_one(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let request = validation_of(subject, &issued).await?;
    for (amount, expected) in [(0, 0), (1, 1), (0, 1), (1, 2), (0, 2)] {
        let answer = provider.validate(request.clone().increment_usage(amount)).await;
        shows(&valid(answer, &format!("counting {amount}"))?, expected)?;
    }
    Ok(())
}

/// What exceeds the limit is refused and not counted.
pub(super) async fn usage_is_counted_once_and_up_to_its_limit(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().usage_limit(5)).await?;
    let provider = subject.provider();
    let request = validation_of(subject, &issued).await?;
    let count = |amount| provider.validate(request.clone().increment_usage(amount));

    shows(&valid(count(3).await, "counting 3 of 5")?, 3)?;
    shows(&valid(count(0).await, "counting nothing")?, 3)?;
    invalid(subject, count(3).await, RefusalReason::UsageExceeded, "counting 3 with 2 left")?;
    shows(&valid(count(2).await, "counting 2 with 2 left")?, 5)?;
    invalid(subject, count(1).await, RefusalReason::UsageExceeded, "counting 1 with none left")?;
    shows(&valid(count(0).await, "counting nothing with none left")?, 5)
}

/// An amount that the vendor cannot count at once is `Unsupported`.
pub(super) async fn usage_without_a_limit_is_always_counted(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let request = validation_of(subject, &issued).await?;
    for amount in [1, 1_000, 1_000] {
        match subject.provider().validate(request.clone().increment_usage(amount)).await {
            // A vendor may count one use at a time only.
            Err(error) if amount > 1 && error.kind() == ErrorKind::Unsupported => {}
            answer => {
                valid(answer, "counting without a limit")?;
            }
        }
    }
    Ok(())
}

/// A customer must not pay for a refusal.
pub(super) async fn a_refused_validation_counts_nothing(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().usage_limit(5)).await?;
    let provider = subject.provider();
    let request = validation_of(subject, &issued).await?.increment_usage(5);
    let count = || provider.validate(request.clone());
    set_status(subject, &issued.id, StatusChange::Disable).await?;
    invalid(subject, count().await, RefusalReason::Disabled, "counting on a disabled key")?;
    set_status(subject, &issued.id, StatusChange::Enable).await?;
    valid(count().await, "counting all that there is, after a refusal").map(drop)
}

/// Fails unless the validation shows this count.
fn shows(validation: &Validation, expected: i64) -> Checked {
    match validation.key.as_ref().and_then(|key| key.usage) {
        Some(usage) => equal(&usage.used, &expected, "the usage so far"),
        None => Ok(()),
    }
}
