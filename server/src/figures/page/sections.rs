use cartera_core::metrics::movement::Movement;
use cartera_core::metrics::overview::OfCurrency;
use cartera_core::metrics::status::Status;
use cartera_core::metrics::voice::total;
use cartera_core::metrics::{CurrencyReport, Figure, Ratio};
use cartera_core::model::record::Survey;

use super::{Look, Section};
use crate::clients::page::tone;
use crate::console::chart::{Bar, Columns, bars};
use crate::console::parts::{Cell, Table, Tile};

impl Look<'_> {
    pub(super) fn sections(&self) -> Vec<Section> {
        let report = self.portfolio.figures.report.currencies.iter().find(|of| of.currency == self.currency);
        let overview =
            self.portfolio.overview.overview.currencies.iter().find(|of| of.currency == self.currency);
        vec![
            self.calls(),
            self.value(report),
            self.movement(report, overview),
            self.risk(report, overview),
            self.coverage(overview),
            self.voice(),
            self.team(overview),
        ]
    }

    fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// `id` names the figure, `console-about-<about>` says what it means.
    fn tile<T>(&self, id: &str, about: &str, figure: Figure<T>, show: impl FnOnce(T) -> String) -> Tile {
        Tile {
            label: self.say(id),
            value: figure.value.map(show).map_err(|why| self.say(&format!("withheld-{}", why.as_str()))),
            note: self.words.count("console-records", figure.records),
            about: self.say(&format!("console-about-{about}")),
            href: None,
        }
    }

    fn none<T>(&self) -> Figure<T> {
        Figure::withheld(cartera_core::metrics::Withheld::NoData, 0)
    }

    fn money(&self, minor: f64) -> String {
        self.words.round_money(minor, self.currency)
    }

    fn section(&self, id: &'static str, heading: &str) -> Section {
        Section { id, heading: self.say(heading), ..Section::default() }
    }

    /// Whom to call or visit first.
    fn calls(&self) -> Section {
        let mut calls = self.portfolio.figures.currencies().filter(|(of, _)| of.currency == self.currency);
        let rows = calls.next().map_or(&[][..], |(_, calls)| calls).iter().map(|call| {
            let story = call.figures.rhythm.value.map_or_else(
                |why| self.say(&format!("withheld-{}", why.as_str())),
                |rhythm| {
                    let usual = self.words.number(rhythm.median_gap.days(), 0);
                    let since = self.words.whole(rhythm.since_days.into());
                    self.words
                        .args("figures-rhythm-told", &[("usual", usual.into()), ("since", since.into())])
                },
            );
            let href = format!("/clients/{}", call.figures.client);
            vec![
                Cell::link(call.name.clone(), href),
                Cell::text(story),
                Cell::amount(self.money(call.at_stake)),
            ]
        });
        let table = Table {
            caption: self.say("console-calls-caption"),
            head: vec![
                (self.say("figures-client"), ""),
                (self.say("figures-rhythm"), ""),
                (self.say("figures-stake"), "amount"),
            ],
            rows: rows.collect(),
        };
        let rest = Some(("/clients?only=late&sort=at_stake".into(), self.say("console-calls-all")));
        Section { table: Some(table), rest, is_wide: true, ..self.section("calls", "console-calls") }
    }

    fn value(&self, report: Option<&CurrencyReport>) -> Section {
        let net = report.map_or_else(|| self.none(), |of| Figure::new(of.worth.net, of.worth.events));
        let so_far = report.map_or_else(|| self.none(), |of| of.worth.clv_per_client());
        let to_come = report.map_or_else(|| self.none(), |of| of.clv);
        let net = self.tile("figures-net", "net", net, |net| self.money(net as f64));
        let tiles = vec![
            Tile { href: Some("/clients?sort=net".into()), ..net },
            self.tile("figures-clv-so-far", "clv_so_far", so_far, |minor| {
                self.words.money(minor, self.currency)
            }),
            self.tile("figures-clv-to-come", "clv_to_come", to_come, |minor| self.money(minor)),
        ];
        let segments =
            report.map_or(&[][..], |of| &of.segments).iter().filter(|(_, clients, _)| *clients > 0);
        let segments = segments.map(|(code, clients, net)| {
            let bar = Bar {
                label: self.say(&format!("rfm-{code}")),
                href: Some(format!("/clients?segment={code}")),
                value: format!("{} · {}", self.words.whole(*clients), self.money(*net as f64)),
                width: 0.0,
                tone: "",
            };
            (*net as f64, bar)
        });
        Section {
            tiles,
            bars: bars(segments),
            bars_heading: self.say("console-segments-heading"),
            ..self.section("value", "figures-worth")
        }
    }

    fn movement(&self, report: Option<&CurrencyReport>, overview: Option<&OfCurrency>) -> Section {
        let moved = overview.and_then(|of| of.movement.iter().find(|(period, _)| *period == self.period));
        let sales = match moved {
            Some((_, movement)) => self.sales(movement),
            None => self.tile("figures-sales", "sales", self.none::<i128>(), |_| String::new()),
        };
        let retention = report.map_or_else(|| self.none(), |of| of.retention);
        let kept = Figure {
            value: retention.value.and_then(|found| found.clients().value),
            records: retention.value.map_or(retention.records, |found| found.before),
        };
        let repeat = report.map_or_else(|| self.none(), |of| of.repeat_rate);
        let percent = |ratio: Ratio| self.words.percent(ratio);
        let mut retained = self.tile("figures-retention", "retention", kept, percent);
        if let Ok(found) = retention.value {
            let counts = [found.kept, found.before].map(|count| self.words.whole(count));
            retained.note = format!("{} / {}", counts[0], counts[1]);
        }
        let tiles = vec![sales, retained, self.tile("figures-repeat", "repeat", repeat, percent)];
        let months = overview.map_or(&[][..], |of| &of.months);
        let scale = (0..self.currency.exponent().unwrap_or(0)).fold(1.0, |scale, _| scale * 10.0);
        let value = |figure: &Figure<i128>| figure.value.ok().map(|minor| minor as f64 / scale);
        let told: Vec<_> = months
            .iter()
            .map(|(month, movement)| {
                let name = self.say(&format!("month-{}", month.civil().month()));
                (name, value(&movement.now), value(&movement.before))
            })
            .collect();
        let rows = months.iter().map(|(month, movement)| {
            let mut row = vec![Cell::text(self.words.month(*month))];
            row.extend(self.compared(movement));
            row
        });
        let numbers = Table {
            caption: self.say("figures-months"),
            head: self.compared_head("console-month"),
            rows: rows.collect(),
        };
        let label = self.say("figures-months");
        let chart = Columns::new(label, &told, |value| self.words.number(value, 0));
        let numbers = chart.is_some().then_some(numbers);
        Section { tiles, chart, numbers, ..self.section("movement", "figures-movement") }
    }

    /// Sales of the period, and against the year before.
    fn sales(&self, movement: &Movement) -> Tile {
        let tile = self.tile("figures-sales", "sales", movement.now, |minor| self.money(minor as f64));
        let change = self.words.figure(movement.change, |ratio| self.words.change(ratio));
        Tile { note: self.words.with("console-against-year", "change", &change), ..tile }
    }

    fn compared_head(&self, first: &str) -> Vec<(String, &'static str)> {
        vec![
            (self.say(first), ""),
            (self.say("console-now"), "amount"),
            (self.say("console-year-before"), "amount wide"),
            (self.say("console-change"), "amount"),
        ]
    }

    fn compared(&self, movement: &Movement) -> [Cell; 3] {
        let money = |figure: Figure<i128>| self.words.figure(figure, |minor| self.money(minor as f64));
        let change = movement.change.value.ok();
        let class = match change {
            Some(ratio) if ratio.part > ratio.whole => "amount up",
            Some(ratio) if ratio.part < ratio.whole => "amount down",
            _ => "amount",
        };
        let change = change.map_or_else(|| "–".into(), |ratio| self.words.change(ratio));
        [
            Cell::amount(money(movement.now)),
            Cell { class: "amount wide", ..Cell::text(money(movement.before)) },
            Cell { class, ..Cell::text(change) },
        ]
    }

    fn risk(&self, report: Option<&CurrencyReport>, overview: Option<&OfCurrency>) -> Section {
        let counts = self.portfolio.figures.report.status;
        let all = self.portfolio.figures.clients();
        let dormant =
            Status::ALL.iter().position(|status| *status == Status::Dormant).map_or(0, |at| counts[at]);
        let slipping = self
            .tile("console-slipping", "slipping", Figure::new(dormant, all), |count| self.words.whole(count));
        let falling = overview.map_or_else(
            || self.none(),
            |of| Figure::new(of.falling.clients.len() as u64, of.falling.compared),
        );
        let falling = self.tile("figures-falling-count", "falling", falling, |count| self.words.whole(count));
        let top = report.map_or_else(|| self.none(), |of| of.concentration.top_percent(20));
        let tiles = vec![
            Tile { href: Some("/clients?status=dormant&sort=net".into()), ..slipping },
            Tile { href: Some("/clients?only=falling".into()), ..falling },
            self.tile("figures-top-20-percent", "top", top, |ratio| self.words.percent(ratio)),
        ];
        let statuses = Status::ALL.iter().zip(counts).map(|(status, count)| {
            let share =
                Ratio::of(count, all).map_or_else(String::new, |of| format!(" · {}", self.words.percent(of)));
            let bar = Bar {
                label: self.say(&format!("status-{}", status.as_str())),
                href: Some(format!("/clients?status={}", status.as_str())),
                value: format!("{}{share}", self.words.whole(count)),
                width: 0.0,
                tone: tone(*status),
            };
            (count as f64, bar)
        });
        Section {
            tiles,
            bars: bars(statuses),
            bars_heading: self.say("figures-status"),
            ..self.section("risk", "figures-risk")
        }
    }

    fn coverage(&self, overview: Option<&OfCurrency>) -> Section {
        let of = &self.portfolio.overview.overview;
        let percent = |ratio: Ratio| self.words.percent(ratio);
        let weighted = overview.map_or_else(|| self.none(), |of| of.coverage);
        let overdue = of.coverage.overdue().count() as u64;
        let overdue = if of.coverage.due.is_empty() {
            self.none()
        } else {
            Figure::new(overdue, of.coverage.due.len() as u64)
        };
        let overdue =
            self.tile("figures-overdue-visits", "overdue", overdue, |count| self.words.whole(count));
        let tiles = vec![
            self.tile("figures-covered", "covered", of.coverage.clients(), percent),
            self.tile("figures-covered-weighted", "weighted", weighted, percent),
            Tile { href: Some("/clients?only=overdue&sort=net".into()), ..overdue },
            self.tile("figures-stale", "stale", of.stale, percent),
        ];
        let territories =
            of.coverage.overdue_by(|due| due.territory).into_iter().map(|(territory, count)| {
                let href = territory.map_or_else(|| "none".into(), |id| id.to_string());
                let bar = Bar {
                    label: territory.map_or_else(
                        || self.say("figures-without"),
                        |id| self.portfolio.overview.territory(&id),
                    ),
                    href: Some(format!("/clients?only=overdue&territory={href}")),
                    value: self.words.whole(count),
                    width: 0.0,
                    tone: "warn",
                };
                (count as f64, bar)
            });
        Section {
            tiles,
            bars: bars(territories),
            bars_heading: self.say("console-overdue-heading"),
            ..self.section("coverage", "figures-coverage")
        }
    }

    /// Reps side by side.
    fn team(&self, overview: Option<&OfCurrency>) -> Section {
        let of = &self.portfolio.overview;
        let by_rep = overview.and_then(|of| of.by_rep.iter().find(|(period, _)| *period == self.period));
        let rows = by_rep.into_iter().flat_map(|(_, by)| by).map(|(rep, movement)| {
            let name = rep.map_or_else(|| self.say("figures-without"), |rep| of.person(&rep));
            let mut row = vec![Cell::text(name)];
            row.extend(self.compared(movement));
            let work = of.overview.work.get(rep);
            row.push(Cell::amount(work.map_or_else(|| "0".into(), |work| self.words.whole(work.visits))));
            row
        });
        let mut head = self.compared_head("word-rep");
        head.push((self.say("figures-work"), "amount"));
        let period = self.say(&format!("period-{}", self.period.as_str()));
        let table = Table { caption: period, head, rows: rows.collect() };
        Section { table: Some(table), is_wide: true, ..self.section("team", "console-team") }
    }

    fn voice(&self) -> Section {
        let of = &self.portfolio.overview;
        let minimum = of.answers_min;
        let tiles = Survey::ALL.iter().map(|survey| {
            let asked = of.overview.voice.get(survey).map(total);
            let records = asked.as_ref().map_or(0, |voice| voice.answers);
            let number = |figure: Figure<f64>| figure.map(|value| self.words.number(value, 1));
            let figure = match (&asked, survey) {
                (None, _) => self.none(),
                (Some(voice), Survey::Nps) => number(voice.nps(minimum)),
                (Some(voice), Survey::Csat) => voice.csat(minimum).map(|ratio| self.words.percent(ratio)),
                (Some(voice), _) => number(voice.csi(minimum)),
            };
            let tile = self.tile(survey.text_id(), survey.as_str(), figure, |text| text);
            Tile { note: self.words.count("console-answers", records), ..tile }
        });
        Section { tiles: tiles.collect(), is_wide: true, ..self.section("voice", "figures-voice") }
    }
}
