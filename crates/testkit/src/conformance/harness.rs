//! Makes tests of the scenarios.
//!
//! A test of the suite is an ordinary `#[test]`: it can be run by name, and its failure names the promise.

/// Makes a module of tests: one for every scenario of the suite, and one that fails when the provider declares what
/// no scenario could show.
///
/// The first argument names the module, with attributes if any. The second one is an expression that makes the
/// [`Subject`](crate::conformance::Subject). It is evaluated once per test, inside an async runtime, so it may
/// `.await`.
///
/// ```
/// use anykey_testkit::conformance::MemorySubject;
///
/// anykey_testkit::conformance!(memory, MemorySubject::new());
/// ```
///
/// A test is called like its scenario, so `cargo test memory::a_good_key_is_valid` runs one. A skip is printed as the
/// test's output, which `cargo test -- --show-output` shows.
#[macro_export]
macro_rules! conformance {
    ($(#[$attribute:meta])* $module:ident, $subject:expr $(,)?) => {
        $(#[$attribute])*
        #[cfg(test)]
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            $crate::__for_each_scenario!([$crate::__conformance_tests] {});

            // One function, so that not every test has a runtime compiled for it.
            fn play_scenario(name: &str) {
                $crate::__private::check(name, async { $subject });
            }

            #[test]
            fn every_declared_capability_is_proved() {
                $crate::__private::prove(async || $subject);
            }
        }
    };
}

/// Makes one test function of each scenario.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ({} $($group:ident $name:ident $needs:tt $proves:tt;)*) => {$(
        #[test]
        fn $name() {
            play_scenario(stringify!($name));
        }
    )*};
}
