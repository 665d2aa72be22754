//! What files of acquisition spend may say.

use super::{CURRENCY, NAME, optional, required};
use crate::import::kind::{Field, Form};

pub(in crate::import) const SPEND: &[Field] = &[
    required(
        "id",
        Form::Key,
        &["id", "codigo", "n gasto", "num gasto", "gasto", "code", "spend", "entry no"],
    ),
    required("amount", Form::Money, &["importe", "importe total", "total", "amount", "cost", "coste"]),
    CURRENCY,
    required("from", Form::Day, &["desde", "inicio", "fecha inicio", "from", "start", "start date"]),
    required("until", Form::Day, &["hasta", "fin", "fecha fin", "until", "to", "end", "end date"]),
    optional(
        "what",
        NAME,
        &["concepto", "descripcion", "campana", "accion", "what", "description", "campaign"],
    ),
];
