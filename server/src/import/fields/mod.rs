//! The fields of each kind that can be imported, and the titles by which columns are recognised.

mod catalogue;
mod clients;
mod sales;
mod spend;

use cartera_core::model::limits;

pub(super) use self::catalogue::{ARTICLES, PRICES};
pub(super) use self::clients::CLIENTS;
pub(super) use self::sales::{DUE_ITEMS, SALES};
pub(super) use self::spend::SPEND;
use super::kind::{Field, Form};

const fn required(name: &'static str, form: Form, titles: &'static [&'static str]) -> Field {
    Field { name, required: true, instead: None, form, titles }
}

const fn optional(name: &'static str, form: Form, titles: &'static [&'static str]) -> Field {
    Field { name, required: false, instead: None, form, titles }
}

impl Field {
    /// Where it says nothing, another field of the row says it.
    const fn or(self, instead: &'static str) -> Self {
        Self { instead: Some(instead), ..self }
    }
}

const NAME: Form = Form::Text(limits::NAME_CHARS_MAX);
const LINE: Form = Form::Text(limits::ADDRESS_LINE_CHARS_MAX);
const SHORT: Form = Form::Text(limits::CODE_CHARS_MAX);
const UNIT: Form = Form::Text(limits::UNIT_CHARS_MAX);
const PHONE: Form = Form::Text(limits::PHONE_CHARS_MAX);
const EMAIL: Form = Form::Text(limits::EMAIL_CHARS_MAX);
const QUANTITY: Form =
    Form::Number { places: limits::QUANTITY_PLACES, min: -limits::QUANTITY_MAX, max: limits::QUANTITY_MAX };
const UNIT_PRICE: Form =
    Form::Number { places: limits::UNIT_PRICE_PLACES, min: 0, max: limits::UNIT_PRICE_MAX };
const SIGNED_PRICE: Form = Form::Number {
    places: limits::UNIT_PRICE_PLACES,
    min: -limits::UNIT_PRICE_MAX,
    max: limits::UNIT_PRICE_MAX,
};
const SIGNED_PERCENT: Form = Form::Number { places: limits::PERCENT_PLACES, min: -100, max: 100 };
const PERCENT: Form = Form::Number { places: limits::PERCENT_PLACES, min: 0, max: 100 };

/// Which article a price or a line is about.
const ARTICLE: Field = optional(
    "article",
    Form::Key,
    &[
        "referencia",
        "ref",
        "articulo",
        "cod articulo",
        "codigo articulo",
        "codigo de articulo",
        "sku",
        "article",
        "item",
        "item code",
        "item no",
        "product code",
    ],
);
const CURRENCY: Field =
    optional("currency", Form::Currency, &["moneda", "divisa", "currency", "currency code"]);
