package app.cartera

import app.cartera.ffi.BusinessDate
import app.cartera.ffi.CarteraException
import app.cartera.ffi.Decimal
import app.cartera.ffi.Edit
import app.cartera.ffi.ErrorWords
import app.cartera.ffi.FieldValue
import app.cartera.ffi.Language
import app.cartera.ffi.Money
import app.cartera.ffi.Timestamp
import app.cartera.ffi.errorWords
import app.cartera.ffi.moneyText
import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate

fun BusinessDate.toLocalDate(): LocalDate = LocalDate.of(year.toInt(), month.toInt(), day.toInt())

fun LocalDate.toBusinessDate() = BusinessDate(year.toShort(), monthValue.toUByte(), dayOfMonth.toUByte())

fun Timestamp.toInstant(): Instant = Instant.ofEpochMilli(unixMs)

fun Decimal.toBigDecimal() = BigDecimal(text)

fun BigDecimal.toDecimal() = Decimal(stripTrailingZeros().toPlainString())

/** The amount in whole units, such as 12.50; missing for a currency that nobody knows. */
fun Money.toBigDecimal(): BigDecimal? = moneyText(this)?.let(::BigDecimal)

/** The edit that puts a text at a field of a profile. */
fun edit(key: String, text: String) = Edit(key, FieldValue.Text(text))

/** Stable; names the words. */
val CarteraException.code: String
    get() = when (this) {
        is CarteraException.Invalid -> code
        is CarteraException.NotFound -> code
        is CarteraException.NotAllowed -> code
        is CarteraException.Offline -> code
        is CarteraException.Relay -> code
        is CarteraException.Storage -> code
        is CarteraException.Broken -> code
    }

/** What went wrong, and what to do about it, for a person. */
fun CarteraException.words(language: Language): ErrorWords = errorWords(code, language)
