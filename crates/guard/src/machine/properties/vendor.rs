//! A model of a vendor, as far as the rules about seats depend on it.

use std::collections::BTreeMap;

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _};
use anykey_core::{
    Activation, ActivationId, Error, ErrorKind, InstallationMark, KeyCode, Refusal, RefusalReason, Result,
    Timestamp, Validation,
};

/// The fault of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The request is not sent.
    Down,
    /// The request takes effect, and the answer is lost.
    AnswerLost,
    /// The request is lost in transit, so that the client cannot know whether it took effect.
    RequestLost,
    /// The vendor refuses by mistake.
    WrongRefusal,
}

/// A key, and the seats that the vendor counts for it.
#[derive(Clone, Debug)]
struct Key {
    code: KeyCode,
    refused: Option<RefusalReason>,
    seats: BTreeMap<String, (String, Timestamp)>,
}

#[derive(Debug)]
pub(super) struct Vendor {
    keys: Vec<Key>,
    pub(super) limit: usize,
    pub(super) can_list: bool,
    pub(super) refusals: usize,
    counter: u64,
    rotated: Vec<KeyCode>,
}

impl Vendor {
    pub(super) fn new(can_list: bool) -> Self {
        Self { keys: Vec::new(), limit: 3, can_list, refusals: 0, counter: 0, rotated: Vec::new() }
    }

    /// Sells `code`, or makes it valid again. A code that was replaced by a rotation is never reused.
    pub(super) fn sell(&mut self, code: &str) {
        if self.rotated.iter().any(|rotated| rotated.expose() == code) {
            return;
        }
        match self.key(&KeyCode::verbatim(code)) {
            Some(key) => key.refused = None,
            None => {
                self.keys.push(Key { code: KeyCode::verbatim(code), refused: None, seats: BTreeMap::new() })
            }
        }
    }

    pub(super) fn refuse(&mut self, reason: Option<RefusalReason>) {
        self.keys.iter_mut().for_each(|key| key.refused = reason);
    }

    /// Gives the first key another code.
    pub(super) fn rotate(&mut self) {
        self.counter += 1;
        let code = KeyCode::verbatim(format!("R{}", self.counter));
        if let Some(key) = self.keys.first_mut() {
            self.rotated.push(std::mem::replace(&mut key.code, code));
        }
    }

    /// The current code of the first key.
    pub(super) fn first_code(&self) -> Option<KeyCode> {
        self.keys.first().map(|key| key.code.clone())
    }

    /// All seats: key code and activation id.
    pub(super) fn seats(&self) -> Vec<(KeyCode, ActivationId)> {
        let of_key = |key: &Key| {
            let code = key.code.clone();
            key.seats.keys().map(move |id| (code.clone(), ActivationId::from(id.clone()))).collect::<Vec<_>>()
        };
        self.keys.iter().flat_map(of_key).collect()
    }

    pub(super) fn validate(
        &mut self,
        code: &KeyCode,
        activation: Option<&ActivationId>,
        fault: Fault,
    ) -> Result<Validation> {
        match fault {
            Fault::None => {}
            Fault::WrongRefusal => return Ok(self.refuse_validation(RefusalReason::UnknownKey)),
            _ => return Err(lost(false)),
        }
        let refused = match self.key(code) {
            None => Some(RefusalReason::UnknownKey),
            Some(key) => key.refused.or_else(|| {
                let is_known = |id: &ActivationId| key.seats.contains_key(id.as_str());
                activation.filter(|id| !is_known(id)).map(|_| RefusalReason::UnknownActivation)
            }),
        };
        Ok(refused.map_or_else(Validation::valid, |reason| self.refuse_validation(reason)))
    }

    pub(super) fn list(&mut self, code: &KeyCode, fault: Fault) -> Result<Option<Vec<Activation>>> {
        if fault != Fault::None {
            return Err(lost(false));
        }
        if !self.can_list {
            return Ok(None);
        }
        let Some(key) = self.key(code) else { return Ok(None) };
        let activation = |(id, (label, at)): (&String, &(String, Timestamp))| {
            let mut activation = Activation::new(id.clone().into(), label.clone());
            activation.created_at = Some(*at);
            activation
        };
        Ok(Some(key.seats.iter().map(activation).collect()))
    }

    pub(super) fn activate(
        &mut self,
        code: &KeyCode,
        label: &str,
        now: Timestamp,
        fault: Fault,
    ) -> Result<Activation> {
        match fault {
            Fault::Down => return Err(lost(false)),
            Fault::RequestLost => return Err(lost(true)),
            _ => {}
        }
        self.counter += 1;
        let (id, limit) = (format!("act_{:06}", self.counter), self.limit);
        let refused = match self.key(code) {
            None => Some(RefusalReason::UnknownKey),
            Some(key) if key.refused.is_some() => key.refused,
            Some(key) if key.seats.len() >= limit => Some(RefusalReason::ActivationLimitReached),
            Some(key) => {
                key.seats.insert(id.clone(), (label.to_owned(), now));
                None
            }
        };
        match (fault, refused) {
            (Fault::AnswerLost, _) => Err(lost(true)),
            (_, Some(reason)) => {
                self.refusals += 1;
                Err(Error::refused(Refusal::new(reason)))
            }
            (_, None) => {
                let mut activation = Activation::new(id.into(), label);
                activation.created_at = Some(now);
                Ok(activation)
            }
        }
    }

    pub(super) fn deactivate(
        &mut self,
        code: &KeyCode,
        activation: &ActivationId,
        fault: Fault,
    ) -> Result<()> {
        if matches!(fault, Fault::Down | Fault::RequestLost) {
            return Err(lost(fault == Fault::RequestLost));
        }
        let refused = match self.key(code).map(|key| key.seats.remove(activation.as_str())) {
            None => Some(RefusalReason::UnknownKey),
            Some(None) => Some(RefusalReason::UnknownActivation),
            Some(Some(_)) => None,
        };
        match (fault, refused) {
            (Fault::AnswerLost, _) => Err(lost(true)),
            (_, Some(reason)) => Err(Error::refused(Refusal::new(reason))),
            (_, None) => Ok(()),
        }
    }

    fn key(&mut self, code: &KeyCode) -> Option<&mut Key> {
        self.keys.iter_mut().find(|key| key.code == *code)
    }

    fn refuse_validation(&mut self, reason: RefusalReason) -> Validation {
        self.refusals += 1;
        Validation::refused(Refusal::new(reason))
    }
}

fn lost(may_have_taken_effect: bool) -> Error {
    Error::new(ErrorKind::Timeout, "lost").with_may_have_taken_effect(may_have_taken_effect)
}

pub(super) const MARK: InstallationMark = InstallationMark::from_digest([7; 6]);
