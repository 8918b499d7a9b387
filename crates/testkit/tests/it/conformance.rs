//! The suite on the in-memory provider, owned and as `Arc` and `Box`.

use std::sync::Arc;

use anykey_core::{Capability, InMemoryProvider, LicenseProvider};
use anykey_testkit::conformance::MemorySubject;

anykey_testkit::conformance!(memory, MemorySubject::new());

anykey_testkit::conformance!(
    behind_arc_dyn,
    MemorySubject::wrapped(|vendor| {
        let inner: Arc<dyn LicenseProvider> = Arc::new(vendor);
        Arc::new(inner)
    })
);

anykey_testkit::conformance!(
    behind_box_dyn,
    MemorySubject::wrapped(|vendor| {
        let inner: Box<dyn LicenseProvider> = Box::new(vendor);
        Arc::new(inner)
    })
);

anykey_testkit::conformance!(
    of_a_vendor_that_lists_per_customer_and_validates_seats,
    MemorySubject::wrapped(|vendor| {
        let lacking = [
            Capability::ListAll,
            Capability::FilterByProduct,
            Capability::FilterByStatus,
            Capability::FilterBySource,
            Capability::FilterByCreation,
            Capability::FilterByMany,
            Capability::ValidateWithoutSeat,
        ];
        Arc::new(lacking.into_iter().fold(vendor, InMemoryProvider::without))
    })
);
