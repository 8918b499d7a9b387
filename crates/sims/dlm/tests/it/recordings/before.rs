//! The state of the shop before a recorded request, as the recorded answer shows it.
//!
//! A key, an activation or an id that an answer shows existed before, unless the request made it. What the request
//! changes had another value before. A refusal names its cause.

use anykey_core::{ManualClock, Timestamp};
use anykey_dlm_sim::kit::TestRequest;
use anykey_dlm_sim::{DlmSim, License, Seat, Table};
use serde_json::{Value, json};

use super::consumers;
use super::documents::{license, lmfwc_license, seat};
use super::recording::{Recording, SITE};

/// When a dead activation of a refusal died.
const DIED: &str = "2026-11-27 22:48:21";

pub async fn before(recording: &Recording) -> DlmSim {
    let site = DlmSim::new(ManualClock::at(time(recording)));
    consumers::all().for_each(|consumer| site.add_consumer(consumer));
    if recording.name.contains("generat") && recording.name != "generators-create" {
        generators(&site).await;
    }
    switch(&site, &recording.name);
    let shown = Shown { site: &site, recording };
    shown.others();
    let document = recording.document();
    match document.get("data").filter(|_| document["success"] == true) {
        Some(data) => shown.success(data),
        None => shown.failure(&document),
    }
    site
}

/// The time of the server: that of what the request made or changed, else that of the answer.
fn time(recording: &Recording) -> Timestamp {
    let data = recording.document()["data"].clone();
    let made = match (recording.request.method.as_str(), recording.parts().as_slice()) {
        ("POST", [_]) => &data["created_at"],
        ("GET", ["licenses", "activate", _]) if recording.query("token").is_none() => &data["created_at"],
        ("PUT" | "POST", _) | ("GET", ["licenses", "activate" | "deactivate", _]) => &data["updated_at"],
        _ => &Value::Null,
    };
    if let Some(made) = made.as_str() {
        return format!("{}Z", made.replace(' ', "T")).parse().unwrap();
    }
    let date = recording.header("date").unwrap();
    let date = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", date).unwrap();
    jiff::tz::TimeZone::UTC.to_timestamp(date).unwrap()
}

fn switch(site: &DlmSim, name: &str) {
    site.change_switches(|switches| {
        switches.site = SITE.to_owned();
        switches.lmfwc = name.starts_with("lmfwc-") && name != "lmfwc-off";
        switches.https_required = name.starts_with("https-required");
        switches.duplicates_allowed = name.ends_with("duplicate-allowed");
        switches.database_down = name == "outage-database-down";
        switches.maintenance = name == "outage-maintenance";
        switches.plugin_off = name == "outage-plugin-off";
        switches.unreadable_table = match name {
            _ if name.starts_with("db-keys") => Some(Table::Consumers),
            _ if name.starts_with("db-table") => Some(Table::Licenses),
            _ if name.starts_with("db-activations") => Some(Table::Activations),
            _ => None,
        };
        if name.starts_with("zone-") {
            switches.zone = jiff::tz::TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        }
    });
}

/// The two generators of the recorded shop.
async fn generators(site: &DlmSim) {
    let authorization = consumers::consumer("full").authorization();
    for generator in [
        json!({"name":"std","charset":"ABCDEF0123456789","chunks":4,"chunk_length":5,"separator":"-","expires_in":30}),
        json!({"name":"few","charset":"AB","chunks":1,"chunk_length":2}),
    ] {
        let request = TestRequest::new("POST", format!("{SITE}/wp-json/dlm/v1/generators"));
        let request = request.header("Authorization", authorization.as_str()).json(&generator);
        assert_eq!(request.send(site).await.unwrap().status(), 200);
    }
}

struct Shown<'r> {
    site: &'r DlmSim,
    recording: &'r Recording,
}

impl Shown<'_> {
    fn success(&self, data: &Value) {
        let name = self.recording.name.as_str();
        let number = |name: &str| data[name].as_i64().unwrap();
        if name.starts_with("lmfwc-") && !name.contains("dlm-view") {
            return self.lmfwc(data);
        }
        match (self.recording.request.method.as_str(), self.recording.parts().as_slice()) {
            (_, ["generators"]) => self.site.next_ids(1, 1, number("id")),
            (_, ["generators", ..]) => {
                let codes = data.as_array().unwrap().iter();
                self.site.next_codes(codes.map(|code| code.as_str().unwrap().to_owned()));
            }
            ("GET", ["licenses"]) => data.as_array().unwrap().iter().for_each(|key| self.shown(key, 0)),
            ("POST", ["licenses"]) => {
                self.site.next_ids(number("id"), 1, 1);
                if name.ends_with("duplicate-allowed") {
                    self.key(1, data["license_key"].as_str().unwrap(), |_| ());
                }
            }
            ("GET", ["licenses", "activate", _]) => self.activated(data),
            ("GET", ["licenses", call, _]) => {
                let freed = *call == "deactivate";
                let mut seat = seat(data, data["license"]["id"].as_i64().unwrap());
                self.shown(&data["license"], i64::from(!freed && seat.deactivated_at.is_none()));
                if freed {
                    (seat.deactivated_at, seat.updated_at) = (None, None);
                }
                self.site.add_seat(seat);
            }
            ("GET", ["licenses", _]) if data["activations"].is_array() => {
                self.shown(data, number("times_activated"));
                for shown in data["activations"].as_array().unwrap() {
                    self.site.add_seat(seat(shown, number("id")));
                }
            }
            (_, ["licenses", named]) if data.is_object() => self.updated(named, data),
            (_, ["licenses", named]) => self.key(1, named, |_| ()),
            _ => {
                let code = self.recording.request.body.as_deref().unwrap().trim_start_matches("licenseKey=");
                self.key(1, code, |key| {
                    key.expires_at = data["exp"].as_str().map(ToOwned::to_owned);
                    key.status = if name.ends_with("disabled") { 5 } else { 3 };
                });
            }
        }
    }

    /// Adds a key of a document, with the activations that it shows beyond `known`.
    fn shown(&self, shown: &Value, known: i64) {
        self.add(license(shown), shown["times_activated"].as_i64().unwrap() - known);
    }

    fn add(&self, license: License, others: i64) {
        let id = self.site.add_license(license.clone());
        let id = id.unwrap_or_else(|| panic!("{}: {license:?}", self.recording.name));
        for index in 0..others {
            let mut seat = Seat::new(id, format!("{:0>40}", format!("ab{id}ab{index}")));
            seat.id = 1_000 + id * 100 + index;
            self.site.add_seat(seat);
        }
    }

    fn activated(&self, data: &Value) {
        let key = &data["license"];
        self.shown(key, 1);
        if self.recording.query("token").is_some() {
            let mut seat = seat(data, key["id"].as_i64().unwrap());
            seat.deactivated_at = Some(DIED.to_owned());
            self.site.add_seat(seat);
        } else {
            self.site.next_ids(100, data["id"].as_i64().unwrap(), 1);
            self.site.next_tokens([data["token"].as_str().unwrap().to_owned()]);
        }
    }

    /// What the request changes was different before.
    fn updated(&self, named: &str, data: &Value) {
        let mut key = license(data);
        if self.recording.changes("license_key") {
            key.license_key = "DLM-BEFORE-0001".to_owned();
        }
        if named.parse::<i64>().is_err() {
            key.license_key = named.to_owned();
        }
        let mut before = |member: &str, change: &dyn Fn(&mut License)| {
            if self.recording.changes(member) {
                change(&mut key);
                key.updated_at = None;
            }
        };
        before("license_key", &|_| ());
        before("status", &|key| key.status = if key.status == 5 { 3 } else { 5 });
        before("activations_limit", &|key| key.activations_limit = Some(77));
        before("expires_at", &|key| key.expires_at = Some("2029-01-01 00:00:00".to_owned()));
        before("user_id", &|key| key.user_id = Some(66));
        before("product_id", &|key| key.product_id = Some(66));
        before("order_id", &|key| key.order_id = Some(66));
        before("valid_for", &|key| key.valid_for = Some(66));
        self.add(key, data["times_activated"].as_i64().unwrap());
    }

    /// The other plugin's documents: one key, whose dead seats count too.
    fn lmfwc(&self, data: &Value) {
        let parts = self.recording.parts();
        let code = data["licenseKey"].as_str().unwrap_or_else(|| parts.last().unwrap());
        match (self.recording.request.method.as_str(), parts.as_slice()) {
            (_, ["generators", ..]) => return,
            ("POST", _) => return self.site.next_ids(data["id"].as_i64().unwrap(), 1, 1),
            _ => {}
        }
        let mut key = lmfwc_license(data, code);
        let given = self.recording.given();
        if given["status"].is_string() {
            key.status = 3;
        }
        if given["times_activated_max"].is_i64() {
            key.activations_limit = Some(2);
        }
        let call = parts[1];
        let made = data["timesActivated"].as_i64().unwrap() - i64::from(call == "activate");
        let are_alive = matches!(call, "validate" | "deactivate");
        self.add(key, if are_alive { made } else { 0 });
        for index in 0..if are_alive { 0 } else { made } {
            let mut seat = Seat::new(2, format!("{index:0>40}"));
            seat.deactivated_at = Some(DIED.to_owned());
            self.site.add_seat(seat);
        }
    }

    fn failure(&self, document: &Value) {
        let text = |name: &str| document[name].as_str().unwrap_or_default();
        let (code, message) = (text("code"), text("message"));
        let parts = self.recording.parts();
        match parts.as_slice() {
            ["licenses", "activate", named] => self.not_activated(code, message, named),
            ["licenses", "deactivate" | "validate", token] => {
                let is_orphan = message.starts_with("License is") || message.starts_with("License could");
                let is_known = is_orphan || code == "license_disabled" || message.contains("already");
                if !is_orphan {
                    self.key(1, "DLM-ACTV-0001", |key| {
                        key.status = if code == "license_disabled" { 5 } else { 3 }
                    });
                }
                let token = if is_known { token } else { "0123456789abcdef0123456789abcdef01234567" };
                let mut seat = Seat::new(if is_orphan { 9 } else { 1 }, token);
                seat.deactivated_at = message.contains("already").then(|| DIED.to_owned());
                self.site.add_seat(seat);
            }
            [_, ..] if message.contains("already exists") => {
                self.key(2, self.recording.given()["license_key"].as_str().unwrap(), |_| ());
                if let ["licenses", named] = parts.as_slice() {
                    self.key(1, named, |_| ());
                }
            }
            ["licenses", named] if !message.contains("could not be found") => self.key(1, named, |_| ()),
            _ if self.recording.name == "list-empty" => {}
            _ => self.key(2, "DLM-SOME-0002", |_| ()),
        }
    }

    fn not_activated(&self, code: &str, message: &str, named: &str) {
        let is_of_another_key = message.contains("Cheati") || message.contains("could not be found");
        self.key(1, if is_of_another_key { "DLM-OTHER-0001" } else { named }, |key| match code {
            "license_expired" => {
                let an_hour_ago = self.recording.name.contains("1h-ago");
                let end = if an_hour_ago { "2026-11-27 21:48:25" } else { "2020-01-01 00:00:00" };
                key.expires_at = Some(end.to_owned());
                key.status = if self.recording.name.contains("disabled") { 5 } else { 3 };
            }
            "license_disabled" => key.status = 5,
            "license_activation_limit_reached" => key.activations_limit = Some(1),
            _ => {}
        });
        for index in 0..if code.contains("limit") { 2 } else { 0 } {
            self.site.add_seat(Seat::new(1, format!("{index:0>40}")));
        }
        if let Some(token) = self.recording.query("token") {
            let mut seat = Seat::new(1, token);
            seat.deactivated_at = (!message.contains("already activated")).then(|| DIED.to_owned());
            self.site.add_seat(seat);
        }
    }

    /// Other keys, which a filter has to leave out.
    fn others(&self) {
        let name = self.recording.name.as_str();
        if matches!(name, "list-empty" | "list-ok") {
            return;
        }
        for id in [901, 902] {
            self.key(id, &format!("DLM-DECOY-{id}"), |key| {
                (key.user_id, key.status) = (Some(id), 2);
                key.created_at = "2025-01-01 00:00:00".to_owned();
            });
        }
    }

    fn key(&self, id: i64, code: &str, change: impl FnOnce(&mut License)) {
        let mut license = License::default();
        (license.id, license.license_key) = (id, code.to_owned());
        (license.status, license.source) = (3, 3);
        change(&mut license);
        self.site.add_license(license).unwrap();
    }
}
