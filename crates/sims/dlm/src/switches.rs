//! What a site may have on or off, and what can be broken in it.

use jiff::tz::TimeZone;

/// The settings of the site and the faults of its server.
///
/// All are off at first, but plain HTTP is allowed, the site is `https://shop.example.com`, and messages show UTC.
/// Faults that every server may have, such as a lost answer or a 502, are injected with
/// [`Faults`](crate::kit::Faults).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dlm_sim::{DlmSim, Table};
///
/// let site = DlmSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// // From now on every key is "not found", which an adapter must not take for the shop's word.
/// site.change_switches(|switches| switches.unreadable_table = Some(Table::Licenses));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Switches {
    /// How many activations at once read the use of a key before one of them is stored, so that together they take more
    /// seats than the key has. 0 turns the race off. On the recorded server 20 at once on 3 seats took 3 to 9.
    pub overlapping_activations: u32,
    /// Refuses plain HTTP with 403, before the credential is looked at, as the plugin does unless the shop allows it.
    /// A header of a proxy does not help.
    pub https_required: bool,
    /// Lets a creation and a change use a code that another key has. It is a setting of the plugin.
    pub duplicates_allowed: bool,
    /// Serves the calls of another plugin, License Manager for WooCommerce, under `lmfwc/v2`. Off, as in the plugin,
    /// where a PHP filter turns it on; the paths are then a `rest_no_route`.
    pub lmfwc: bool,
    /// Turns the plugin off: every path of it is a 404 `rest_no_route`.
    pub plugin_off: bool,
    /// The site updates itself: 503 with `Retry-After: 600`.
    pub maintenance: bool,
    /// The database cannot be reached: 500 `wp_die`. Only this fault is an honest failure;
    /// [`unreadable_table`](Self::unreadable_table) is not.
    pub database_down: bool,
    /// A table that the database cannot read, `None` for none. The plugin answers as if the table were empty: keys
    /// and activations are "not found", and consumer keys "invalid".
    pub unreadable_table: Option<Table>,
    /// The time zone in which messages show times; UTC at first. Documents have UTC always.
    pub zone: TimeZone,
    /// The address of the site, without a slash at its end.
    pub site: String,
}

/// A table of the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the plugin has these three")]
pub enum Table {
    /// The consumer keys.
    Consumers,
    /// The license keys.
    Licenses,
    /// The activations.
    Activations,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            overlapping_activations: 0,
            https_required: false,
            duplicates_allowed: false,
            lmfwc: false,
            plugin_off: false,
            maintenance: false,
            database_down: false,
            unreadable_table: None,
            zone: TimeZone::UTC,
            site: "https://shop.example.com".to_owned(),
        }
    }
}
