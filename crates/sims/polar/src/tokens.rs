//! Access tokens, their subjects and scopes.

use std::collections::HashMap;

use uuid::Uuid;

use super::moment::Moment;
use super::options::Scope;

/// The lifetime of a customer or member session, in seconds.
pub(super) const SESSION_SECONDS: i64 = 3_600;

/// All tokens by their text. The vendor stores hashes, which makes no difference to clients.
#[derive(Default)]
pub(super) struct Tokens(HashMap<String, Token>);

/// A token. Without an expiry it is valid until it is revoked.
pub(super) struct Token {
    pub(super) subject: Subject,
    pub(super) scopes: Vec<Scope>,
    pub(super) expires_at: Option<Moment>,
}

/// The subject of a token.
#[derive(Clone)]
pub(super) enum Subject {
    Organization(Uuid),
    User { id: Uuid, organizations: Vec<Uuid>, manages_products: bool },
    Customer(Uuid),
    Member(Uuid),
}

/// The authenticated caller of a request.
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
    /// The organizations that this subject can access; `None` for a customer or member.
    pub(super) fn organizations(&self) -> Option<&[Uuid]> {
        match self {
            Self::Organization(id) => Some(std::slice::from_ref(id)),
            Self::User { organizations, .. } => Some(organizations),
            Self::Customer(_) | Self::Member(_) => None,
        }
    }
}
