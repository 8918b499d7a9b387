//! Bars, readable on a light and on a dark page.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Fault;

const TEXT: RGBColor = RGBColor(0x7d, 0x85, 0x90);
const OURS: RGBColor = RGBColor(0x2f, 0x9e, 0x6b);
const OTHERS: RGBColor = RGBColor(0x6b, 0x8f, 0xc9);
const GOAL: RGBColor = RGBColor(0xd0, 0x6a, 0x3a);

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length.
    pub value: f64,
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
    let rows = groups.iter().map(|(_, bars)| bars.len() + 2).sum::<usize>();
    let height = 56 + 24 * i32::try_from(rows)?;
    let most = groups.iter().flat_map(|(_, bars)| bars).map(|bar| bar.value).fold(0.0, f64::max);
    let scale = 400.0 / most.max(f64::MIN_POSITIVE);
    let area = SVGBackend::new(&path, (760, u32::try_from(height)?)).into_drawing_area();
    let at = |horizontal, size: i32| {
        ("sans-serif", size).into_font().color(&TEXT).pos(Pos::new(horizontal, VPos::Center))
    };
    area.draw(&Text::new(title.to_owned(), (20, 26), at(HPos::Left, 18)))?;
    let mut top = 64;
    for (name, bars) in groups {
        area.draw(&Text::new(name.clone(), (20, top), at(HPos::Left, 15)))?;
        let first = top + 14;
        for bar in bars {
            top += 24;
            let end = 240 + (bar.value * scale).round() as i32;
            let color = if bar.label.starts_with("anykey") { OURS } else { OTHERS };
            area.draw(&Text::new(bar.label.clone(), (230, top), at(HPos::Right, 13)))?;
            area.draw(&Rectangle::new([(240, top - 8), (end.max(241), top + 8)], color.filled()))?;
            area.draw(&Text::new(format!("{:.2}{unit}", bar.value), (end + 8, top), at(HPos::Left, 13)))?;
        }
        if let Some(goal) = goal {
            let place = 240 + (goal * scale).round() as i32;
            area.draw(&PathElement::new(vec![(place, first), (place, top + 12)], GOAL.stroke_width(2)))?;
        }
        top += 48;
    }
    area.present()?;
    Ok(())
}
