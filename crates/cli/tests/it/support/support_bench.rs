use std::ops::Deref;

use super::bench::Bench;

/// A bench whose configuration has the sellers' own planes alone, as a support team's has.
pub(crate) struct SupportBench(Bench);

impl SupportBench {
    pub(crate) fn open() -> Self {
        const SECTION: &str = "\n[providers.";
        let bench = Bench::open();
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
