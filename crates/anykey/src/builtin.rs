//! The built-in vendors, one line each.

use anykey_core::adapter::Vendor;

macro_rules! vendors {
    ($($(#[$title:meta])* $feature:literal: $adapter:ident as $module:ident;)*) => {
        /// The vendors whose features are switched on, and `memory`, in alphabetical order.
        pub(crate) fn vendors() -> Vec<Vendor> {
            let mut vendors = vec![crate::memory::VENDOR];
            $(
                #[cfg(feature = $feature)]
                vendors.push($adapter::VENDOR);
            )*
            vendors.sort_by_key(Vendor::name);
            vendors
        }

        /// The names of the vendors whose features are off.
        pub(crate) const SWITCHED_OFF: &[&str] = &[$(#[cfg(not(feature = $feature))] $feature),*];

        /// A module of each vendor whose feature is switched on.
        pub(crate) mod modules {
            $(
                $(#[$title])*
                ///
                /// The adapter's types, for operations that only this vendor has.
                #[cfg(feature = $feature)]
                pub mod $module {
                    pub use $adapter::*;
                }
            )*
        }
    };
}

vendors! {
    /// Digital License Manager.
    "dlm": anykey_dlm as dlm;
    /// Dodo Payments.
    "dodo": anykey_dodo as dodo;
    /// Gumroad.
    "gumroad": anykey_gumroad as gumroad;
    /// Lemon Squeezy.
    "lemonsqueezy": anykey_lemonsqueezy as lemonsqueezy;
    /// Polar.
    "polar": anykey_polar as polar;
}

/// The names of the vendors, for error messages.
pub(crate) fn names() -> String {
    let names: Vec<&str> = vendors().iter().map(Vendor::name).collect();
    names.join(", ")
}
