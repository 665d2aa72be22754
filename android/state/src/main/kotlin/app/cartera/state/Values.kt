package app.cartera.state

import app.cartera.ffi.Address
import app.cartera.ffi.FieldValue
import app.cartera.ffi.RecordBody
import app.cartera.ffi.ShutSpan
import app.cartera.toBigDecimal
import app.cartera.toLocalDate
import java.time.DayOfWeek
import java.time.LocalDate
import java.time.format.TextStyle

// What the engine's values look like to a person.

/** The word that a code of the engine has in the strings: `NO_ORDER` is `no_order`. */
internal val Enum<*>.word: String get() = name.lowercase()

internal fun Speech.say(value: FieldValue, today: LocalDate): String = when (value) {
    is FieldValue.Text -> value.text
    is FieldValue.Number -> formats.whole(value.number)
    is FieldValue.Bool -> if (value.yes) words.wordYes else words.wordNo
    is FieldValue.Date -> formats.day(value.date.toLocalDate(), today)
    is FieldValue.Address -> value.address.said()
    is FieldValue.Point -> "%.5f, %.5f".format(formats.locale, value.point.latitude, value.point.longitude)
    is FieldValue.TaxId -> value.number
    is FieldValue.Phone -> value.raw
    is FieldValue.Hours -> value.spans.joinToString("; ") {
        "${weekday(it.weekday.toInt())} ${formats.time(it.from.toInt())}–${formats.time(it.to.toInt() % MINUTES_A_DAY)}"
    }
    is FieldValue.ShutDays ->
        (value.weekdays.map { weekday(it.toInt()) } + value.spans.map { span(it, today) }).joinToString("; ")
}

private fun Speech.span(span: ShutSpan, today: LocalDate) =
    listOf(span.from, span.to).distinct().joinToString(" – ") { formats.day(it.toLocalDate(), today) }

private fun Speech.weekday(number: Int): String = DayOfWeek.of(number).getDisplayName(TextStyle.SHORT, formats.locale)

private fun Address.said(): String =
    listOfNotNull(street, detail, listOfNotNull(postcode, city).joinToString(" ").ifEmpty { null }, region).joinToString(", ")

/** What a record is, in a few words. */
internal fun Speech.title(kind: String, body: RecordBody): String {
    val name = words.of("kind-$kind") ?: words.kindUnknown
    val more = when (body) {
        is RecordBody.Visit -> words.of("outcome-${body.visit.outcome.word}")
        is RecordBody.PlannedVisit -> words.of("visit-${body.state.word}")
        is RecordBody.Purchase -> return "${words.of("purchase-${body.purchase.sort.word}") ?: name} · ${money(body.total)}"
        is RecordBody.Contact -> words.of("channel-${body.contact.channel.word}")
        is RecordBody.Task -> words.of("task-${body.state.word}")
        is RecordBody.TaskSettled -> words.of("task-${body.state.word}")
        is RecordBody.Closed -> words.of("loss-${body.reason.word}")
        is RecordBody.Agreement -> body.agreement.title
        is RecordBody.Survey -> words.of("survey-${body.answer.survey.word}")
        is RecordBody.Consent -> words.of("consent-${body.consent.decision.word}")
        is RecordBody.NotNow -> words.of("not_now-${body.subject.word}")
        is RecordBody.ModeChosen -> body.mode?.let { words.of("mode-${it.word}") }
        is RecordBody.ChangeRequest ->
            listOfNotNull(field(body.field), body.decision?.let { words.of("request-${it.word}") }).joinToString(", ")
        else -> null
    }
    return listOfNotNull(name, more).joinToString(" · ")
}

/** What it says beside. */
internal fun Speech.detail(body: RecordBody, today: LocalDate): String? = when (body) {
    is RecordBody.Visit -> listOfNotNull(
        body.visit.noOrder?.let { words.of("no_order-${it.word}") },
        body.visit.notes,
        body.visit.next?.let { next ->
            val on = next.on?.let { formats.day(it.toLocalDate(), today) }
            "${words.wordNextStep}: ${listOfNotNull(next.what, on).joinToString(", ")}"
        },
    ).joinToString(". ").ifEmpty { null }
    is RecordBody.PlannedVisit -> body.dueOn?.let { formats.day(it.toLocalDate(), today) }
    is RecordBody.Purchase -> words.appOrderLines(body.purchase.lines.size.toLong())
    is RecordBody.Contact -> body.contact.notes
    is RecordBody.Note -> body.text
    is RecordBody.Task -> listOfNotNull(body.what, body.dueOn?.let { formats.day(it.toLocalDate(), today) }).joinToString(", ")
    is RecordBody.TaskSettled -> body.note
    is RecordBody.Closed -> body.note
    is RecordBody.DataConfirmed -> body.fields.mapNotNull(::field).joinToString(", ").ifEmpty { null }
    is RecordBody.Agreement -> body.agreement.until?.let { formats.day(it.toLocalDate(), today) }
    is RecordBody.Survey -> listOfNotNull(body.answer.answers.joinToString(", ") { "${it.score}" }, body.answer.comment).joinToString(". ")
    is RecordBody.Consent -> body.consent.channel?.let { words.of("channel-${it.word}") }
    is RecordBody.NotNow -> body.until?.let { formats.day(it.toLocalDate(), today) }
    is RecordBody.ModeChosen -> body.reason
    is RecordBody.MergeProposed -> body.likeness.mapNotNull { words.of("likeness-${it.word}") }.joinToString(", ").ifEmpty { null }
    is RecordBody.ChangeRequest -> body.answer ?: body.reason
    is RecordBody.Other -> null
}

internal fun app.cartera.ffi.Decimal.said(formats: Formats): String = formats.quantity(toBigDecimal())

private const val MINUTES_A_DAY = 24 * 60
