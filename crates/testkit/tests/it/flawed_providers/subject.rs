//! The vendor in memory with a shop of its own habits.

use std::sync::Arc;

use anykey_core::{LicenseKeyId, LicenseProvider, ManualClock, StatusChange, async_trait};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, MemorySubject, Subject};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Shop {
    SellsSubscriptionsForLife,
    SellsNoEndingSeats,
}

pub(crate) struct ShopSubject {
    memory: MemorySubject,
    shop: Shop,
}

impl ShopSubject {
    pub(crate) fn new(memory: MemorySubject, shop: Shop) -> Self {
        Self { memory, shop }
    }
}

#[async_trait]
impl Subject for ShopSubject {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        self.memory.provider()
    }

    async fn issue(&self, mut spec: IssueSpec) -> Option<IssuedKey> {
        match self.shop {
            Shop::SellsSubscriptionsForLife => spec.by_subscription = false,
            Shop::SellsNoEndingSeats if spec.seat_lifetime.is_some() => return None,
            Shop::SellsNoEndingSeats => {}
        }
        self.memory.issue(spec).await
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        self.memory.set_status(id, change).await
    }

    fn clock(&self) -> &ManualClock {
        self.memory.clock()
    }
}
