//! Asking the providers of the chain one after the other.
//!
//! It is the only place where a code is sent to a vendor that may not have it. Everything that changes something is
//! sent only after a read has found the vendor.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Activation, Capability, Error, ErrorKind, KeyCode, Operation, Refusal, RefusalReason, Result,
    ValidateRequest, Validation,
};

use crate::inner::Inner;
use crate::target::Target;

/// What the answer of one provider means for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It has the key, and accepts it.
    Yes,
    /// It has no such key, or says no in a way that looks the same: without a reason (Dodo's `valid: false`), or about
    /// the activation only (Digital License Manager, which is not told the key).
    MayBeUnknown,
    /// It knows the key, and says no.
    Refusal,
    /// It failed, so it may have the key.
    NoAnswer,
}

/// An answer of a provider.
pub(crate) trait Answer: Sized {
    /// Why the answer is a refusal; `None` if it is none. An activation that was made is never one.
    fn refusal(&self) -> Option<&Refusal>;
}

impl Answer for Validation {
    fn refusal(&self) -> Option<&Refusal> {
        Self::refusal(self)
    }
}

impl Answer for Activation {
    fn refusal(&self) -> Option<&Refusal> {
        None
    }
}

impl Answer for () {
    fn refusal(&self) -> Option<&Refusal> {
        None
    }
}

/// The refusal in an answer or in an error.
fn refusal_in<T: Answer>(answer: &Result<T>) -> Option<&Refusal> {
    match answer {
        Ok(answer) => answer.refusal(),
        Err(error) => error.refusal(),
    }
}

/// Which of the answers of providers that may not have the key is the answer of all, the highest: the refusal that
/// leaves the most open, because it may be an outage or has no reason, and before any refusal an argument that is not
/// theirs.
fn weight<T: Answer>(answer: &Result<T>) -> u8 {
    match refusal_in(answer) {
        None => 0,
        Some(refusal) if refusal.is_doubtful => 4,
        Some(refusal) if refusal.reason == RefusalReason::Unspecified => 3,
        Some(refusal) if refusal.reason == RefusalReason::UnknownActivation => 2,
        Some(_) => 1,
    }
}

impl Meaning {
    /// What the answer means.
    pub(crate) fn of<T: Answer>(answer: &Result<T>) -> Self {
        let refusal = refusal_in(answer);
        if answer.is_err() && refusal.is_none() {
            return Self::NoAnswer;
        }
        match refusal.map(|refusal| refusal.reason) {
            None => Self::Yes,
            Some(
                RefusalReason::UnknownKey | RefusalReason::UnknownActivation | RefusalReason::Unspecified,
            ) => Self::MayBeUnknown,
            Some(_) => Self::Refusal,
        }
    }

    /// Of an answer about an activation's id, which a vendor that could not have given such an id finds invalid.
    pub(crate) fn of_release(answer: &Result<()>) -> Self {
        match answer {
            Err(error) if error.kind() == ErrorKind::InvalidRequest => Self::MayBeUnknown,
            answer => Self::of(answer),
        }
    }
}

/// Whether the provider has no key with this code.
pub(crate) fn is_unknown<T: Answer>(answer: &Result<T>) -> bool {
    reason(answer) == Some(RefusalReason::UnknownKey)
}

/// Why the provider says no; `None` if it does not.
pub(crate) fn reason<T: Answer>(answer: &Result<T>) -> Option<RefusalReason> {
    refusal_in(answer).map(|refusal| refusal.reason)
}

/// Who knows a code, after the chain was asked.
pub(crate) enum Found<T> {
    /// This provider, which gave this answer.
    At(Arc<Target>, Result<T>),
    /// No provider that can be named; the answer of all.
    Nobody(Result<T>),
}

impl<T> Found<T> {
    /// The answer, whoever gave it.
    pub(crate) fn into_answer(self) -> Result<T> {
        match self {
            Self::At(_, answer) | Self::Nobody(answer) => answer,
        }
    }
}

impl Inner {
    /// Asks `candidates`: the provider that is remembered for the code, and unless it says yes, all in order, up to the
    /// first that says yes or knows the key. None is asked twice.
    ///
    /// One that lacks what the request `needs` is left out: a vendor without activations has none to give back.
    ///
    /// A provider without an answer makes the whole no answer, unless another one says yes.
    pub(crate) async fn ask_chain<T: Answer + Send, F>(
        &self,
        needs: Capability,
        candidates: &[Arc<Target>],
        code: &KeyCode,
        meaning: impl Fn(&Result<T>) -> Meaning + Send + Sync,
        ask: impl Fn(Arc<Target>) -> F + Send + Sync,
    ) -> Found<T>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let operation = needs.operation();
        let is_able = |target: &Arc<Target>| target.capabilities().contains(needs);
        let mut asked_first = None;
        if let Some(target) = self.memory.get(code).filter(is_able) {
            self.note_request(&target, operation, "memory");
            let answer = ask(Arc::clone(&target)).await;
            if meaning(&answer) == Meaning::Yes {
                return Found::At(target, answer);
            }
            if is_unknown(&answer) {
                self.memory.forget(code);
            }
            asked_first = Some((target, answer));
        }
        let (mut failure, mut refusal) = (None, None::<(u8, Result<T>)>);
        for target in candidates.iter().filter(|target| is_able(target)) {
            let answer = match asked_first.take_if(|(asked, _)| Arc::ptr_eq(asked, target)) {
                Some((_, answer)) => answer,
                None => {
                    self.note_request(target, operation, "chain");
                    ask(Arc::clone(target)).await
                }
            };
            match (meaning(&answer), &failure) {
                (Meaning::Yes, _) | (Meaning::Refusal, None) => {
                    self.remember(code, target);
                    return Found::At(Arc::clone(target), answer);
                }
                (Meaning::Refusal, Some(_)) => break,
                (Meaning::MayBeUnknown, _) => {
                    let weight = weight(&answer);
                    if refusal.as_ref().is_none_or(|(known, _)| weight > *known) {
                        refusal = Some((weight, answer));
                    }
                }
                (Meaning::NoAnswer, _) => failure = failure.or(answer.err()),
            }
        }
        Found::Nobody(match (failure, refusal.map(|(_, answer)| answer)) {
            (Some(error), _) => Err(error.with_hint("no other provider of the router accepted the key")),
            (None, Some(answer)) => answer.map_err(|error| error.with_provider(self.name.to_string())),
            (None, None) => Err(Error::unsupported(self.name.to_string(), needs)),
        })
    }

    /// Remembers who knows the code. A key that may be imported at any time is looked for again.
    fn remember(&self, code: &KeyCode, target: &Arc<Target>) {
        if !self.import.as_ref().is_some_and(|import| import.is_from(target)) {
            self.memory.set(code, target);
        }
    }

    /// Calls the provider among `candidates` that has recognised the code by a read, now or earlier: for what takes a
    /// seat or counts a use.
    pub(crate) async fn call_recognised<T: Answer + Send, F>(
        &self,
        operation: Operation,
        candidates: &[Arc<Target>],
        code: &KeyCode,
        call: impl Fn(Arc<Target>) -> F + Send + Sync,
    ) -> Result<T, NotCalled>
    where
        F: Future<Output = Result<T>> + Send,
    {
        if let Some(target) = self.memory.get(code) {
            self.note_request(&target, operation, "memory");
            let answer = call(target).await;
            if !is_unknown(&answer) {
                return answer.map_err(NotCalled::Failed);
            }
            self.memory.forget(code);
        }
        let read = |target: Arc<Target>| {
            let request = ValidateRequest::new(code.clone());
            async move { target.provider.validate(request).await }
        };
        match self.ask_chain(Capability::Validate, candidates, code, Meaning::of, read).await {
            Found::At(target, _) => {
                self.note_request(&target, operation, "chain");
                call(target).await.map_err(NotCalled::Failed)
            }
            Found::Nobody(Ok(validation)) => Err(NotCalled::NotRecognised(Box::new(validation))),
            Found::Nobody(Err(error)) => Err(NotCalled::Failed(error.with_operation(operation))),
        }
    }
}

/// Why a call brought nothing.
pub(crate) enum NotCalled {
    /// No provider of the chain has recognised the code: what they said.
    NotRecognised(Box<Validation>),
    /// The call, or the read before it, failed or was refused.
    Failed(Error),
}

impl NotCalled {
    /// The error of `operation`: the refusal of the read, or the failure.
    pub(crate) fn into_error(self, inner: &Inner, operation: Operation) -> Error {
        match self {
            Self::NotRecognised(validation) => match validation.into_result() {
                Err(refused) => refused.with_provider(inner.name.to_string()).with_operation(operation),
                Ok(_) => inner.error(ErrorKind::Unrecognized, operation, "no provider recognised the code"),
            },
            Self::Failed(error) => error,
        }
    }
}
