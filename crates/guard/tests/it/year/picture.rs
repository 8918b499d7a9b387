use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::diary::{Day, Seen};

const WIDTH: i32 = 1_100;
const LEFT: i32 = 20;
const PER_DAY: f64 = 2.9;
const SEEN_TOP: i32 = 60;
const SEEN_BOTTOM: i32 = 110;
const INCIDENTS_TOP: i32 = 128;
const ROW: i32 = 17;

/// Draws the year as an SVG: the states as a band of colors, the incidents below.
pub(crate) fn draw(days: &[Day]) -> String {
    let incidents = days.chunk_by(|one, other| one.incident == other.incident);
    let incidents: Vec<_> =
        incidents.filter_map(|run| run[0].incident.map(|name| (run[0].number, run.len(), name))).collect();
    let height = INCIDENTS_TOP + ROW * incidents.len() as i32 + 45;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH as u32, height as u32)).into_drawing_area();
        area.fill(&WHITE).unwrap();
        let box_at = |from: usize, length: usize, top, bottom, color: RGBColor| {
            let corners = [(x(from), top), (x(from + length), bottom)];
            area.draw(&Rectangle::new(corners, color.filled())).unwrap();
        };
        let text = |position, content: &str, size: i32, h| {
            let style = ("sans-serif", size).into_font().color(&RGBColor(40, 40, 40));
            area.draw(&Text::new(content.to_owned(), position, style.pos(Pos::new(h, VPos::Center))))
                .unwrap();
        };

        text((LEFT, 18), "A year of an installed app: the state on each day", 17, HPos::Left);
        for (month, name) in MONTHS {
            let line = [(x(month), SEEN_TOP - 6), (x(month), height - 35)];
            area.draw(&PathElement::new(line, RGBColor(215, 215, 215))).unwrap();
            text((x(month) + 3, SEEN_TOP - 13), name, 12, HPos::Left);
        }
        for run in days.chunk_by(|one, other| one.seen == other.seen) {
            box_at(run[0].number, run.len(), SEEN_TOP, SEEN_BOTTOM, color(run[0].seen));
        }
        for run in days.chunk_by(|one, other| one.notices == other.notices) {
            if !run[0].notices.is_empty() {
                box_at(run[0].number, run.len(), SEEN_BOTTOM + 2, SEEN_BOTTOM + 7, RGBColor(120, 60, 170));
            }
        }
        for (row, (from, length, name)) in incidents.into_iter().enumerate() {
            let top = INCIDENTS_TOP + ROW * row as i32;
            box_at(from, length, top + 4, top + ROW - 4, RGBColor(110, 110, 110));
            let (position, side) = if from < 250 {
                ((x(from + length) + 5, top + ROW / 2), HPos::Left)
            } else {
                ((x(from) - 5, top + ROW / 2), HPos::Right)
            };
            text(position, name, 12, side);
        }
        let mut left = LEFT;
        for (name, color, width) in LEGEND {
            let top = height - 22;
            area.draw(&Rectangle::new([(left, top), (left + 14, top + 12)], color.filled())).unwrap();
            text((left + 19, top + 6), name, 12, HPos::Left);
            left += width;
        }
        area.present().unwrap();
    }
    svg
}

fn x(day: usize) -> i32 {
    LEFT + (day as f64 * PER_DAY).round() as i32
}

fn color(seen: Seen) -> RGBColor {
    match seen {
        Seen::NotActivated => RGBColor(200, 205, 212),
        Seen::Licensed => RGBColor(86, 171, 98),
        Seen::Grace => RGBColor(245, 205, 85),
        Seen::RefusedButUsable => RGBColor(240, 155, 70),
        Seen::Refused => RGBColor(205, 65, 60),
        Seen::NeedsCheck => RGBColor(70, 110, 190),
    }
}

const LEGEND: [(&str, RGBColor, i32); 7] = [
    ("not activated", RGBColor(200, 205, 212), 115),
    ("licensed", RGBColor(86, 171, 98), 85),
    ("grace: works without a check", RGBColor(245, 205, 85), 215),
    ("refused, payment grace", RGBColor(240, 155, 70), 155),
    ("refused", RGBColor(205, 65, 60), 80),
    ("needs a check", RGBColor(70, 110, 190), 130),
    ("with a notice", RGBColor(120, 60, 170), 110),
];

const MONTHS: [(usize, &str); 12] = [
    (0, "Jan"),
    (31, "Feb"),
    (59, "Mar"),
    (90, "Apr"),
    (120, "May"),
    (151, "Jun"),
    (181, "Jul"),
    (212, "Aug"),
    (243, "Sep"),
    (273, "Oct"),
    (304, "Nov"),
    (334, "Dec"),
];
