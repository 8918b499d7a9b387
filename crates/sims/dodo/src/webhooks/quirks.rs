/// What the vendor leaves open about which events there are.
///
/// Change it through [`DodoSim::change_event_quirks`](crate::DodoSim::change_event_quirks). Faults of the
/// sending are [`WebhookQuirks`](anykey_sim_kit::WebhookQuirks).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EventQuirks {
    /// An imported license key has no events. The vendor does not say whether it has.
    pub silent_imports: bool,
    /// A key disabled by hand revokes its grant with an event, and enabling it delivers the grant again.
    /// The vendor says both that a grant's events follow its state and that disabling has none.
    pub disabling_has_events: bool,
}
