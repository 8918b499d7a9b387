use anykey_sim_kit::MemberQuirks;

/// Differences from the behaviour of the hosted API, which other installations and releases have.
///
/// The default is the hosted API with version 1.8.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Quirks {
    /// Paths need no account: a self-hosted installation for one account, or a custom domain. The first account is
    /// meant then.
    pub implied_account: bool,
    /// Environments are supported: the Enterprise edition. Otherwise the header `Keygen-Environment` is an error.
    pub environments: bool,
    /// Answers have no signature, as behind a proxy that removes unknown headers.
    pub unsigned: bool,
    /// The signed host has the port. The server never signs it.
    pub signs_port: bool,
    /// An unknown page cursor is refused with 400 instead of returning an empty page.
    pub refuses_unknown_cursor: bool,
    /// Every object has an unknown member.
    pub unknown_members: bool,
    /// Null members are omitted.
    pub omit_null: bool,
    /// The requests of one caller in a minute; further ones are 429. `None` for no limit and no headers.
    pub rate_limit: Option<u32>,
}

impl Quirks {
    pub(super) fn members(&self) -> MemberQuirks {
        MemberQuirks {
            unknown: self.unknown_members,
            omit_null: self.omit_null,
            unchanged: &["metadata", "payload"],
        }
    }
}
