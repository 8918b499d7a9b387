use std::io;

use crate::exit::Exit;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's error: of the vendor, the network or the configuration.
    Library(anykey::Error),
    /// What the command itself does not accept; says what to do.
    Usage(String),
    /// Results cannot be written.
    Output(io::Error),
    /// Ctrl-C.
    Interrupted,
}

impl Failure {
    /// How the command ends. Whoever closes our output has seen enough: that is no failure.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Library(error) => Exit::of(error),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::Usage(_) | Self::Output(_) => Exit::Usage,
            Self::Interrupted => Exit::Interrupted,
        }
    }
}

impl From<anykey::Error> for Failure {
    fn from(error: anykey::Error) -> Self {
        Self::Library(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
