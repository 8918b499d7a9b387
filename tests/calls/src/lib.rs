//! The calls of a provider, for tests that go over all of them: what each needs, and what a caller gets.

mod call;
mod observed;

pub use call::{Arguments, Call, Effect};
pub use observed::{Expected, Observed, Outcome};
