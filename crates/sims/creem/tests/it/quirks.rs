use anykey_creem_sim::{
    DeactivatedInstance, Deactivation, EndedAnswer, InstanceForm, KeySpec, LicenseStatus, LimitStatus,
    MessageForm,
};
use serde_json::{Value, json};

use crate::fixture::{Fixture, limited};

#[test]
fn the_instance_is_an_object_or_one_of_two_lists() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let (first, second) = (fixture.activate(&key, "Laptop"), fixture.activate(&key, "Phone"));
    let ids = |form| {
        fixture.sim.change_quirks(|quirks| quirks.instance_form = form);
        let body = fixture.about("validate", &key, &second).json(200);
        let list = body["instance"].as_array().unwrap().clone();
        list.iter().map(|instance| instance["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(InstanceForm::List), [second.as_str()]);
    assert_eq!(ids(InstanceForm::ListOfAll), [first.as_str(), second.as_str()]);
}

#[test]
fn the_limit_is_a_403_or_a_400_and_always_has_a_message() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(0));
    for (status, expected, error) in
        [(LimitStatus::Forbidden, 403, "Forbidden"), (LimitStatus::BadRequest, 400, "Bad Request")]
    {
        fixture.sim.change_quirks(|quirks| {
            quirks.limit_status = status;
            quirks.message_form = MessageForm::Absent;
        });
        let full = fixture.license("activate", &json!({ "key": key.key, "instance_name": "a" }));
        full.is_error(expected, error, &json!("License activation limit reached"));
    }
}

#[test]
fn an_ended_license_may_be_answered_with_its_status() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let instance = fixture.activate(&key, "Laptop");
    fixture.sim.disable(&key.id);
    fixture.sim.change_quirks(|quirks| quirks.ended = EndedAnswer::Status);
    assert_eq!(fixture.about("validate", &key, &instance).json(200)["status"], "disabled");
    let body = fixture.license("activate", &json!({ "key": key.key, "instance_name": "a" })).json(200);
    assert_eq!((&body["status"], &body["instance"]["status"]), (&json!("disabled"), &json!("active")));
}

#[test]
fn a_deactivation_may_keep_the_count_and_the_status() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(1));
    let instance = fixture.activate(&key, "Laptop");
    fixture.sim.change_quirks(|quirks| quirks.deactivation = Deactivation::KeepsCount);
    let body = fixture.about("deactivate", &key, &instance).json(200);
    assert_eq!((&body["status"], &body["activation"]), (&json!("active"), &json!(1)));
    assert_eq!(fixture.sim.license_status(&key.id), Some(LicenseStatus::Active));
    fixture.activate(&key, "Phone");
}

#[test]
fn a_deactivated_instance_may_be_refused() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let instance = fixture.activate(&key, "Laptop");
    fixture.about("deactivate", &key, &instance).json(200);
    for (answer, status) in [
        (DeactivatedInstance::NotFound, 404),
        (DeactivatedInstance::Conflict, 409),
        (DeactivatedInstance::Gone, 410),
    ] {
        fixture.sim.change_quirks(|quirks| quirks.deactivated_instance = answer);
        let body = fixture.about("validate", &key, &instance).json(status);
        assert_eq!(body["message"], json!(["License instance is deactivated"]));
    }
}

#[test]
fn members_words_and_messages_may_differ() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let instance = fixture.activate(&key, "Laptop");
    fixture.sim.change_quirks(|quirks| {
        quirks.omit_product = true;
        quirks.mode_word = Some("local");
        quirks.omit_null_members = true;
        quirks.unknown_members = true;
        quirks.not_found_says_bad_request = true;
        quirks.message_form = MessageForm::Text;
    });
    fixture.sim.force_status_word(&key.id, Some("paused"));
    let body = fixture.about("validate", &key, &instance).json(200);
    assert_eq!((&body["mode"], &body["status"]), (&json!("local"), &json!("paused")));
    assert_eq!(body["instance"]["mode"], "local");
    for absent in ["product_id", "expires_at", "activation_limit"] {
        assert!(body.get(absent).is_none(), "{absent}");
    }
    assert!(body.get("unknown_member").is_some());
    let unknown = fixture.about("validate", &key, "inst_unknown");
    let body = unknown.json(404);
    assert_eq!(
        (&body["error"], &body["message"]),
        (&json!("Bad Request"), &json!("License instance not found"))
    );
    fixture.sim.change_quirks(|quirks| quirks.message_form = MessageForm::Absent);
    assert_eq!(fixture.about("validate", &key, "inst_unknown").json(404).get("message"), None::<&Value>);
}
