package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.Flag
import app.cartera.ffi.OrderLife
import app.cartera.ffi.OrderLineNow
import app.cartera.ffi.OrderStage
import app.cartera.ffi.RecordId
import app.cartera.toInstant
import app.cartera.toLocalDate
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map

/** What became of an order: its steps, then line by line. */
data class OrderNowState(
    val now: Mark,
    val steps: List<Labelled>,
    /** What the office looks at in the whole of it. */
    val flags: List<Mark>,
    val lines: List<OrderedLine>,
)

data class OrderedLine(val name: String, val quantity: String, val amount: String, val marks: List<Mark>)

/** An order after it was placed. */
class OrderStateModel(session: Session, private val order: RecordId) : Model(session) {
    private class Found(val life: OrderLife, val lines: List<OrderLineNow>, val today: LocalDate)

    val state: StateFlow<Load<OrderNowState>> = read(MutableStateFlow(Unit)) { find() }.map { load -> load.map(::shown) }.shown()

    private fun Nouns.find() = Found(orders.life(order), orders.lines(order), businessDate().toLocalDate())

    private fun shown(found: Found) = OrderNowState(
        now = orderMark(found.life, words),
        steps = found.life.steps.map { step ->
            val text = step.stage?.let { words.of("order-${it.word}") ?: words.valueUnknown } ?: words.syncSaved
            val number = found.life.number.takeIf { step.stage == OrderStage.REGISTERED }
            Labelled(listOfNotNull(text, number).joinToString(" "), step.at?.let { formats.moment(it.toInstant(), found.today) }.orEmpty())
        },
        flags = found.life.flags.filter { it.line == null }.map(::mark),
        lines = found.lines.map { now ->
            OrderedLine(
                name = now.line.description ?: now.line.article,
                quantity = "${now.line.quantity.said(formats)} ${now.line.unit}",
                amount = if (now.line.price == null) words.appOrderPriceNone else speech.money(now.net),
                marks = listOfNotNull(now.missing?.let { Mark(words.appOrderMissing(it.said(formats)), Weight.Warning) }) + now.flags.map(::mark),
            )
        },
    )

    private fun mark(flag: Flag) = Mark(
        listOfNotNull(words.of("flag-${flag.flag.word}") ?: words.valueUnknown, flag.expected?.let(words::appOrderExpected)).joinToString(". "),
        Weight.Warning,
    )
}
