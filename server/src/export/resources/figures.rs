//! Figures as of a day: each client's, the portfolio's, and its cohorts.

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::client::CurrencyFigures;
use cartera_core::metrics::life_cycle::{Stage, life_cycle};
use cartera_core::metrics::rfm::Scores;
use cartera_core::metrics::rhythm::Rhythm;
use cartera_core::metrics::{Figure, Withheld};
use cartera_core::model::Currency;

use crate::export::column::Column;
use crate::export::rows::{Cohorts, Figures, FiguresRow, Portfolios};
use crate::export::value::{Type, Value};

type F = Column<Figures>;
type P = Column<Portfolios>;
type C = Column<Cohorts>;

const WHY: &str = "Why there is no value";
const WHY_ES: &str = "Por qué no hay valor";

pub(super) const FIGURES: &[F] = &[
    F::new("id", Type::Id, "Client and currency", "Cliente y moneda", |r| match r.currency() {
        Some(currency) => format!("{}/{currency}", r.id).into(),
        None => r.id.into(),
    })
    .required(),
    F::new("client_id", Type::Id, "The client", "Cliente", |r| r.id.into()).required(),
    F::new("client_name", Type::Text, "Its name", "Nombre del cliente", |r| {
        r.figures.as_ref().map(|_| r.client.name.as_str()).into()
    }),
    F::new("client_erp_code", Type::Text, "Its code in the ERP", "Código del cliente en el ERP", |r| {
        r.client.erp_code.as_deref().into()
    }),
    F::new("territory_id", Type::Id, "Its territory", "Zona del cliente", |r| Value::id(r.client.territory)),
    F::new("as_of", Type::Date, "As things stood at the end of this day", "A esta fecha", |r| {
        r.figures.as_ref().map(|_| r.as_of).into()
    })
    .required(),
    F::new(
        "fitted_as_of",
        Type::Date,
        "When models, classes and scores were computed on all clients",
        "Fecha de los modelos, clases y puntuaciones",
        |r| r.fitted.map(|(as_of, _)| as_of).into(),
    ),
    F::new("fitted_version", Type::Integer, "Which of those it was", "Su versión", |r| {
        r.fitted.map(|(_, version)| version).into()
    }),
    F::new(
        "status",
        Type::Word,
        "lead, active, dormant, lost or closed; of the client, whatever the currency",
        "lead (potencial), active (activo), dormant (dormido), lost (perdido) o closed (baja)",
        |r| r.figures.as_ref().map(|figures| figures.status.as_str()).into(),
    )
    .required(),
    F::new("first_purchase", Type::Date, "In any currency", "Primera compra", |r| {
        r.figures.as_ref().and_then(|figures| figures.first).into()
    }),
    F::new("last_purchase", Type::Date, "In any currency", "Última compra", |r| {
        r.figures.as_ref().and_then(|figures| figures.last).into()
    }),
    F::new("purchase_days", Type::Integer, "In any currency", "Días con compra", |r| {
        r.figures.as_ref().map(|figures| figures.rhythm.records).into()
    })
    .required(),
    F::new("usual_gap", Type::Number, "Median of its gaps", "Mediana entre compras", |r| {
        rhythm(r).map(|rhythm| rhythm.median_gap.days()).into()
    })
    .unit("days"),
    F::new(
        "long_gap",
        Type::Integer,
        "Nine in ten gaps are no longer",
        "Nueve de cada diez no son más largos",
        |r| rhythm(r).map(|rhythm| rhythm.p90_days).into(),
    )
    .unit("days"),
    F::new(
        "since",
        Type::Integer,
        "Since the last one, shut days left out",
        "Desde la última, sin días cerrados",
        |r| rhythm(r).map(|rhythm| rhythm.since_days).into(),
    )
    .unit("days"),
    F::new(
        "missed_slots",
        Type::Integer,
        "Usual purchases that went by",
        "Compras habituales que faltan",
        |r| rhythm(r).map(|rhythm| rhythm.missed_slots()).into(),
    ),
    F::new("rhythm_missed", Type::Boolean, "It should have bought", "Debería haber comprado", |r| {
        rhythm(r).map(|rhythm| rhythm.is_missed()).into()
    }),
    F::new("rhythm_why", Type::Word, WHY, WHY_ES, |r| {
        r.figures.as_ref().and_then(|figures| figures.rhythm.value.err()).map(Withheld::as_str).into()
    }),
    F::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.currency().into()),
    F::new("net_minor", Type::Integer, "Net revenue so far", "Ventas netas hasta la fecha", |r| {
        net(r).into()
    })
    .unit("minor units"),
    F::new("net", Type::Decimal, "Net revenue so far", "Ventas netas hasta la fecha", |r| {
        Value::amount(net(r), r.currency())
    }),
    F::new(
        "events",
        Type::Integer,
        "Days with a purchase in this currency",
        "Días con compra en esta moneda",
        |r| r.money().map(|of| of.worth.events).into(),
    ),
    F::new(
        "duration",
        Type::Integer,
        "Since the first one, or until it was closed",
        "Desde la primera compra",
        |r| r.money().map(|of| of.worth.duration_days).into(),
    )
    .unit("days"),
    F::new("average_transaction", Type::Number, "Net revenue a purchase", "Compra media", |r| {
        value(r, |of| of.worth.average_transaction())
    })
    .unit("minor units"),
    F::new("class", Type::Word, "A, B or C", "A, B o C", |r| {
        r.money().and_then(|of| of.class.value.ok()).map(Class::as_str).into()
    }),
    F::new("class_why", Type::Word, WHY, WHY_ES, |r| why(r, |of| of.class.value.err())),
    F::new("recency", Type::Integer, "1 to 5", "De 1 a 5", |r| {
        scores(r).map(|scores| u32::from(scores.recency)).into()
    }),
    F::new("frequency", Type::Integer, "1 to 5", "De 1 a 5", |r| {
        scores(r).map(|scores| u32::from(scores.frequency)).into()
    }),
    F::new("monetary", Type::Integer, "1 to 5", "De 1 a 5", |r| {
        scores(r).map(|scores| u32::from(scores.monetary)).into()
    }),
    F::new("segment", Type::Word, "By recency and frequency", "Segmento RFM", |r| {
        scores(r).and_then(Scores::segment).into()
    }),
    F::new("rfm_why", Type::Word, WHY, WHY_ES, |r| why(r, |of| of.rfm.value.err())),
    F::new(
        "alive",
        Type::Number,
        "Chance that it is still a client",
        "Probabilidad de que siga siendo cliente",
        |r| value(r, |of| of.alive),
    ),
    F::new("alive_why", Type::Word, WHY, WHY_ES, |r| why(r, |of| of.alive.value.err())),
    F::new(
        "expected_events",
        Type::Number,
        "Purchases to come in a year",
        "Compras previstas en un año",
        |r| value(r, |of| of.expected),
    ),
    F::new("expected_events_why", Type::Word, WHY, WHY_ES, |r| why(r, |of| of.expected.value.err())),
    F::new("clv_to_come", Type::Number, "Value to come in a year", "Valor previsto en un año", |r| {
        value(r, |of| of.clv)
    })
    .unit("minor units"),
    F::new("clv_to_come_why", Type::Word, WHY, WHY_ES, |r| why(r, |of| of.clv.value.err())),
    F::new(
        "volume_ratio",
        Type::Number,
        "Last weeks over those before",
        "Últimas semanas frente a antes",
        |r| value(r, |of| of.falling.map(|change| change.ratio.get())),
    ),
    F::new("falling", Type::Boolean, "It buys much less than before", "Compra mucho menos que antes", |r| {
        r.money().and_then(|of| of.falling.value.ok()).map(|change| change.is_falling()).into()
    }),
    F::new("volume_why", Type::Word, WHY, WHY_ES, |r| why(r, |of| of.falling.value.err())),
    F::new("at_stake", Type::Number, "Of who missed its rhythm", "En juego si ha perdido su ritmo", |r| {
        r.figures.as_ref().zip(r.currency()).and_then(|(figures, currency)| figures.at_stake(currency)).into()
    })
    .unit("minor units"),
    F::new("deleted", Type::Boolean, "The client was erased", "Cliente borrado", |r| {
        r.figures.is_none().into()
    })
    .required(),
    F::new(
        "life_cycle",
        Type::Word,
        "acquisition, development, retention or loyalty; missing where it was lost or closed",
        "acquisition (captación), development (desarrollo), retention (retención) o loyalty (fidelización)",
        |r| {
            let stage = r.figures.as_ref().and_then(|figures| life_cycle(figures, r.as_of).stage);
            stage.map(Stage::as_str).into()
        },
    )
    .since(5),
];

impl FiguresRow {
    fn money(&self) -> Option<&CurrencyFigures> {
        self.figures.as_ref()?.by_currency.get(self.currency?)
    }

    fn currency(&self) -> Option<Currency> {
        self.money().map(|of| of.currency)
    }
}

fn rhythm(row: &FiguresRow) -> Option<Rhythm> {
    row.figures.as_ref()?.rhythm.value.ok()
}

fn scores(row: &FiguresRow) -> Option<Scores> {
    row.money()?.rfm.value.ok()
}

/// Minor units; null past 64 bits.
fn net(row: &FiguresRow) -> Option<i64> {
    i64::try_from(row.money()?.worth.net).ok()
}

fn value<'a>(row: &FiguresRow, of: impl Fn(&CurrencyFigures) -> Figure<f64>) -> Value<'a> {
    row.money().and_then(|money| of(money).value.ok()).into()
}

fn why<'a>(row: &FiguresRow, of: impl Fn(&CurrencyFigures) -> Option<Withheld>) -> Value<'a> {
    row.money().and_then(of).map(Withheld::as_str).into()
}

pub(super) const PORTFOLIO: &[P] = &[
    P::new("id", Type::Id, "Currency and figure", "Moneda y cifra", |r| match r.currency {
        Some(currency) => format!("{currency}/{}", r.figure).into(),
        None => r.figure.as_str().into(),
    })
    .required(),
    P::new("as_of", Type::Date, "As things stood at the end of this day", "A esta fecha", |r| r.as_of.into())
        .required(),
    P::new("currency", Type::Text, "ISO 4217; missing where it is about no amounts", "Moneda", |r| {
        r.currency.into()
    }),
    P::new("figure", Type::Word, "Which figure", "Qué cifra", |r| r.figure.as_str().into()).required(),
    P::new(
        "value",
        Type::Number,
        "Amounts in minor units, shares from 0 to 1",
        "Importes en unidades menores, cuotas de 0 a 1",
        |r| r.value.value.ok().into(),
    ),
    P::new(
        "records",
        Type::Integer,
        "How many records are behind it",
        "Cuántos registros hay detrás",
        |r| r.value.records.into(),
    )
    .required(),
    P::new("why", Type::Word, WHY, WHY_ES, |r| r.value.value.err().map(Withheld::as_str).into()),
    P::new("deleted", Type::Boolean, "Never", "Nunca", |_| false.into()).required(),
];

pub(super) const COHORTS: &[C] = &[
    C::new("id", Type::Id, "Currency, month and months since", "Moneda, mes y meses desde entonces", |r| {
        let month = r.month.to_string();
        format!("{}/{}/{}", r.currency, month.get(..7).unwrap_or(&month), r.months_since).into()
    })
    .required(),
    C::new("as_of", Type::Date, "As things stood at the end of this day", "A esta fecha", |r| r.as_of.into())
        .required(),
    C::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.currency.into()).required(),
    C::new("month", Type::Date, "Its first day", "Primer día del mes", |r| r.month.into()).required(),
    C::new(
        "clients",
        Type::Integer,
        "Bought for the first time in that month",
        "Compraron por primera vez ese mes",
        |r| r.clients.into(),
    )
    .required(),
    C::new(
        "months_since",
        Type::Integer,
        "0: the month itself; months that are over",
        "0: el propio mes; solo meses acabados",
        |r| r.months_since.into(),
    )
    .required(),
    C::new(
        "bought",
        Type::Integer,
        "How many of them bought in that later month",
        "Cuántos compraron en ese mes",
        |r| i64::try_from(r.bought.part).ok().into(),
    )
    .required(),
    C::new("share", Type::Number, "Of the cohort", "Parte de ellos", |r| r.bought.get().into()).required(),
    C::new("deleted", Type::Boolean, "Never", "Nunca", |_| false.into()).required(),
];
