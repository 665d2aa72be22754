//! Numbers as a person reads them.

use cartera_core::metrics::Ratio;
use cartera_core::model::Currency;
use cartera_core::strings::Language;

/// In a language, and amounts in a currency.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) language: Language,
    pub(crate) currency: Option<Currency>,
}

impl Numbers {
    pub(crate) const fn new(language: Language) -> Self {
        Self { language, currency: None }
    }

    /// With the decimal mark of the language, thousands set apart.
    pub(crate) fn decimal(&self, value: f64, places: usize) -> String {
        let written = format!("{value:.places$}");
        let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let mut shown = String::from(sign);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                shown.push('\u{202f}');
            }
            shown.push(digit);
        }
        if !fraction.is_empty() {
            shown.push(if self.language == Language::Spanish { ',' } else { '.' });
            shown.push_str(fraction);
        }
        shown
    }

    pub(crate) fn money(&self, minor: f64) -> String {
        let Some(currency) = self.currency else { return self.decimal(minor, 0) };
        let places = currency.exponent().unwrap_or(0);
        let scale = (0..places).fold(1.0, |scale, _| scale * 10.0);
        format!("{} {currency}", self.decimal(minor / scale, places as usize))
    }

    pub(crate) fn percent(&self, ratio: Ratio) -> String {
        format!("{} %", self.decimal(100.0 * ratio.get(), 1))
    }
}
