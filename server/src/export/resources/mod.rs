//! The one table of what can be exported: resources, their columns, and where their rows come from. Every format, the
//! catalogue and OpenAPI follow it.

mod clients;
mod common;
mod deliveries;
mod figures;
mod marketing;
mod office;
mod open_items;
mod parts;
mod purchases;
mod reach;
mod relation;
mod visits;
mod workspace;

pub(crate) use self::relation::spoken;

use super::column::{ColumnInfo, Columns};
use super::rows::{
    Aliases, Audiences, Clients, Cohorts, Coverages, Deliveries, Figures, Members, OfficeLines, Offices,
    OpenItems, Parts, People, Portfolios, RecordLines, Records, Territories,
};

/// Something that can be exported.
#[derive(Debug)]
pub struct Resource {
    /// In the address. Never changes.
    pub name: &'static str,
    /// Version of the export that brought it.
    pub since: u32,
    pub english: &'static str,
    pub spanish: &'static str,
    /// The column by which `from=` and `to=` choose.
    pub date: Option<&'static str>,
    /// The column whose word `status=` chooses by.
    pub status: Option<&'static str>,
    /// Who reads on from a cursor puts rows in the place of those with the same value here.
    pub replace_by: &'static str,
    /// It says what holds now, and is read as a whole: there are no changes of it to be asked for.
    pub present: bool,
    pub(super) source: Source,
}

/// Where rows come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Records of the kind with these letters.
    Records {
        kind: &'static str,
        columns: Columns<Records>,
    },
    /// The maps in a list of such records.
    RecordLines {
        kind: &'static str,
        list: usize,
        columns: Columns<RecordLines>,
    },
    /// Office records of a kind.
    Office {
        kind: &'static str,
        columns: Columns<Offices>,
    },
    OfficeLines {
        kind: &'static str,
        list: usize,
        columns: Columns<OfficeLines>,
    },
    Clients(Columns<Clients>),
    /// Contacts, dates or places of profiles.
    Parts {
        sort: &'static str,
        columns: Columns<Parts>,
    },
    Aliases(Columns<Aliases>),
    People(Columns<People>),
    Territories(Columns<Territories>),
    /// Each client's figures in each of its currencies.
    Figures(Columns<Figures>),
    Portfolio(Columns<Portfolios>),
    Cohorts(Columns<Cohorts>),
    /// Clients of shared segments.
    Members(Columns<Members>),
    Coverage(Columns<Coverages>),
    OpenItems(Columns<OpenItems>),
    Deliveries(Columns<Deliveries>),
    Audiences(Columns<Audiences>),
}

/// Raised when a resource or a column is added.
pub const VERSION: u32 = 7;

/// Everything that can be exported.
pub const RESOURCES: &[Resource] = &[
    of(
        "clients",
        "Clients: profile, territory, which were merged",
        "Clientes: ficha, zona, unificadas",
        Source::Clients(Columns::of(clients::COLUMNS)),
    ),
    of("contacts", "People at clients", "Contactos de los clientes", part("contact", parts::CONTACTS)),
    of("client_dates", "Dates to remember", "Fechas señaladas de los clientes", part("date", parts::DATES))
        .by_date("on"),
    of("places", "Delivery points", "Direcciones de entrega", part("place", parts::PLACES)),
    of(
        "aliases",
        "Clients that were merged, and which is kept",
        "Fichas unificadas y cuál queda",
        Source::Aliases(Columns::of(workspace::ALIASES)),
    ),
    of("visits", "Visits, planned and done", "Visitas, planificadas y hechas", records("v", visits::VISITS))
        .by_date("date")
        .by_status("state"),
    of("contacts_made", "Calls and messages", "Llamadas y mensajes", records("c", visits::CONTACTS_MADE))
        .by_date("date")
        .by_status("outcome"),
    of(
        "purchases",
        "Orders, direct sales and returns logged by reps",
        "Pedidos, ventas directas y devoluciones de comerciales",
        records("p", purchases::PURCHASES),
    )
    .by_date("date")
    .by_status("sort"),
    of(
        "purchase_lines",
        "Their lines",
        "Sus líneas",
        record_lines("p", purchases::LINES, purchases::PURCHASE_LINES),
    )
    .by_date("date")
    .by_status("sort")
    .replaced_by("purchase_id"),
    of("notes", "Notes", "Notas", records("n", relation::NOTES)).by_date("date"),
    of("tasks", "Tasks, and what became of them", "Tareas y qué fue de ellas", records("t", relation::TASKS))
        .by_date("date")
        .by_status("state"),
    of(
        "survey_answers",
        "Answers to surveys",
        "Encuestas de satisfacción",
        records("s", relation::SURVEY_ANSWERS),
    )
    .by_date("date")
    .by_status("survey"),
    of(
        "survey_scores",
        "Their scores, question by question",
        "Sus puntuaciones, pregunta a pregunta",
        record_lines("s", relation::ANSWERS, relation::SURVEY_SCORES),
    )
    .by_date("date")
    .by_status("survey")
    .replaced_by("answer_id"),
    of(
        "confirmations",
        "Contact data that were confirmed",
        "Datos confirmados",
        records("k", relation::CONFIRMATIONS),
    )
    .by_date("date"),
    of("closures", "Clients closed, and why", "Bajas de clientes y motivo", records("x", relation::CLOSURES))
        .by_date("date")
        .by_status("reason"),
    of("agreements", "Agreements with clients", "Acuerdos comerciales", records("a", relation::AGREEMENTS))
        .by_date("date"),
    of(
        "consents",
        "Consent and opposition",
        "Consentimientos y oposiciones",
        records("q", relation::CONSENTS),
    )
    .by_date("date")
    .by_status("decision"),
    of(
        "merge_proposals",
        "Proposals to merge two clients",
        "Propuestas de unificar fichas",
        records("m", relation::MERGE_PROPOSALS),
    )
    .by_date("date"),
    of(
        "change_requests",
        "Requests to change what the ERP owns",
        "Peticiones de cambio de datos del ERP",
        records("r", relation::CHANGE_REQUESTS),
    )
    .by_date("date")
    .by_status("decision"),
    of("postponements", "What was put off", "Lo que se pospuso", records("l", relation::POSTPONEMENTS))
        .by_date("date")
        .by_status("subject"),
    of(
        "portfolio_modes",
        "How clients are to be looked after, as somebody said",
        "Modo de cartera que alguien eligió",
        records("mode", relation::MODES),
    )
    .by_date("date")
    .by_status("mode"),
    of(
        "absences",
        "Absences that people wrote down themselves",
        "Ausencias que apuntó cada persona",
        Source::Records {
            kind: "absence",
            columns: Columns { common: common::PERSONAL, own: relation::ABSENCES },
        },
    )
    .by_date("date"),
    of(
        "sales",
        "Documents of the office: invoices, credit notes",
        "Documentos de venta: facturas, abonos",
        office("sale", office::SALES),
    )
    .by_date("date")
    .by_status("sort"),
    of(
        "sale_lines",
        "Their lines",
        "Sus líneas",
        Source::OfficeLines {
            kind: "sale",
            list: office::SALE_LINES_LIST,
            columns: Columns { common: &[common::OFFICE_LINE], own: office::SALE_LINES },
        },
    )
    .by_date("date")
    .by_status("sort")
    .replaced_by("sale_id"),
    of(
        "sales_days",
        "What each client bought on each day: what figures are computed from",
        "Ventas por cliente y día: base de las cifras",
        office("sales_day", office::SALES_DAYS),
    )
    .by_date("date"),
    of(
        "sales_months",
        "What each client bought in each month, by family and unit",
        "Ventas por cliente y mes, por familia y unidad",
        Source::OfficeLines {
            kind: "sales_month",
            list: office::SALES_MONTH_LIST,
            columns: Columns { common: &[common::OFFICE_LINE], own: office::SALES_MONTHS },
        },
    )
    .by_date("month")
    .replaced_by("sales_month_id")
    .since(2),
    of("due_items", "What falls due", "Vencimientos", office("due_item", office::DUE_ITEMS)).by_date("due"),
    of("credit", "What clients may owe", "Riesgo de los clientes", office("credit", office::CREDIT)),
    of(
        "order_states",
        "What became of orders",
        "Estado de los pedidos",
        office("order_state", office::ORDER_STATES),
    )
    .by_status("stage"),
    of(
        "articles",
        "Articles",
        "Artículos",
        Source::Office {
            kind: "article",
            columns: Columns { common: &[common::OFFICE_WORKSPACE], own: office::ARTICLES },
        },
    ),
    of(
        "prices",
        "Prices and discounts, and for whom",
        "Precios y descuentos, y para quién",
        Source::Office {
            kind: "price",
            columns: Columns { common: &[common::OFFICE_ANYWHERE], own: office::PRICES },
        },
    ),
    of(
        "feeds",
        "When each of the office's feeds last came",
        "Cuándo llegó por última vez cada dato de la oficina",
        Source::Office {
            kind: "feed",
            columns: Columns { common: &[common::OFFICE_WORKSPACE], own: office::FEEDS },
        },
    ),
    of(
        "people",
        "People who work here",
        "Personas de la empresa",
        Source::People(Columns::of(workspace::PEOPLE)),
    ),
    of("territories", "Territories", "Zonas", Source::Territories(Columns::of(workspace::TERRITORIES))),
    of(
        "figures",
        "Each client's figures as of a day, a row a currency",
        "Cifras de cada cliente a una fecha, una fila por moneda",
        Source::Figures(Columns::of(figures::FIGURES)),
    )
    .by_status("status")
    .replaced_by("client_id")
    .since(3),
    of(
        "portfolio",
        "Figures of the whole portfolio as of a day, a row a figure",
        "Cifras de toda la cartera a una fecha, una fila por cifra",
        Source::Portfolio(Columns::of(figures::PORTFOLIO)),
    )
    .since(3),
    of(
        "cohorts",
        "Clients by the month of their first purchase, and how many bought in each month since",
        "Clientes por mes de primera compra y cuántos compraron en cada mes desde entonces",
        Source::Cohorts(Columns::of(figures::COHORTS)),
    )
    .since(3),
    of(
        "segments",
        "Shared segments and the clients of each as of a day, a row a client",
        "Grupos de clientes compartidos y los clientes de cada uno a una fecha, una fila por cliente",
        Source::Members(Columns::of(reach::MEMBERS)),
    )
    .replaced_by("client_id")
    .since(4),
    of(
        "coverage",
        "Within how many days each client is to be visited, and how long nobody was there, as of a day",
        "Cada cuántos días hay que visitar a cada cliente y cuánto hace que nadie fue, a una fecha",
        Source::Coverage(Columns::of(reach::COVERAGE)),
    )
    .replaced_by("client_id")
    .since(4),
    of(
        "open_items",
        "What was still to be paid at the end of a day, and for how long it was overdue",
        "Lo pendiente de cobro a una fecha y cuánto tiempo llevaba vencido",
        Source::OpenItems(Columns::of(open_items::COLUMNS)),
    )
    .by_date("due")
    .since(6),
    of(
        "orders_to_deliver",
        "Orders received or registered and not yet served: when and where to",
        "Pedidos pendientes de entrega: cuándo y dónde",
        Source::Deliveries(Columns::of(deliveries::COLUMNS)),
    )
    .by_date("deliver_on")
    .by_status("stage")
    .since(3)
    .of_the_present(),
    of(
        "audiences",
        "Who may be written to for marketing, by channel, and on what basis: nobody who opposed it",
        "A quién se puede escribir con fines comerciales, por canal y con qué base: nunca a quien se opuso",
        Source::Audiences(Columns::of(marketing::AUDIENCES)),
    )
    .by_status("channel")
    .since(3)
    .of_the_present(),
];

/// A resource, of version 1 unless it says otherwise.
const fn of(name: &'static str, english: &'static str, spanish: &'static str, source: Source) -> Resource {
    Resource {
        name,
        since: 1,
        english,
        spanish,
        date: None,
        status: None,
        replace_by: "id",
        present: false,
        source,
    }
}

const fn records(kind: &'static str, own: &'static [common::C]) -> Source {
    Source::Records { kind, columns: Columns { common: common::RECORD, own } }
}

const fn record_lines(kind: &'static str, list: usize, own: &'static [common::L]) -> Source {
    Source::RecordLines { kind, list, columns: Columns { common: &[common::LINE], own } }
}

const fn office(kind: &'static str, own: &'static [common::O]) -> Source {
    Source::Office { kind, columns: Columns { common: &[common::OFFICE], own } }
}

const fn part(sort: &'static str, own: &'static [super::column::Column<Parts>]) -> Source {
    Source::Parts { sort, columns: Columns { common: &[parts::COMMON], own } }
}

impl Resource {
    /// The version of the export that brought it.
    const fn since(mut self, version: u32) -> Self {
        self.since = version;
        self
    }

    const fn of_the_present(mut self) -> Self {
        self.present = true;
        self
    }

    const fn by_date(mut self, column: &'static str) -> Self {
        self.date = Some(column);
        self
    }

    const fn by_status(mut self, column: &'static str) -> Self {
        self.status = Some(column);
        self
    }

    const fn replaced_by(mut self, column: &'static str) -> Self {
        self.replace_by = column;
        self
    }

    pub fn find(name: &str) -> Option<&'static Self> {
        RESOURCES.iter().find(|resource| resource.name == name)
    }

    /// In the order in which they are written.
    pub fn columns(&self) -> Vec<&'static ColumnInfo> {
        match &self.source {
            Source::Records { columns, .. } => columns.infos(),
            Source::RecordLines { columns, .. } => columns.infos(),
            Source::Office { columns, .. } => columns.infos(),
            Source::OfficeLines { columns, .. } => columns.infos(),
            Source::Clients(columns) => columns.infos(),
            Source::Parts { columns, .. } => columns.infos(),
            Source::Aliases(columns) => columns.infos(),
            Source::People(columns) => columns.infos(),
            Source::Territories(columns) => columns.infos(),
            Source::Figures(columns) => columns.infos(),
            Source::Portfolio(columns) => columns.infos(),
            Source::Cohorts(columns) => columns.infos(),
            Source::Members(columns) => columns.infos(),
            Source::Coverage(columns) => columns.infos(),
            Source::OpenItems(columns) => columns.infos(),
            Source::Deliveries(columns) => columns.infos(),
            Source::Audiences(columns) => columns.infos(),
        }
    }

    /// Whether rows go when a client is erased.
    pub(super) fn is_about_clients(&self) -> bool {
        matches!(self.source, Source::Clients(_) | Source::Aliases(_)) || self.has("client_id")
    }

    /// Whether rows change with the calendar, and are told as of a day.
    pub(super) fn is_figures(&self) -> bool {
        matches!(
            self.source,
            Source::Figures(_)
                | Source::Portfolio(_)
                | Source::Cohorts(_)
                | Source::Members(_)
                | Source::Coverage(_)
                | Source::OpenItems(_)
        )
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns().iter().any(|info| info.name == column)
    }
}
