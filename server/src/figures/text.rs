//! Figures for people: words from `core/strings`, a line each.

use std::fmt::Write;

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::cohorts::Cohort;
use cartera_core::metrics::life_cycle::{Stage, life_cycle};
use cartera_core::metrics::status::Status;
use cartera_core::metrics::{CurrencyReport, Figure, Ratio, Report, Withheld};
use cartera_core::model::Currency;
use cartera_core::strings::{Language, text};

use super::{Call, Numbers, OneClient, PortfolioFigures, stages};

/// Months of a cohort that a line shows.
const COHORT_MONTHS: usize = 12;
/// Columns before a figure.
const WIDTH: usize = 34;

pub(crate) struct Page {
    pub(crate) language: Language,
    pub(crate) currency: Option<Currency>,
    pub(crate) out: String,
}

impl Page {
    pub(crate) fn new(language: Language) -> Self {
        Self { language, currency: None, out: String::new() }
    }

    fn numbers(&self) -> Numbers {
        Numbers { language: self.language, currency: self.currency }
    }

    pub(crate) fn decimal(&self, value: f64, places: usize) -> String {
        self.numbers().decimal(value, places)
    }

    pub(crate) fn count(&self, count: u64) -> String {
        self.decimal(count as f64, 0)
    }

    pub(crate) fn money(&self, minor: f64) -> String {
        self.numbers().money(minor)
    }

    pub(crate) fn percent(&self, ratio: Ratio) -> String {
        self.numbers().percent(ratio)
    }

    pub(crate) fn words(&self, id: &str) -> String {
        text(self.language, id, &[])
    }

    pub(crate) fn heading(&mut self, id: &str) {
        let words = self.words(id);
        let _ = write!(self.out, "\n{words}\n");
    }

    /// A label and what stands beside it.
    pub(crate) fn line(&mut self, id: &str, shown: &str) {
        let words = self.words(id);
        self.named(&words, shown);
    }

    pub(crate) fn named(&mut self, name: &str, shown: &str) {
        // A name longer than the column still ends before what is said of it.
        let pad = WIDTH.saturating_sub(name.chars().count()).max(2);
        let _ = writeln!(self.out, "  {name}{:pad$}{shown}", "");
    }

    /// The value, or why there is none, and how many records are behind it.
    pub(crate) fn told<T>(&self, figure: Figure<T>, show: impl FnOnce(T) -> String) -> String {
        let records = figure.records;
        format!("{} [{}]", self.show(figure, show), self.count(records))
    }

    /// The value, or why there is none.
    pub(crate) fn show<T>(&self, figure: Figure<T>, show: impl FnOnce(T) -> String) -> String {
        match figure.value {
            Ok(value) => show(value),
            Err(why) => self.why(why),
        }
    }

    /// What the numbers in square brackets are.
    fn legend(&mut self) {
        let records = self.words("figures-records");
        let _ = writeln!(self.out, "{records}");
    }

    pub(crate) fn why(&self, why: Withheld) -> String {
        format!("- ({})", self.words(&format!("withheld-{}", why.as_str())))
    }
}

/// The portfolio, as a person reads it.
pub fn portfolio_text(figures: &PortfolioFigures, language: Language) -> String {
    let mut page = Page::new(language);
    let report = &figures.report;
    let date = report.as_of.to_string();
    let args = [("date", date.as_str().into()), ("clients", page.count(figures.clients()).into())];
    let title = text(language, "figures-title", &args);
    let _ = writeln!(page.out, "{title}");
    page.legend();
    let fitted = match report.fitted {
        Some((as_of, version)) => format!("{as_of} ({version})"),
        None => page.why(Withheld::NotComputed),
    };
    page.line("figures-fitted", &fitted);
    page.heading("figures-status");
    for (status, count) in Status::ALL.iter().zip(report.status) {
        let count = page.count(count);
        page.line(&format!("status-{}", status.as_str()), &count);
    }
    page.heading("figures-life_cycle");
    for (stage, count) in Stage::ALL.iter().zip(stages(report)) {
        let count = page.count(count);
        page.line(&format!("life_cycle-{}", stage.as_str()), &count);
    }
    if report.currencies.is_empty() {
        let none = page.why(Withheld::NoData);
        page.line("figures-worth", &none);
    }
    for (of, calls) in figures.currencies() {
        page.currency = Some(of.currency);
        currency(&mut page, of, calls);
    }
    page.out
}

fn currency(page: &mut Page, report: &CurrencyReport, to_call: &[Call]) {
    page.heading("figures-worth");
    let net = page.money(report.worth.net as f64);
    page.line("figures-net", &net);
    let events = page.count(report.worth.events);
    page.line("figures-events", &events);
    let average = page.told(report.worth.average_transaction(), |minor| page.money(minor));
    page.line("figures-average", &average);
    let each = page.told(report.worth.events_per_client(), |events| page.decimal(events, 5));
    page.line("figures-events-each", &each);
    let so_far = page.told(report.worth.clv_per_client(), |minor| page.money(minor));
    page.line("figures-clv-so-far", &so_far);
    let to_come = page.told(report.clv, |minor| page.money(minor));
    page.line("figures-clv-to-come", &to_come);

    page.heading("figures-movement");
    let repeat = page.told(report.repeat_rate, |ratio| page.percent(ratio));
    page.line("figures-repeat", &repeat);
    match report.retention.value {
        Err(why) => {
            let why = page.why(why);
            page.line("figures-retention", &why);
        }
        Ok(found) => {
            let rate = page.show(found.clients(), |ratio| page.percent(ratio));
            let shown = format!("{rate} ({} / {})", page.count(found.kept), page.count(found.before));
            page.line("figures-retention", &shown);
            let money = page.told(found.money(), |ratio| page.percent(ratio));
            page.line("figures-retention-money", &money);
            let churn = page.told(found.churn(), |ratio| page.percent(ratio));
            page.line("figures-churn", &churn);
            let won_back = page.count(found.won_back);
            page.line("figures-won-back", &won_back);
        }
    }

    page.heading("figures-cohorts");
    if let Err(why) = report.cohorts.value {
        let why = page.why(why);
        page.line("figures-cohorts", &why);
    }
    let cohorts = report.cohorts.value.as_deref().unwrap_or_default();
    if let Some(months) = cohorts.iter().map(Cohort::finished_months).max() {
        let months = (0..months.min(COHORT_MONTHS)).map(|months| format!("{months:>8}"));
        page.line("figures-cohort-months", &months.collect::<String>());
    }
    for cohort in cohorts {
        let month = cohort.month.first_day().map_or_else(String::new, |day| day.to_string()[..7].to_owned());
        let cells = (0..cohort.finished_months().min(COHORT_MONTHS)).map(|months| {
            let cell = cohort.cell(months).value;
            format!("{:>8}", cell.map_or("-".into(), |cell| page.decimal(cell.part as f64, 0)))
        });
        let cells = cells.collect::<String>();
        page.named(&month, &cells);
    }

    page.heading("figures-risk");
    let hhi = page.told(report.concentration.hhi(), |hhi| page.decimal(hhi, 2));
    page.line("figures-hhi", &hhi);
    for (id, share) in [
        ("figures-top-1", report.concentration.top(1)),
        ("figures-top-10", report.concentration.top(10)),
        ("figures-top-20-percent", report.concentration.top_percent(20)),
    ] {
        let share = page.told(share, |ratio| page.percent(ratio));
        page.line(id, &share);
    }

    page.heading("figures-abc");
    for (class, count) in Class::ALL.iter().zip(report.classes) {
        let count = page.count(count);
        page.named(class.as_str(), &count);
    }
    let without = page.count(report.without_class);
    page.line("figures-without-class", &without);

    page.heading("figures-segments");
    for (code, clients, net) in &report.segments {
        let shown = format!("{:>9}   {}", page.count(*clients), page.money(*net as f64));
        page.line(&format!("rfm-{code}"), &shown);
    }

    page.heading("figures-model");
    let Some(model) = report.parameters.map(|parameters| parameters.model) else {
        let why = page.why(Withheld::NotComputed);
        page.line("figures-trial", &why);
        return calls(page, to_call);
    };
    if let Ok(of) = model.events {
        let of = [("r", of.r), ("alpha", of.alpha), ("a", of.a), ("b", of.b)];
        let shown = of.map(|(name, value)| format!("{name} {}", page.decimal(value, 3))).join("  ");
        page.named("BG/NBD", &shown);
    }
    if let Ok(of) = model.spend {
        let shown =
            format!("p {}  q {}  v {}", page.decimal(of.p, 2), page.decimal(of.q, 2), page.money(of.v_minor));
        page.named("Gamma-Gamma", &shown);
    }
    let tried = match model.money() {
        Ok(_) => page.words("figures-trial-passed"),
        Err(why) => page.why(why),
    };
    page.line("figures-trial", &tried);
    calls(page, to_call);
}

/// The clients to call first, and why.
fn calls(page: &mut Page, to_call: &[Call]) {
    page.heading("figures-calls");
    for Call { figures, name, at_stake } in to_call {
        let Ok(rhythm) = figures.rhythm.value else { continue };
        let args = [
            ("usual", page.decimal(rhythm.median_gap.days(), 1)),
            ("since", page.count(rhythm.since_days.into())),
            ("stake", page.money(*at_stake)),
        ];
        let args = args.each_ref().map(|(name, shown)| (*name, shown.as_str().into()));
        let shown = text(page.language, "figures-call", &args);
        let name = if name.is_empty() { figures.client.to_string() } else { name.clone() };
        page.named(&name, &shown);
    }
}

/// Worth, movement, risk and whom to call first: half a page.
pub fn summary_text(figures: &PortfolioFigures, language: Language) -> String {
    let mut page = Page::new(language);
    page.legend();
    let status = statuses(&page, &figures.report);
    page.line("figures-status", &status);
    for (report, to_call) in figures.currencies() {
        page.currency = Some(report.currency);
        let net = page.money(report.worth.net as f64);
        page.line("figures-net", &net);
        let so_far = page.told(report.worth.clv_per_client(), |minor| page.money(minor));
        page.line("figures-clv-so-far", &so_far);
        let to_come = page.told(report.clv, |minor| page.money(minor));
        page.line("figures-clv-to-come", &to_come);
        let kept = match &report.retention.value {
            Ok(found) => page.told(found.clients(), |ratio| page.percent(ratio)),
            Err(why) => page.why(*why),
        };
        page.line("figures-retention", &kept);
        let repeat = page.told(report.repeat_rate, |ratio| page.percent(ratio));
        page.line("figures-repeat", &repeat);
        let top = page.told(report.concentration.top_percent(20), |ratio| page.percent(ratio));
        page.line("figures-top-20-percent", &top);
        let hhi = page.told(report.concentration.hhi(), |hhi| page.decimal(hhi, 2));
        page.line("figures-hhi", &hhi);
        calls(&mut page, to_call);
    }
    page.out
}

fn statuses(page: &Page, report: &Report) -> String {
    let each = Status::ALL.iter().zip(report.status).filter(|(_, count)| *count > 0);
    let each = each.map(|(status, count)| {
        format!("{} {}", page.words(&format!("status-{}", status.as_str())), page.count(count))
    });
    each.collect::<Vec<_>>().join(", ")
}

/// One client, as a person reads it.
pub fn client_text(figures: &OneClient, language: Language) -> String {
    let mut page = Page::new(language);
    let of = &figures.figures;
    let _ = writeln!(page.out, "{} ({})", figures.name, figures.as_of);
    page.legend();
    let status = page.words(&format!("status-{}", of.status.as_str()));
    page.line("figures-status", &status);
    let life = life_cycle(of, figures.as_of);
    let stage = page.words(&life.text_id());
    page.line("figures-life_cycle", &stage);
    for step in life.moves(language) {
        page.line("figures-moves_on", &step);
    }
    let last = of.last.map_or("-".into(), |date| date.to_string());
    page.line("figures-last", &last);
    let rhythm = page.told(of.rhythm, |rhythm| {
        let args = [
            ("usual", page.decimal(rhythm.median_gap.days(), 1)),
            ("since", page.count(rhythm.since_days.into())),
        ];
        let args = args.each_ref().map(|(name, shown)| (*name, shown.as_str().into()));
        text(page.language, "figures-rhythm-told", &args)
    });
    page.line("figures-rhythm", &rhythm);
    for of in &of.by_currency {
        page.currency = Some(of.currency);
        let net = page.money(of.worth.net as f64);
        page.line("figures-net", &net);
        let events = page.count(of.worth.events);
        page.line("figures-events", &events);
        let average = page.told(of.worth.average_transaction(), |minor| page.money(minor));
        page.line("figures-average", &average);
        let class = page.told(of.class, |class| class.as_str().to_owned());
        page.line("figures-abc", &class);
        let segment = page.told(of.rfm, |scores| {
            let segment = scores.segment().map(|code| page.words(&format!("rfm-{code}"))).unwrap_or_default();
            format!("{}{}{} {segment}", scores.recency, scores.frequency, scores.monetary)
        });
        page.line("figures-segments", &segment);
        let alive = page.told(of.alive, |alive| format!("{} %", page.decimal(100.0 * alive, 1)));
        page.line("figures-alive", &alive);
        let expected = page.told(of.expected, |events| page.decimal(events, 2));
        page.line("figures-expected", &expected);
        let clv = page.told(of.clv, |minor| page.money(minor));
        page.line("figures-clv-to-come", &clv);
        let falling = page.told(of.falling, |change| page.percent(change.ratio));
        page.line("figures-falling", &falling);
    }
    page.out
}
