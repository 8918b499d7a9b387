//! Creating tokens, and authenticating requests.
//!
//! A token has the prefix of its subject: `polar_oat_` (organization), `polar_pat_` (user), `polar_cst_` (customer),
//! `polar_mst_` (member).

use super::moment::Moment;
use super::options::{RateGroup, Scope};
use super::state::State;
use super::tokens::{Caller, Subject, Token};

impl State {
    /// Creates a token for `subject`.
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

    /// The caller with this token; `None` if the token is unknown, expired or revoked, or its subject was deleted.
    pub(super) fn caller(&self, token: &str) -> Option<Caller> {
        let token = self.tokens.get(token)?;
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

    /// The identity for which requests are counted, and its rate group.
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
