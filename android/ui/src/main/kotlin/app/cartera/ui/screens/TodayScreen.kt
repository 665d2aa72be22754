package app.cartera.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Phone
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.Load
import app.cartera.state.NoticeCard
import app.cartera.state.TodayReason
import app.cartera.state.TodayRow
import app.cartera.state.TodayState
import app.cartera.state.Weight
import app.cartera.ui.components.Card
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.Line
import app.cartera.ui.components.MainHead
import app.cartera.ui.components.Message
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.QuietButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.Symbol
import app.cartera.ui.components.SyncLineRow
import app.cartera.ui.components.Tab
import app.cartera.ui.components.Tabs
import app.cartera.ui.components.TouchSymbol
import app.cartera.ui.components.card
import app.cartera.ui.components.tone
import app.cartera.ui.components.touchRow
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

/** What can be done on the day's screen. */
interface TodayEvents {
    fun open(client: String)

    fun logVisit(client: String)

    fun putOff(client: String)

    fun markRead(notice: String)

    fun openSync()

    fun go(tab: Tab)
}

@Composable
fun TodayScreen(load: Load<TodayState>, review: Long, events: TodayEvents) {
    val state = (load as? Load.Ready)?.value
    Frame(
        head = {
            MainHead(words.appTabToday, state?.date)
            if (state != null) SyncLineRow(state.sync, events::openSync)
        },
        foot = { Tabs(Tab.Today, review, events::go) },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Day(load.value, events)
        }
    }
}

@Composable
private fun Day(state: TodayState, events: TodayEvents) {
    LazyColumn {
        items(state.notices, { "notice ${it.key}" }) { Notice(it, events) }
        if (state.visits.isEmpty() && state.attention.isEmpty()) {
            item("empty") { Message(words.appTodayEmpty, words.appTodayEmptyAdvice) }
            return@LazyColumn
        }
        item("visits") { Heading(words.appTodayVisits(state.visits.size.toLong())) }
        items(state.visits, { "visit ${it.client}" }) { Entry(it, planned = true, events) }
        if (state.attention.isNotEmpty()) {
            item("attention") { Heading(words.appTodayAttention) }
            items(state.attention, { "attention ${it.client}" }) { Entry(it, planned = false, events) }
        }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

@Composable
private fun Notice(notice: NoticeCard, events: TodayEvents) {
    Card(if (notice.mustRead) Weight.Warning else Weight.Notice) {
        val weight = if (notice.mustRead) Weight.Warning else Weight.Notice
        Say(notice.title, type.titleSmall, tone = weight.card)
        Say(notice.text, type.bodyMedium, tone = weight.card)
        QuietButton(words.appNoticeRead, { events.markRead(notice.key) }, tone = weight.card)
    }
}

@Composable
private fun Entry(row: TodayRow, planned: Boolean, events: TodayEvents) {
    Row(
        Modifier.touchRow(null) { events.open(row.client) }.padding(start = Edge, end = 4.dp, top = 8.dp, bottom = 8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
                if (row.byPhone) {
                    Symbol(Icons.Filled.Phone, Tone.Quiet)
                    Spacer(Modifier.width(6.dp))
                }
                Say(row.name, type.titleMedium, Modifier.weight(1f, fill = false))
            }
            val where = listOfNotNull(row.time?.let { words.appTodayAt(it) }, row.place, words.appTodayCall.takeIf { row.byPhone })
            if (where.isNotEmpty()) Say(where.joinToString(" · "), type.bodyMedium, tone = Tone.Quiet)
            // Of a planned visit the two most pressing; who only needs attention is here for one of them.
            for (reason in row.reasons.take(if (planned) 2 else 1)) Why(reason, withAdvice = !planned)
        }
        if (!planned) {
            TouchSymbol(Symbols.Clock, words.appTodayPutOff(row.name), { events.putOff(row.client) }, tone = Tone.Quiet)
        }
        TouchSymbol(Symbols.Pencil, words.appTodayStartVisit(row.name), { events.logVisit(row.client) })
    }
    Line()
}

@Composable
private fun Why(reason: TodayReason, withAdvice: Boolean) {
    Say(reason.text, type.bodyMedium, Modifier.padding(top = 2.dp), reason.weight.tone)
    val more = listOfNotNull(reason.advice.takeIf { withAdvice }, reason.stake?.let { words.appTodayStake(it) })
    if (more.isNotEmpty()) Say(more.joinToString(" "), type.bodySmall, tone = Tone.Quiet)
}
