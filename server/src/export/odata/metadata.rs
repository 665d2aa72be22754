//! What there is, for programs that speak OData: the service document, and `$metadata` as CSDL.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::export::resources::RESOURCES;
use crate::export::value::Type;

/// Of every type in `$metadata`.
pub(super) const NAMESPACE: &str = "Cartera";

/// The entity sets, by name.
pub(super) fn service(root: &str) -> Json {
    let set = |name: &str| json!({ "name": name, "kind": "EntitySet", "url": name });
    let sets: Vec<Json> = RESOURCES.iter().map(|resource| set(resource.name)).collect();
    json!({ "@odata.context": format!("{root}/$metadata"), "value": sets })
}

/// CSDL 4.0. Names of resources and columns are identifiers, so nothing needs escaping.
pub(super) fn csdl() -> String {
    let mut xml = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\n",
    ));
    let _ =
        writeln!(xml, "<Schema Namespace=\"{NAMESPACE}\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">");
    for resource in RESOURCES {
        let _ = writeln!(xml, "<EntityType Name=\"{}\"><Key><PropertyRef Name=\"id\"/></Key>", resource.name);
        for column in resource.columns() {
            let nullable = if column.nullable { "" } else { " Nullable=\"false\"" };
            let _ =
                writeln!(xml, "<Property Name=\"{}\" Type=\"{}\"{nullable}/>", column.name, edm(column.kind));
        }
        xml.push_str("</EntityType>\n");
    }
    xml.push_str("<EntityContainer Name=\"Container\">\n");
    for resource in RESOURCES {
        let name = resource.name;
        let _ = writeln!(xml, "<EntitySet Name=\"{name}\" EntityType=\"{NAMESPACE}.{name}\"/>");
    }
    xml.push_str("</EntityContainer>\n</Schema>\n</edmx:DataServices></edmx:Edmx>\n");
    xml
}

/// The primitive type, with its facets as attributes.
const fn edm(kind: Type) -> &'static str {
    match kind {
        Type::Id | Type::Text | Type::Phone | Type::Word => "Edm.String",
        Type::Integer => "Edm.Int64",
        Type::Decimal => "Edm.Decimal\" Precision=\"30\" Scale=\"12",
        Type::Degrees | Type::Number => "Edm.Double",
        Type::Boolean => "Edm.Boolean",
        Type::Date => "Edm.Date",
        Type::Instant => "Edm.DateTimeOffset\" Precision=\"3",
    }
}
