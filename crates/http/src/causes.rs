//! The causes of a transport's error.

use std::error::Error as StdError;
use std::io;

/// The first `T` among an error's causes. An [`io::Error`] does not name the error it wraps as its source, so the
/// chain is walked by hand.
pub(crate) fn find<'e, T: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
