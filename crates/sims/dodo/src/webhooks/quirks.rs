//! The switches for events, where the vendor's documentation is silent or contradicts itself.

/// Undocumented behaviour of the vendor's events.
///
/// Change it with [`DodoSim::change_event_quirks`](crate::DodoSim::change_event_quirks). Faults of sending are
/// [`WebhookQuirks`](anykey_sim_kit::WebhookQuirks).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EventQuirks {
    /// An imported license key sends no events. The vendor does not document whether it does.
    pub silent_imports: bool,
    /// A manually disabled key revokes its grant with an event, and enabling it delivers the grant again. The vendor
    /// documents both that a grant's events follow its state and that disabling sends none.
    pub disabling_has_events: bool,
}
