//! Every limit on what people and office systems may write, in one place. Texts are counted in characters
//! (Unicode scalar values), lists in items.

/// One record, encoded.
pub const RECORD_BYTES_MAX: usize = 64 * 1024;

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

/// One line of an address.
pub const ADDRESS_LINE_CHARS_MAX: usize = 200;
/// A postcode.
pub const POSTCODE_CHARS_MAX: usize = 16;
/// A phone number as it was typed.
pub const PHONE_CHARS_MAX: usize = 40;
/// A tax id without its country.
pub const TAX_ID_CHARS_MAX: usize = 20;
/// An e-mail address.
pub const EMAIL_CHARS_MAX: usize = 254;
/// A web address.
pub const WEB_CHARS_MAX: usize = 500;
/// A language tag (BCP 47).
pub const LANGUAGE_CHARS_MAX: usize = 35;
/// A tag's label.
pub const TAG_CHARS_MAX: usize = 48;
/// One value of a profile, encoded.
pub const PROFILE_VALUE_BYTES_MAX: usize = 8 * 1024;
/// Days between visits.
pub const VISIT_EVERY_DAYS_MAX: i64 = 3_660;
/// Opening spans of a week.
pub const HOURS_MAX: usize = 42;
/// Spans of shut days.
pub const SHUT_SPANS_MAX: usize = 32;

/// Answers of one survey.
pub const ANSWERS_MAX: usize = 50;
/// Fields that one confirmation names.
pub const CONFIRMED_FIELDS_MAX: usize = 64;
/// Clients of a private segment.
pub const SEGMENT_CLIENTS_MAX: usize = 2_000;
/// Days of notice of an agreement.
pub const NOTICE_DAYS_MAX: u32 = 3_660;
/// Key of what was postponed.
pub const SUBJECT_CHARS_MAX: usize = 160;

/// Kind of an office record.
pub const OFFICE_KIND_BYTES_MAX: usize = 32;
/// Source of an office record: which system wrote it.
pub const OFFICE_SOURCE_BYTES_MAX: usize = 32;
/// Key of an office record at its source.
pub const OFFICE_KEY_BYTES_MAX: usize = 128;
/// One office record's value, encoded.
pub const OFFICE_VALUE_BYTES_MAX: usize = 256 * 1024;
/// Lines of one sale.
pub const SALE_LINES_MAX: usize = 2_000;
/// Families and units of one month of one client.
pub const MONTH_TOTALS_MAX: usize = 1_000;
/// Articles that were delivered short.
pub const SHORT_LINES_MAX: usize = 400;
/// Flags on one order.
pub const ORDER_FLAGS_MAX: usize = 64;
/// Stages that one order passed through.
pub const ORDER_STEPS_MAX: usize = 16;
/// Weeks between visits of a plan's rule.
pub const PLAN_WEEKS_MAX: u32 = 53;
/// Place of a visit in the round of its day.
pub const PLAN_SEQUENCE_MAX: u32 = 10_000;
/// Territories of one person.
pub const PERSON_TERRITORIES_MAX: usize = 200;
/// Clients of a shared segment.
pub const SHARED_SEGMENT_CLIENTS_MAX: usize = 10_000;
/// Values of one fitted model.
pub const PARAMETER_VALUES_MAX: usize = 2_000;
/// A value of the portfolio's cuts.
pub const PARAMETER_CUTS_MAX: usize = 64;
/// Rules of association of one level and kind of establishment.
pub const CROSS_SELL_RULES_MAX: usize = 400;
/// Complements, or substitutes, of one article.
pub const RELATED_ARTICLES_MAX: usize = 32;
