package app.cartera.ui.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Refresh
import androidx.compose.material.icons.filled.Share
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.cartera.state.ArticleLine
import app.cartera.state.Filter
import app.cartera.state.Labelled
import app.cartera.state.Load
import app.cartera.state.OrderState
import app.cartera.state.OrderSummary
import app.cartera.state.Weight
import app.cartera.ui.components.BackHead
import app.cartera.ui.components.BottomActions
import app.cartera.ui.components.Card
import app.cartera.ui.components.DayStepper
import app.cartera.ui.components.Filters
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Line
import app.cartera.ui.components.MarkChip
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.ProblemCard
import app.cartera.ui.components.QuietButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.SearchField
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.TouchSymbol
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.TouchTarget
import app.cartera.ui.theme.now
import app.cartera.ui.theme.words

interface OrderEvents {
    fun back()

    fun search(text: String)

    fun scan()

    fun family(family: Filter)

    fun more(article: String)

    fun less(article: String)

    fun addCase(article: String)

    fun repeatLast()

    fun review(open: Boolean)

    fun nextPlace()

    fun moveDelivery(days: Long)

    fun share()

    fun place()
}

/** The catalogue, with a thumb's quantities beside it. Each change is saved as a draft. */
@Composable
fun OrderScreen(load: Load<OrderState>, events: OrderEvents) {
    val state = (load as? Load.Ready)?.value
    Frame(
        head = {
            BackHead(words.appOrderTitle, events::back, state?.client)
            if (state != null) {
                SearchField(state.search, words.appOrderSearch, events::search) {
                    TouchSymbol(Symbols.Barcode, words.appOrderScan, events::scan, tone = Tone.Inset)
                }
                Filters(state.families, events::family, Modifier.padding(vertical = 8.dp))
                Line(inset = false)
            }
        },
        foot = { if (state != null && state.summary.lines > 0) Total(state.summary, words.appOrderReview, { events.review(true) }) },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> {
                load.value.problem?.let { ProblemCard(it) }
                Articles(load.value, events)
            }
        }
    }
}

@Composable
private fun Articles(state: OrderState, events: OrderEvents) {
    if (state.lines.isEmpty()) {
        MessagePage(words.appOrderEmpty, words.appOrderEmptyAdvice) {
            if (state.canRepeat) SecondaryButton(words.appOrderRepeat, events::repeatLast, icon = Icons.Filled.Refresh)
        }
        return
    }
    LazyColumn {
        if (state.canRepeat && state.summary.lines == 0L) {
            item("repeat") {
                SecondaryButton(
                    words.appOrderRepeat, events::repeatLast,
                    Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 8.dp), Icons.Filled.Refresh,
                )
            }
        }
        items(state.lines, { it.article }) { Article(it, events) }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Article(line: ArticleLine, events: OrderEvents) {
    Column(Modifier.fillMaxWidth().padding(start = Edge, end = 8.dp, top = 10.dp, bottom = 6.dp)) {
        Say(line.name, type.titleMedium)
        FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween) {
            Column(Modifier.widthIn(min = 130.dp).padding(top = 2.dp).weight(1f)) {
                Say("${line.price} · ${line.unit}", type.bodyMedium)
                line.origin?.let { Say(it, type.bodySmall, tone = Tone.Quiet) }
                line.mark?.let { MarkChip(it, Modifier.padding(top = 4.dp)) }
            }
            Column(horizontalAlignment = Alignment.End) {
                Stepper(line, events)
                line.amount?.let { Say(it, type.labelMedium, Modifier.padding(end = 12.dp)) }
                line.perCase?.let { units ->
                    val said = words.appOrderCaseAdd(line.name, units)
                    QuietButton("+ ${words.appOrderCase(units)}", { events.addCase(line.article) }, Modifier.semantics { contentDescription = said })
                }
            }
        }
    }
    Line()
}

@Composable
private fun Stepper(line: ArticleLine, events: OrderEvents) {
    Row(verticalAlignment = Alignment.CenterVertically) {
        val quantity = line.quantity
        if (quantity != null) {
            Step(Symbols.Minus, words.appOrderTake(line.name), Tone.Inset) { events.less(line.article) }
            val said = words.appOrderQuantity(line.name, quantity)
            Say(
                quantity, type.titleMedium,
                Modifier.widthIn(min = 44.dp).semantics {
                    contentDescription = said
                    liveRegion = LiveRegionMode.Polite
                },
                align = TextAlign.Center,
            )
        }
        Step(Symbols.Plus, words.appOrderAdd(line.name), if (quantity == null) Tone.Inset else Tone.Chosen) { events.more(line.article) }
    }
}

@Composable
private fun Step(icon: ImageVector, label: String, tone: Tone, onClick: () -> Unit) {
    IconButton(onClick, Modifier.size(TouchTarget)) {
        Box(
            Modifier.size(42.dp).clip(RoundedCornerShape(12.dp)).background(tone.now.ground),
            contentAlignment = Alignment.Center,
        ) { Icon(icon, label, tint = tone.now.text) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Total(summary: OrderSummary, action: String, onAction: () -> Unit) {
    BottomActions {
        // The button below the sum where both do not fit beside each other.
        FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween) {
            Column(Modifier.padding(end = 12.dp)) {
                Say(summary.total, type.titleLarge)
                Say(words.appOrderLines(summary.lines), type.bodyMedium, tone = Tone.Quiet)
            }
            PrimaryButton(action, onAction)
        }
    }
}

/** The whole order once more, before it is placed. */
@Composable
fun OrderReviewScreen(state: OrderState, events: OrderEvents) {
    val summary = state.summary
    Frame(
        head = { BackHead(words.appOrderReview, { events.review(false) }, state.client) },
        foot = { Total(summary, words.appOrderPlace, events::place) },
    ) {
        LazyColumn {
            state.problem?.let { item("problem") { ProblemCard(it) } }
            summary.unpriced?.let { item("unpriced") { Card(Weight.Warning) { Say(it, type.bodyMedium, tone = Tone.WarningCard) } } }
            item("delivery") {
                Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
                    Fact(Labelled(words.appOrderDeliverTo, summary.deliverTo), Modifier.weight(1f))
                    QuietButton(words.appOrderOtherPlace, events::nextPlace)
                }
                Say(words.appOrderDeliverOn, type.labelSmall, Modifier.padding(horizontal = Edge), Tone.Quiet)
                DayStepper(summary.deliverOn, { events.moveDelivery(-1) }, { events.moveDelivery(1) })
                Line(inset = false)
            }
            items(state.ordered, { it.article }) { Article(it, events) }
            item("sums") {
                Sum(Labelled(words.appOrderNet, summary.net))
                for (tax in summary.taxes) Sum(tax)
                Sum(Labelled(words.appOrderTotal, summary.total), strong = true)
                Say(words.appOrderDraft, type.bodySmall, Modifier.padding(horizontal = Edge, vertical = 12.dp), Tone.Quiet)
                SecondaryButton(
                    words.appOrderShare, events::share,
                    Modifier.fillMaxWidth().padding(start = Edge, end = Edge, bottom = 24.dp), Icons.Filled.Share,
                )
            }
        }
    }
}

@Composable
private fun Sum(line: Labelled, strong: Boolean = false) {
    val style = if (strong) type.titleMedium else type.bodyLarge
    Row(
        Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 4.dp),
        horizontalArrangement = Arrangement.SpaceBetween,
    ) {
        Say(line.label, style, tone = if (strong) Tone.Plain else Tone.Quiet)
        Say(line.value, style, Modifier.padding(start = 12.dp))
    }
}
