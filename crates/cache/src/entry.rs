//! One cached answer.

use std::time::Duration;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{KeyCode, LicenseKey, Timestamp, Validation};

use crate::generation::{About, Generation, Generations};

/// An answer with its expiry. It does not contain the key's code, which every request contains.
pub(crate) struct Entry {
    answer: Validation,
    about: About,
    generation: Generation,
    sent_at: Timestamp,
    fresh_until: Timestamp,
}

/// When a request was sent: the generation and the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) generation: Generation,
    pub(crate) at: Timestamp,
}

impl Entry {
    /// An entry for `answer` that is fresh for `ttl` after the request was sent, and not after the key's expiry or the
    /// end of the seat.
    pub(crate) fn new(
        mut answer: Validation,
        code: &KeyCode,
        about: About,
        sent: Sent,
        ttl: Duration,
    ) -> Self {
        let until = sent.at.saturating_add(ttl).unwrap_or(sent.at);
        let fresh_until = valid_until(&answer).map_or(until, |end| until.min(end));
        keys(&mut answer).filter(|key| key.code == *code).for_each(|key| key.code = nothing());
        Self { answer, about, generation: sent.generation, sent_at: sent.at, fresh_until }
    }

    /// Whether the entry may be used at `now`. It is not used after the clock was set back.
    pub(crate) fn is_fresh(&self, now: Timestamp, generations: &Generations) -> bool {
        self.sent_at <= now && now < self.fresh_until && generations.is_current(self.generation, &self.about)
    }

    /// Whether the request was sent less than `longest` before `now`.
    pub(crate) fn is_younger(&self, longest: Duration, now: Timestamp) -> bool {
        self.sent_at.saturating_add(longest).is_ok_and(|until| now < until)
    }

    /// What the answer is about.
    pub(crate) const fn about(&self) -> About {
        self.about
    }

    /// The answer without the code of the request.
    pub(crate) const fn stripped(&self) -> &Validation {
        &self.answer
    }

    /// The original answer, for a request with `code`.
    pub(crate) fn answer(&self, code: &KeyCode) -> Validation {
        let mut answer = self.answer.clone();
        let emptied = |key: &&mut LicenseKey| key.code.expose().is_empty();
        keys(&mut answer).filter(emptied).for_each(|key| key.code = code.clone());
        answer
    }
}

/// Until when a valid answer holds: the expiry of the key, or the end of the seat if that is earlier. `None` for a
/// refusal, and when the answer contains neither.
pub(crate) fn valid_until(answer: &Validation) -> Option<Timestamp> {
    if !answer.is_valid() {
        return None;
    }
    let of_activation = answer.activation.as_ref().and_then(|seat| seat.key.as_deref());
    let seat_ends = answer.activation.as_ref().and_then(|seat| seat.expires_at);
    answer.key.iter().chain(of_activation).filter_map(|key| key.expiry.at()).chain(seat_ends).min()
}

fn keys(answer: &mut Validation) -> impl Iterator<Item = &mut LicenseKey> {
    let of_activation = answer.activation.as_mut().and_then(|seat| seat.key.as_deref_mut());
    answer.key.iter_mut().chain(of_activation)
}

fn nothing() -> KeyCode {
    KeyCode::verbatim(String::new())
}

#[cfg(test)]
mod tests {
    use anykey_core::{Activation, LicenseStatus};

    use super::*;
    use crate::tag::Tagger;

    #[test]
    fn the_code_is_not_stored_and_is_restored_from_the_request() {
        let code = KeyCode::verbatim("PLANTED-1C285B2D");
        let other = KeyCode::verbatim("OTHER-7F3A");
        let key =
            |code: &KeyCode| LicenseKey::new("acme", "key_1".into(), code.clone(), LicenseStatus::Active);
        let mut seat = Activation::new("act_1".into(), "laptop");
        seat.key = Some(Box::new(key(&code)));
        let generations = Generations::new();
        let sent = Sent { generation: generations.current(), at: Timestamp::UNIX_EPOCH };
        let about = About::code(Tagger::new().code(&code));
        for key in [key(&code), key(&other)] {
            let answer = Validation::valid().with_key(key).with_activation(seat.clone());
            let entry = Entry::new(answer.clone(), &code, about, sent, Duration::from_secs(1));
            let kept = entry.answer.activation.as_ref().and_then(|seat| seat.key.as_ref()).unwrap();
            assert_eq!(kept.code.expose(), "");
            assert_ne!(entry.answer.key.as_ref().unwrap().code, code);
            assert_eq!(entry.answer(&code), answer);
        }
    }
}
