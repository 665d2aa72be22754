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
        let code = code_of(broken.code);
        let limit = broken
            .limit
            .filter(|_| matches!(code, Code::TooLong | Code::TooManyLines | Code::TooSmall | Code::TooLarge));
        let detail = limit.map_or_else(|| Some(broken.field.clone()), |limit| Some(limit.to_string()));
        builder.fail(field_of(builder, &broken.field), code, "", detail);
    }
    if builder.failed() {
        return None;
    }
    Some(OfficeRecord { kind, key: item.key, client, value: item.value? })
}

/// What the model says, as an import says it.
pub(super) const fn code_of(code: problem::Code) -> Code {
    match code {
        problem::Code::Required | problem::Code::Empty => Code::Required,
        problem::Code::TooLong => Code::TooLong,
        problem::Code::TooMany => Code::TooManyLines,
        problem::Code::TooSmall => Code::TooSmall,
        problem::Code::TooLarge => Code::TooLarge,
        problem::Code::ControlCharacter => Code::ControlCharacter,
        problem::Code::Order => Code::PeriodReversed,
        _ => Code::Contradiction,
    }
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
