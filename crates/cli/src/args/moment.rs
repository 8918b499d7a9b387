use anykey::{SignedDuration, Timestamp};

use super::value::instant;

/// An instant of the command line, and whether what was typed leaves a doubt about which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    /// What was typed, if that is a day or a distance.
    typed: Option<String>,
}

#[cfg(test)]
impl Moment {
    pub(crate) const fn exactly(at: Timestamp) -> Self {
        Self { at, typed: None }
    }
}

impl Moment {
    /// Which instant a day or a distance was taken for; `None` where one was typed.
    pub(crate) fn note(&self) -> Option<String> {
        let typed = self.typed.as_deref()?;
        Some(format!("{typed} is taken as {}", self.at.strftime("%Y-%m-%dT%H:%M:%SZ")))
    }
}

/// What [`instant`] reads, or a distance from now: `30d`, `12h`, `2w`, or with `-` in front for the past.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    moment_at(text, crate::context::now())
}

fn moment_at(text: &str, now: Timestamp) -> Result<Moment, String> {
    if let Some(away) = distance(text) {
        let at = now.checked_add(away).map_err(|_| "this is too far away".to_owned())?;
        return Ok(Moment { at, typed: Some(text.to_owned()) });
    }
    let at =
        instant(text).map_err(|error| format!("{error}, or a distance from now such as 30d, 12h or -2w"))?;
    let is_day = !text.contains(['T', 't', ' ']);
    Ok(Moment { at, typed: is_day.then(|| text.to_owned()) })
}

fn distance(text: &str) -> Option<SignedDuration> {
    let (text, sign) = match text.strip_prefix('-') {
        Some(rest) => (rest, -1),
        None => (text, 1),
    };
    let (unit, _) = text.char_indices().next_back()?;
    let (amount, unit) = text.split_at_checked(unit)?;
    let is_number = !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit());
    let amount: i64 = amount.parse().ok().filter(|_| is_number)?;
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return None,
    };
    let minutes = amount.checked_mul(minutes)?.checked_mul(sign)?;
    Some(SignedDuration::from_secs(minutes.checked_mul(60)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Moment, String> {
        moment_at(text, "2027-01-15T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_distance_counts_from_now_and_says_so() {
        let note = |text| read(text).unwrap().note();
        assert_eq!(note("30d").as_deref(), Some("30d is taken as 2027-02-14T12:00:00Z"));
        assert_eq!(note("-2w").as_deref(), Some("-2w is taken as 2027-01-01T12:00:00Z"));
        assert_eq!(note("2027-01-31").as_deref(), Some("2027-01-31 is taken as 2027-01-31T00:00:00Z"));
        assert_eq!(note("2027-01-31T12:00:00Z"), None);
    }

    #[test]
    fn what_is_no_time_is_an_error_that_says_what_is() {
        for wrong in ["tomorrow", "d", "-d", "30", "+3d", "1.5d", "30y", "9999999999999999d", "--3d", "30é"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
