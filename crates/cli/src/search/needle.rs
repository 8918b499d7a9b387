use anykey::{KeyCode, KeyHint, LicenseKey, PastedKey};

/// What somebody looks for. `Debug` does not show it: it may be a license key.
#[derive(Clone)]
pub(crate) struct Needle {
    /// As it was typed, cleaned.
    pub(crate) code: KeyCode,
    pub(crate) form: Form,
    /// What looks wrong with it if it is a code.
    pub(crate) hints: Vec<KeyHint>,
}

/// What its text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An e-mail address. No record of a key holds one, so only vendors that can be asked for it are.
    Email,
    /// The six characters of a masked code.
    Tail,
    /// An id with a prefix, such as `lic_1`: no license key, so it may stand in an address.
    Id,
    /// A license key, or an id that looks like one.
    Any,
}

/// What of a key is the text that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Code,
    /// The code in another letter case.
    CodeInOtherCase,
    Tail,
    Id,
    Customer,
    Email,
    External,
    Order,
    Payment,
    Subscription,
    Origin,
}

const TAIL_LENGTH: usize = 6;

impl Needle {
    pub(crate) fn new(pasted: PastedKey) -> Self {
        let text = pasted.code.expose();
        let tail = text.strip_prefix("****-").filter(|tail| tail.chars().count() == TAIL_LENGTH);
        if let Some(code) = tail.and_then(|tail| KeyCode::parse(tail).ok()) {
            return Self { code, form: Form::Tail, hints: Vec::new() };
        }
        let form = Form::of(text);
        let hints = if form == Form::Any { pasted.hints } else { Vec::new() };
        Self { code: pasted.code, form, hints }
    }

    pub(crate) fn text(&self) -> &str {
        self.code.expose()
    }

    /// What of `key` it is; `None` when it is another key.
    pub(crate) fn matches(&self, key: &LicenseKey) -> Option<Match> {
        if key.code == self.code {
            return Some(Match::Code);
        }
        let text = self.text();
        let is = |word: Option<&str>| word.is_some_and(|word| word.eq_ignore_ascii_case(text));
        let origin = &key.origin;
        let parts = [
            (Match::Id, Some(key.id.as_str())),
            (Match::CodeInOtherCase, Some(key.code.expose())),
            (Match::Customer, key.customer.as_ref().map(|id| id.as_str())),
            (Match::Order, origin.order.as_deref()),
            (Match::Payment, origin.payment.as_deref()),
            (Match::Subscription, origin.subscription.as_deref()),
            (Match::Origin, origin.grant.as_deref()),
            (Match::Origin, origin.entitlement.as_deref()),
        ];
        let whole = parts.into_iter().find(|(_, word)| is(*word)).map(|(part, _)| part);
        whole.or_else(|| (self.form == Form::Tail && is(tail_of(&key.code))).then_some(Match::Tail))
    }

    /// Whether a key that matches so is the only one. A number may be the id of one and the order of others.
    pub(crate) fn is_unique(&self, matched: Match) -> bool {
        match matched {
            Match::Code => true,
            Match::Id => !self.text().bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        }
    }
}

impl std::fmt::Debug for Needle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Needle").field("form", &self.form).finish_non_exhaustive()
    }
}

/// The characters that our tables print. A short code is masked whole and has none.
fn tail_of(code: &KeyCode) -> Option<&str> {
    let text = code.expose();
    if text.chars().count() < 2 * TAIL_LENGTH {
        return None;
    }
    let (start, _) = text.char_indices().rev().nth(TAIL_LENGTH - 1)?;
    text.get(start..)
}

impl Form {
    fn of(text: &str) -> Self {
        if text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
            return Self::Email;
        }
        let is_plain = text.chars().all(|character| character.is_ascii_alphanumeric());
        if is_plain && text.len() == TAIL_LENGTH {
            return Self::Tail;
        }
        let is_prefix = |prefix: &str| {
            (2..=5).contains(&prefix.len())
                && prefix.chars().all(|character| character.is_ascii_lowercase() || character == '_')
        };
        match text.split_once('_') {
            Some((prefix, rest)) if is_prefix(prefix) && !rest.is_empty() => Self::Id,
            _ => Self::Any,
        }
    }
}

impl Match {
    /// What matched, as a word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeInOtherCase => "code in another letter case",
            Self::Tail => "last six characters",
            Self::Id => "id",
            Self::Customer => "customer",
            Self::Email => "e-mail address",
            Self::External => "external customer id",
            Self::Order => "order",
            Self::Payment => "payment",
            Self::Subscription => "subscription",
            Self::Origin => "grant",
        }
    }
}

#[cfg(test)]
mod tests {
    use anykey::LicenseStatus;

    use super::*;

    fn needle(text: &str) -> Needle {
        Needle::new(PastedKey::parse(text).unwrap())
    }

    fn key() -> LicenseKey {
        let code = KeyCode::parse("EDITOR-1C285B2D-76cc66").unwrap();
        let mut key = LicenseKey::new("acme", "lic_1".into(), code, LicenseStatus::Active);
        key.customer = Some("cus_1".into());
        key.origin.order = Some("ord-7".into());
        key
    }

    #[test]
    fn the_form_says_what_may_be_sent_where() {
        assert_eq!(needle("ada@example.com").form, Form::Email);
        assert_eq!(needle("****-76cc66").form, Form::Tail);
        assert_eq!(needle("76cc66").form, Form::Tail);
        assert_eq!(needle("lic_f7PONdquEgO9lRC3e9ilY").form, Form::Id);
        assert_eq!(needle("EDITOR-1C285B2D-76cc66").form, Form::Any);
        assert_eq!(needle("05b8abe2-6dd3-4ee7-92f6-436ac376cc66").form, Form::Any);
        assert_eq!(needle("MYAPP_1C28").form, Form::Any, "a code of the seller's own");
    }

    #[test]
    fn what_matched_is_named() {
        let matched = |text: &str| needle(text).matches(&key()).map(Match::word);
        assert_eq!(matched("EDITOR-1C285B2D-76cc66"), Some("code"));
        assert_eq!(matched("editor-1c285b2d-76CC66"), Some("code in another letter case"));
        assert_eq!(matched("****-76cc66"), Some("last six characters"));
        assert_eq!(matched("lic_1"), Some("id"));
        assert_eq!(matched("cus_1"), Some("customer"));
        assert_eq!(matched("ord-7"), Some("order"));
        assert_eq!(matched("285B2D"), None);
    }

    #[test]
    fn a_code_that_is_masked_whole_has_no_last_characters() {
        let mut short = key();
        short.code = KeyCode::parse("AB-76cc66").unwrap();
        assert_eq!(needle("76cc66").matches(&short), None);
    }
}
