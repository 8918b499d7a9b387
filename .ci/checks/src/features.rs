//! The features of a package.

use std::collections::{BTreeMap, BTreeSet};

/// Whether the feature `default` brings every other one.
pub(crate) fn are_all_default(features: &BTreeMap<String, Vec<String>>) -> bool {
    let mut enabled = BTreeSet::new();
    let mut left = vec!["default"];
    while let Some(feature) = left.pop() {
        if let Some(brought) = features.get(feature)
            && enabled.insert(feature)
        {
            left.extend(brought.iter().map(String::as_str));
        }
    }
    features.keys().all(|feature| feature == "default" || enabled.contains(feature.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_default(features: &[(&str, &[&str])]) -> bool {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        are_all_default(
            &features.iter().map(|(name, brought)| ((*name).to_owned(), owned(brought))).collect(),
        )
    }

    #[test]
    fn a_feature_beside_the_default_ones_is_found() {
        assert!(all_default(&[]));
        assert!(all_default(&[("default", &["a"]), ("a", &["b", "dep:serde"]), ("b", &["a"])]));
        assert!(!all_default(&[("a", &[])]));
        assert!(!all_default(&[("default", &["a"]), ("a", &[]), ("b", &["a"])]));
    }
}
