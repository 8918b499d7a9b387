//! Activation: one machine of one license for one device.
//!
//! The order of the calls is: a verdict about the key, the machine, a heartbeat where the policy requires them, and
//! where something is doubtful a second verdict about the machine. A seat that turns out to be refused is given back.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, Activation, Error, ErrorKind, LicenseKey, LicenseStatus, Operation, Refusal,
    RefusalReason, Result,
};
use anykey_http::{ApiRequest, ApiResponse, PathSegment};
use data_encoding::HEXLOWER;

use crate::NAME;
use crate::answer::{machine, of_another_request, segment};
use crate::device::{DevicePlane, by_license, is_unknown_seat, valid_key};
use crate::error::errors;
use crate::map;
use crate::validation::{Answer, Answered, fill, named_product};
use crate::wire::{DataBody, MachineBody, NewMachine, NewResource, OfLicense, Scope, ToOne};

/// The longest name of a machine, in characters.
const LONGEST_NAME: usize = 255;

/// The identity of the device that asks for a seat. Keygen knows a device by its fingerprint and accepts each one once.
struct Device {
    /// The mark of the installation, or 16 random bytes as 32 hexadecimal digits.
    fingerprint: Box<str>,
    /// Whether the same device may have a seat already.
    is_known: bool,
}

/// A machine with the device's fingerprint.
struct TakenSeat {
    body: MachineBody,
    /// Whether this activation took it.
    is_new: bool,
}

impl DevicePlane {
    /// Asks for a verdict first, because a machine is created for the id of a license, and because Keygen creates one
    /// for an expired license too.
    ///
    /// A new fingerprint makes the request repeatable: after a lost answer the same machine is found.
    pub(crate) async fn activate(&self, request: &ActivateRequest) -> Result<Activation> {
        check(request)?;
        let answered = self.ask(Operation::Activate, &request.code, self.scope()).await?;
        let (key, is_open) = self.licensed(&answered)?;
        let TakenSeat { body, is_new } = self.living_seat(request, &key).await?;
        let id = segment("activation id", body.id.as_str(), Operation::Activate)?;
        let waits = has_status(&body, "NOT_STARTED");
        let mut activation = map::machine(body);
        if activation.expires_at.is_some() && waits {
            self.start_heartbeat(request, &mut activation, id.clone()).await;
        }
        if is_open && (key.status == LicenseStatus::Expired || !is_new) {
            self.confirm(request, &activation, is_new.then_some(id)).await?;
        }
        activation.answered_at = answered.response.answered_at();
        activation.key_id = Some(key.id.clone());
        activation.product = activation.product.or_else(|| key.product.clone());
        if request.offline_proof {
            let seat = Some(&activation.id);
            activation.proof = self.proof(Operation::Activate, &request.code, &key, seat).await;
        }
        let mut key = valid_key(key);
        key.activations.used = None;
        activation.key = Some(Box::new(key));
        Ok(activation)
    }

    /// The demands of a verdict before activating: the product, if only one is allowed. The machine does not exist yet.
    fn scope<'s>(&self) -> Scope<'s> {
        Scope { product: named_product(None, &self.products), ..Scope::default() }
    }

    /// The license that a seat may be taken of, and whether the verdict was about its machines only: a strict policy
    /// refuses a key without machines before it looks at the expiry.
    fn licensed(&self, answered: &Answered) -> Result<(LicenseKey, bool)> {
        let refused = |refusal: Refusal| Err(answered.response.fill(Error::refused(refusal)));
        let is_open = match &answered.verdict {
            Answer::Refused(refusal) if needs_a_seat(refusal) => true,
            Answer::Refused(refusal) => return refused(refusal.clone()),
            _ => false,
        };
        let Some(key) = answered.key.clone() else { return Err(answered.response.unrecognized()) };
        if let Some(refusal) = self.wrong_product(answered, None)? {
            return refused(refusal);
        }
        Ok((key, is_open))
    }

    /// A seat whose heartbeat has not ended. One that has is of no use, and stays where the policy keeps dead machines.
    async fn living_seat(&self, request: &ActivateRequest, key: &LicenseKey) -> Result<TakenSeat> {
        let device = device(request)?;
        let seat = self.take_seat(request, key, &device).await?;
        if seat.is_new || !has_status(&seat.body, "DEAD") {
            return Ok(seat);
        }
        let id = segment("activation id", seat.body.id.as_str(), Operation::Activate)?;
        self.delete(Operation::Activate, &request.code, id).await?;
        self.take_seat(request, key, &device).await
    }

    /// Creates the machine, or finds the one that the device has.
    ///
    /// `FINGERPRINT_TAKEN` is a success in two cases: the device has a fixed identity, or an earlier attempt of this
    /// request got no answer. Otherwise, and in answers that are not signed where they have to be, it is an error.
    async fn take_seat(
        &self,
        request: &ActivateRequest,
        key: &LicenseKey,
        device: &Device,
    ) -> Result<TakenSeat> {
        let attributes = NewMachine {
            fingerprint: &device.fingerprint,
            name: &request.label,
            metadata: (!request.metadata.is_empty()).then_some(&request.metadata),
        };
        let relationships = OfLicense { license: ToOne::new("licenses", key.id.as_str()) };
        let data = NewResource { r#type: "machines", attributes, relationships };
        let call =
            ApiRequest::post(Operation::Activate).path(&["machines"]).json(&DataBody { data }).repeatable();
        let response = self.api.send(by_license(call, &request.code)?).await?;
        if response.is_success() {
            let body = machine(&response)?;
            is_of(&response, &body, key)?;
            return Ok(TakenSeat { body, is_new: true });
        }
        let is_taken = errors(response.body()).is_some_and(|body| body.has("FINGERPRINT_TAKEN"));
        let may_be_ours = device.is_known || response.earlier_attempt_open();
        if !is_taken || !may_be_ours || !self.api.is_trusted(&response) {
            let error = self.api.reject(&response, &[request.code.expose()]);
            // The fingerprint is not taken, so an earlier attempt of this request took no seat either.
            let is_refusal = error.refusal().is_some();
            return Err(if is_refusal { error.with_may_have_taken_effect(false) } else { error });
        }
        // The machine exists, whatever becomes of reading it.
        let body = self.held_seat(request, key, device, &response).await.map_err(|error| {
            let is_anothers = |refusal: &Refusal| refusal.reason == RefusalReason::AlreadyActivated;
            let is_open = !error.refusal().is_some_and(is_anothers);
            error.with_may_have_taken_effect(is_open)
        })?;
        // An earlier attempt took it if no other device can have this fingerprint, or if there was no machine before.
        let had_none = !device.is_known || key.activations.used == Some(0);
        Ok(TakenSeat { body, is_new: had_none && response.earlier_attempt_open() })
    }

    /// The machine that has the device's fingerprint already. A wider uniqueness of fingerprints also reports a machine
    /// of another license, which the license key cannot read. Reading it by the fingerprint needs no id (server's code,
    /// June 2026).
    async fn held_seat(
        &self,
        request: &ActivateRequest,
        key: &LicenseKey,
        device: &Device,
        taken: &ApiResponse,
    ) -> Result<MachineBody> {
        let fingerprint = PathSegment::new("fingerprint", &device.fingerprint)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Activate))?;
        let call = ApiRequest::get(Operation::Activate).path(&["machines"]).segment(fingerprint);
        let found = self.api.succeed(by_license(call, &request.code)?, &[request.code.expose()]).await;
        let response = match found {
            Err(error) if is_unknown_seat(&error) => {
                let refusal = Refusal::new(RefusalReason::AlreadyActivated)
                    .with_message("the device holds a seat of another license key");
                return Err(taken.fill(Error::refused(refusal)));
            }
            found => found?,
        };
        let body = machine(&response)?;
        is_of(&response, &body, key)?;
        Ok(body)
    }

    /// Sends the first heartbeat, without which the machine is not valid. The seat is taken whether it arrives or not;
    /// then it ends unless it is renewed.
    async fn start_heartbeat(&self, request: &ActivateRequest, activation: &mut Activation, id: PathSegment) {
        if let Ok(pinged) = self.ping(Operation::Activate, &request.code, id).await {
            activation.expires_at = pinged.expires_at;
        }
    }

    /// Validates the seat, and gives it back if it is refused; `new` is its id if this activation took it.
    async fn confirm(
        &self,
        request: &ActivateRequest,
        seat: &Activation,
        new: Option<PathSegment>,
    ) -> Result<()> {
        let scope = Scope { machine: Some(seat.id.as_str()), ..self.scope() };
        let answered = self.ask(Operation::Activate, &request.code, scope).await;
        let why = match answered {
            Ok(Answered { verdict: Answer::Refused(refusal), response, .. }) => {
                response.fill(Error::refused(refusal))
            }
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let Some(id) = new else { return Err(why.with_may_have_taken_effect(false)) };
        Err(why.with_seat_given_back(self.delete(Operation::Activate, &request.code, id).await))
    }
}

/// Rejects what Keygen would not keep as it is: a label of more than 255 characters, and names of metadata that change
/// between snake case and camel case.
///
/// # Errors
///
/// `InvalidRequest`, naming the field.
fn check(request: &ActivateRequest) -> Result<()> {
    let message = if request.label.chars().count() > LONGEST_NAME {
        "label: Keygen keeps at most 255 characters"
    } else if !map::keeps_names(&request.metadata) {
        "metadata: Keygen changes this name; use lower-case words joined by single underscores, each beginning with a \
         letter"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidRequest, message)
        .with_provider(NAME)
        .with_operation(Operation::Activate))
}

/// The identity of the device of a request. Without an installation each activation is a device of its own.
fn device(request: &ActivateRequest) -> Result<Device> {
    if let Some(installation) = request.installation {
        return Ok(Device { fingerprint: installation.to_string().into(), is_known: true });
    }
    let mut bytes = [0; 16];
    fill(&mut bytes, Operation::Activate)?;
    Ok(Device { fingerprint: HEXLOWER.encode(&bytes).into(), is_known: false })
}

/// Whether the machine's heartbeat has this status.
fn has_status(machine: &MachineBody, status: &str) -> bool {
    machine.attributes.heartbeat_status.as_ref().value().is_some_and(|word| **word == *status)
}

/// Checks that a machine is one of `key`. An answer without the relationship is accepted.
///
/// # Errors
///
/// `Unrecognized` if the machine is one of another license.
fn is_of(response: &ApiResponse, body: &MachineBody, key: &LicenseKey) -> Result<()> {
    let license = body.relationships.as_ref().and_then(|found| found.license.as_ref());
    match license.and_then(|license| license.id_ref()) {
        Some(id) if *id != key.id => Err(of_another_request(response)),
        _ => Ok(()),
    }
}

/// Whether a key is refused only because no device, or this one, has activated it. Such a key may get a seat: with too
/// many machines the device may have one of them.
fn needs_a_seat(refusal: &Refusal) -> bool {
    matches!(refusal.reason, RefusalReason::ActivationRequired | RefusalReason::ActivationLimitReached)
}
