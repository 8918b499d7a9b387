use std::sync::Arc;

use anykey::{Error, LicenseKey, LicenseProvider};

use super::needle::Match;
use crate::context::Context;
use crate::exit::Exit;
use crate::report;
use crate::target::Target;

/// What the search at one provider came to.
#[derive(Debug)]
pub(crate) struct Searched {
    pub(crate) target: Target,
    /// `None` when it could not be built.
    pub(crate) provider: Option<Arc<dyn LicenseProvider>>,
    pub(crate) found: Vec<Found>,
    pub(crate) coverage: Coverage,
}

/// One key that matches.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) matched: Match,
    pub(crate) key: LicenseKey,
}

/// How much of a provider was searched.
#[derive(Debug)]
pub(crate) enum Coverage {
    /// Everything that could match; how.
    Searched(String),
    /// Less than that, or nothing: why.
    NotSearched(String),
    /// The search ended with an error.
    Failed(Error),
}

impl Coverage {
    /// The same, with another description of how everything was searched.
    pub(super) fn described(self, how: impl Into<String>) -> Self {
        match self {
            Self::Searched(_) => Self::Searched(how.into()),
            other => other,
        }
    }
}

impl Searched {
    /// Says on stderr how the provider was searched, or why not.
    pub(crate) fn note(&self, context: &Context) {
        let target = &self.target;
        context.note(&match &self.coverage {
            Coverage::Searched(how) => format!("searched {target}: {how}"),
            Coverage::NotSearched(why) => format!("not searched: {target}: {why}"),
            Coverage::Failed(error) => {
                format!("not searched: {}", report::library_line(error, Some(&target.to_string())))
            }
        });
    }

    /// How much the provider can do.
    pub(crate) fn abilities(&self) -> usize {
        self.provider.as_ref().map_or(0, |provider| provider.capabilities().iter().count())
    }

    /// How a search ends that found nothing here.
    pub(super) fn exit(&self) -> Exit {
        match &self.coverage {
            Coverage::Searched(_) => Exit::Refused,
            Coverage::NotSearched(_) => Exit::Unsupported,
            Coverage::Failed(error) => match Exit::of(error) {
                Exit::Refused => Exit::NoAnswer,
                other => other,
            },
        }
    }
}
