use super::Limit;

/// What processes share limits by: `api.acme.test-3x1000`. Processes with other limits do not share.
pub(super) fn name(address: &str, limits: &[Limit]) -> String {
    let is_kept = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    let address = address.chars().map(|letter| if is_kept(&letter) { letter } else { '_' });
    let limits = limits.iter().map(|limit| format!("-{}x{}", limit.requests, limit.per.as_millis()));
    address.collect::<String>() + &limits.collect::<String>()
}
