//! One kept answer.

use std::time::Duration;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{KeyCode, LicenseKey, Timestamp, Validation};

use crate::generation::{About, Generation, Generations};

/// An answer and how long it is good. The key's code is not in it: who asks again brings it along.
pub(crate) struct Entry {
    answer: Validation,
    about: About,
    generation: Generation,
    asked_at: Timestamp,
    fresh_until: Timestamp,
}

/// When a request was sent, by both measures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) generation: Generation,
    pub(crate) at: Timestamp,
}

impl Entry {
    /// Keeps `answer` for `ttl` from the moment of asking, and a yes not beyond the key's end.
    pub(crate) fn new(
        mut answer: Validation,
        code: &KeyCode,
        about: About,
        asked: Asked,
        ttl: Duration,
    ) -> Self {
        let until = asked.at.saturating_add(ttl).unwrap_or(asked.at);
        let fresh_until = valid_until(&answer).map_or(until, |end| until.min(end));
        keys(&mut answer).filter(|key| key.code == *code).for_each(|key| key.code = nothing());
        Self { answer, about, generation: asked.generation, asked_at: asked.at, fresh_until }
    }

    /// Whether it may be answered at `now`. A clock that was set back makes it useless, not immortal.
    pub(crate) fn is_fresh(&self, now: Timestamp, generations: &Generations) -> bool {
        self.asked_at <= now && now < self.fresh_until && generations.is_current(self.generation, &self.about)
    }

    /// The answer as it came, for a request that carries `code`.
    pub(crate) fn answer(&self, code: &KeyCode) -> Validation {
        let mut answer = self.answer.clone();
        let emptied = |key: &&mut LicenseKey| key.code.expose().is_empty();
        keys(&mut answer).filter(emptied).for_each(|key| key.code = code.clone());
        answer
    }
}

/// The instant from which on a yes is no longer true; `None` for a no, and when the answer tells none.
pub(crate) fn valid_until(answer: &Validation) -> Option<Timestamp> {
    if !answer.is_valid() {
        return None;
    }
    let of_activation = answer.activation.as_ref().and_then(|seat| seat.key.as_deref());
    answer.key.iter().chain(of_activation).filter_map(|key| key.expiry.at()).min()
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
    fn the_code_is_not_kept_and_comes_back_with_the_request() {
        let code = KeyCode::verbatim("PLANTED-1C285B2D");
        let other = KeyCode::verbatim("OTHER-7F3A");
        let key =
            |code: &KeyCode| LicenseKey::new("acme", "key_1".into(), code.clone(), LicenseStatus::Active);
        let mut seat = Activation::new("act_1".into(), "laptop");
        seat.key = Some(Box::new(key(&code)));
        let generations = Generations::new();
        let asked = Asked { generation: generations.current(), at: Timestamp::UNIX_EPOCH };
        let about = About::code(Tagger::new().code(&code));
        for told in [key(&code), key(&other)] {
            let answer = Validation::valid().with_key(told).with_activation(seat.clone());
            let entry = Entry::new(answer.clone(), &code, about, asked, Duration::from_secs(1));
            let kept = entry.answer.activation.as_ref().and_then(|seat| seat.key.as_ref()).unwrap();
            assert_eq!(kept.code.expose(), "");
            assert_ne!(entry.answer.key.as_ref().unwrap().code, code);
            assert_eq!(entry.answer(&code), answer);
        }
    }
}
