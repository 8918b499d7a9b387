//! Ends at the bounds of the calendar: what the adapter sends is what Polar takes, and every end that Polar has is
//! read.

use std::sync::Arc;

use anykey_core::{ErrorKind, Expiry, LicensePatch, LicenseProvider, ManualClock, Timestamp};
use anykey_http::Pacer;
use anykey_polar::PolarProvider;
use anykey_polar_sim::{BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope};
use anykey_testkit::transport::{Answer, ScriptedTransport};

#[tokio::test]
async fn an_end_in_the_years_1_to_9999_is_set_and_read_again_and_an_earlier_one_is_rejected() {
    let sim = PolarSim::new(ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap()));
    let benefit = sim.add_benefit(BenefitSpec::default()).unwrap();
    let customer = sim.add_customer(CustomerSpec::default()).unwrap();
    let id = sim.grant(GrantSpec::order(benefit, customer)).unwrap().id.to_string();
    let scopes = [Scope::LicenseKeysRead, Scope::LicenseKeysWrite];
    let provider = PolarProvider::builder(sim.organization_id().to_string())
        .token(sim.organization_token(sim.organization_id(), scopes).unwrap())
        .transport(Arc::new(sim.clone()))
        .management_pacer(Pacer::unlimited())
        .build()
        .unwrap();
    let set =
        async |end: Timestamp| provider.update(&id.as_str().into(), LicensePatch::new().expiry(end)).await;
    let instant = |text: &str| text.parse::<Timestamp>().unwrap();
    for text in ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z", "9999-12-30T00:00:00Z"] {
        assert_eq!(set(instant(text)).await.unwrap().expiry, Expiry::At(instant(text)), "{text}");
        let read = provider.get(&id.as_str().into()).await.unwrap();
        assert_eq!(read.expiry, Expiry::At(instant(text)), "{text}");
    }
    for text in ["0000-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "-000001-01-01T00:00:00Z"] {
        let error = set(instant(text)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.http_status()),
            (ErrorKind::InvalidRequest, Some(422)),
            "{text}: {error}"
        );
    }
    assert!(set(Timestamp::MAX).await.unwrap().expiry.at().is_some());
}

#[tokio::test]
async fn an_end_with_an_offset_beyond_the_calendar_in_utc_hides_no_key() {
    for (text, expected) in [
        ("9999-12-31T23:59:59-01:00", Timestamp::MAX),
        ("9999-12-31T23:59:59+23:59", Timestamp::MAX),
        ("0001-01-01T00:00:00+01:00", "0000-12-31T23:00:00Z".parse().unwrap()),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z".parse().unwrap()),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z".parse().unwrap()),
    ] {
        let body = format!(
            r#"{{"id":"993f9c2c-9d3f-4f9b-9982-cd6a55225b7d","key":"A-1","status":"granted","expires_at":"{text}"}}"#
        );
        let transport = ScriptedTransport::new().then(Answer::json(200, body));
        let provider = PolarProvider::builder("57a10a51-653a-449f-a259-1c70a3bbc826")
            .token("polar_oat_planted")
            .transport(Arc::new(transport))
            .build()
            .unwrap();
        let key = provider.get(&"993f9c2c-9d3f-4f9b-9982-cd6a55225b7d".into()).await.unwrap();
        assert_eq!(key.expiry, Expiry::At(expected), "{text}");
    }
}
