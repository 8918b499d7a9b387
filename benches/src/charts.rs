//! Bars, readable on a light and on a dark page.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Fault;

/// The colours of a chart, each for a light and for a dark page.
#[derive(Clone, Copy, Debug)]
struct Colour {
    light: RGBColor,
    dark: RGBColor,
}

const PAPER: Colour = Colour { light: RGBColor(0xff, 0xff, 0xff), dark: RGBColor(0x0d, 0x11, 0x17) };
const TEXT: Colour = Colour { light: RGBColor(0x1f, 0x23, 0x28), dark: RGBColor(0xe6, 0xed, 0xf3) };
const OURS: Colour = Colour { light: RGBColor(0x1a, 0x7f, 0x4f), dark: RGBColor(0x3f, 0xb9, 0x7a) };
const OTHERS: Colour = Colour { light: RGBColor(0x4a, 0x6f, 0xb0), dark: RGBColor(0x7a, 0xa2, 0xe3) };
const GOAL: Colour = Colour { light: RGBColor(0xb3, 0x47, 0x1d), dark: RGBColor(0xf0, 0x88, 0x5a) };

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length.
    pub value: f64,
    /// Whether it is anykey's.
    pub is_ours: bool,
}

/// Draws one group of bars below another, each with its name; `goal` is marked where there is one.
///
/// # Errors
///
/// When the file cannot be written.
pub fn draw(
    file: &str,
    title: &str,
    unit: &str,
    goal: Option<f64>,
    groups: &[(String, Vec<Bar>)],
) -> Result<(), Fault> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("charts").join(file);
    Ok(std::fs::write(path, for_both_pages(&bars(title, unit, goal, groups)?))?)
}

fn bars(title: &str, unit: &str, goal: Option<f64>, groups: &[(String, Vec<Bar>)]) -> Result<String, Fault> {
    let rows = groups.iter().map(|(_, bars)| bars.len() + 2).sum::<usize>();
    let height = 56 + 24 * i32::try_from(rows)?;
    let most = groups.iter().flat_map(|(_, bars)| bars).map(|bar| bar.value).fold(0.0, f64::max);
    let scale = 400.0 / most.max(f64::MIN_POSITIVE);
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (760, u32::try_from(height)?)).into_drawing_area();
    area.fill(&PAPER.light)?;
    let at = |horizontal, size: i32| {
        ("sans-serif", size).into_font().color(&TEXT.light).pos(Pos::new(horizontal, VPos::Center))
    };
    area.draw(&Text::new(title.to_owned(), (20, 26), at(HPos::Left, 18)))?;
    let mut top = 64;
    for (name, bars) in groups {
        area.draw(&Text::new(name.clone(), (20, top), at(HPos::Left, 15)))?;
        let first = top + 14;
        for bar in bars {
            top += 24;
            let end = 240 + (bar.value * scale).round() as i32;
            let color = if bar.is_ours { OURS } else { OTHERS }.light;
            area.draw(&Text::new(bar.label.clone(), (230, top), at(HPos::Right, 13)))?;
            area.draw(&Rectangle::new([(240, top - 8), (end.max(241), top + 8)], color.filled()))?;
            area.draw(&Text::new(format!("{:.2}{unit}", bar.value), (end + 8, top), at(HPos::Left, 13)))?;
        }
        if let Some(goal) = goal {
            let place = 240 + (goal * scale).round() as i32;
            let line = vec![(place, first), (place, top + 12)];
            area.draw(&PathElement::new(line, GOAL.light.stroke_width(2)))?;
        }
        top += 48;
    }
    area.present()?;
    drop(area);
    Ok(svg)
}

/// The chart with its dark colours, which a browser takes on a dark page. The paper is a part of the chart, so that it
/// can be read wherever it is shown.
fn for_both_pages(svg: &str) -> String {
    let rules: String = [PAPER, TEXT, OURS, OTHERS, GOAL]
        .map(|Colour { light, dark }| {
            let (light, dark) = (hex(light), hex(dark));
            format!("[fill=\"{light}\"]{{fill:{dark}}}[stroke=\"{light}\"]{{stroke:{dark}}}")
        })
        .concat();
    let style = format!("<style>@media (prefers-color-scheme: dark){{{rules}}}</style>");
    match svg.split_once('>') {
        Some((head, rest)) => format!("{head}>\n{style}{rest}"),
        None => svg.to_owned(),
    }
}

/// As the backend writes it.
fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colours as WCAG 2.2 defines it.
    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let luminance = |RGBColor(red, green, blue): RGBColor| {
            let linear = |part: u8| match f64::from(part) / 255.0 {
                part if part <= 0.04045 => part / 12.92,
                part => ((part + 0.055) / 1.055).powf(2.4),
            };
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn text_and_bars_stand_out_from_the_paper_on_a_light_and_on_a_dark_page() {
        for page in [|colour: Colour| colour.light, |colour: Colour| colour.dark] {
            assert!(contrast(page(TEXT), page(PAPER)) >= 7.0);
            for colour in [OURS, OTHERS, GOAL] {
                assert!(contrast(page(colour), page(PAPER)) >= 4.5, "{:?}", page(colour));
            }
        }
    }

    #[test]
    fn every_colour_of_a_chart_has_a_dark_one() {
        let bar = |is_ours| Bar { label: "bar".to_owned(), value: 1.0, is_ours };
        let svg = bars("title", " s", Some(1.0), &[("group".to_owned(), vec![bar(true), bar(false)])]);
        let svg = for_both_pages(&svg.unwrap());
        let drawn = svg.split("fill=\"").chain(svg.split("stroke=\"")).skip(1);
        for colour in drawn.filter_map(|rest| rest.get(..7)).filter(|text| text.starts_with('#')) {
            assert!(svg.contains(&format!("[fill=\"{colour}\"]")), "{colour}");
        }
        assert_eq!(svg.matches("<style>").count(), 1);
    }
}
