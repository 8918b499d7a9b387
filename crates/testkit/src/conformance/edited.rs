//! A transport that edits members of the vendor's answers.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{HttpTransport, TransportError, async_trait};
use bytes::Bytes;
use serde_json::Value;

/// Members of an answer, and what is in their place.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// The JSON pointer of a record, and the record: only answers with it are edited. `None` edits every answer.
    pub(super) record: Option<(String, Value)>,
    /// The JSON pointers of the members.
    pub(super) members: Vec<String>,
    /// `None` leaves the members out.
    pub(super) value: Option<Value>,
    /// Whether the answer can be understood without the members: dates, numbers and labels.
    pub(super) is_dispensable: bool,
}

impl Edit {
    /// Changes no member: the same JSON is only written anew.
    pub(super) const fn of_nothing() -> Self {
        Self { record: None, members: Vec::new(), value: None, is_dispensable: true }
    }

    /// Whether the members are left out or `null`.
    pub(super) const fn is_absence(&self) -> bool {
        matches!(self.value, None | Some(Value::Null))
    }

    /// Edits `answer` if it is meant.
    pub(super) fn apply(&self, answer: &mut Value) {
        let is_other = |(place, record): &(String, Value)| answer.pointer(place) != Some(record);
        if self.record.as_ref().is_some_and(is_other) {
            return;
        }
        for member in &self.members {
            match &self.value {
                Some(value) => {
                    if let Some(member) = answer.pointer_mut(member) {
                        *member = value.clone();
                    }
                }
                None => remove(answer, member),
            }
        }
    }

    /// Whether all of the members have this name.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.members.iter().all(|member| member.rsplit_once('/').is_some_and(|(_, last)| last == name))
    }
}

/// Removes the member with the JSON pointer `pointer`.
fn remove(answer: &mut Value, pointer: &str) {
    let Some((object, name)) = pointer.rsplit_once('/') else { return };
    if let Some(members) = answer.pointer_mut(object).and_then(Value::as_object_mut) {
        members.remove(&name.replace("~1", "/").replace("~0", "~"));
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.members.join(", ");
        match &self.value {
            Some(value) => write!(f, "{members} = {value}"),
            None => write!(f, "no {members}"),
        }
    }
}

/// The JSON that a provider gets. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct EditedAnswers(Arc<Mutex<Answers>>);

#[derive(Debug, Default)]
struct Answers {
    edit: Option<Edit>,
    seen: Vec<Value>,
}

impl EditedAnswers {
    /// Edits every answer from now on, until [`take`](Self::take).
    pub(super) fn edit(&self, edit: Edit) {
        self.lock().edit = Some(edit);
    }

    /// The answers since the last call, as the vendor wrote them.
    pub(super) fn take(&self) -> Vec<Value> {
        let mut answers = self.lock();
        answers.edit = None;
        mem::take(&mut answers.seen)
    }

    /// A transport that edits the answers of `vendor`. Without an edit they stay as they are, to the byte.
    pub(super) fn of(&self, vendor: Arc<dyn HttpTransport>) -> EditedVendor {
        EditedVendor { vendor, answers: self.clone() }
    }

    /// The body with the edit.
    fn edited(&self, body: Bytes) -> Bytes {
        let Ok(mut json) = serde_json::from_slice::<Value>(&body) else { return body };
        let mut answers = self.lock();
        answers.seen.push(json.clone());
        let Some(edit) = &answers.edit else { return body };
        edit.apply(&mut json);
        // The white space makes it another text also where nothing is edited.
        format!("{json}\n").into()
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A vendor whose answers are edited; see [`EditedAnswers`].
#[derive(Debug)]
pub(super) struct EditedVendor {
    vendor: Arc<dyn HttpTransport>,
    answers: EditedAnswers,
}

#[async_trait]
impl HttpTransport for EditedVendor {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let mut answer = self.vendor.send(request).await?;
        answer.headers_mut().remove(http::header::CONTENT_LENGTH);
        Ok(answer.map(|body| self.answers.edited(body)))
    }
}
