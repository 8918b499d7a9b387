//! The limit of seats under load, which the real server does not keep.

use anykey_core::{HttpTransport, ManualClock};
use anykey_dlm_sim::kit::TestRequest;
use anykey_dlm_sim::{Consumer, DlmSim, License};
use futures_util::future::join_all;

async fn seats_after_twenty_at_once(overlapping: u32) -> (usize, usize) {
    let site = DlmSim::new(ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap()));
    let consumer = Consumer::new("ck_1", "cs_1");
    site.add_consumer(consumer.clone());
    site.change_switches(|switches| switches.overlapping_activations = overlapping);
    let mut license = License::default();
    license.license_key = "DLM-RACE-0001".to_owned();
    license.activations_limit = Some(3);
    let id = site.add_license(license).unwrap();
    let activate = || {
        let url = "https://shop.example.com/wp-json/dlm/v1/licenses/activate/DLM-RACE-0001";
        let request = TestRequest::new("GET", url).header("Authorization", consumer.authorization());
        site.send(request.build().unwrap())
    };
    let answers = join_all((0..20).map(|_| activate())).await;
    let taken = answers.into_iter().filter(|answer| answer.as_ref().unwrap().status() == 200).count();
    (taken, site.living_seats(id).len())
}

#[tokio::test]
async fn activations_at_once_take_more_seats_than_there_are_where_the_switch_is_on() {
    assert_eq!(seats_after_twenty_at_once(0).await, (3, 3));
    assert_eq!(seats_after_twenty_at_once(9).await, (9, 9));
}
