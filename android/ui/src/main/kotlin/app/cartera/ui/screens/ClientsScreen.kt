package app.cartera.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.KeyboardArrowRight
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.ClientLine
import app.cartera.state.ClientsState
import app.cartera.state.Filter
import app.cartera.state.Load
import app.cartera.ui.components.Filters
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Line
import app.cartera.ui.components.MainHead
import app.cartera.ui.components.MarkChip
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.QuietButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.SearchField
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.Symbol
import app.cartera.ui.components.SyncLineRow
import app.cartera.ui.components.Tab
import app.cartera.ui.components.Tabs
import app.cartera.ui.components.TouchSymbol
import app.cartera.ui.components.touchRow
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface ClientsEvents {
    fun search(text: String)

    fun filter(filter: Filter)

    fun more()

    fun open(client: String)

    fun newClient()

    fun openSync()

    fun go(tab: Tab)
}

@Composable
fun ClientsScreen(load: Load<ClientsState>, review: Long, events: ClientsEvents) {
    val state = (load as? Load.Ready)?.value
    Frame(
        head = {
            MainHead(words.appTabClients, state?.let { words.appClientsCount(it.count) }) {
                TouchSymbol(Symbols.Plus, words.wordNewClient, events::newClient)
            }
            if (state != null) {
                SearchField(state.search, words.appClientsSearch, events::search)
                Filters(state.filters, events::filter, Modifier.padding(top = 8.dp))
                SyncLineRow(state.sync, events::openSync)
                Line(inset = false)
            }
        },
        foot = { Tabs(Tab.Clients, review, events::go) },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Portfolio(load.value, events)
        }
    }
}

@Composable
private fun Portfolio(state: ClientsState, events: ClientsEvents) {
    if (state.rows.isEmpty()) {
        val newClient = @Composable { SecondaryButton(words.wordNewClient, events::newClient) }
        when {
            state.search.isBlank() && state.count == 0L ->
                MessagePage(words.appClientsEmpty, words.appClientsEmptyAdvice, action = newClient)
            else ->
                MessagePage(words.appClientsNoneFound(state.search), words.appClientsNoneFoundAdvice, action = newClient)
        }
        return
    }
    LazyColumn {
        items(state.rows, { it.client }) { row -> ClientRow(row) { events.open(row.client) } }
        if (state.more) {
            item("more") {
                // In sight, the next rows are on their way; who cannot scroll there touches it.
                LaunchedEffect(state.rows.size) { events.more() }
                QuietButton(words.appMore, events::more)
            }
        }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

/** A client in a list. Only what is not as usual has a mark, so that a mark is seen. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun ClientRow(row: ClientLine, onOpen: () -> Unit) {
    Row(
        Modifier.touchRow(null, onOpen).padding(start = Edge, end = 8.dp, top = 9.dp, bottom = 9.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Say(row.name, type.titleMedium)
            val where = listOfNotNull(row.place, row.distance?.let { words.appClientsDistance(it) })
            if (where.isNotEmpty()) Say(where.joinToString(" · "), type.bodyMedium, tone = Tone.Quiet)
            Say(row.bought, type.bodySmall, tone = Tone.Quiet)
            if (row.marks.isNotEmpty()) {
                FlowRow(Modifier.padding(top = 5.dp), horizontalArrangement = Arrangement.spacedBy(6.dp)) {
                    for (mark in row.marks) MarkChip(mark)
                }
            }
        }
        Symbol(Icons.Filled.KeyboardArrowRight, Tone.Quiet)
    }
    Line()
}
