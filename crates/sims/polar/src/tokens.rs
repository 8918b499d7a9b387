//! Access tokens: who a bearer is and what it may do.

use std::collections::HashMap;

use uuid::Uuid;

use super::moment::Moment;
use super::options::Scope;

/// How long a customer or member session lives, in seconds.
pub(super) const SESSION_SECONDS: i64 = 3_600;

/// All tokens by their text. The vendor keeps hashes, which makes no difference to a client.
#[derive(Default)]
pub(super) struct Tokens(HashMap<String, Token>);

/// A token; without an end it lasts until it is revoked.
pub(super) struct Token {
    pub(super) subject: Subject,
    pub(super) scopes: Vec<Scope>,
    pub(super) expires_at: Option<Moment>,
}

/// Whom a token stands for.
#[derive(Clone)]
pub(super) enum Subject {
    Organization(Uuid),
    User { id: Uuid, organizations: Vec<Uuid>, manages_products: bool },
    Customer(Uuid),
    Member(Uuid),
}

/// Who sends a request, once the token was found good.
pub(super) struct Caller {
    pub(super) subject: Subject,
    pub(super) scopes: Vec<Scope>,
}

impl Tokens {
    pub(super) fn add(&mut self, text: String, token: Token) {
        self.0.insert(text, token);
    }

    pub(super) fn remove(&mut self, text: &str) -> bool {
        self.0.remove(text).is_some()
    }

    pub(super) fn get(&self, text: &str) -> Option<&Token> {
        self.0.get(text)
    }

    pub(super) fn get_mut(&mut self, text: &str) -> Option<&mut Token> {
        self.0.get_mut(text)
    }
}

impl Subject {
    /// The organizations whose keys this subject may see; `None` if it is of another kind.
    pub(super) fn organizations(&self) -> Option<&[Uuid]> {
        match self {
            Self::Organization(id) => Some(std::slice::from_ref(id)),
            Self::User { organizations, .. } => Some(organizations),
            Self::Customer(_) | Self::Member(_) => None,
        }
    }
}

/// The token of an `Authorization` header; `None` if the header counts as absent.
pub(super) fn bearer(header: Option<&http::HeaderValue>) -> Option<&str> {
    let (scheme, token) = header?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
