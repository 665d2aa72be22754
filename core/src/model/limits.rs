//! Every limit on what people and office systems may write, in one place. Texts are counted in characters
//! (Unicode scalar values), lists in items.

/// One record, encoded.
pub const RECORD_BYTES_MAX: usize = 128 * 1024;

/// Name of a time zone, such as `Europe/Madrid`.
pub const ZONE_CHARS_MAX: usize = 64;
/// What was said or seen: notes of visits and contacts, a note's own text.
pub const NOTES_CHARS_MAX: usize = 4_000;
/// A sentence: next step, task, reason.
pub const SENTENCE_CHARS_MAX: usize = 500;
/// A person's, company's or article's name.
pub const NAME_CHARS_MAX: usize = 200;
/// A code of the office's system: article, price list version, plan rule, ERP code.
pub const CODE_CHARS_MAX: usize = 64;
/// A unit, such as `kg` or `caja 12`.
pub const UNIT_CHARS_MAX: usize = 16;
/// The client's own reference of an order.
pub const CLIENT_REF_CHARS_MAX: usize = 64;

/// Contacts met at one visit.
pub const VISIT_CONTACTS_MAX: usize = 16;
/// Minutes that a visit may last: a day.
pub const VISIT_MINUTES_MAX: u32 = 24 * 60;
/// Last minute of a day, counted from midnight.
pub const MINUTE_OF_DAY_MAX: u32 = 24 * 60 - 1;
/// Metres within which a place was measured.
pub const ACCURACY_METRES_MAX: u32 = 1_000_000;

/// Lines of one purchase.
pub const LINES_MAX: usize = 400;
/// Discounts of one line, or of a whole purchase.
pub const DISCOUNTS_MAX: usize = 4;
/// Taxes of one line.
pub const TAXES_MAX: usize = 4;
/// A quantity, in its unit.
pub const QUANTITY_MAX: i64 = 10_000_000;
/// Decimals of a quantity.
pub const QUANTITY_PLACES: u32 = 4;
/// A unit price, in whole units of its currency.
pub const UNIT_PRICE_MAX: i64 = 100_000_000;
/// Decimals of a unit price.
pub const UNIT_PRICE_PLACES: u32 = 6;
/// Decimals of a percentage.
pub const PERCENT_PLACES: u32 = 4;
/// A tax rate, per cent.
pub const TAX_PERCENT_MAX: i64 = 100;
