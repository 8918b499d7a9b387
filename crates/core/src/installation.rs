use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Activation, Error, ErrorKind, Result};

/// Says which installation of an app took a seat, at every vendor alike.
///
/// Few vendors recognise a device that activates again ([`OneSeatPerInstallation`]), and some keep nothing of an
/// activation but its name (Dodo). So the mark also travels in the activation's label, behind the device's name:
/// `studio-mac [ak-1a2b3c4d5e6f]`. After a lost answer it shows whether the seat was taken nevertheless.
///
/// It is a piece of a digest: it names an installation without saying anything about the machine. Seller
/// and customer see it.
///
/// ```
/// use anykey_core::{Activation, InstallationMark};
///
/// let mark: InstallationMark = "ak-1a2b3c4d5e6f".parse()?;
/// let label = mark.label_for("studio-mac");
/// assert_eq!(label, "studio-mac [ak-1a2b3c4d5e6f]");
/// assert!(mark.is_on(&Activation::new("act_1".into(), label)));
/// # Ok::<_, anykey_core::Error>(())
/// ```
///
/// [`OneSeatPerInstallation`]: crate::Capability::OneSeatPerInstallation
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstallationMark([u8; 6]);

impl InstallationMark {
    const PREFIX: &'static str = "ak-";
    const LONGEST_DEVICE: usize = 60;

    /// The mark of the installation whose digest starts with `digest`.
    #[must_use]
    pub const fn from_digest(digest: [u8; 6]) -> Self {
        Self(digest)
    }

    /// The label under which this installation takes a seat on the device called `device`.
    ///
    /// Control characters become spaces and a name of more than 60 characters is cut.
    #[must_use]
    pub fn label_for(&self, device: &str) -> String {
        let readable: String = device.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let name: String = readable.trim().chars().take(Self::LONGEST_DEVICE).collect();
        format!("{} [{self}]", name.trim()).trim_start().to_owned()
    }

    /// Whether this installation took the seat `activation`: by what the vendor recognises it by, else by its label.
    #[must_use]
    pub fn is_on(&self, activation: &Activation) -> bool {
        activation.installation.or_else(|| Self::in_label(&activation.label)) == Some(*self)
    }

    /// The seats in `listed` that carry this mark, oldest first: the first one is the installation's seat, and every
    /// further one a seat too many. Everyone who looks at the same list gets the same order.
    ///
    /// ```
    /// use anykey_core::{Activation, InstallationMark};
    ///
    /// let mark: InstallationMark = "ak-1a2b3c4d5e6f".parse()?;
    /// let listed = vec![
    ///     Activation::new("act_2".into(), mark.label_for("studio-mac")),
    ///     Activation::new("act_1".into(), mark.label_for("studio-mac")),
    ///     Activation::new("act_3".into(), "somebody else's"),
    /// ];
    /// let ids: Vec<_> = mark.own_seats(listed).into_iter().map(|seat| seat.id.to_string()).collect();
    /// assert_eq!(ids, ["act_1", "act_2"]);
    /// # Ok::<_, anykey_core::Error>(())
    /// ```
    #[must_use]
    pub fn own_seats(&self, listed: Vec<Activation>) -> Vec<Activation> {
        let mut own: Vec<_> = listed.into_iter().filter(|activation| self.is_on(activation)).collect();
        own.sort_by(|one, other| age(one).cmp(&age(other)));
        own
    }

    /// The mark at the end of `label`; `None` when there is none.
    #[must_use]
    pub fn in_label(label: &str) -> Option<Self> {
        let (_, mark) = label.trim_end().strip_suffix(']')?.rsplit_once('[')?;
        mark.parse().ok()
    }
}

impl FromStr for InstallationMark {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        read(text).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidRequest,
                "an installation mark is `ak-` and twelve digits of 0-9 and a-f",
            )
        })
    }
}

impl fmt::Display for InstallationMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for InstallationMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstallationMark({self})")
    }
}

/// Orders seats by age: by the time of activation, then by id, of which vendors that count make longer ones later.
fn age(seat: &Activation) -> (bool, Option<Timestamp>, usize, &str) {
    let id = seat.id.as_str();
    (seat.created_at.is_none(), seat.created_at, id.len(), id)
}

fn read(text: &str) -> Option<InstallationMark> {
    let digits = text.strip_prefix(InstallationMark::PREFIX)?;
    let plain = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    if digits.len() != 12 || !digits.bytes().all(plain) {
        return None;
    }
    let bytes = u64::from_str_radix(digits, 16).ok()?.to_be_bytes();
    let [_, _, digest @ ..] = bytes;
    Some(InstallationMark(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: InstallationMark = InstallationMark::from_digest([0x00, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f]);

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        assert_eq!(MARK.to_string(), "ak-002b3c4d5e6f");
        assert_eq!(MARK.to_string().parse::<InstallationMark>().unwrap(), MARK);
        for text in [
            "",
            "ak-",
            "ak-002b3c4d5e6",
            "ak-002b3c4d5e6f0",
            "ak-002B3C4D5E6F",
            "002b3c4d5e6f",
            "ak-+02b3c4d5e6f",
        ] {
            assert!(text.parse::<InstallationMark>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_mark_at_the_end_counts() {
        assert_eq!(InstallationMark::in_label("a [x] [ak-002b3c4d5e6f] "), Some(MARK));
        for label in ["", "]", "[]", "studio-mac", "[ak-002b3c4d5e6f] studio", "ak-002b3c4d5e6f]"] {
            assert_eq!(InstallationMark::in_label(label), None, "{label}");
        }
    }

    #[test]
    fn a_device_cannot_forge_the_mark_or_break_the_label() {
        let long = "é".repeat(200);
        for device in ["", " \n", "a\0b\nc", "[ak-ffffffffffff]", "é]", long.as_str()] {
            let label = MARK.label_for(device);
            assert_eq!(InstallationMark::in_label(&label), Some(MARK), "{label}");
            assert!(!label.contains(char::is_control) && label.chars().count() <= 80);
            assert_eq!(label, label.trim());
        }
    }
}
