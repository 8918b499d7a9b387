//! Access tokens: who a bearer is and what it may do.

use std::collections::HashMap;

use uuid::Uuid;

use super::moment::Moment;
use super::options::{RateGroup, Scope};
use super::state::State;

/// How long a customer or member session lives, in seconds.
pub(super) const SESSION_SECONDS: i64 = 3_600;

/// All tokens by their text. The vendor keeps hashes; nobody can tell.
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

    pub(super) fn get_mut(&mut self, text: &str) -> Option<&mut Token> {
        self.0.get_mut(text)
    }
}

impl State {
    /// Makes a token for `subject`.
    pub(super) fn issue(
        &mut self,
        subject: Subject,
        scopes: Vec<Scope>,
        expires_at: Option<Moment>,
    ) -> String {
        let text = self.ids.token(match subject {
            Subject::Organization(_) => "polar_oat_",
            Subject::User { .. } => "polar_pat_",
            Subject::Customer(_) => "polar_cst_",
            Subject::Member(_) => "polar_mst_",
        });
        self.tokens.add(text.clone(), Token { subject, scopes, expires_at });
        text
    }

    /// The caller behind a token; `None` if the token is unknown, expired, revoked or its subject
    /// is gone.
    pub(super) fn caller(&self, token: &str) -> Option<Caller> {
        let token = self.tokens.0.get(token)?;
        if token.expires_at.is_some_and(|end| self.now() >= end) || !self.can_authenticate(&token.subject) {
            return None;
        }
        Some(Caller { subject: token.subject.clone(), scopes: token.scopes.clone() })
    }

    /// Whether the subject still exists and is not blocked.
    fn can_authenticate(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Organization(id) => {
                self.organizations.get(id).is_some_and(|organization| !organization.blocked)
            }
            Subject::User { .. } => true,
            Subject::Customer(id) => self.live_customer(*id).is_some(),
            Subject::Member(id) => {
                self.members.get(id).is_some_and(|member| self.live_customer(member.customer_id).is_some())
            }
        }
    }

    /// Whose requests are counted together, and by which rule.
    pub(super) fn rate_identity(&self, subject: &Subject) -> (String, RateGroup) {
        match subject {
            Subject::Organization(id) => {
                let group = self.organizations.get(id).map(|organization| organization.rate_group);
                (format!("organization:{id}"), group.unwrap_or_default())
            }
            Subject::User { id, .. } => (format!("user:{id}"), RateGroup::Default),
            Subject::Customer(id) => (format!("customer:{id}"), RateGroup::Default),
            Subject::Member(id) => (format!("member:{id}"), RateGroup::Default),
        }
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
