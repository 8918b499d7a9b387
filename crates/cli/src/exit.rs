use std::process::ExitCode;

use anykey::{Error, ErrorKind};

/// How a command ended. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; for `validate`: the key is good.
    Done,
    /// The vendor says no.
    Refused,
    /// The command line, the configuration or the credential is wrong.
    Usage,
    /// There is no answer.
    NoAnswer,
    /// The vendor, or this credential, cannot do it.
    Unsupported,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// What an error of the library means to a script.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Refused | ErrorKind::NotFound | ErrorKind::Conflict => Self::Refused,
            ErrorKind::InvalidRequest if error.http_status().is_some() => Self::Refused,
            ErrorKind::InvalidRequest
            | ErrorKind::Config
            | ErrorKind::Unauthenticated
            | ErrorKind::PermissionDenied => Self::Usage,
            ErrorKind::Unsupported => Self::Unsupported,
            _ => Self::NoAnswer,
        }
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

    #[test]
    fn only_the_vendors_no_is_a_refusal() {
        let of = |kind| Exit::of(&Error::new(kind, "x"));
        let cases = [
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
        for (kind, exit) in cases {
            assert_eq!(of(kind), exit, "{kind:?}");
        }
        let rejected = Error::new(ErrorKind::InvalidRequest, "x").with_status(422);
        assert_eq!(Exit::of(&rejected), Exit::Refused);
    }
}
