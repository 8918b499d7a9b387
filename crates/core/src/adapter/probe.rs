/// What a check of a configuration asks a vendor about, so that it touches no key.
///
/// ```
/// use anykey_core::adapter::Probe;
///
/// const PROBE: Probe = Probe::USUAL.key_id("9007199254740991").everything("plane", "management");
/// assert_eq!(PROBE.everything, Some(("plane", "management")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// The id of a license key that no seller has, in the vendor's form, so that the adapter sends it. Default: a UUID.
    pub key_id: &'static str,
    /// The id of an activation that no key has, in the vendor's form.
    pub activation_id: &'static str,
    /// The field of the configuration that limits a provider to what an installed app needs, and its value for
    /// everything, where each call has to be allowed to the credential. A check builds such a provider to find out what
    /// the credential may do. Default: `None`.
    pub everything: Option<(&'static str, &'static str)>,
}

impl Probe {
    /// Ids for vendors that take any text or a UUID.
    pub const USUAL: Self = Self {
        key_id: "a9d1c0de-0000-4000-8000-000000000000",
        activation_id: "a9d1c0de-0000-4000-8000-000000000000",
        everything: None,
    };

    /// Sets [`key_id`](Self#structfield.key_id).
    #[must_use]
    pub const fn key_id(mut self, id: &'static str) -> Self {
        self.key_id = id;
        self
    }

    /// Sets [`activation_id`](Self#structfield.activation_id).
    #[must_use]
    pub const fn activation_id(mut self, id: &'static str) -> Self {
        self.activation_id = id;
        self
    }

    /// Sets [`everything`](Self#structfield.everything).
    #[must_use]
    pub const fn everything(mut self, field: &'static str, value: &'static str) -> Self {
        self.everything = Some((field, value));
        self
    }
}

impl Default for Probe {
    fn default() -> Self {
        Self::USUAL
    }
}
