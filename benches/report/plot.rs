//! The plot of ratios: how many times as long the others take, on a logarithmic axis. No background, and colours in the
//! middle of the scale, so that it can be read on a light page and on a dark one.

use std::error::Error;
use std::path::Path;

use benches::measure::{Rival, Row};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::tables::FIRST;

const GREY: RGBColor = RGBColor(128, 128, 128);
const SERIES: [(Rival, &str, RGBColor); 4] = [
    (Rival::Hand, "nalgebra by hand", RGBColor(214, 120, 40)),
    (Rival::CasADi, "CasADi's C", RGBColor(150, 110, 200)),
    (Rival::NumDual, "num-dual", RGBColor(60, 140, 200)),
    (Rival::Differences, "central differences", RGBColor(60, 160, 110)),
];

const WIDTH: i32 = 860;
const LEFT: i32 = 90;
const RIGHT: i32 = 20;
const TOP: i32 = 64;
const BAR: i32 = 5;
const GROUP: i32 = 4 * BAR + 9;
/// The axis: powers of ten.
const FROM: i32 = -1;
const TO: i32 = 4;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn Error + Send + Sync>>;

/// Draws the first functions.
pub(crate) fn draw(file: &Path, rows: &[Row]) -> Drawn {
    let rows = &rows[..FIRST.min(rows.len())];
    let height = TOP + GROUP * rows.len() as i32 + 40;
    let area = SVGBackend::new(file, (WIDTH as u32, height as u32)).into_drawing_area();
    legend(&area)?;
    axis(&area, TOP + GROUP * rows.len() as i32)?;
    for (row, top) in rows.iter().zip((TOP..).step_by(GROUP as usize)) {
        group(&area, row, top)?;
    }
    area.present()?;
    Ok(())
}

fn place(ratio: f64) -> i32 {
    let share = (ratio.log10() - f64::from(FROM)) / f64::from(TO - FROM);
    LEFT + (share.clamp(0.0, 1.0) * f64::from(WIDTH - LEFT - RIGHT)).round() as i32
}

fn text(area: &Area<'_>, words: &str, at: (i32, i32), across: HPos) -> Drawn {
    let style = ("sans-serif", 13).into_font().color(&GREY).pos(Pos::new(across, VPos::Center));
    area.draw(&Text::new(words.to_string(), at, style))?;
    Ok(())
}

fn legend(area: &Area<'_>) -> Drawn {
    text(
        area,
        "Time over that of the generated gradient: right of 1 the generated one is faster",
        (LEFT, 14),
        HPos::Left,
    )?;
    for ((_, name, colour), x) in SERIES.iter().zip((LEFT..).step_by(180)) {
        area.draw(&Rectangle::new([(x, 31), (x + 12, 43)], colour.filled()))?;
        text(area, name, (x + 18, 37), HPos::Left)?;
    }
    Ok(())
}

fn axis(area: &Area<'_>, bottom: i32) -> Drawn {
    for power in FROM..=TO {
        let ratio = 10_f64.powi(power);
        let width = if power == 0 { 2 } else { 1 };
        let style = GREY.mix(if power == 0 { 0.9 } else { 0.35 }).stroke_width(width);
        area.draw(&PathElement::new(vec![(place(ratio), TOP - 6), (place(ratio), bottom)], style))?;
        text(area, &ratio.to_string(), (place(ratio), bottom + 14), HPos::Center)?;
    }
    Ok(())
}

fn group(area: &Area<'_>, row: &Row, top: i32) -> Drawn {
    text(area, &row.function, (LEFT - 8, top + 2 * BAR), HPos::Right)?;
    for ((rival, _, colour), y) in SERIES.iter().zip((top..).step_by(BAR as usize)) {
        let Some(ratio) = row.ratio(*rival) else { continue };
        let (from, to) = (place(ratio.min(1.0)), place(ratio.max(1.0)));
        area.draw(&Rectangle::new([(from, y), (to.max(from + 1), y + BAR - 1)], colour.filled()))?;
    }
    Ok(())
}
