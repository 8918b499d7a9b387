use jiff::tz::TimeZone;

/// The settings of the site and the faults of its server. All are off at first, but plain HTTP is allowed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Switches {
    /// How many activations at once read the use of a key before one of them is stored, so that together they take more
    /// seats than the key has. 0 turns the race off. On the recorded server 20 at once on 3 seats took 3 to 9.
    pub overlapping_activations: u32,
    /// Refuses plain HTTP, as the plugin does at first. A header of a proxy does not help.
    pub https_required: bool,
    /// Allows several keys with one code.
    pub duplicates_allowed: bool,
    /// Serves the calls of another plugin, License Manager for WooCommerce, under `lmfwc/v2`.
    pub lmfwc: bool,
    /// Turns the plugin off.
    pub plugin_off: bool,
    /// The site updates itself.
    pub maintenance: bool,
    /// The database cannot be reached.
    pub database_down: bool,
    /// A table that the database cannot read. The plugin answers as if it were empty.
    pub unreadable_table: Option<Table>,
    /// The time zone in which messages show times. UTC at first.
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
