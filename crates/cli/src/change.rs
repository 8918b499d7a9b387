//! Operations that change something: shown instead of sent, confirmed, then sent.

use std::sync::Arc;

use anykey::{KeyCode, LicenseProvider};

use crate::args::ChangeArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::target::Target;

mod confirm;
mod each;
mod preview;
mod recorder;
mod rest;

#[cfg(feature = "migrate")]
pub(crate) use confirm::ask_for;
pub(crate) use confirm::{ask_line, confirm, is_agreed};
pub(crate) use each::{Step, is_everybodys};
pub(crate) use preview::Preview;

/// A change that the user asks for.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    context: &'a Context,
    target: Target,
    options: ChangeArgs,
    /// What it does, as an order: "disable the key lic_1".
    action: String,
    takes_away: bool,
    secrets: Vec<KeyCode>,
}

impl<'a> Change<'a> {
    /// A change that takes nothing away from a customer: it is sent without a question.
    pub(crate) fn harmless(
        context: &'a Context,
        options: ChangeArgs,
        action: String,
    ) -> Result<Self, Failure> {
        let target = context.target()?;
        Ok(Self { context, target, options, action, takes_away: false, secrets: Vec::new() })
    }

    /// A change that may cut a customer off: on live keys it is confirmed first.
    pub(crate) fn taking_away(
        context: &'a Context,
        options: ChangeArgs,
        action: String,
    ) -> Result<Self, Failure> {
        Ok(Self { takes_away: true, ..Self::harmless(context, options, action)? })
    }

    /// Masks `code` where the request is shown.
    pub(crate) fn masking(mut self, code: &KeyCode) -> Self {
        self.secrets.push(code.clone());
        self
    }

    /// Sends `operation`, unless it is only to be shown: then the result is `None`.
    pub(crate) async fn run<T, O, F>(self, operation: O) -> Result<Option<T>, Failure>
    where
        O: FnOnce(Arc<dyn LicenseProvider>) -> F + Send,
        F: Future<Output = anykey::Result<T>> + Send,
        T: Send,
    {
        if self.options.dry_run {
            let mut preview = Preview::new(self.context, &self.target, &self.action, &self.secrets);
            preview.add(operation).await?;
            preview.print()?;
            return Ok(None);
        }
        let opened = self.confirmed().await?;
        Ok(Some(operation(opened).await?))
    }

    /// The provider, after the user agreed.
    pub(crate) async fn confirmed(&self) -> Result<Arc<dyn LicenseProvider>, Failure> {
        let opened = self.target.open()?;
        if self.takes_away {
            confirm(self.context, self.options, &self.target, &self.action).await?;
        }
        Ok(opened)
    }

    /// What shows the change instead of sending it, when that is wanted.
    pub(crate) fn preview(&self) -> Option<Preview<'_>> {
        let wanted = self.options.dry_run;
        wanted.then(|| Preview::new(self.context, &self.target, &self.action, &self.secrets))
    }
}
