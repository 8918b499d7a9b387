//! The suite over memory, bare and behind pointers.

use std::sync::Arc;

use anykey_core::LicenseProvider;
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
