//! What winning clients cost: a row a campaign, a fair, a month.

use super::{CURRENCY, NAME, optional, required};
use crate::import::kind::{Field, Form};

pub(in crate::import) const SPEND: &[Field] = &[
    optional("id", Form::Key, &["id", "clave", "n gasto", "num gasto", "spend id", "entry no"]),
    required(
        "from",
        Form::Day,
        &["desde", "fecha", "fecha inicio", "inicio", "mes", "from", "date", "start", "month"],
    ),
    optional("to", Form::Day, &["hasta", "fecha fin", "fin", "to", "until", "end"]),
    required(
        "amount",
        Form::Money,
        &["importe", "gasto", "coste", "inversion", "amount", "cost", "spend", "spent"],
    ),
    CURRENCY,
    optional(
        "what",
        NAME,
        &["concepto", "campana", "accion", "descripcion", "what", "campaign", "description"],
    ),
];
