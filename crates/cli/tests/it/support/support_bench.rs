use std::ops::Deref;

use super::bench::Bench;

/// A bench whose configuration has the sellers' own planes alone, as a support team's has.
pub(crate) struct SupportBench(Bench);

impl SupportBench {
    pub(crate) fn open() -> Self {
        Self::of(Bench::open())
    }

    /// The same with an endpoint for the webhooks of each vendor that has some.
    pub(crate) fn with_webhooks() -> Self {
        Self::of(Bench::with_webhooks())
    }

    fn of(bench: Bench) -> Self {
        const SECTION: &str = "\n[providers.";
        let text = bench.configuration();
        let mut sections = text.split(SECTION);
        let head = sections.next().unwrap_or_default();
        let is_own = |section: &&str| {
            let name = section.split(']').next().unwrap_or_default();
            bench.sellers().any(|seller| name == seller.name)
        };
        let own = sections.filter(is_own).map(|section| format!("{SECTION}{section}"));
        bench.write("anykey.toml", &(head.to_owned() + &own.collect::<String>()));
        Self(bench)
    }
}

impl Deref for SupportBench {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.0
    }
}
