//! The portfolio report as a workbook: for each currency a sheet of figures with charts that the spreadsheet draws from
//! the cells beside them, one of cohorts, one of whom to call first.

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::cohorts::Cohort;
use cartera_core::metrics::overview;
use cartera_core::metrics::status::Status;
use cartera_core::metrics::{CurrencyReport, Figure, Ratio};
use cartera_core::strings::{Language, text};
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartType, ConditionalFormat2ColorScale, DocProperties, ExcelDateTime, Format,
    FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::overview::PortfolioOverview;
use super::{Call, PortfolioFigures};

/// Months of a cohort that a row shows.
const COHORT_MONTHS: usize = 24;
const CHART_WIDTH: u32 = 520;
const CHART_HEIGHT: u32 = 300;
/// Rows that a chart takes.
const CHART_ROWS: u32 = 16;

/// A sheet on its way: where the next row is written.
struct Sheet<'w> {
    sheet: &'w mut Worksheet,
    language: Language,
    formats: &'w Formats,
    /// Minor units in a whole one.
    scale: f64,
    row: u32,
    charts: u32,
}

struct Formats {
    title: Format,
    head: Format,
    /// Above numbers.
    number_head: Format,
    money: Format,
    count: Format,
    number: Format,
    percent: Format,
    date: Format,
}

/// The workbook's bytes.
///
/// # Errors
/// The workbook cannot be made, as where a name is longer than a sheet holds.
pub fn portfolio_workbook(
    figures: &PortfolioFigures,
    more: &PortfolioOverview,
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?; // the same figures give the same bytes
    book.set_properties(&DocProperties::new().set_title("Cartera").set_creation_datetime(&made));
    let words = |id: &str| text(language, id, &[]);
    for (report, called) in figures.currencies() {
        let currency = report.currency;
        let places = currency.exponent().unwrap_or(0);
        let formats = Formats::new(places);
        let scale = 10_i64.pow(places.min(18)) as f64;
        let mut begin = |name: &str| -> Result<_, XlsxError> {
            let sheet = book.add_worksheet();
            sheet.set_name(format!("{name} {currency}"))?;
            Ok(())
        };
        begin(&words("figures-worth"))?;
        begin(&words("figures-cohorts-sheet"))?;
        begin(&words("figures-calls"))?;
        let [.., summary, cohorts, calls] = &mut book.worksheets_mut()[..] else { continue };
        let on = |sheet| Sheet { sheet, language, formats: &formats, scale, row: 0, charts: 0 };
        let movement = more.overview.currencies.iter().find(|of| of.currency == currency);
        on(summary).summary(figures, report, movement)?;
        on(cohorts).cohorts(report)?;
        on(calls).calls(called)?;
    }
    if figures.currencies().next().is_none() {
        book.add_worksheet().write_string(0, 0, words("withheld-no_data"))?;
    }
    book.save_to_buffer()
}

impl Formats {
    fn new(places: u32) -> Self {
        let money = match places {
            0 => "#,##0".to_owned(),
            places => format!("#,##0.{}", "0".repeat(places as usize)),
        };
        let of = |format: &str| Format::new().set_num_format(format);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: Format::new().set_bold(),
            number_head: Format::new().set_bold().set_align(FormatAlign::Right),
            money: of(&money),
            count: of("#,##0"),
            number: of("#,##0.00"),
            percent: of("0.0%"),
            date: of("yyyy-mm").set_align(FormatAlign::Left),
        }
    }
}

impl Sheet<'_> {
    fn words(&self, id: &str) -> String {
        text(self.language, id, &[])
    }

    fn heading(&mut self, id: &str) -> Result<(), XlsxError> {
        self.row += 1;
        let words = self.words(id);
        self.sheet.write_string_with_format(self.row, 0, words, &self.formats.head)?;
        self.row += 1;
        Ok(())
    }

    /// The same above figures, each with its number of records in the third column.
    fn heading_of_figures(&mut self, id: &str) -> Result<(), XlsxError> {
        self.heading(id)?;
        self.head(2, "figures-records-column")
    }

    /// What a column of numbers says, in the row of the heading above it.
    fn head(&mut self, column: u16, id: &str) -> Result<(), XlsxError> {
        let words = self.words(id);
        self.sheet.write_string_with_format(self.row - 1, column, words, &self.formats.number_head)?;
        Ok(())
    }

    /// A label, a value in the second column, and maybe one in the third.
    fn line(&mut self, label: &str, value: f64, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, 0, label)?;
        self.sheet.write_number_with_format(self.row, 1, value, format)?;
        self.row += 1;
        Ok(())
    }

    /// A figure, or in words why there is none, and how many records are behind it.
    fn figure<T>(
        &mut self,
        id: &str,
        figure: Figure<T>,
        format: &Format,
        value: impl FnOnce(T) -> f64,
    ) -> Result<(), XlsxError> {
        let label = self.words(id);
        let records = figure.records as f64;
        self.sheet.write_number_with_format(self.row, 2, records, &self.formats.count)?;
        match figure.value {
            Ok(found) => self.line(&label, value(found), format),
            Err(why) => {
                self.sheet.write_string(self.row, 0, label)?;
                let why = self.words(&format!("withheld-{}", why.as_str()));
                self.sheet.write_string(self.row, 1, why)?;
                self.row += 1;
                Ok(())
            }
        }
    }

    fn summary(
        mut self,
        figures: &PortfolioFigures,
        report: &CurrencyReport,
        movement: Option<&overview::OfCurrency>,
    ) -> Result<(), XlsxError> {
        let formats = self.formats;
        let scale = self.scale;
        self.sheet.set_column_width(0, 38)?;
        self.sheet.set_column_width(1, 18)?;
        self.sheet.set_column_width(2, 18)?;
        self.sheet.set_landscape().set_print_fit_to_pages(1, 1);
        let args = [
            ("date", figures.report.as_of.to_string().into()),
            ("clients", (figures.clients() as i64).into()),
        ];
        let title = text(self.language, "figures-title", &args);
        self.sheet.write_string_with_format(0, 0, title, &formats.title)?;

        self.heading_of_figures("figures-worth")?;
        let net = self.words("figures-net");
        self.line(&net, report.worth.net as f64 / scale, &formats.money)?;
        let events = self.words("figures-events");
        self.line(&events, report.worth.events as f64, &formats.count)?;
        let money = |minor: f64| minor / scale;
        self.figure("figures-average", report.worth.average_transaction(), &formats.money, money)?;
        self.figure("figures-clv-so-far", report.worth.clv_per_client(), &formats.money, money)?;
        self.figure("figures-clv-to-come", report.clv, &formats.money, money)?;

        self.heading_of_figures("figures-movement")?;
        self.figure("figures-repeat", report.repeat_rate, &formats.percent, Ratio::get)?;
        match report.retention.value {
            Ok(found) => {
                self.figure("figures-retention", found.clients(), &formats.percent, Ratio::get)?;
                self.figure("figures-retention-money", found.money(), &formats.percent, Ratio::get)?;
                self.figure("figures-churn", found.churn(), &formats.percent, Ratio::get)?;
                let won_back = self.words("figures-won-back");
                self.line(&won_back, found.won_back as f64, &formats.count)?;
            }
            Err(_) => self.figure("figures-retention", report.retention, &formats.percent, |_| 0.0)?,
        }

        self.heading_of_figures("figures-risk")?;
        self.figure("figures-hhi", report.concentration.hhi(), &formats.number, |hhi| hhi)?;
        for (id, share) in [
            ("figures-top-1", report.concentration.top(1)),
            ("figures-top-10", report.concentration.top(10)),
            ("figures-top-20-percent", report.concentration.top_percent(20)),
        ] {
            self.figure(id, share, &formats.percent, Ratio::get)?;
        }

        self.heading("figures-status")?;
        let first = self.row;
        for (status, count) in Status::ALL.iter().zip(figures.report.status) {
            let label = self.words(&format!("status-{}", status.as_str()));
            self.line(&label, count as f64, &formats.count)?;
        }
        self.chart(ChartType::Doughnut, "figures-status", first, 1, "0%")?;

        self.heading("figures-abc")?;
        let first = self.row;
        for (class, count) in Class::ALL.iter().zip(report.classes) {
            self.line(class.as_str(), count as f64, &formats.count)?;
        }
        self.chart(ChartType::Column, "figures-abc", first, 1, "#,##0")?;

        self.heading("figures-segments")?;
        self.head(1, "figures-cohort-clients")?;
        self.head(2, "figures-net")?;
        let first = self.row;
        for (code, clients, net) in &report.segments {
            let label = self.words(&format!("rfm-{code}"));
            self.sheet.write_number_with_format(self.row, 2, *net as f64 / scale, &formats.money)?;
            self.line(&label, *clients as f64, &formats.count)?;
        }
        self.chart(ChartType::Bar, "figures-segments", first, 1, "#,##0")?;

        self.heading("figures-months")?;
        let first = self.row;
        for (month, sold) in movement.map(|of| of.months.as_slice()).unwrap_or_default() {
            let Ok(net) = sold.now.value else { continue };
            let day = f64::from(month.days() + 25_569); // days since 1899-12-30
            self.sheet.write_number_with_format(self.row, 0, day, &formats.date)?;
            self.sheet.write_number_with_format(self.row, 1, net as f64 / scale, &formats.money)?;
            self.row += 1;
        }
        if self.row > first {
            self.chart(ChartType::Line, "figures-months", first, 1, "#,##0")?;
        }
        Ok(())
    }

    /// Of the rows from `first` to the last one written, labels in the first column; beside the figures, one below the
    /// other.
    fn chart(
        &mut self,
        kind: ChartType,
        title: &str,
        first: u32,
        column: u16,
        labels: &str,
    ) -> Result<(), XlsxError> {
        let last = self.row - 1;
        let name = self.sheet.name();
        let mut chart = Chart::new(kind);
        let round = kind == ChartType::Doughnut;
        let series = chart.add_series();
        series
            .set_categories((name.as_str(), first, 0, last, 0))
            .set_values((name.as_str(), first, column, last, column))
            .set_name(self.words(title).as_str());
        if kind != ChartType::Line {
            let mut label = ChartDataLabel::new();
            if round {
                label.show_percentage()
            } else {
                label.show_value()
            };
            series.set_data_label(label.set_num_format(labels));
        }
        chart.title().set_name(self.words(title).as_str());
        if round {
            chart.set_hole_size(50);
        } else {
            chart.legend().set_hidden();
        }
        match kind {
            ChartType::Column => {
                chart.y_axis().set_num_format("#,##0").set_min(0);
            }
            // The first on top, as in the table: a bar chart's vertical axis has the names.
            ChartType::Bar => {
                chart.y_axis().set_reverse();
                chart.x_axis().set_num_format("#,##0");
            }
            ChartType::Line => {
                chart.x_axis().set_num_format("yyyy-mm");
                chart.y_axis().set_num_format("#,##0");
            }
            _ => {}
        }
        chart.set_width(CHART_WIDTH).set_height(CHART_HEIGHT);
        self.sheet.insert_chart(1 + self.charts * CHART_ROWS, 4, &chart)?;
        self.charts += 1;
        Ok(())
    }

    /// A row for each month of first purchase: its clients, and what share of them bought so many months later.
    fn cohorts(mut self, report: &CurrencyReport) -> Result<(), XlsxError> {
        let cohorts = report.cohorts.value.as_deref().unwrap_or_default();
        self.sheet.set_freeze_panes(1, 2)?;
        self.on_one_page_wide()?;
        let clients = self.words("figures-cohort-clients");
        let head = self.words("figures-cohorts");
        self.sheet.write_string_with_format(0, 0, head, &self.formats.head)?;
        self.sheet.set_column_width(0, 34)?;
        self.sheet.write_string_with_format(0, 1, clients, &self.formats.head)?;
        let longest = cohorts.iter().map(Cohort::finished_months).max().unwrap_or(0).min(COHORT_MONTHS);
        for months in 0..longest {
            self.sheet.write_number_with_format(0, 2 + months as u16, months as f64, &self.formats.head)?;
        }
        let mut row = 0;
        for cohort in cohorts {
            let Some(day) = cohort.month.first_day() else { continue };
            row += 1;
            self.sheet.write_number_with_format(
                row,
                0,
                f64::from(day.days() + 25_569),
                &self.formats.date,
            )?;
            self.sheet.write_number_with_format(row, 1, cohort.size as f64, &self.formats.count)?;
            for months in 0..cohort.finished_months().min(COHORT_MONTHS) {
                if let Ok(share) = cohort.cell(months).value {
                    let column = 2 + months as u16;
                    self.sheet.write_number_with_format(row, column, share.get(), &self.formats.percent)?;
                }
            }
        }
        if row > 0 {
            // The first month is always whole, and would leave the others without colour.
            let shades =
                ConditionalFormat2ColorScale::new().set_minimum_color("FFFFFF").set_maximum_color("63BE7B");
            self.sheet.add_conditional_format(1, 3, row, 1 + longest.max(2) as u16, &shades)?;
        }
        Ok(())
    }

    /// Printed, as many rows as there are, with the heads on each page.
    fn on_one_page_wide(&mut self) -> Result<(), XlsxError> {
        self.sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        Ok(())
    }

    /// Whom to call first, and why.
    fn calls(mut self, calls: &[Call]) -> Result<(), XlsxError> {
        let heads = ["figures-client", "figures-last", "figures-usual", "figures-since", "figures-stake"];
        for (column, id) in (0..).zip(heads) {
            let words = self.words(id);
            let width = if column == 0 { 38 } else { words.chars().count() + 4 };
            let head = if column < 2 { &self.formats.head } else { &self.formats.number_head };
            self.sheet.write_string_with_format(0, column, words, head)?;
            self.sheet.set_column_width(column, width as f64)?;
        }
        self.sheet.set_freeze_panes(1, 0)?;
        self.on_one_page_wide()?;
        let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
        for (row, Call { figures, name, at_stake }) in (1..).zip(calls) {
            let name = if name.is_empty() { figures.client.to_string() } else { name.clone() };
            self.sheet.write_string(row, 0, name)?;
            if let Some(last) = figures.last {
                self.sheet.write_number_with_format(row, 1, f64::from(last.days() + 25_569), &day)?;
            }
            if let Ok(rhythm) = figures.rhythm.value {
                self.sheet.write_number_with_format(
                    row,
                    2,
                    rhythm.median_gap.days(),
                    &self.formats.number,
                )?;
                self.sheet.write_number_with_format(
                    row,
                    3,
                    f64::from(rhythm.since_days),
                    &self.formats.count,
                )?;
            }
            self.sheet.write_number_with_format(row, 4, at_stake / self.scale, &self.formats.money)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;
    use crate::figures::overview::overview;
    use crate::figures::{portfolio, refit};
    use crate::people::access::By;
    use crate::testing::Relay;
    use calamine::{Data, Reader, Xlsx};

    /// Figures of nobody: the workbook still opens, and says so.
    #[test]
    fn a_workbook_without_sales_says_that_there_are_none() {
        let relay = Relay::new();
        let as_of = "2026-09-21".parse().unwrap();
        let figures = portfolio(&relay.app, By::CONSOLE, as_of).unwrap();
        let more = overview(&relay.app, By::CONSOLE, as_of).unwrap();
        let bytes = portfolio_workbook(&figures, &more, Language::Spanish).unwrap();
        let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert!(matches!(&range[(0, 0)], Data::String(said) if !said.is_empty()));
    }

    #[test]
    fn cells_are_the_report_s_and_charts_draw_from_them() {
        let relay = Relay::new();
        let mut csv = String::from("Cliente;Documento;Fecha;Base imponible;Moneda\n");
        let clients = "Código;Nombre comercial\nC-1;Bar\nC-2;=Café()\n";
        relay.import(crate::import::Kind::Clients, clients);
        for month in 1..=8 {
            csv.push_str(&format!("C-1;F-{month};2026-{month:02}-05;100,50;EUR\n"));
            csv.push_str(&format!("C-2;G-{month};2026-{month:02}-07;20;EUR\n"));
        }
        relay.import(crate::import::Kind::Sales, &csv);
        let as_of = "2026-09-21".parse().unwrap();
        refit::refit(&relay.app, By::CONSOLE, as_of).unwrap();
        let figures = portfolio(&relay.app, By::CONSOLE, as_of).unwrap();
        let more = overview(&relay.app, By::CONSOLE, as_of).unwrap();
        for language in Language::ALL {
            let bytes = portfolio_workbook(&figures, &more, language).unwrap();
            assert_eq!(
                bytes,
                portfolio_workbook(&figures, &more, language).unwrap(),
                "the same bytes each time"
            );
            let mut zip = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
            let charts = (1..9).filter(|n| zip.by_name(&format!("xl/charts/chart{n}.xml")).is_ok()).count();
            assert_eq!(charts, 4, "status, ABC, segments, months");
            let mut chart = String::new();
            zip.by_name("xl/charts/chart4.xml").unwrap().read_to_string(&mut chart).unwrap();
            assert!(chart.contains("<c:lineChart>") && chart.contains("$B$"), "{chart}");
            let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
            assert_eq!(book.sheet_names().len(), 3);
            let range = book.worksheet_range_at(0).unwrap().unwrap();
            let value = |id: &str| {
                let label = Data::String(text(language, id, &[]));
                range.rows().find(|row| row[0] == label && row[1] != Data::Empty).map(|row| row[1].clone())
            };
            assert_eq!(value("figures-net"), Some(Data::Float(964.0)));
            assert_eq!(value("figures-events"), Some(Data::Float(16.0)));
            let average = Data::String(text(language, "figures-average", &[]));
            let row = range.rows().find(|row| row[0] == average).unwrap();
            assert_eq!((&row[1], &row[2]), (&Data::Float(60.25), &Data::Float(16.0)), "with its records");
            let months: Vec<f64> = range
                .rows()
                .filter(|row| matches!(row[0], Data::DateTime(_)))
                .filter_map(|row| match row[1] {
                    Data::Float(net) => Some(net),
                    _ => None,
                })
                .collect();
            let total: f64 = months.iter().sum();
            // January is not whole, since the first sale is of the 5th, and September has none.
            assert!(months.len() == 7 && (total - 843.5).abs() < 1e-9, "{months:?}");
        }
    }
}
