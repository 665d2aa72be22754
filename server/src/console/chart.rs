//! Charts as SVG: shapes and text with classes, no colour and no style of their own, so that one drawing serves both
//! lights and the policy that forbids inline style. What a chart shows stands in a table beside it.
//!
//! Two shapes are enough for the figures here, and a charting crate would write its colours into each drawing, which then
//! has to be made and sent twice.

use askama::Template;

/// Columns in pairs: now, and the same a year before. All measures in the units of the drawing's box.
#[derive(Debug, Template)]
#[template(path = "console/columns.html")]
pub(crate) struct Columns {
    /// What it shows, for whoever does not see it.
    pub(crate) label: String,
    ticks: Vec<(f64, String)>,
    pairs: Vec<Pair>,
}

#[derive(Debug)]
struct Pair {
    x: f64,
    label: String,
    now: Option<Column>,
    before: Option<Column>,
}

#[derive(Debug)]
struct Column {
    x: f64,
    y: f64,
    height: f64,
}

/// The box, and what is kept free of columns at its left, top and bottom.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 96.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
const TICKS: f64 = 4.0;

/// What a column is of: its label, now, and before; `None` where there is no figure.
pub(crate) type Told = (String, Option<f64>, Option<f64>);

impl Columns {
    /// `None` where there is nothing to draw. `show` writes a value at the axis.
    pub(crate) fn new(label: String, told: &[Told], show: impl Fn(f64) -> String) -> Option<Self> {
        let values = told.iter().flat_map(|(_, now, before)| [*now, *before]).flatten();
        let greatest = values.fold(0.0, f64::max);
        if greatest <= 0.0 {
            return None;
        }
        let step = nice(greatest / TICKS);
        let top = step * (greatest / step).ceil();
        let (plot, floor) = (HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM);
        let place = (WIDTH - LEFT) / told.len() as f64;
        let wide = (place - 6.0) / 2.0;
        let column = |x: f64, value: Option<f64>| {
            let height = plot * value?.max(0.0) / top;
            Some(Column { x, y: floor - height, height })
        };
        let pairs = told.iter().enumerate().map(|(at, (label, now, before))| {
            let x = LEFT + place * at as f64 + 3.0;
            Pair {
                x: x + wide,
                label: label.clone(),
                before: column(x, *before),
                now: column(x + wide, *now),
            }
        });
        let mut ticks = Vec::new();
        let mut value = 0.0;
        while value <= top + step / 2.0 {
            ticks.push((floor - plot * value / top, show(value)));
            value += step;
        }
        Some(Self { label, ticks, pairs: pairs.collect() })
    }

    fn wide(&self) -> f64 {
        ((WIDTH - LEFT) / self.pairs.len() as f64 - 6.0) / 2.0 - 1.0
    }
}

/// The next of 1, 2, 5, 10, ... that is no less.
fn nice(value: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for times in [1.0, 2.0, 5.0] {
            if step * times >= value {
                return step * times;
            }
        }
        step *= 10.0;
    }
}

/// A bar of a list: what it is of, its value as text, and its length.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) label: String,
    /// To the clients behind it.
    pub(crate) href: Option<String>,
    pub(crate) value: String,
    /// Per cent of the longest.
    pub(crate) width: f64,
    /// A class of the style: good, warn, bad; empty.
    pub(crate) tone: &'static str,
}

/// Their lengths are set here.
pub(crate) fn bars(bars: impl IntoIterator<Item = (f64, Bar)>) -> Vec<Bar> {
    let bars: Vec<(f64, Bar)> = bars.into_iter().collect();
    let longest = bars.iter().map(|(size, _)| *size).fold(0.0, f64::max);
    let width =
        |size: f64| if longest > 0.0 { (1000.0 * size.max(0.0) / longest).round() / 10.0 } else { 0.0 };
    bars.into_iter().map(|(size, bar)| Bar { width: width(size), ..bar }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_their_box_to_scale() {
        let told = |label: &str, now, before| (label.to_owned(), now, before);
        let all = [told("a", Some(300.0), Some(150.0)), told("b", None, Some(-5.0))];
        let chart = Columns::new("c".into(), &all, |value| format!("{value}")).unwrap();
        let heights: Vec<_> = chart
            .pairs
            .iter()
            .map(|pair| [&pair.before, &pair.now].map(|column| column.as_ref().map(|column| column.height)))
            .collect();
        assert_eq!(heights, [[Some(90.0), Some(180.0)], [Some(0.0), None]]);
        let ticks: Vec<_> = chart.ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(ticks, ["0", "100", "200", "300"]);
        let svg = chart.render().unwrap();
        assert!(
            !svg.contains("style") && !svg.contains("fill=") && svg.contains("aria-label=\"c\""),
            "{svg}"
        );
        assert!(Columns::new("c".into(), &[told("a", None, Some(0.0))], |_| String::new()).is_none());
    }

    #[test]
    fn bars_are_as_long_as_their_share_of_the_longest() {
        let bar = || Bar { label: String::new(), href: None, value: String::new(), width: 0.0, tone: "" };
        let widths = |sizes: &[f64]| -> Vec<f64> {
            bars(sizes.iter().map(|size| (*size, bar()))).iter().map(|bar| bar.width).collect()
        };
        assert_eq!(widths(&[3.0, 1.0, -1.0]), [100.0, 33.3, 0.0]);
        assert_eq!(widths(&[0.0]), [0.0]);
    }
}
