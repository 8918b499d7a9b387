//! Runs a closure at the end of a scope, also when a future is dropped.

pub(crate) struct OnDrop<F: FnMut()>(Option<F>);

impl<F: FnMut()> OnDrop<F> {
    pub(crate) const fn new(then: F) -> Self {
        Self(Some(then))
    }

    pub(crate) fn cancel(mut self) {
        self.0 = None;
    }
}

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(then) = &mut self.0 {
            then();
        }
    }
}
