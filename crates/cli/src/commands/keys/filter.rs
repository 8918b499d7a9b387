use anykey::{Capabilities, Capability, LicenseKey, LicenseStatus, ListQuery, Timestamp};

use crate::args::ListArgs;

/// The filters of a listing, split between the vendor and this side.
#[derive(Debug)]
pub(super) struct Filter {
    args: ListArgs,
    /// What the vendor filters by.
    asked: Vec<Capability>,
}

impl Filter {
    /// Leaves to the vendor what `capabilities` allow.
    pub(super) fn new(args: ListArgs, capabilities: Capabilities) -> Self {
        let many = capabilities.contains(Capability::FilterByMany);
        let asked = wanted(&args)
            .into_iter()
            .filter(|(capability, values)| capabilities.contains(*capability) && (*values == 1 || many))
            .map(|(capability, _)| capability)
            .collect();
        Self { args, asked }
    }

    /// Takes a filter back that the vendor turned down; false when it was not asked for.
    pub(super) fn do_here(&mut self, capability: Capability) -> bool {
        let before = self.asked.len();
        self.asked.retain(|asked| *asked != capability);
        self.asked.len() < before
    }

    /// The filters that only this side applies, as words; `None` when there are none.
    pub(super) fn done_here(&self) -> Option<String> {
        let wanted = wanted(&self.args).into_iter().map(|(capability, _)| capability);
        let mut words: Vec<_> = wanted
            .filter(|capability| !self.asked.contains(capability))
            .map(|capability| match capability {
                Capability::FilterByStatus => "this status",
                Capability::FilterByCustomer => "customer",
                _ => "these products",
            })
            .collect();
        if self.args.expires_before.is_some() || self.args.expires_after.is_some() {
            words.push("expiry");
        }
        (!words.is_empty()).then(|| words.join(" and "))
    }

    /// A status that is none of ours and that the vendor does not take: no key can have it.
    pub(super) fn unknown_status(&self) -> Option<&str> {
        let words = self.args.status.iter().filter(|_| !self.asks(Capability::FilterByStatus));
        words
            .filter_map(|status| if let LicenseStatus::Other(word) = status { Some(&**word) } else { None })
            .next()
    }

    /// What to ask the vendor for.
    pub(super) fn query(&self, limit: u64) -> ListQuery {
        let mut query = ListQuery::new();
        if self.asks(Capability::FilterByStatus) {
            query = self.args.status.iter().cloned().fold(query, ListQuery::status);
        }
        if self.asks(Capability::FilterByProduct) {
            query = self.args.product.iter().map(String::as_str).fold(query, ListQuery::product);
        }
        if let Some(customer) =
            self.args.customer.as_deref().filter(|_| self.asks(Capability::FilterByCustomer))
        {
            query = query.customer(customer);
        }
        match u32::try_from(limit) {
            Ok(few) if self.done_here().is_none() => query.page_size(few),
            _ => query,
        }
    }

    /// Whether `key` passes every filter at `now`: what the vendor filters by is the stored status, what is
    /// asked for is the one that holds.
    pub(super) fn passes(&self, key: &LicenseKey, now: Timestamp) -> bool {
        let args = &self.args;
        let is = |id: Option<&str>, wanted: &str| id.is_some_and(|id| id.eq_ignore_ascii_case(wanted));
        let product = key.product.as_ref().map(|id| id.as_str());
        let customer = key.customer.as_ref().map(|id| id.as_str());
        let status = key.status_at(now);
        let end = key.expiry.at();
        let has = |wanted: &LicenseStatus| match wanted {
            LicenseStatus::Other(word) => word.eq_ignore_ascii_case(&key.status_word),
            ours => ours == status,
        };
        (args.status.is_empty() || args.status.iter().any(has))
            && (args.product.is_empty() || args.product.iter().any(|wanted| is(product, wanted)))
            && args.customer.as_deref().is_none_or(|wanted| is(customer, wanted))
            && args.expires_before.as_ref().is_none_or(|before| end.is_some_and(|end| end < before.at))
            && args.expires_after.as_ref().is_none_or(|after| end.is_some_and(|end| end >= after.at))
    }

    fn asks(&self, capability: Capability) -> bool {
        self.asked.contains(&capability)
    }
}

/// The filters that vendors may have, each with how many values are given.
fn wanted(args: &ListArgs) -> Vec<(Capability, usize)> {
    let all = [
        (Capability::FilterByStatus, args.status.len()),
        (Capability::FilterByCustomer, usize::from(args.customer.is_some())),
        (Capability::FilterByProduct, args.product.len()),
    ];
    all.into_iter().filter(|(_, values)| *values > 0).collect()
}

#[cfg(test)]
mod tests {
    use anykey::adapter::KeyCodeExt as _;
    use anykey::{Expiry, KeyCode};

    use crate::args::Moment;

    use super::*;

    fn args() -> ListArgs {
        ListArgs {
            status: Vec::new(),
            customer: None,
            product: Vec::new(),
            expires_before: None,
            expires_after: None,
            limit: None,
            columns: Vec::new(),
            sort: None,
        }
    }

    fn key() -> LicenseKey {
        let mut key = LicenseKey::new("acme", "k".into(), KeyCode::verbatim("c"), LicenseStatus::Active);
        key.customer = Some("cus_1".into());
        key
    }

    fn ending(end: Timestamp) -> LicenseKey {
        let mut key = key();
        key.expiry = Expiry::At(end);
        key
    }

    #[test]
    fn the_vendor_filters_by_what_it_can() {
        let one = Capabilities::of(&[Capability::FilterByStatus, Capability::FilterByProduct]);
        let wanted = ListArgs {
            status: vec![LicenseStatus::Active],
            customer: Some("cus_1".to_owned()),
            product: vec!["a".to_owned(), "b".to_owned()],
            ..args()
        };
        let filter = Filter::new(wanted, one);
        let query = filter.query(5);
        assert_eq!(query.statuses, [LicenseStatus::Active]);
        assert!(query.customer.is_none() && query.products.is_empty() && query.page_size.is_none());
        assert_eq!(filter.done_here().as_deref(), Some("customer and these products"));
    }

    #[test]
    fn a_filter_that_is_turned_down_is_taken_back_once() {
        let wanted = ListArgs { status: vec![LicenseStatus::Expired], ..args() };
        let mut filter = Filter::new(wanted, Capabilities::all());
        assert!(filter.do_here(Capability::FilterByStatus));
        assert!(!filter.do_here(Capability::FilterByStatus));
        assert!(filter.query(5).statuses.is_empty());
    }

    #[test]
    fn a_limit_asks_for_a_small_page_when_nothing_is_filtered_here() {
        let filter = Filter::new(args(), Capabilities::default());
        assert_eq!(filter.query(5).page_size, Some(5));
        assert_eq!(filter.query(u64::MAX).page_size, None);
    }

    #[test]
    fn the_status_that_holds_now_decides() {
        let end: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let ended = ending(end);
        let only = |status| Filter::new(ListArgs { status: vec![status], ..args() }, Capabilities::all());
        assert!(only(LicenseStatus::Expired).passes(&ended, end));
        assert!(!only(LicenseStatus::Active).passes(&ended, end));
        assert!(only(LicenseStatus::Active).passes(&key(), end));
    }

    #[test]
    fn a_key_without_an_end_ends_neither_before_nor_after() {
        let end: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let ended = ending(end);
        let before = Filter::new(
            ListArgs { expires_before: Some(Moment::exactly(end)), ..args() },
            Capabilities::all(),
        );
        let after = Filter::new(
            ListArgs { expires_after: Some(Moment::exactly(end)), ..args() },
            Capabilities::all(),
        );
        assert!(!before.passes(&ended, end) && after.passes(&ended, end));
        assert!(!before.passes(&key(), end) && !after.passes(&key(), end));
    }

    #[test]
    fn ids_match_in_any_case_and_a_missing_one_does_not() {
        let filter =
            Filter::new(ListArgs { customer: Some("CUS_1".to_owned()), ..args() }, Capabilities::all());
        assert!(filter.passes(&key(), Timestamp::UNIX_EPOCH));
        let mut nobodys = key();
        nobodys.customer = None;
        assert!(!filter.passes(&nobodys, Timestamp::UNIX_EPOCH));
    }
}
