//! Numbers as Python has them. The server compares conditions as numbers, and writes them back as it stored them.

use std::borrow::Cow;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON number as in Python: an integer of any size, or a double.
#[derive(Clone, PartialEq)]
pub(crate) enum Number {
    /// The decimal digits, with a minus sign if negative.
    Whole(String),
    /// Always finite.
    Float(f64),
}

impl Number {
    /// Parses a JSON number; `None` if it is too large for a double.
    pub(crate) fn from_token(token: &str) -> Option<Self> {
        if token.contains(['.', 'e', 'E']) {
            let float = token.parse::<f64>().ok()?;
            return float.is_finite().then_some(Self::Float(float));
        }
        Some(Self::Whole(if token == "-0" { "0" } else { token }.to_owned()))
    }

    /// Compares like Python's `==`: `1` equals `1.0`.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(left), Self::Float(right)) => left == right,
            _ => match (self.exact_integer(), other.exact_integer()) {
                (Some(left), Some(right)) => left == right,
                _ => false,
            },
        }
    }

    /// The number after a round trip through a `numeric` column, which has no exponent: a large double becomes an
    /// integer.
    pub(crate) fn stored(&self) -> Self {
        match self {
            Self::Float(float) if *float == 0.0 => Self::Float(0.0),
            Self::Float(float) if python_repr(*float).contains("e+") => {
                Self::Whole(expand(&python_repr(*float)))
            }
            number => number.clone(),
        }
    }

    /// The exact digits, if the number has no fractional part.
    fn exact_integer(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Whole(digits) => Some(Cow::Borrowed(digits)),
            Self::Float(float) if float.fract() == 0.0 => {
                let digits = format!("{float:.0}");
                Some(Cow::Owned(if digits == "-0" { "0".to_owned() } else { digits }))
            }
            Self::Float(_) => None,
        }
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self::Whole(whole.to_string())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = match self {
            Self::Whole(digits) => digits.clone(),
            Self::Float(float) => python_repr(*float),
        };
        RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// Formats a double like Python's `repr`: always with a decimal point or an exponent.
fn python_repr(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if exponent < -4 => format!("{mantissa}e-{:02}", exponent.unsigned_abs()),
        Ok(exponent) if exponent >= 16 => format!("{mantissa}e+{exponent:02}"),
        _ => {
            let plain = float.to_string();
            if plain.contains('.') { plain } else { format!("{plain}.0") }
        }
    }
}

/// The digits of a number in scientific notation whose exponent is 16 or more.
fn expand(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once("e+").unwrap_or((scientific, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let zeros = exponent.parse::<usize>().unwrap_or(0).saturating_sub(fraction.len());
    format!("{whole}{fraction}{}", "0".repeat(zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(token: &str) -> Number {
        Number::from_token(token).unwrap()
    }

    fn written(number: &Number) -> String {
        serde_json::to_string(number).unwrap()
    }

    #[test]
    fn writes_numbers_as_python_does() {
        for (token, text) in [
            ("1", "1"),
            ("-0", "0"),
            ("1.0", "1.0"),
            ("1e300", "1e+300"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "1e+16"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert_eq!(written(&number(token)), text, "{token}");
        }
    }

    #[test]
    fn equality_ignores_the_type_but_not_rounding() {
        assert!(number("1").equals(&number("1.0")));
        assert!(number("1e3").equals(&number("1000")));
        assert!(!number("1").equals(&number("1.5")));
        assert!(number("1.5").equals(&number("15e-1")) && !number("1.5").equals(&number("2.5")));
        assert!(!number("9007199254740993").equals(&number("9007199254740992.0")));
    }

    #[test]
    fn a_large_double_is_stored_as_an_integer() {
        assert_eq!(written(&number("1.5e20").stored()), "150000000000000000000");
        assert_eq!(written(&number("1e-7").stored()), "1e-07");
        assert_eq!(written(&number("2.0").stored()), "2.0");
    }

    #[test]
    fn a_number_too_large_for_a_double_is_rejected() {
        assert!(Number::from_token("1e999").is_none());
    }
}
