package app.cartera.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Call
import androidx.compose.material.icons.filled.CheckCircle
import androidx.compose.material.icons.filled.Email
import androidx.compose.material.icons.filled.Place
import androidx.compose.material.icons.filled.ShoppingCart
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import app.cartera.state.AccountSection
import app.cartera.state.BasketLine
import app.cartera.state.ClientState
import app.cartera.state.ConflictCard
import app.cartera.state.Labelled
import app.cartera.state.Load
import app.cartera.state.Mark
import app.cartera.state.ProfileCard
import app.cartera.state.Reach
import app.cartera.state.TimelineKind
import app.cartera.state.TimelineLine
import app.cartera.state.Weight
import app.cartera.ui.components.BackHead
import app.cartera.ui.components.BottomActions
import app.cartera.ui.components.Card
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.Line
import app.cartera.ui.components.LineField
import app.cartera.ui.components.MarkChip
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.QuietButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.Symbol
import app.cartera.ui.components.touchRow
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface ClientEvents {
    fun back()

    fun call()

    fun write()

    fun navigate()

    fun stillRight(section: String)

    /** The value at this place of the list. */
    fun choose(field: String, index: Int)

    /** Another value than those. */
    fun write(field: String, text: String)

    fun takeBack(line: TimelineLine)

    fun correct(line: TimelineLine)

    fun openOrder(line: TimelineLine)

    fun more()

    fun logVisit()

    fun takeOrder()
}

@Composable
fun ClientScreen(load: Load<ClientState>, events: ClientEvents) {
    val state = (load as? Load.Ready)?.value
    Frame(
        head = { BackHead(state?.name.orEmpty(), events::back, state?.subtitle) },
        foot = {
            if (state != null) {
                BottomActions {
                    SecondaryButton(words.actionTakeOrder, events::takeOrder, Modifier.weight(1f))
                    PrimaryButton(words.actionLogVisit, events::logVisit, Modifier.weight(1f))
                }
            }
        },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Page(load.value, events)
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Page(state: ClientState, events: ClientEvents) {
    LazyColumn {
        if (state.marks.isNotEmpty()) {
            item("marks") {
                FlowRow(Modifier.padding(horizontal = Edge), horizontalArrangement = Arrangement.spacedBy(6.dp)) {
                    for (mark in state.marks) MarkChip(mark, Modifier.padding(bottom = 4.dp))
                }
            }
        }
        item("reach") { Reach(state.reach, events) }
        state.warning?.let { item("warning") { Card(Weight.Warning) { Say(it, type.bodyMedium, tone = Tone.WarningCard) } } }
        state.colleague?.let { item("colleague") { Card(Weight.Notice) { Say(it, type.bodyMedium, tone = Tone.Inset) } } }
        items(state.conflicts, { "conflict ${it.field}" }) { Conflict(it, events) }
        if (state.figures.isNotEmpty()) {
            item("figures") {
                Heading(words.appClientFigures)
                for (figure in state.figures) Say(figure, type.bodyLarge, Modifier.padding(horizontal = Edge, vertical = 2.dp))
            }
        }
        state.account?.let { item("account") { Account(it) } }
        if (state.basket.isNotEmpty()) item("basket") { Basket(state.basket) }
        items(state.profile, { "section ${it.section}" }) { Section(it, events) }
        item("timeline") { Heading(words.appClientTimeline) }
        if (state.timeline.isEmpty()) {
            item("no timeline") { Say(words.appClientTimelineEmpty, type.bodyLarge, Modifier.padding(horizontal = Edge), Tone.Quiet) }
        }
        items(state.timeline, { it.record }) { Happened(it, events) }
        if (state.moreTimeline) item("more") { QuietButton(words.appMore, events::more, Modifier.padding(horizontal = 4.dp)) }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Reach(reach: Reach, events: ClientEvents) {
    FlowRow(
        Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 4.dp),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        if (reach.phone != null) SecondaryButton(words.appClientCall, events::call, icon = Icons.Filled.Call)
        if (reach.email != null) SecondaryButton(words.appClientWrite, events::write, icon = Icons.Filled.Email)
        if (reach.point != null) SecondaryButton(words.appClientNavigate, events::navigate, icon = Icons.Filled.Place)
    }
}

@Composable
private fun Conflict(conflict: ConflictCard, events: ClientEvents) {
    Card(Weight.Warning) {
        Say(conflict.title, type.titleSmall, tone = Tone.WarningCard)
        conflict.values.forEachIndexed { index, value ->
            Row(Modifier.fillMaxWidth().padding(top = 6.dp), verticalAlignment = Alignment.CenterVertically) {
                Column(Modifier.weight(1f)) {
                    Say(value.value, type.bodyLarge, tone = Tone.WarningCard)
                    Say(value.from, type.bodySmall, tone = Tone.WarningCard)
                }
                QuietButton(words.appClientConflictChoose, { events.choose(conflict.field, index) }, tone = Tone.WarningCard)
            }
        }
        var text by rememberSaveable(conflict.field) { mutableStateOf<String?>(null) }
        when (val typed = text) {
            null -> QuietButton(words.appClientConflictOther, { text = "" }, tone = Tone.WarningCard)
            else -> Row(Modifier.fillMaxWidth().padding(top = 6.dp), verticalAlignment = Alignment.CenterVertically) {
                LineField(typed, conflict.title, { text = it }, Modifier.weight(1f))
                QuietButton(words.actionSave, { events.write(conflict.field, typed) }, tone = Tone.WarningCard)
            }
        }
    }
}

@Composable
private fun Account(account: AccountSection) {
    Heading(words.appClientAccount)
    account.blocked?.let { Card(Weight.Danger) { Say(it, type.bodyMedium, tone = Tone.DangerCard) } }
    account.credit?.let { Say(it, type.bodyLarge, Modifier.padding(horizontal = Edge, vertical = 2.dp)) }
    for (due in account.due) {
        Row(
            Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 6.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Column(Modifier.weight(1f)) {
                Say(due.due, type.bodyLarge)
                Say(due.document, type.bodySmall, tone = Tone.Quiet)
                due.mark?.let { MarkChip(it, Modifier.padding(top = 4.dp)) }
            }
            Say(due.amount, type.titleMedium)
        }
    }
    account.asOf?.let { Say(it, type.bodySmall, Modifier.padding(horizontal = Edge, vertical = 4.dp), Tone.Quiet) }
}

@Composable
private fun Basket(lines: List<BasketLine>) {
    Heading(words.wordUsualBasket)
    for (line in lines) {
        Row(
            Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 6.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Column(Modifier.weight(1f)) {
                Say(line.article, type.bodyLarge)
                Say(line.last, type.bodySmall, tone = Tone.Quiet)
            }
            if (line.stopped) MarkChip(Mark(words.appClientStopped, Weight.Warning))
        }
    }
}

@Composable
private fun Section(section: ProfileCard, events: ClientEvents) {
    Heading(section.title)
    for (line in section.lines) Fact(line)
    Row(
        Modifier.fillMaxWidth().padding(start = Edge, end = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Say(section.confirmed, type.bodySmall, Modifier.weight(1f), if (section.stale) Tone.Warning else Tone.Quiet)
        QuietButton(words.appClientStillRight, { events.stillRight(section.section) })
    }
}

@Composable
fun Fact(line: Labelled, modifier: Modifier = Modifier) {
    Column(modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 4.dp)) {
        Say(line.label, type.labelSmall, tone = Tone.Quiet)
        Say(line.value, type.bodyLarge)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Happened(line: TimelineLine, events: ClientEvents) {
    var open by rememberSaveable(line.record) { mutableStateOf(false) }
    Row(Modifier.touchRow(words.appMore) { open = !open }.padding(horizontal = Edge, vertical = 8.dp)) {
        Symbol(line.kind.symbol, Tone.Quiet, Modifier.padding(top = 2.dp))
        Spacer(Modifier.width(12.dp))
        Column(Modifier.weight(1f)) {
            Say(line.title, type.bodyLarge)
            line.detail?.let { Say(it, type.bodyMedium, tone = Tone.Quiet, lines = if (open) Int.MAX_VALUE else 3) }
            Say(line.on, type.bodySmall, tone = Tone.Quiet)
            line.state?.let { MarkChip(it, Modifier.padding(top = 4.dp)) }
            if (open) {
                FlowRow(horizontalArrangement = Arrangement.spacedBy(4.dp)) {
                    if (line.kind == TimelineKind.Order) QuietButton(words.appOrderState, { events.openOrder(line) })
                    if (line.correctable) QuietButton(words.appCorrect, { events.correct(line) })
                    if (line.version != null) QuietButton(words.appTakeBack, { events.takeBack(line) })
                }
            }
        }
    }
    Line()
}

private val TimelineKind.symbol: ImageVector
    get() = when (this) {
        TimelineKind.Visit -> Symbols.Pencil
        TimelineKind.Order -> Icons.Filled.ShoppingCart
        TimelineKind.Contact -> Icons.Filled.Call
        TimelineKind.Note -> Icons.Filled.Email
        TimelineKind.Task -> Icons.Filled.CheckCircle
        TimelineKind.Other -> Symbols.Flag
    }
