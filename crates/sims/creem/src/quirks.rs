//! The switches for what the vendor's sources leave open.

use anykey_sim_kit::{MemberQuirks, OversizedPage};

/// Behaviour of the simulated vendor that is open: not documented, or documented in more than one way.
///
/// The default is the most plausible behaviour (2026-11). Set it with
/// [`CreemSimBuilder::quirks`](super::CreemSimBuilder::quirks) or, at any time, with
/// [`CreemSim::change_quirks`](super::CreemSim::change_quirks).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_creem_sim::{CreemSim, LimitStatus};
///
/// let sim = CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// sim.change_quirks(|quirks| quirks.limit_status = LimitStatus::BadRequest);
/// ```
///
/// A client should work with every value of every switch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quirks {
    /// The status for a license without free seats.
    pub limit_status: LimitStatus,
    /// The answer about an expired or disabled license.
    pub ended: EndedAnswer,
    /// The status for a request without an API key.
    pub missing_api_key: MissingApiKey,
    /// An API key on the other mode's host is a 404 instead of a 403.
    pub other_mode_is_not_found: bool,
    /// What a deactivation does to `activation` and `status`. The seat is free either way.
    pub deactivation: Deactivation,
    /// The answer to a validation with a deactivated instance.
    pub deactivated_instance: DeactivatedInstance,
    /// The list of instances leaves out deactivated ones.
    pub list_only_active: bool,
    /// The form of the member `instance`.
    pub instance_form: InstanceForm,
    /// Licenses have no `product_id`, as in older documentation.
    pub omit_product: bool,
    /// The word in `mode`; `None` for `test` or `prod`.
    pub mode_word: Option<&'static str>,
    /// The form of the member `message` of errors with another status than 400. The activation limit always has one.
    pub message_form: MessageForm,
    /// The member `error` of a 404 is `Bad Request`, as in the documented sample, instead of `Not Found`.
    pub not_found_says_bad_request: bool,
    /// The order of lists.
    pub sort_order: SortOrder,
    /// The largest page, which is not documented.
    pub max_page_size: usize,
    /// The effect of a larger `page_size`; [`OversizedPage::Refuse`] is a 400.
    pub oversized_page: OversizedPage,
    /// The scheme by which webhooks are signed.
    pub webhook_scheme: WebhookScheme,
    /// An event that waits in the feed keeps the signature of its creation, instead of one of each call.
    pub pending_signed_once: bool,
    /// Webhooks have `type` and `data`, which the official package accepts too, instead of `eventType` and `object`.
    pub standard_envelope: bool,
    /// `checkout.completed` has the deprecated `feature` instead of `license_keys`.
    pub deprecated_feature: bool,
    /// References in webhooks, such as `customer`, are ids instead of objects.
    pub bare_references: bool,
    /// Every object has the additional member `unknown_member`.
    pub unknown_members: bool,
    /// Null members are omitted.
    pub omit_null_members: bool,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            limit_status: LimitStatus::default(),
            ended: EndedAnswer::default(),
            missing_api_key: MissingApiKey::default(),
            other_mode_is_not_found: false,
            deactivation: Deactivation::default(),
            deactivated_instance: DeactivatedInstance::default(),
            list_only_active: false,
            instance_form: InstanceForm::default(),
            omit_product: false,
            mode_word: None,
            message_form: MessageForm::default(),
            not_found_says_bad_request: false,
            sort_order: SortOrder::default(),
            max_page_size: 100,
            oversized_page: OversizedPage::default(),
            webhook_scheme: WebhookScheme::default(),
            pending_signed_once: false,
            standard_envelope: false,
            deprecated_feature: false,
            bare_references: false,
            unknown_members: false,
            omit_null_members: false,
        }
    }
}

impl Quirks {
    /// The differences in the members of documents.
    pub(super) const fn members(&self) -> MemberQuirks {
        MemberQuirks { unknown: self.unknown_members, omit_null: self.omit_null_members, unchanged: &[] }
    }
}

/// The status for a license without free seats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitStatus {
    /// 403, by the documentation of licenses and one client.
    #[default]
    Forbidden,
    /// 400, by another client.
    BadRequest,
}

/// The answer about an expired or disabled license.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndedAnswer {
    /// 410, as documented.
    #[default]
    Gone,
    /// 200 with the status. An activation takes a seat.
    Status,
}

/// The status for a request without an API key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MissingApiKey {
    /// 401, by the newer documentation.
    #[default]
    Unauthorized,
    /// 403, as for an unknown API key.
    Forbidden,
}

/// What a deactivation does to `activation` and `status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deactivation {
    /// `activation` counts active instances, and a license without any is `inactive`.
    #[default]
    LowersCount,
    /// `activation` counts all instances, and a license stays `active`.
    KeepsCount,
}

/// The answer to a validation with a deactivated instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeactivatedInstance {
    /// 200 with the instance, whose status is `deactivated`.
    #[default]
    Shown,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 410.
    Gone,
}

/// The form of the member `instance` of a license.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstanceForm {
    /// The instance of the call, as in the specification.
    #[default]
    Object,
    /// A list with the instance of the call, as in samples of the documentation.
    List,
    /// A list with all instances of the license.
    ListOfAll,
}

/// The form of the member `message` of an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageForm {
    /// A list of texts.
    #[default]
    List,
    /// A text.
    Text,
    /// No such member.
    Absent,
}

/// The order of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SortOrder {
    /// By creation, newest first.
    #[default]
    NewestFirst,
    /// By creation, oldest first.
    OldestFirst,
}

/// The scheme by which webhooks are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookScheme {
    /// `creem-signature`, by the documentation.
    #[default]
    Legacy,
    /// The three headers of Standard Webhooks, by the official package.
    Standard,
    /// The headers of both.
    Both,
}
