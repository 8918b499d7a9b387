//! Proofs that are verified without a request.

use anykey_core::{
    ActivateRequest, Activation, ErrorKind, LicenseProvider, OfflineProof, StatusChange, ValidateRequest,
};

use super::check::{Checked, ensure, equal, failed, fails, issue, set_status, valid, works};
use super::{IssueSpec, IssuedKey, Subject};

/// Key and seat are those of the answer; the proof is current now, and no longer at its end.
pub(super) async fn a_proof_states_what_was_answered(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let (seat, of_activation) = proven_seat(subject, &issued).await?;
    let request = ValidateRequest::new(issued.code.clone()).activation(seat.id.clone()).offline_proof();
    let validation = valid(subject.provider().validate(request).await, "a seat, with a proof")?;
    let Some(of_validation) = validation.proof else { return failed("a proof beside the validation") };
    for proof in [of_activation, of_validation] {
        let proven = works(subject.provider().verify_proof(&proof, &issued.code), "verifying a proof")?;
        let now = subject.clock().now();
        ensure(proven.issued_at <= now && proven.is_current(now), "a proof of now")?;
        if let Some(key) = &proven.key {
            equal(&key.id, &issued.id, "the key in the proof")?;
        }
        if let Some(activation) = &proven.activation {
            equal(activation, &seat.id, "the seat in the proof")?;
        }
        if let Some(end) = proven.ends_at() {
            ensure(!proven.is_current(end), "a proof that has ended at its end")?;
        }
    }
    Ok(())
}

/// A proof outlives a refusal, so none may be made with one.
pub(super) async fn a_refused_key_gets_no_proof(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let (seat, _) = proven_seat(subject, &issued).await?;
    set_status(subject, &issued.id, StatusChange::Disable).await?;
    let request = ValidateRequest::new(issued.code.clone()).activation(seat.id).offline_proof();
    let validation = works(subject.provider().validate(request).await, "validating a disabled key")?;
    ensure(!validation.is_valid() && validation.proof.is_none(), "a refusal without a proof")
}

/// Changed characters, one half, other texts and another format are refused as `InvalidRequest`.
pub(super) async fn an_altered_proof_states_nothing(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let (_, proof) = proven_seat(subject, &issued).await?;
    let middle = proof.expose().chars().count() / 2;
    let altered = |at: usize| -> String {
        let change = |(index, character)| match (index == at, character) {
            (true, 'A') => 'B',
            (true, _) => 'A',
            (false, character) => character,
        };
        proof.expose().chars().enumerate().map(change).collect()
    };
    let half: String = proof.expose().chars().take(middle).collect();
    for text in [altered(middle), altered(middle + 3), half, String::new(), "garbage".to_owned()] {
        let answer = subject.provider().verify_proof(&OfflineProof::new(proof.format(), text), &issued.code);
        fails(answer, &[ErrorKind::InvalidRequest], "verifying an altered proof")?;
    }
    let answer =
        subject.provider().verify_proof(&OfflineProof::new("unheard-of", proof.expose()), &issued.code);
    fails(answer, &[ErrorKind::InvalidRequest], "verifying a proof of another format")
}

/// It cannot be shown for another code.
pub(super) async fn a_proof_is_of_one_key(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new()).await?;
    let (_, proof) = proven_seat(subject, &issued).await?;
    let answer = subject.provider().verify_proof(&proof, &other.code);
    fails(answer, &[ErrorKind::InvalidRequest], "verifying a proof of another key")
}

/// A seat with its proof.
async fn proven_seat(subject: &dyn Subject, issued: &IssuedKey) -> Checked<(Activation, OfflineProof)> {
    let request = ActivateRequest::new(issued.code.clone(), "laptop").offline_proof();
    let seat = works(subject.provider().activate(request).await, "taking a seat, with a proof")?;
    match seat.proof.clone() {
        Some(proof) => Ok((seat, proof)),
        None => failed("a proof beside the seat"),
    }
}
