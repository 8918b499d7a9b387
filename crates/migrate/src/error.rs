use anykey_core::Error;
use anykey_mapping::MappingError;

/// Why a migration did not do what it was asked. What it had done by then is in the journal, and the next run continues
/// there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// One of the vendors: its answer, or that there is none.
    #[error(transparent)]
    Provider(#[from] Error),
    /// The target cannot take part, or the source; nothing was written.
    #[error("{0}")]
    Impossible(String),
    /// The mapping cannot be read.
    #[error("the mapping: {0}")]
    Mapping(#[from] MappingError),
    /// A text is no [`Filter`](crate::Filter).
    #[error("{0}")]
    Filter(String),
    /// The journal cannot be read or written, belongs to another migration, or is in use.
    #[error("the journal: {message}")]
    Journal {
        /// What is wrong.
        message: String,
        /// The cause, where the database has one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The report cannot be written.
    #[error("the report cannot be written")]
    Output(#[from] std::io::Error),
}

impl MigrateError {
    pub(crate) fn journal(message: impl Into<String>) -> Self {
        Self::Journal { message: message.into(), source: None }
    }
}

impl From<sqlx::Error> for MigrateError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
        // SQLITE_BUSY and SQLITE_LOCKED, whose extended codes have them in the lowest byte.
        let is_locked = code.is_some_and(|code| matches!(code & 0xff, 5 | 6));
        let message = if is_locked { "another process works with it" } else { "the database failed" };
        Self::Journal { message: message.to_owned(), source: Some(Box::new(error)) }
    }
}
