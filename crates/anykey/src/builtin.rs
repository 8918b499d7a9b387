//! The vendors of this library: one line each.

use anykey_core::adapter::Vendor;

macro_rules! vendors {
    ($($feature:literal: $vendor:path;)*) => {
        /// The vendors whose features are switched on, and `memory`, in alphabetical order.
        pub(crate) fn vendors() -> Vec<Vendor> {
            let mut vendors = vec![crate::memory::VENDOR];
            $(
                #[cfg(feature = $feature)]
                vendors.push($vendor);
            )*
            vendors.sort_by_key(Vendor::name);
            vendors
        }

        /// The words of the vendors whose features are off.
        pub(crate) const SWITCHED_OFF: &[&str] = &[$(#[cfg(not(feature = $feature))] $feature),*];
    };
}

vendors! {
    "dodo": anykey_dodo::VENDOR;
    "polar": anykey_polar::VENDOR;
}
