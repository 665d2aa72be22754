//! The values of all kinds as OpenAPI describes them, from the model's own tables.

use cartera_core::model::cbor::{FieldShape, Shape};
use cartera_core::model::office::KnownKind;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::{WRITABLE, json};

/// A value of one of the kinds.
#[derive(Debug, serde::Serialize)]
pub(super) struct ValueSchema;

impl ToSchema for ValueSchema {
    fn name() -> std::borrow::Cow<'static, str> {
        "OfficeValue".into()
    }
}

impl PartialSchema for ValueSchema {
    fn schema() -> RefOr<Schema> {
        let kinds = WRITABLE.iter().fold(OneOfBuilder::new(), |all, kind| all.item(of_kind(*kind)));
        Schema::OneOf(kinds.build()).into()
    }
}

fn of_kind(kind: KnownKind) -> Schema {
    Schema::Object(object(json::fields(kind), true).title(Some(kind.name())).build())
}

fn object(fields: &[FieldShape], root: bool) -> ObjectBuilder {
    let mut out = ObjectBuilder::new();
    let has_own = fields.iter().any(|field| field.shape == Shape::Currency);
    if root && json::has_currency(fields) && !has_own {
        out = out.property("currency", text("ISO 4217, of all amounts"));
    }
    for field in fields {
        let about = field.about.trim();
        let (name, minor) = json::names(field);
        let has_minor = minor.is_some();
        if let Some(minor) = minor {
            let about = format!("{about} In whole minor units; or `{name}` as a decimal").trim().to_owned();
            out = out.property(minor, of_type(Type::Integer, &about));
            out = out.property(&name, text("A decimal in the currency"));
        } else {
            out = out.property(&name, value(field.shape, about));
        }
        if field.is_required() && !has_minor {
            out = out.required(name);
        }
    }
    out
}

fn value(shape: Shape, about: &str) -> Schema {
    match shape {
        Shape::Bool => of_type(Type::Boolean, about),
        Shape::Int => of_type(Type::Integer, about),
        Shape::Date => Schema::Object(
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .format(Some(SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Date)))
                .description(Some(about))
                .build(),
        ),
        Shape::Code(values) => Schema::Object(
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .enum_values(Some(values.iter().map(|(_, word, _)| *word)))
                .description(Some(about))
                .build(),
        ),
        Shape::List(inner) => Schema::Array(
            ArrayBuilder::new().items(RefOr::T(value(*inner, ""))).description(Some(about)).build(),
        ),
        Shape::Map(fields) => Schema::Object(object(fields, false).description(Some(about)).build()),
        _ => text(about),
    }
}

fn text(about: &str) -> Schema {
    of_type(Type::String, about)
}

fn of_type(kind: Type, about: &str) -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(SchemaType::new(kind)).description(Some(about)).build())
}
