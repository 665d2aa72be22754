//! Columns that many resources have, in words and meaning the same.

use cartera_core::model::cbor::Field;
use cartera_core::model::record::Clock;
use cartera_core::model::{Currency, Decimal, PartId};

use crate::export::column::{Column, Family};
use crate::export::fields::Fields;
use crate::export::rows::{About, Line, Logged, Office, OfficeLines, Offices, Record, RecordLines, Records};
use crate::export::value::{Type, Value};

pub(super) type C = Column<Records>;
pub(super) type O = Column<Offices>;
pub(super) type L = Column<RecordLines>;
pub(super) type OL = Column<OfficeLines>;

/// Keys of every record's map.
const ZONE: usize = 3;
const CLOCK: usize = 4;

/// The columns that say about which client a row is; `$about` finds it from the row. Code and name are the client's own,
/// and change without the row.
macro_rules! about_a_client {
    ($family:ident, |$row:ident| $about:expr) => {
        [
            Column::<$family>::new(
                "client_id",
                Type::Id,
                "Client, as written; never changes",
                "Cliente, tal como se apuntó; no cambia",
                |$row| Value::id($about.client_id()),
            ),
            Column::<$family>::new(
                "client_code",
                Type::Text,
                "The client's number in the ERP",
                "Código del cliente en el ERP",
                |$row| $about.brief().erp_code.into(),
            ),
            Column::<$family>::new(
                "client_name",
                Type::Text,
                "The client's name",
                "Nombre del cliente",
                |$row| {
                    let about = &$about;
                    Some(about.brief().name).filter(|name| !name.is_empty() && !about.is_gone()).into()
                },
            ),
            Column::<$family>::new(
                "kept_client_id",
                Type::Id,
                "The client that counts, where clients were merged",
                "Cliente que cuenta, si se unificaron fichas",
                |$row| Value::id($about.brief().alias_of.or($about.client_id())),
            ),
            Column::<$family>::new(
                "territory_id",
                Type::Id,
                "The client's territory now; missing: unassigned",
                "Zona actual del cliente; falta: sin asignar",
                |$row| Value::id($about.brief().territory),
            ),
        ]
    };
}

pub(super) use about_a_client;

/// Where in the log a row is from.
macro_rules! in_the_log {
    ($family:ident, |$row:ident| $about:expr) => {
        [
            Column::<$family>::new(
                "received_at",
                Type::Instant,
                "When the relay took it",
                "Cuándo lo recibió el servidor",
                |$row| Value::instant($about.received_ms()),
            )
            .required(),
            Column::<$family>::new(
                "number",
                Type::Integer,
                "Place in the relay's log of what the row says",
                "Posición en el registro del servidor",
                |$row| $about.number().into(),
            )
            .required(),
        ]
    };
}

const fn deleted<F: Family>(get: for<'a, 'r> fn(&'a F::Row<'r>) -> Value<'a>) -> Column<F> {
    Column::new(
        "deleted",
        Type::Boolean,
        "Not there any more: take the row with this id out; where the id is a client's, all rows of that client: it was erased",
        "Ya no existe: quita la fila con este id; si el id es de un cliente, todas las filas de ese cliente: se borró",
        get,
    )
    .required()
}

const RECORD_CLIENT: [C; 5] = about_a_client!(Records, |r| r);
const RECORD_LOG: [C; 2] = in_the_log!(Records, |r| r);
const OFFICE_CLIENT: [O; 5] = about_a_client!(Offices, |r| r);
const OFFICE_LOG: [O; 2] = in_the_log!(Offices, |r| r);
const LINE_CLIENT: [L; 5] = about_a_client!(RecordLines, |l| l.of);
const LINE_LOG: [L; 2] = in_the_log!(RecordLines, |l| l.of);
const OFFICE_LINE_CLIENT: [OL; 5] = about_a_client!(OfficeLines, |l| l.of);
const OFFICE_LINE_LOG: [OL; 2] = in_the_log!(OfficeLines, |l| l.of);

/// Of records about a client.
pub(super) const RECORD: &[&[C]] = &[
    &[
        ID,
        RECORD_CLIENT[0].required(),
        RECORD_CLIENT[1].follows("clients"),
        RECORD_CLIENT[2].follows("clients"),
        RECORD_CLIENT[3].required(),
        RECORD_CLIENT[4],
    ],
    ANY_RECORD,
];

/// Of records in a person's own document.
pub(super) const PERSONAL: &[&[C]] = &[
    &[
        ID,
        C::new("person_id", Type::Id, "Whose document it is in", "De quién es", |r| {
            Value::Id(r.stored.document)
        })
        .required(),
    ],
    ANY_RECORD,
];

/// Of every record, after what says about whom it is.
const ANY_RECORD: &[C] = &[
    DATE,
    ZONE_NAME,
    DEVICE_TIME,
    CLOCK_TRUST,
    RECORD_LOG[0],
    AUTHOR_ID,
    AUTHOR_NAME,
    RECORD_LOG[1],
    REVISION_ID,
    AMENDED,
    CORRECTIONS,
    ORPHAN,
    deleted(|r| r.stored.deleted.into()),
];

/// Of office records about a client.
pub(super) const OFFICE: &[O] = &[
    OFFICE_ID,
    SOURCE,
    KEY,
    OFFICE_CLIENT[0].required(),
    OFFICE_CLIENT[1].follows("clients"),
    OFFICE_CLIENT[2].follows("clients"),
    OFFICE_CLIENT[3].required(),
    OFFICE_CLIENT[4],
    OFFICE_LOG[0],
    OFFICE_LOG[1],
    deleted(|r| r.stored.value.is_none().into()),
];

/// Of office records that may be about the workspace or a territory.
pub(super) const OFFICE_ANYWHERE: &[O] = &[
    OFFICE_ID,
    SOURCE,
    KEY,
    OFFICE_CLIENT[0],
    OFFICE_CLIENT[1].follows("clients"),
    OFFICE_CLIENT[2].follows("clients"),
    OFFICE_CLIENT[3],
    O::new("for_territory_id", Type::Id, "The territory for which it holds", "Zona para la que vale", |r| {
        Value::id(r.stored.territory)
    }),
    OFFICE_LOG[0],
    OFFICE_LOG[1],
    deleted(|r| r.stored.value.is_none().into()),
];

/// Of office records about the workspace.
pub(super) const OFFICE_WORKSPACE: &[O] =
    &[OFFICE_ID, SOURCE, KEY, OFFICE_LOG[0], OFFICE_LOG[1], deleted(|r| r.stored.value.is_none().into())];

/// Of a list in a record about a client, `id` of the record first.
pub(super) const LINE: &[L] = &[
    L::new(
        "id",
        Type::Id,
        "Id of the whole, a slash, and the line's number",
        "Id del conjunto, barra y número de línea",
        |l| {
            let id = cartera_core::model::RecordId::from_bytes(l.of.stored.id);
            if l.number == 0 { id.to_string().into() } else { format!("{id}/{}", l.number).into() }
        },
    )
    .required(),
    L::new("line", Type::Integer, "From 1", "Desde 1", |l| l.number_or_null()).required(),
    LINE_CLIENT[0].required(),
    LINE_CLIENT[1].follows("clients"),
    LINE_CLIENT[2].follows("clients"),
    LINE_CLIENT[3].required(),
    LINE_CLIENT[4],
    L::new("date", Type::Date, "Business date of the whole", "Fecha del conjunto", |l| {
        Value::date(l.of.unless_deleted(l.of.stored.date))
    })
    .required(),
    LINE_LOG[0],
    L::new("author_id", Type::Id, "Who wrote it", "Quién lo apuntó", |l| {
        l.of.stored.author.map(|author| author.id).into()
    }),
    LINE_LOG[1],
    deleted(|l| (l.number == 0).into()),
];

/// Of a list in an office record about a client.
pub(super) const OFFICE_LINE: &[OL] = &[
    OL::new(
        "id",
        Type::Id,
        "Id of the whole, a slash, and the line's number",
        "Id del conjunto, barra y número de línea",
        |l| {
            if l.number == 0 { l.of.id().into() } else { format!("{}/{}", l.of.id(), l.number).into() }
        },
    )
    .required(),
    OL::new("line", Type::Integer, "From 1", "Desde 1", |l| l.number_or_null()).required(),
    OFFICE_LINE_CLIENT[0].required(),
    OFFICE_LINE_CLIENT[1].follows("clients"),
    OFFICE_LINE_CLIENT[2].follows("clients"),
    OFFICE_LINE_CLIENT[3].required(),
    OFFICE_LINE_CLIENT[4],
    OFFICE_LINE_LOG[0],
    OFFICE_LINE_LOG[1],
    deleted(|l| (l.number == 0).into()),
];

const ID: C = C::new(
    "id",
    Type::Id,
    "Never changes, also when it is corrected",
    "No cambia nunca, tampoco al corregirse",
    |r| Value::Id(r.stored.id),
)
.required();

const DATE: C =
    C::new("date", Type::Date, "Business date, where it happened", "Fecha, donde ocurrió", |r| {
        Value::date(r.unless_deleted(r.stored.date))
    })
    .required();

const ZONE_NAME: C = C::new(
    "zone",
    Type::Text,
    "Time zone that gave the date (IANA)",
    "Huso horario que da la fecha (IANA)",
    |r| r.text(ZONE),
)
.required();

const DEVICE_TIME: C = C::new(
    "device_time",
    Type::Instant,
    "When it was written, by the phone's clock; missing where that was out of the calendar",
    "Cuándo se apuntó, según el reloj del móvil",
    |r| Value::instant(r.unless_deleted(r.stored.at_ms)),
);

const CLOCK_TRUST: C = C::new(
    "clock",
    Type::Word,
    "trusted, or uncertain: the date is to be confirmed",
    "trusted, o uncertain: fecha por confirmar",
    |r| r.word(CLOCK, Clock::as_str),
)
.required();

const AUTHOR_ID: C = C::new("author_id", Type::Id, "Who wrote it", "Quién lo apuntó", |r| {
    r.stored.author.map(|author| author.id).into()
});

const AUTHOR_NAME: C =
    C::new("author_name", Type::Text, "The author's name", "Nombre de quien lo apuntó", |r| {
        r.stored.author.map(|author| author.name.as_str()).into()
    })
    .follows("people");

const REVISION_ID: C = C::new(
    "revision_id",
    Type::Id,
    "The correction that is shown; the row's own id if there is none",
    "Corrección vigente; el propio id si no hay",
    |r| Value::id(r.unless_deleted(r.stored.revision)),
)
.required();

const AMENDED: C = C::new("amended", Type::Boolean, "It was corrected", "Se ha corregido", |r| {
    r.unless_deleted(r.stored.revision != r.stored.id).into()
})
.required();

const CORRECTIONS: C = C::new(
    "corrections",
    Type::Integer,
    "Corrections that did not know of one another; above 1: somebody should choose",
    "Correcciones simultáneas; más de 1: alguien debe elegir",
    |r| r.unless_deleted(r.stored.corrections).into(),
)
.required();

const ORPHAN: C = C::new(
    "orphan",
    Type::Boolean,
    "It corrects something that is not there",
    "Corrige algo que no está",
    |r| r.unless_deleted(r.stored.orphan).into(),
)
.required();

const OFFICE_ID: O = O::new(
    "id",
    Type::Id,
    "Source, a colon, and key; never changes",
    "Origen, dos puntos y clave; no cambia",
    |r| r.id().into(),
)
.required();

const SOURCE: O =
    O::new("source", Type::Text, "The system that wrote it", "Sistema de origen", |r| r.stored.source.into())
        .required();

const KEY: O =
    O::new("key", Type::Text, "Its name there", "Clave en el origen", |r| r.stored.key.into()).required();

/// Getting a cell from a map of values.
pub(super) trait Cells<'r> {
    fn map(&self) -> &Fields<'r>;

    fn text(&self, key: usize) -> Value<'r> {
        self.map().text(key).into()
    }

    fn int(&self, key: usize) -> Value<'r> {
        self.map().int(key).into()
    }

    fn date(&self, key: usize) -> Value<'r> {
        Value::date(self.map().date(key))
    }

    fn id(&self, key: usize) -> Value<'r> {
        Value::id(self.map().id(key))
    }

    /// Null in a row that is deleted.
    fn flag(&self, key: usize) -> Value<'r> {
        (!self.map().is_empty()).then(|| self.map().bool(key)).into()
    }

    fn decimal(&self, key: usize) -> Value<'r> {
        self.map().read::<Decimal>(key).into()
    }

    /// A word of a list, by the function that names it.
    fn word<T: Field>(&self, key: usize, name: fn(T) -> &'static str) -> Value<'r> {
        self.map().read(key).map(name).into()
    }

    fn currency(&self, key: usize) -> Option<Currency> {
        self.map().text(key)?.parse().ok()
    }

    /// Texts with blanks between them; null for none.
    fn joined<T: Field>(&self, key: usize, text: fn(&T) -> String) -> Value<'r> {
        let texts: Vec<String> = self.map().list(key).iter().map(text).collect();
        (!texts.is_empty()).then(|| texts.join(" ")).into()
    }

    fn part_ids(&self, key: usize) -> Value<'r> {
        self.joined(key, |id: &PartId| id.to_string())
    }
}

impl<'r> Cells<'r> for Record<'r> {
    fn map(&self) -> &Fields<'r> {
        &self.fields
    }
}

impl<'r> Cells<'r> for Office<'r> {
    fn map(&self) -> &Fields<'r> {
        &self.fields
    }
}

impl<'r, P> Cells<'r> for Line<'r, P> {
    fn map(&self) -> &Fields<'r> {
        &self.fields
    }
}

impl<'r> Cells<'r> for Fields<'r> {
    fn map(&self) -> &Fields<'r> {
        self
    }
}

impl<P> Line<'_, P> {
    fn number_or_null(&self) -> Value<'static> {
        Some(self.number).filter(|number| *number > 0).into()
    }
}
