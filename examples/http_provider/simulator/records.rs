use anykey::Timestamp;
use serde_json::{Value, json};

/// A sale.
#[derive(Debug)]
pub(crate) struct Sold {
    pub(crate) product: &'static str,
    pub(crate) customer: &'static str,
    /// `-1` is unlimited, `0` none.
    pub(crate) seats: i64,
    pub(crate) ends_at: Option<Timestamp>,
}

/// What Acme keeps of an account.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) licenses: Vec<License>,
    seats_ever: usize,
}

#[derive(Debug)]
pub(super) struct License {
    id: String,
    code: String,
    pub(super) sold: Sold,
    pub(super) suspended: bool,
    created_at: Timestamp,
    pub(super) seats: Vec<Seat>,
}

#[derive(Debug)]
pub(super) struct Seat {
    pub(super) id: String,
    label: String,
    created_at: Timestamp,
}

impl Records {
    pub(super) fn sell(&mut self, sold: Sold, now: Timestamp) -> (String, String) {
        let number = self.licenses.len() + 1;
        let (id, code) = (format!("lic_{number:04}"), format!("ACME-7F3K-{number:04}"));
        let (returned_id, returned_code) = (id.clone(), code.clone());
        let seats = Vec::new();
        self.licenses.push(License { id, code, sold, suspended: false, created_at: now, seats });
        (returned_id, returned_code)
    }

    pub(super) fn by_id(&mut self, id: &str) -> Option<&mut License> {
        self.licenses.iter_mut().find(|license| license.id == id)
    }

    pub(super) fn by_code(&mut self, code: &str) -> Option<&mut License> {
        self.licenses.iter_mut().find(|license| license.code == code)
    }

    /// An id for the next seat of the account.
    pub(super) fn next_seat(&mut self) -> String {
        self.seats_ever += 1;
        format!("seat_{:04}", self.seats_ever)
    }
}

impl License {
    pub(super) fn take(&mut self, id: String, label: &str, now: Timestamp) -> Value {
        let seat = Seat { id, label: label.to_owned(), created_at: now };
        let json = seat.json();
        self.seats.push(seat);
        json
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "code": self.code,
            "state": if self.suspended { "suspended" } else { "active" },
            "product": self.sold.product,
            "customer": self.sold.customer,
            "seats": self.sold.seats,
            "seats_taken": self.seats.len(),
            "lifetime": self.sold.ends_at.is_none(),
            "ends_at": self.sold.ends_at.map(|at| at.to_string()),
            "created_at": self.created_at.to_string(),
        })
    }
}

impl Seat {
    pub(super) fn json(&self) -> Value {
        json!({ "id": self.id, "label": self.label, "created_at": self.created_at.to_string() })
    }
}
