use std::process::ExitCode;

use anykey::{Error, ErrorKind};

/// How a command ended. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; for `validate`: the key is good.
    Done,
    /// The vendor refuses, in its own words.
    Refused,
    /// The command line, the configuration or the credential is wrong.
    Usage,
    /// There is no answer of the vendor.
    NoAnswer,
    /// The vendor, or this credential, cannot do it.
    Unsupported,
    /// Ctrl-C.
    Interrupted,
}

/// The exit of every kind of error: the only place that decides it.
///
/// A status code has no say: an adapter reports the first three kinds only for an answer in the vendor's own words, and
/// [`ErrorKind::Unrecognized`] for anything else.
const BY_KIND: &[(ErrorKind, Exit)] = &[
    (ErrorKind::Refused, Exit::Refused),
    (ErrorKind::NotFound, Exit::Refused),
    (ErrorKind::Conflict, Exit::Refused),
    (ErrorKind::InvalidRequest, Exit::Usage),
    (ErrorKind::Unauthenticated, Exit::Usage),
    (ErrorKind::PermissionDenied, Exit::Usage),
    (ErrorKind::Config, Exit::Usage),
    (ErrorKind::RateLimited, Exit::NoAnswer),
    (ErrorKind::Unavailable, Exit::NoAnswer),
    (ErrorKind::Timeout, Exit::NoAnswer),
    (ErrorKind::Transport, Exit::NoAnswer),
    (ErrorKind::Decode, Exit::NoAnswer),
    (ErrorKind::Unrecognized, Exit::NoAnswer),
    (ErrorKind::Unsupported, Exit::Unsupported),
];

impl Exit {
    /// What an error of the library means to a script. A kind that is missing in the table is no answer: it must not
    /// look like a refusal.
    pub(crate) fn of(error: &Error) -> Self {
        let entry = BY_KIND.iter().find(|(kind, _)| *kind == error.kind());
        entry.map_or(Self::NoAnswer, |(_, exit)| *exit)
    }

    /// How a command ends whose parts ended differently: what says least about the others comes first. `None` if all
    /// are done.
    pub(crate) fn most_serious(exits: &[Self]) -> Option<Self> {
        let order = [Self::Interrupted, Self::NoAnswer, Self::Usage, Self::Unsupported, Self::Refused];
        order.into_iter().find(|exit| exits.contains(exit))
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::NoAnswer => 3,
            Exit::Unsupported => 4,
            Exit::Interrupted => 130,
        })
    }
}

#[cfg(test)]
mod tests {
    use anykey::adapter::ErrorExt as _;

    use super::*;

    /// Every kind, read from the list of known words that the error of an unknown one reports.
    fn every_kind() -> Vec<ErrorKind> {
        let error = "no such kind".parse::<ErrorKind>().unwrap_err();
        let (_, known) = error.message().split_once("known are: ").unwrap();
        known.split(", ").map(|word| word.parse().unwrap()).collect()
    }

    #[test]
    fn every_kind_has_one_exit() {
        let kinds = every_kind();
        assert_eq!(kinds.len(), BY_KIND.len());
        for kind in kinds {
            assert_eq!(BY_KIND.iter().filter(|(known, _)| *known == kind).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn no_status_makes_a_refusal_of_another_kind() {
        let refusals = [ErrorKind::Refused, ErrorKind::NotFound, ErrorKind::Conflict];
        for kind in every_kind().into_iter().filter(|kind| !refusals.contains(kind)) {
            for status in 100..600 {
                let exit = Exit::of(&Error::new(kind, "x").with_status(status));
                assert_ne!(exit, Exit::Refused, "{kind:?} {status}");
            }
        }
    }
}
