//! Importing a key when its customer next activates.
//!
//! Nothing is kept here about what was imported: the target's own records say it. So a request without an answer,
//! another process, or the end of this one leaves nothing to repair.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, Capability, Error, ErrorKind, Expiry, KeyCode, LicenseKey, LicenseStatus,
    Operation, RefusalReason, Result, ValidateRequest, Validation,
};
use anykey_mapping::Wanted;

use crate::chain::{Found, Meaning, NotCalled, is_unknown, reason};
use crate::import_settings::Import;
use crate::inner::Inner;
use crate::target::Target;

/// How often a key is created whose request had no answer and that is not there.
const ATTEMPTS: u32 = 2;

/// What became of an import.
enum Outcome {
    /// The target has the key.
    AtTarget,
    /// The source stays in force, for this reason.
    Stays(String),
    /// It is not known whether the target has the key.
    NoAnswer(Error),
}

impl Inner {
    /// Activates a code that may have to be imported first. `candidates` begin with the target.
    pub(crate) async fn activate_importing(
        &self,
        import: &Import,
        candidates: &[Arc<Target>],
        request: ActivateRequest,
    ) -> Result<Activation, NotCalled> {
        const OPERATION: Operation = Operation::Activate;
        let activate = |target: Arc<Target>, chosen_by| {
            let request = request.clone();
            async move {
                self.note_request(&target, OPERATION, chosen_by);
                target.activate(request).await
            }
        };
        if let Some(known) = self.memory.get(&request.code) {
            let answer = activate(known, "memory").await;
            if !is_unknown(&answer) {
                return answer.map_err(NotCalled::Failed);
            }
            self.memory.forget(&request.code);
        }
        let one_at_a_time = import.locks.of(&request.code).await;
        let (found, target_answered) = self.look_for(import, candidates, &request.code).await;
        let (provider, answer) = match found {
            Found::At(provider, answer) => (provider, answer),
            Found::Nobody(Ok(validation)) => return Err(NotCalled::NotRecognised(Box::new(validation))),
            Found::Nobody(Err(error)) => return Err(NotCalled::Failed(error.with_operation(OPERATION))),
        };
        let accepted = answer.ok().filter(|validation| import.is_from(&provider) && validation.is_valid());
        let Some(validation) = accepted else {
            return activate(provider, "chain").await.map_err(NotCalled::Failed);
        };
        let outcome = match target_answered {
            true => self.import(import, &provider, &request.code, validation).await,
            false => Outcome::Stays("the target does not answer".to_owned()),
        };
        drop(one_at_a_time);
        let failure = match outcome {
            Outcome::AtTarget => {
                let answer = activate(Arc::clone(&import.target), "import").await;
                if !is_unknown(&answer) {
                    self.memory.set(&request.code, &import.target);
                    return answer.map_err(NotCalled::Failed);
                }
                None
            }
            Outcome::Stays(why) => {
                self.note_not_imported(&provider, &why);
                None
            }
            Outcome::NoAnswer(error) => {
                self.note_not_imported(&provider, error.message());
                Some(error)
            }
        };
        let answer = activate(provider, "chain").await;
        // A seat may be free at the target, so a refusal of the source is none of all.
        match (answer, failure) {
            (Ok(activation), _) => Ok(activation),
            (Err(_), Some(failure)) => Err(NotCalled::Failed(failure.with_operation(OPERATION))),
            (Err(error), None) => Err(NotCalled::Failed(error)),
        }
    }

    /// Who knows the code, by a read, and whether the target said anything about it.
    pub(crate) async fn look_for(
        &self,
        import: &Import,
        candidates: &[Arc<Target>],
        code: &KeyCode,
    ) -> (Found<Validation>, bool) {
        let target_answered = AtomicBool::new(true);
        let read = |provider: Arc<Target>| {
            let (request, target_answered) = (ValidateRequest::new(code.clone()), &target_answered);
            async move {
                let answer = provider.provider.validate(request).await;
                if Arc::ptr_eq(&provider, &import.target) && Meaning::of(&answer) == Meaning::NoAnswer {
                    target_answered.store(false, Ordering::Relaxed);
                }
                answer
            }
        };
        let found = self.ask_chain(Capability::Validate, candidates, code, Meaning::of, read).await;
        let target_answered = target_answered.load(Ordering::Relaxed);
        (found, target_answered)
    }

    /// Creates the key at the target as `validation`, the source's yes, describes it.
    async fn import(
        &self,
        import: &Import,
        source: &Target,
        code: &KeyCode,
        validation: Validation,
    ) -> Outcome {
        let wanted = match wanted(import, code, validation) {
            Ok(wanted) => wanted,
            Err(why) => return Outcome::Stays(why),
        };
        let outcome = self.create_at_target(import, code, &wanted).await;
        if matches!(outcome, Outcome::AtTarget) {
            tracing::info!(
                router = &*self.name,
                source = source.name(),
                target = import.target.name(),
                "imported a key"
            );
        }
        outcome
    }

    /// Creates the key. When the answer is lost, or says that there is such a code, the target is asked what it has.
    async fn create_at_target(&self, import: &Import, code: &KeyCode, wanted: &Wanted) -> Outcome {
        let target = &import.target;
        let mut lost = None;
        for _ in 0..ATTEMPTS {
            self.note_request(target, Operation::Create, "import");
            let error = match target.provider.create(wanted.request.clone()).await {
                Ok(_) => return Outcome::AtTarget,
                Err(error) => error,
            };
            let exists = error.kind() == ErrorKind::Conflict;
            if !exists && !error.may_have_taken_effect() {
                let passes = error.is_transient();
                let why = || format!("the target refuses to create it: {}", error.message());
                return if passes { Outcome::NoAnswer(error) } else { Outcome::Stays(why()) };
            }
            self.note_request(target, Operation::Validate, "import");
            let answer = target.provider.validate(ValidateRequest::new(code.clone())).await;
            match Meaning::of(&answer) {
                Meaning::NoAnswer => return Outcome::NoAnswer(error),
                Meaning::Yes | Meaning::Refusal => return compared(wanted, answer.ok()),
                // It has the code and does not accept it, and cannot say why here. An activation can.
                Meaning::MayBeUnknown if exists && reason(&answer) == Some(RefusalReason::Unspecified) => {
                    return Outcome::AtTarget;
                }
                Meaning::MayBeUnknown if exists => return conflict(),
                Meaning::MayBeUnknown => lost = Some(error),
            }
        }
        lost.map_or_else(conflict, Outcome::NoAnswer)
    }

    /// Says in the trace why a key stays where it is.
    fn note_not_imported(&self, source: &Target, why: &str) {
        tracing::warn!(router = &*self.name, source = source.name(), why, "a key was not imported");
    }
}

/// What the key is to be at the target, from the source's yes.
///
/// # Errors
///
/// Why it stays where it is.
pub(crate) fn wanted(import: &Import, code: &KeyCode, validation: Validation) -> Result<Wanted, String> {
    let answered_at = validation.answered_at;
    let Some(key) = validation.key else {
        return Err("the source does not return the key with its answer".to_owned());
    };
    // With the customer's spelling there would be a key for each spelling, with the source's the customer's would be
    // unknown.
    if key.code != *code {
        return Err("the source spells its code in another way than the customer".to_owned());
    }
    let has_ended = match (key.expiry, answered_at) {
        (Expiry::At(end), Some(now)) => end <= now,
        (Expiry::At(_), None) => {
            return Err("the source names no time, so that its end may be past already".to_owned());
        }
        _ => false,
    };
    if has_ended || key.status == LicenseStatus::Expired {
        return Err("the source accepts it after its end, which the target would not".to_owned());
    }
    if is_metered(&key) {
        return Err("it has a limit of uses, whose count would begin again".to_owned());
    }
    import.mapping.wanted(&key, import.target.capabilities()).map_err(|reason| reason.to_string())
}

/// Whether its uses are counted against a limit.
fn is_metered(key: &LicenseKey) -> bool {
    key.usage.is_some_and(|usage| usage.limit.is_some())
}

/// Whether what the target has is the key that was to be created.
fn compared(wanted: &Wanted, found: Option<Validation>) -> Outcome {
    match found.and_then(|validation| validation.key) {
        Some(key) if !wanted.is_met_by(&key) => conflict(),
        _ => Outcome::AtTarget,
    }
}

fn conflict() -> Outcome {
    Outcome::Stays("the target has its code with other data".to_owned())
}
