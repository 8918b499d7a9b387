//! Any subject, behind a router that also has another vendor.

use std::sync::Arc;

use anykey::router::{KeyShape, Mapping, Router};
use anykey::{
    Capabilities, Capability, HttpTransport, LicenseKeyId, LicenseProvider, ManualClock, Operation,
    RefusalReason, StatusChange, async_trait,
};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, VendorRules};

type Provider = Arc<dyn LicenseProvider>;

/// Where the vendor of the issued keys stands in the chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Order {
    First,
    Last,
}

/// Whose keys are imported when they are activated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Import {
    Nobodys,
    /// The issued keys are where keys are imported to.
    OfTheOther,
    /// The issued keys might be imported, and the mapping covers none of them.
    OfNoProduct,
}

pub(crate) struct Routed<S> {
    /// The vendor of the issued keys.
    subject: S,
    other: Arc<dyn Subject>,
    order: Order,
    import: Import,
    router: Router,
}

impl<S: Subject> Routed<S> {
    pub(crate) fn new(subject: S, other: impl Subject + 'static, order: Order) -> Self {
        Self::importing(subject, other, order, Import::Nobodys)
    }

    /// As `new` where one of the two cannot take part in the import.
    pub(crate) fn importing(subject: S, other: impl Subject + 'static, order: Order, import: Import) -> Self {
        let (own, others) = (subject.provider(), other.provider());
        let target = if import == Import::OfTheOther { &own } else { &others };
        let needs = [Capability::Create, Capability::Activate];
        let is_able = needs.iter().all(|needed| target.capabilities().contains(*needed));
        let is_able = is_able && is_recognised_by_a_read(&own) && is_recognised_by_a_read(&others);
        let import = if is_able { import } else { Import::Nobodys };
        let router = router(own, others, order, import);
        Self { subject, other: Arc::new(other), order, import, router }
    }

    fn named(&self, id: &str) -> String {
        format!("{}:{id}", self.subject.name())
    }

    /// Whether a code is looked for at both vendors.
    fn asks_both(&self) -> bool {
        is_recognised_by_a_read(&self.subject.provider()) && is_recognised_by_a_read(&self.other.provider())
    }
}

fn is_recognised_by_a_read(provider: &Provider) -> bool {
    provider.capabilities().contains(Capability::ValidateWithoutSeat)
}

/// How much a vendor's answer to a code that it does not have leaves open: the answer of all is the one that leaves
/// most.
fn openness(subject: &dyn Subject, read: RefusalReason) -> u8 {
    match read {
        RefusalReason::UnknownKey if subject.rules().doubts_unknown_keys => 2,
        RefusalReason::Unspecified => 1,
        _ => 0,
    }
}

/// Nothing is remembered, so that every request asks both vendors.
fn router(own: Provider, other: Provider, order: Order, import: Import) -> Router {
    let (name, other_name) = (own.name().to_owned(), other.name().to_owned());
    let builder = Router::builder("routed").create(name.as_str()).remembered_codes(0);
    let mut mapping = Mapping::default();
    mapping.products.insert("of no key".into(), "any".into());
    mapping.default_customer = Some("any".into());
    let builder = match import {
        Import::Nobodys => builder,
        Import::OfTheOther => builder.import_on_activate([other_name.as_str()], mapping),
        Import::OfNoProduct => {
            builder.create(other_name.as_str()).import_on_activate([name.as_str()], mapping)
        }
    };
    let builder = match is_recognised_by_a_read(&own) && is_recognised_by_a_read(&other) {
        true if order == Order::First => builder.chain([name, other_name]),
        true => builder.chain([other_name, name]),
        false => builder.chain([name]).route(KeyShape::prefix("OTHER-"), other_name),
    };
    builder.provider(own).provider(other).build().unwrap()
}

#[async_trait]
impl<S: Subject> Subject for Routed<S> {
    fn provider(&self) -> Provider {
        Arc::new(self.router.clone())
    }

    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Provider> {
        let own = self.subject.provider_through(wrap)?;
        Some(Arc::new(router(own, self.other.provider(), self.order, self.import)))
    }

    fn capabilities(&self) -> Capabilities {
        let all = self.router.capabilities();
        let own = self.router.capabilities_of(self.named("any")).unwrap();
        let able = all.difference(all.difference(own));
        // Beside a vendor that lists per customer only, one that cannot is not listed at all.
        let names = [Capability::ListAll, Capability::FilterByCustomer, Capability::FilterByEmail];
        match names.into_iter().any(|capability| able.contains(capability)) {
            true => able,
            false => able.without(Capability::List),
        }
    }

    fn name(&self) -> String {
        self.subject.name()
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let mut issued = self.subject.issue(spec).await?;
        issued.id = self.named(issued.id.as_str()).into();
        issued.product = self.named(issued.product.as_str()).into();
        issued.customer = self.named(issued.customer.as_str()).into();
        Some(issued)
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let (_, id) = self.router.split_id(id)?;
        self.subject.set_status(&id.into(), change).await
    }

    fn clock(&self) -> &ManualClock {
        self.subject.clock()
    }

    /// A key that neither vendor has, or that one refuses without a reason: if one of them cannot say which, the router
    /// cannot either.
    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let read = self.subject.reported(Operation::Validate, cause);
        let is_undecided = matches!(read, RefusalReason::UnknownKey | RefusalReason::Unspecified);
        let takes_a_seat = operation == Operation::Activate
            && !matches!(
                cause,
                RefusalReason::ActivationLimitReached | RefusalReason::ActivationsNotSupported
            );
        if !(self.asks_both() && is_undecided && (operation == Operation::Validate || takes_a_seat)) {
            return self.subject.reported(operation, cause);
        }
        let other = self.other.reported(Operation::Validate, RefusalReason::UnknownKey);
        if openness(&*self.other, other) > openness(&self.subject, read) { other } else { read }
    }

    /// One of the vendors may not store a status that the other one has.
    fn rules(&self) -> VendorRules {
        self.subject.rules().filters_every_status(false)
    }

    fn secrets(&self) -> Vec<String> {
        self.subject.secrets()
    }

    fn authenticates_device_calls(&self) -> bool {
        self.subject.authenticates_device_calls()
    }
}
