//! Who works here, where, and which clients are one.

use crate::export::column::Column;
use crate::export::rows::{Aliases, People, Territories};
use crate::export::value::{Type, Value};

type P = Column<People>;
type T = Column<Territories>;
type A = Column<Aliases>;

pub(super) const PEOPLE: &[P] = &[
    P::new("id", Type::Id, "Never changes", "No cambia nunca", |p| p.id.into()).required(),
    P::new("name", Type::Text, "Name", "Nombre", |p| p.name.as_str().into()).required(),
    P::new(
        "role",
        Type::Word,
        "rep, manager, back_office or administrator",
        "rep (comercial), manager (jefe/a de ventas), back_office (administración) o administrator",
        |p| p.role.as_str().into(),
    )
    .required(),
    P::new("all_territories", Type::Boolean, "Sees every territory", "Ve todas las zonas", |p| {
        p.all_territories.into()
    })
    .required(),
    P::new(
        "territory_ids",
        Type::Text,
        "Territories assigned by name, with blanks between",
        "Zonas asignadas",
        |p| {
            let ids: Vec<String> = p.territories.iter().map(ToString::to_string).collect();
            (!ids.is_empty()).then(|| ids.join(" ")).into()
        },
    ),
    P::new("created_at", Type::Instant, "When the person was added", "Alta", |p| {
        Value::Instant(p.created_ms)
    })
    .required(),
    P::new("left_at", Type::Instant, "When the person left", "Baja", |p| Value::instant(p.left_ms)),
    P::new(
        "deleted",
        Type::Boolean,
        "Never: people who left are kept",
        "Nunca: quien se va se conserva",
        |_| false.into(),
    )
    .required(),
];

pub(super) const TERRITORIES: &[T] = &[
    T::new("id", Type::Id, "Never changes; zeros: unassigned", "No cambia; ceros: sin asignar", |t| {
        t.id.into()
    })
    .required(),
    T::new("name", Type::Text, "Name", "Nombre", |t| t.name.as_str().into()).required(),
    T::new("created_at", Type::Instant, "When it was made", "Alta", |t| Value::Instant(t.created_ms))
        .required(),
    T::new("deleted", Type::Boolean, "Never", "Nunca", |_| false.into()).required(),
];

pub(super) const ALIASES: &[A] = &[
    A::new("id", Type::Id, "The client that was absorbed", "Ficha absorbida", |c| Value::Id(c.stored.id))
        .required(),
    A::new("kept_client_id", Type::Id, "The client that is kept", "Ficha que queda", |c| {
        Value::id(c.stored.alias_of)
    })
    .required(),
    A::new(
        "deleted",
        Type::Boolean,
        "No alias any more: take the row with this id out",
        "Ya no está unificada: quita la fila con este id",
        |c| c.stored.alias_of.is_none().into(),
    )
    .required(),
];
