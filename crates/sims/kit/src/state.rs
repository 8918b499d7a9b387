use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The state of a simulator, shared by all its handles.
///
/// Clones share the state. It stays usable after a panic of a thread that has locked it. `Debug` prints none of it.
///
/// ```
/// use anykey_sim_kit::SharedState;
///
/// let state = SharedState::new(1);
/// *state.clone().lock() += 1;
/// assert_eq!(*state.lock(), 2);
/// ```
pub struct SharedState<S>(Arc<Mutex<S>>);

impl<S> SharedState<S> {
    /// A state to share.
    pub fn new(state: S) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    /// Waits for other threads and locks the state.
    pub fn lock(&self) -> MutexGuard<'_, S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for SharedState<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> fmt::Debug for SharedState<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedState").finish_non_exhaustive()
    }
}
