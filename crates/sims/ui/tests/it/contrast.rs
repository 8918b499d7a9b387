//! The colours of the style sheet, against the ratio that WCAG 2.2 asks of text (AA, 4.5 to 1).

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../assets/style.css");
/// Text and what is behind it, by name.
const PAIRS: [(&str, &str); 14] = [
    ("text", "page"),
    ("text", "card"),
    ("text", "button"),
    ("text", "plain-back"),
    ("text", "code-back"),
    ("soft", "page"),
    ("soft", "card"),
    ("link", "page"),
    ("link", "card"),
    ("page", "text"),
    ("on-accent", "accent"),
    ("good", "good-back"),
    ("warn", "warn-back"),
    ("bad", "bad-back"),
];

/// The colours of the rule `:root` that begins there.
fn colors(style: &str) -> BTreeMap<&str, [f64; 3]> {
    let (_, rule) = style.split_once(":root {").expect("a rule");
    let (rule, _) = rule.split_once('}').expect("its end");
    rule.lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"))
        .map(|(name, hex)| {
            let part =
                |at: usize| f64::from(u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            (name, [part(0), part(2), part(4)])
        })
        .collect()
}

fn luminance(color: [f64; 3]) -> f64 {
    let [red, green, blue] =
        color.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[test]
fn every_text_can_be_read_in_light_and_in_dark() {
    let (light, dark) = STYLE.split_once("prefers-color-scheme: dark").expect("colours for the dark");
    for (name, style) in [("light", light), ("dark", dark)] {
        let colors = colors(style);
        for (text, back) in PAIRS {
            let (one, other) = (luminance(colors[text]), luminance(colors[back]));
            let ratio = (one.max(other) + 0.05) / (one.min(other) + 0.05);
            assert!(ratio >= 4.5, "{name}: {text} on {back} has {ratio:.2}");
        }
    }
}
