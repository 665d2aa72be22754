//! The model's own rules for office records: what the forms of single cells did not catch.

use cartera_core::model::office::{Item, KnownKind, Scope, Value};
use cartera_core::model::{ClientId, problem};

use super::build::Builder;
use crate::import::finding::Code;
use crate::import::record::OfficeRecord;

/// The record, unless the model refuses it.
pub(super) fn record(
    builder: &mut Builder<'_>,
    kind: KnownKind,
    key: String,
    client: Option<String>,
    value: impl Into<Value>,
) -> Option<OfficeRecord> {
    if builder.failed() {
        return None;
    }
    // Which client it is does not matter to the rules, only that it is one.
    let scope =
        if client.is_some() { Scope::Client(ClientId::from_bytes([0; 16])) } else { Scope::Workspace };
    let item = Item { kind: kind.into(), source: String::new(), key, scope, value: Some(value.into()) };
    for broken in item.validate() {
        let (code, detail) = match broken.code {
            problem::Code::Required | problem::Code::Empty => (Code::Required, None),
            problem::Code::TooLong => (Code::TooLong, broken.limit),
            problem::Code::TooMany => (Code::TooManyLines, broken.limit),
            problem::Code::TooSmall => (Code::TooSmall, broken.limit),
            problem::Code::TooLarge => (Code::TooLarge, broken.limit),
            problem::Code::ControlCharacter => (Code::ControlCharacter, None),
            problem::Code::Order => (Code::PeriodReversed, None),
            _ => (Code::Contradiction, None),
        };
        let detail = detail.map_or_else(|| Some(broken.field.clone()), |limit| Some(limit.to_string()));
        builder.fail(field_of(builder, &broken.field), code, "", detail);
    }
    if builder.failed() {
        return None;
    }
    Some(OfficeRecord { kind, key: item.key, client, value: item.value? })
}

/// The field of the file behind a path of the model, such as `lines[3].price`.
fn field_of(builder: &Builder<'_>, path: &str) -> &'static str {
    let last = path.rsplit('.').next().unwrap_or(path);
    let name = match last {
        "percent" => "discount_percent",
        "sort" => "type",
        "key" => return builder.mapping().kind.fields()[0].name,
        name => name,
    };
    let fields = builder.mapping().kind.fields();
    let found =
        fields.iter().find(|field| field.name == name || field.name.strip_prefix("unit_") == Some(name));
    found.unwrap_or(&fields[0]).name
}
