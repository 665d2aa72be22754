//! What every record's row has in common.

use cartera_core::model::record::Clock;

use crate::export::column::Column;
use crate::export::rows::{Record, Records};
use crate::export::value::{Type, Value};

/// Keys of every record's map.
const ZONE: usize = 3;
const CLOCK: usize = 4;

pub(super) type C = Column<Records>;

/// Of records about a client.
pub(super) const ABOUT_A_CLIENT: &[C] = &[
    ID,
    C::new(
        "client_id",
        Type::Id,
        "Client, as written; never changes",
        "Cliente, tal como se apuntó; no cambia",
        |r| Value::Id(r.stored.document),
    )
    .required(),
    C::new(
        "client_code",
        Type::Text,
        "The client's number in the ERP",
        "Código del cliente en el ERP",
        |r| r.stored.client.erp_code.into(),
    )
    .follows("clients"),
    C::new("client_name", Type::Text, "The client's name", "Nombre del cliente", |r| {
        r.unless_deleted(r.stored.client.name).filter(|name| !name.is_empty()).into()
    })
    .follows("clients"),
    C::new(
        "kept_client_id",
        Type::Id,
        "The client that counts, where clients were merged",
        "Cliente que cuenta, si se unificaron fichas",
        |r| Value::Id(r.stored.client.alias_of.unwrap_or(r.stored.document)),
    )
    .required(),
    C::new("territory_id", Type::Id, "The client's territory now", "Zona actual del cliente", |r| {
        r.stored.client.territory.map_or(Value::Null, Value::Id)
    }),
    DATE,
    ZONE_NAME,
    DEVICE_TIME,
    CLOCK_TRUST,
    RECEIVED_AT,
    AUTHOR_ID,
    AUTHOR_NAME,
    NUMBER,
    REVISION_ID,
    AMENDED,
    CORRECTIONS,
    ORPHAN,
    DELETED,
];

const ID: C = C::new(
    "id",
    Type::Id,
    "Never changes, also when it is amended",
    "No cambia nunca, tampoco al corregirse",
    |r| Value::Id(r.stored.id),
)
.required();

const DATE: C =
    C::new("date", Type::Date, "Business date, where it happened", "Fecha, donde ocurrió", |r| {
        r.unless_deleted(Value::Date(r.stored.date)).unwrap_or(Value::Null)
    })
    .required();

const ZONE_NAME: C = C::new(
    "zone",
    Type::Text,
    "Time zone that gave the date (IANA)",
    "Huso horario que da la fecha (IANA)",
    |r| r.fields.text(ZONE).into(),
)
.required();

const DEVICE_TIME: C = C::new(
    "device_time",
    Type::Instant,
    "When it was written, by the phone's clock",
    "Cuándo se apuntó, según el reloj del móvil",
    |r| r.unless_deleted(Value::Instant(r.stored.at_ms)).unwrap_or(Value::Null),
);

const CLOCK_TRUST: C = C::new(
    "clock",
    Type::Word,
    "trusted, or uncertain: the date is to be confirmed",
    "trusted, o uncertain: fecha por confirmar",
    |r| r.fields.read::<Clock>(CLOCK).map(Clock::as_str).into(),
)
.required();

const RECEIVED_AT: C =
    C::new("received_at", Type::Instant, "When the relay took it", "Cuándo lo recibió el servidor", |r| {
        r.stored.received_ms.map_or(Value::Null, Value::Instant)
    })
    .required();

const AUTHOR_ID: C = C::new("author_id", Type::Id, "Who wrote it", "Quién lo apuntó", |r| {
    r.stored.author.map(|author| author.id).into()
});

const AUTHOR_NAME: C =
    C::new("author_name", Type::Text, "The author's name", "Nombre de quien lo apuntó", |r| {
        r.stored.author.map(|author| author.name.as_str()).into()
    })
    .follows("people");

const NUMBER: C = C::new(
    "number",
    Type::Integer,
    "Place in the relay's log of what the row says",
    "Posición en el registro del servidor",
    |r| r.stored.number.into(),
)
.required();

const REVISION_ID: C = C::new(
    "revision_id",
    Type::Id,
    "The correction that is shown; the row's own id if there is none",
    "Corrección vigente; el propio id si no hay",
    |r| r.unless_deleted(Value::Id(r.stored.revision)).unwrap_or(Value::Null),
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
    "It corrects or voids something that is not there",
    "Corrige o anula algo que no está",
    |r| r.unless_deleted(r.stored.orphan).into(),
)
.required();

const DELETED: C = C::new(
    "deleted",
    Type::Boolean,
    "Not shown any more: take the row with this id out",
    "Ya no existe: quita la fila con este id",
    |r| r.stored.deleted.into(),
)
.required();

impl<'r> Record<'r> {
    /// A word of a list, by the function that names it.
    pub(super) fn word<T: cartera_core::model::cbor::Field>(
        &self,
        key: usize,
        name: fn(T) -> &'static str,
    ) -> Value<'r> {
        self.fields.read(key).map(name).into()
    }

    pub(super) fn text(&self, key: usize) -> Value<'r> {
        self.fields.text(key).into()
    }

    pub(super) fn int(&self, key: usize) -> Value<'r> {
        self.fields.int(key).into()
    }

    pub(super) fn date(&self, key: usize) -> Value<'r> {
        self.fields.int(key).and_then(|days| i32::try_from(days).ok()).map_or(Value::Null, Value::Date)
    }

    pub(super) fn id(&self, key: usize) -> Value<'r> {
        self.fields.id(key).map_or(Value::Null, Value::Id)
    }

    /// Ids in a list, with blanks between them.
    pub(super) fn ids(&self, key: usize) -> Value<'r> {
        let ids: Vec<cartera_core::model::PartId> = self.fields.list(key);
        let text = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text).into()
    }
}
