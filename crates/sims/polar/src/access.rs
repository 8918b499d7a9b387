//! Creating tokens of sellers, team members and customers.

use anykey_core::Timestamp;
use uuid::Uuid;

use super::error::SimError;
use super::options::Scope;
use super::server::PolarSim;
use super::state::State;
use super::tokens::{SESSION_SECONDS, Subject};

/// Tokens.
impl PolarSim {
    /// Creates an organization access token, which does not expire.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownOrganization`]
    pub fn organization_token(
        &self,
        organization: Uuid,
        scopes: impl IntoIterator<Item = Scope>,
    ) -> Result<String, SimError> {
        let mut state = self.state();
        state.organizations.get(&organization).ok_or(SimError::UnknownOrganization)?;
        Ok(state.issue(Subject::Organization(organization), scopes.into_iter().collect(), None))
    }

    /// Creates a personal access token of a team member of `organizations`, who may change products and keys only if
    /// `manages_products`.
    pub fn personal_token(
        &self,
        organizations: impl IntoIterator<Item = Uuid>,
        scopes: impl IntoIterator<Item = Scope>,
        manages_products: bool,
    ) -> String {
        let mut state = self.state();
        let id = state.ids.uuid();
        let organizations = organizations.into_iter().collect();
        state.issue(Subject::User { id, organizations, manages_products }, scopes.into_iter().collect(), None)
    }

    /// Creates a customer session for the portal, which expires after an hour.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownCustomer`]
    pub fn customer_session(&self, customer: Uuid) -> Result<String, SimError> {
        let mut state = self.state();
        state.live_customer(customer).ok_or(SimError::UnknownCustomer)?;
        Ok(state.issue_session(Subject::Customer(customer)))
    }

    /// Creates a member session for the portal, which expires after an hour and shows only the keys granted to that
    /// member.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownMember`]
    pub fn member_session(&self, member: Uuid) -> Result<String, SimError> {
        let mut state = self.state();
        state.members.get(&member).ok_or(SimError::UnknownMember)?;
        Ok(state.issue_session(Subject::Member(member)))
    }

    /// Sets when a token expires.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownToken`]
    pub fn expire_token(&self, token: &str, at: Timestamp) -> Result<(), SimError> {
        self.state().tokens.get_mut(token).ok_or(SimError::UnknownToken)?.expires_at = Some(at.into());
        Ok(())
    }

    /// Revokes a token, so that it is unknown.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownToken`]
    pub fn revoke_token(&self, token: &str) -> Result<(), SimError> {
        if self.state().tokens.remove(token) { Ok(()) } else { Err(SimError::UnknownToken) }
    }
}

impl State {
    /// Creates a token for the portal: for an hour, with the write scope.
    fn issue_session(&mut self, subject: Subject) -> String {
        let expires_at = self.now().plus_seconds(SESSION_SECONDS);
        self.issue(subject, vec![Scope::CustomerPortalWrite], Some(expires_at))
    }
}
