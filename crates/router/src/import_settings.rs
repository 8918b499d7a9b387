//! What is imported when it is activated, and where.

use std::sync::Arc;

use anykey_mapping::Mapping;

use crate::import_locks::ImportLocks;
use crate::target::Target;

/// What is imported, and where.
pub(crate) struct Import {
    /// The providers whose keys are imported.
    pub(crate) sources: Vec<Arc<Target>>,
    /// The provider that gets them.
    pub(crate) target: Arc<Target>,
    /// What a key becomes there.
    pub(crate) mapping: Mapping,
    /// One import of a code at a time.
    pub(crate) locks: ImportLocks,
}

impl Import {
    /// Whether keys of this provider are imported.
    pub(crate) fn is_from(&self, provider: &Arc<Target>) -> bool {
        self.sources.iter().any(|source| Arc::ptr_eq(source, provider))
    }
}
