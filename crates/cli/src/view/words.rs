use std::fmt::Debug;

/// The name of a field-less variant as data: `UnknownKey` becomes `unknown_key`.
///
/// Variants that the library adds later get a word of their own this way.
pub(crate) fn snake_case(variant: impl Debug) -> String {
    let name = format!("{variant:?}");
    let mut word = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(character.to_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use anykey::RefusalReason;

    use super::snake_case;

    #[test]
    fn variants_become_words() {
        assert_eq!(snake_case(RefusalReason::ActivationLimitReached), "activation_limit_reached");
        assert_eq!(snake_case(RefusalReason::Expired), "expired");
    }
}
