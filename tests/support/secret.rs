//! A secret that tests plant wherever one can be, and assertions that nothing prints it.

use std::fmt::Debug;

use anykey::Error;
use anykey::sim::SimulatedPlane;

/// What no output may contain. As many hexadecimal digits as the credentials of some vendors have.
pub const PLANTED: &str = "4f1c5ec2e7a11ce4b0b9d27f5ec2e7c0ffee4f1c";

/// Puts the secret at the end of every credential of `plane`: in place of as much, where a credential is longer.
#[must_use]
pub fn plant(mut plane: SimulatedPlane) -> SimulatedPlane {
    let with_secret = |(name, value): (&str, &str)| {
        let kept = value.len().checked_sub(PLANTED.len()).filter(|kept| *kept > 0);
        let kept = kept.and_then(|kept| value.get(..kept)).unwrap_or(value);
        (name.to_owned(), format!("{kept}{PLANTED}"))
    };
    let secrets: Vec<_> = plane.secrets.iter().map(with_secret).collect();
    for (variable, value) in secrets {
        plane.secrets = plane.secrets.with(variable, value);
    }
    plane
}

/// Asserts that `printed`, which is the output of `what`, does not contain the secret.
///
/// # Panics
///
/// If it does.
#[track_caller]
pub fn assert_silent(what: &str, printed: &str) {
    assert!(!printed.contains(PLANTED), "{what} prints a secret: {printed}");
}

/// Asserts that neither form of `Debug` prints the secret.
///
/// # Panics
///
/// If one does.
#[track_caller]
pub fn assert_debug_silent(value: &(impl Debug + ?Sized)) {
    let what = std::any::type_name_of_val(value);
    assert_silent(what, &format!("{value:?}"));
    assert_silent(what, &format!("{value:#?}"));
}

/// Asserts that neither the error nor a cause of it prints the secret.
///
/// # Panics
///
/// If one does.
#[track_caller]
pub fn assert_error_silent(error: &Error) {
    assert_debug_silent(error);
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        assert_silent("an error", &format!("{error} {error:?}"));
        cause = error.source();
    }
}
