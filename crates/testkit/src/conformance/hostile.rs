//! An id is data: whatever it holds, it reaches the record with exactly that id, or none.

use anykey_core::{
    ActivateRequest, Capability, ErrorKind, LicenseKeyId, LicensePatch, LicenseProvider, SignedDuration,
};

use super::check::{Checked, equal, fails, issue, works};
use super::record::read;
use super::{IssueSpec, Subject};

/// What a hostile id may come to.
const NO_RECORD: [ErrorKind; 2] = [ErrorKind::InvalidRequest, ErrorKind::NotFound];

/// Ids come from webhooks and URLs of the app, so anybody may choose them.
pub(super) async fn a_hostile_id_reads_no_record(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    for id in hostile_ids(&issued.id) {
        fails(subject.provider().get(&id).await, &NO_RECORD, &format!("reading the id {:?}", id.as_str()))?;
    }
    Ok(())
}

/// An id around the issued key's own must not reach it.
pub(super) async fn a_hostile_id_changes_no_record(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let before = read(subject, &issued.id).await?;
    let patch = LicensePatch::new().expiry(subject.clock().now() + SignedDuration::from_hours(1));
    for id in hostile_ids(&issued.id) {
        let answer = subject.provider().update(&id, patch.clone()).await;
        fails(answer, &NO_RECORD, &format!("changing the id {:?}", id.as_str()))?;
    }
    equal(&read(subject, &issued.id).await?, &before, "the record after hostile changes")
}

/// The record is compared afterwards, since a rotation could have an answer that fails.
pub(super) async fn a_hostile_id_rotates_no_record(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let before = read(subject, &issued.id).await?;
    for id in hostile_ids(&issued.id) {
        let answer = subject.provider().rotate(&id).await;
        fails(answer, &NO_RECORD, &format!("rotating the id {:?}", id.as_str()))?;
    }
    equal(&read(subject, &issued.id).await?, &before, "the record after hostile rotations")
}

/// An empty list is accepted as well.
pub(super) async fn a_hostile_id_lists_no_activation(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    if subject.capabilities().contains(Capability::Activate) {
        let request = ActivateRequest::new(issued.code.clone(), "laptop");
        works(provider.activate(request).await, "taking a seat")?;
    }
    for id in hostile_ids(&issued.id) {
        let what = format!("activations of the id {:?}", id.as_str());
        match provider.activations(&id).await {
            Ok(activations) => equal(&activations.len(), &0, &what)?,
            failure => fails(failure, &NO_RECORD, &what)?,
        }
    }
    Ok(())
}

/// Ids that could lead to another path, query or header, some of them around an existing id.
fn hostile_ids(id: &LicenseKeyId) -> Vec<LicenseKeyId> {
    let id = id.as_str();
    let around_the_id = [
        format!("../{id}"),
        format!("./{id}"),
        format!("x/../{id}"),
        format!("{id}/"),
        format!("/{id}"),
        format!("{id}/activations"),
        format!("{id}?page=1"),
        format!("{id}#fragment"),
        format!("{id};v=1"),
        format!("{id}%00"),
        format!("{id}\0"),
        format!("{id}\r\nx-injected: 1"),
        format!(" {id} "),
        format!("{id},{id}"),
        format!("{id}\u{e9}"),
    ];
    let alone = [
        "",
        " ",
        ".",
        "..",
        "../x",
        "..\\x",
        "a/b",
        "a?b",
        "a#b",
        "%2e%2e",
        "%2F",
        "%",
        "\u{1}",
        "\t",
        "\u{e9}",
        "\u{202e}",
        "\u{1f511}",
        "null",
        "*",
    ];
    let long = "9".repeat(2_000);
    let texts = around_the_id.into_iter().chain(alone.map(str::to_owned)).chain([long]);
    texts.map(LicenseKeyId::from).collect()
}
