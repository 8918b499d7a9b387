//! What a seller calls with a token.

use std::collections::HashMap;

use keygen_rs::config::{KeygenConfig, set_config};
use keygen_rs::errors::Error;
use keygen_rs::license::{
    License, LicenseCheckoutOpts, LicenseCreateRequest, LicenseListOptions, LicenseUpdateRequest,
    LicenseValidationRequest, NumericFilter,
};
use keygen_rs::machine::{
    Machine, MachineCheckoutOpts, MachineCreateRequest, MachineListFilters, MachineUpdateRequest,
};

use super::vendor::Vendor;

fn status_of<T: std::fmt::Debug>(result: Result<T, Error>) -> u16 {
    match result {
        Err(Error::Api(document)) => document.status().as_u16(),
        other => panic!("no answer of the vendor: {other:?}"),
    }
}

#[tokio::test]
async fn the_seller_creates_lists_changes_and_deletes() {
    let vendor = Vendor::start().await;
    let token = Some(vendor.sim.admin_token());
    set_config(KeygenConfig { token, ..vendor.config() }).unwrap();

    licenses(&vendor).await;
    machines(&vendor).await;
    files(&vendor).await;

    set_config(KeygenConfig { token: Some("admin-0000v3".to_owned()), ..vendor.config() }).unwrap();
    assert_eq!(status_of(License::list(None).await), 401);
}

async fn licenses(vendor: &Vendor) {
    let metadata = HashMap::from([("externalId".to_owned(), "order 7".into())]);
    let request = LicenseCreateRequest::new(vendor.policy.clone())
        .with_name("Studio".to_owned())
        .with_key("AAAA-BBBB-CCCC-1".to_owned())
        .with_max_machines(5)
        .with_metadata(metadata.clone());
    let license = License::create(request).await.unwrap();
    assert_eq!((license.key.as_str(), license.name.as_deref()), ("AAAA-BBBB-CCCC-1", Some("Studio")));
    assert_eq!((license.max_machines, &license.metadata), (Some(5), &metadata));
    let again = LicenseCreateRequest::new(vendor.policy.clone()).with_key(license.key.clone());
    assert_eq!(status_of(License::create(again).await), 422);

    let changed = LicenseUpdateRequest::new().with_name("Studio 2".to_owned()).clear_max_machines();
    let changed = license.update(changed).await.unwrap();
    assert_eq!(changed.name.as_deref(), Some("Studio 2"));
    assert!(license.suspend().await.unwrap().suspended.unwrap());
    assert_eq!(status_of(license.suspend().await), 422);
    assert_eq!(license.reinstate().await.unwrap().status.as_deref(), Some("ACTIVE"));
    assert_eq!(status_of(license.renew().await), 422, "the policy has no duration");
    assert_eq!(license.increment_usage(Some(3)).await.unwrap().uses, Some(3));
    assert_eq!(license.decrement_usage(Some(1)).await.unwrap().uses, Some(2));
    assert_eq!(license.reset_usage().await.unwrap().uses, Some(0));
    let validated = License::get(&license.id).await.unwrap();
    assert!(validated.validate(&LicenseValidationRequest::default()).await.unwrap().meta.valid);

    for _ in 0..3 {
        vendor.issue();
    }
    let mut options = LicenseListOptions { page_size: Some(2), ..LicenseListOptions::default() };
    let first = License::list(Some(&options)).await.unwrap();
    options.page_cursor = first.next_cursor();
    let second = License::list(Some(&options)).await.unwrap();
    let ids: Vec<_> = first.data.iter().chain(&second.data).map(|license| &license.id).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(*ids[3], license.id, "the newest is the first");
    let filter = LicenseListOptions { metadata: Some(metadata), ..LicenseListOptions::default() };
    assert_eq!(License::list(Some(&filter)).await.unwrap().data.len(), 1);
    let one = NumericFilter { gte: Some(1), ..NumericFilter::default() };
    let filter = LicenseListOptions { activations: Some(one), ..LicenseListOptions::default() };
    assert!(License::list(Some(&filter)).await.unwrap().data.is_empty());
    let filter = LicenseListOptions { status: Some("SUSPENDED".to_owned()), ..LicenseListOptions::default() };
    assert!(License::list(Some(&filter)).await.unwrap().data.is_empty());

    license.delete().await.unwrap();
    assert_eq!(status_of(License::get(&license.id).await), 404);
    first.data[0].revoke().await.unwrap();
    assert_eq!(status_of(License::get(&first.data[0].id).await), 404);
}

async fn machines(vendor: &Vendor) {
    let issued = vendor.issue();
    let machine = Machine::create(MachineCreateRequest {
        fingerprint: "machine-1".to_owned(),
        name: Some("laptop".to_owned()),
        platform: Some("linux".to_owned()),
        hostname: None,
        ip: Some("203.0.113.9".to_owned()),
        cores: Some(8),
        metadata: None,
        license_id: issued.id.clone(),
    });
    let machine = machine.await.unwrap();
    assert_eq!((machine.name.as_deref(), machine.cores), (Some("laptop"), Some(8)));
    let filters = [
        MachineListFilters { license: Some(issued.id.clone()), ..MachineListFilters::default() },
        MachineListFilters { fingerprint: Some("machine-1".to_owned()), ..MachineListFilters::default() },
        MachineListFilters { page_number: Some(1), page_size: Some(10), ..MachineListFilters::default() },
    ];
    for filter in filters {
        let found = Machine::list(Some(filter.clone())).await.unwrap();
        assert_eq!(found.len(), 1, "{filter:?}");
    }
    let update = MachineUpdateRequest {
        name: Some("desktop".to_owned()),
        platform: None,
        hostname: None,
        ip: None,
        cores: None,
        metadata: None,
    };
    assert_eq!(machine.update(update).await.unwrap().name.as_deref(), Some("desktop"));
    assert_eq!(machine.reset().await.unwrap().heartbeat_status, "NOT_STARTED");
    assert_eq!(Machine::get(&machine.id).await.unwrap().license_id.as_ref(), Some(&issued.id));
    machine.deactivate().await.unwrap();
    assert_eq!(status_of(Machine::get(&machine.id).await), 404);
}

/// `verify` of a file reads the public key of the process.
async fn files(vendor: &Vendor) {
    let license = License::get(&vendor.issue().id).await.unwrap();
    let file = license.checkout(&LicenseCheckoutOpts::new()).await.unwrap();
    file.verify().unwrap();
    let machine = license.activate("machine-1", &[]).await.unwrap();
    machine.checkout(&MachineCheckoutOpts::new()).await.unwrap().verify().unwrap();
}
