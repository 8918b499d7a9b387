//! Every adapter and plane over one answer, and every operation of it.

use std::sync::{Arc, LazyLock};

use anykey::adapter::KeyCodeExt as _;
use anykey::sim::{IssueSpec, SimulatedPlane};
use anykey::{
    ActivateRequest, Capability, CreateRequest, DeactivateRequest, HttpTransport, KeyCode, LicensePatch,
    LicenseProvider, ListQuery, Operation, PageToken, Refusal, Registry, Result, ValidateRequest, Verdict,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use anykey_tests::{Simulation, simulations};

pub(crate) const CODE: &str = "PLANTED-4f1c9d27-CODE";
/// An id at vendors whose ids are UUIDs, or any text.
const ID: &str = "508176f7-065a-4b5d-b524-4e9c8a11ed63";
/// An id at vendors whose ids are numbers.
const NUMBER: &str = "508176";

/// Every plane of every vendor: as it is, with raw answers, and for one product only.
static CONFIGURATIONS: LazyLock<Vec<(Simulation, SimulatedPlane)>> = LazyLock::new(|| {
    let of_a_plane = |simulation: &Simulation, plane: SimulatedPlane, product: &str| {
        let raw = simulation.has_field("raw").then(|| plane.clone().field("raw", true));
        let of_a_product = plane.clone().field("products", vec![product]);
        let configurations = [Some(plane), raw, Some(of_a_product)].into_iter().flatten();
        configurations.map(|plane| (simulation.clone(), plane)).collect::<Vec<_>>()
    };
    simulations()
        .flat_map(|simulation| {
            let product = simulation.issue(IssueSpec::new()).product;
            let planes = simulation.vendor.planes().into_iter();
            planes.flat_map(|plane| of_a_plane(&simulation, plane, product.as_str())).collect::<Vec<_>>()
        })
        .collect()
});

/// A provider over one answer.
pub(crate) struct Answered {
    pub(crate) provider: Arc<dyn LicenseProvider>,
    /// The statuses of the vendor's refusals that are usually of a failed server.
    pub(crate) refusal_statuses: &'static [u16],
    /// An id of an activation in the vendor's form.
    seat: &'static str,
}

pub(crate) fn all(answer: Answer) -> Vec<Answered> {
    let transport: Arc<dyn HttpTransport> = Arc::new(ScriptedTransport::from_fn(move |_| answer.clone()));
    let registry = Registry::builtin();
    let answered = |(simulation, plane): &(Simulation, SimulatedPlane)| Answered {
        provider: simulation.provider_on(plane, transport.clone()),
        refusal_statuses: simulation.vendor.rules().refusal_statuses,
        seat: registry.vendor(simulation.vendor.vendor()).unwrap().probe().activation_id,
    };
    CONFIGURATIONS.iter().map(answered).collect()
}

/// Runs every operation, and returns the refusals among the answers.
pub(crate) async fn run_all(
    Answered { provider, seat, .. }: &Answered,
    page: Option<PageToken>,
) -> Vec<(Operation, Refusal)> {
    let code = || KeyCode::verbatim(CODE);
    let mut query = ListQuery::new();
    query.page = page;
    if !provider.capabilities().contains(Capability::ListAll) {
        query.customer = Some("cus_1".into());
    }
    let patch = LicensePatch::new().clear_expiry();
    let counted = ValidateRequest::new(code()).increment_usage(1);
    let mut refusals = Vec::new();
    let mut keep =
        |operation, refusal: Option<Refusal>| refusals.extend(refusal.map(|refusal| (operation, refusal)));
    keep(Operation::List, refusal(provider.list(query).await));
    for id in [ID, NUMBER] {
        keep(Operation::Get, refusal(provider.get(&id.into()).await));
        keep(Operation::Update, refusal(provider.update(&id.into(), patch.clone()).await));
        keep(Operation::Activations, refusal(provider.activations(&id.into()).await));
    }
    keep(Operation::Create, refusal(provider.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await));
    keep(Operation::Rotate, refusal(provider.rotate(&ID.into()).await));
    for request in [ValidateRequest::new(code()), ValidateRequest::new(code()).activation(*seat), counted] {
        let refusal = match provider.validate(request).await {
            Ok(validation) => match validation.verdict {
                Verdict::Refused(refusal) => Some(refusal),
                Verdict::Valid => None,
            },
            error => refusal(error),
        };
        keep(Operation::Validate, refusal);
    }
    keep(Operation::Activate, refusal(provider.activate(ActivateRequest::new(code(), "laptop")).await));
    keep(Operation::Deactivate, refusal(provider.deactivate(DeactivateRequest::new(code(), *seat)).await));
    refusals
}

fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Option<Refusal> {
    match answer {
        Ok(value) => {
            assert!(!format!("{value:?}").contains(CODE), "{value:?}");
            None
        }
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains(CODE), "{error:?}");
            error.refusal().cloned()
        }
    }
}

/// Runs `future` on a clock of its own that never waits.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(future)
}
