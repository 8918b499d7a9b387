//! What other installations do in another way.

use anykey_sim_kit::MemberQuirks;

/// Differences from the behaviour of the hosted API, which other installations and releases have.
///
/// The default is the hosted API with version 1.8.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_keygen_sim::KeygenSim;
///
/// let sim = KeygenSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// // Behind a proxy that removes the headers with the signature.
/// sim.change_quirks(|quirks| quirks.unsigned = true);
/// # Ok::<(), anykey_keygen_sim::kit::StartError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Quirks {
    /// Paths need no account, as on a self-hosted installation for one account and on a custom domain. The first
    /// account is meant then. Off: such a path is a 404.
    pub implied_account: bool,
    /// Environments are supported: the Enterprise edition. Otherwise the header `Keygen-Environment` is an error.
    pub environments: bool,
    /// Answers have no signature, as behind a proxy that removes unknown headers.
    pub unsigned: bool,
    /// The signed host has the port. The vendor's server never signs it, but its Go client and the crate `keygen-rs`
    /// verify with it, and so fail on any other port than 80 and 443.
    pub signs_port: bool,
    /// An unknown page cursor is refused with 400 instead of returning an empty page.
    pub refuses_unknown_cursor: bool,
    /// Every object has an unknown member, as in a later version of the API.
    pub unknown_members: bool,
    /// Members that are null are omitted.
    pub omit_null: bool,
    /// The requests of one caller in a minute; further ones are 429. `None` for no limit and no headers. The vendor's
    /// own numbers are a setting of the installation.
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
