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
import androidx.compose.material.icons.filled.Check
import androidx.compose.material.icons.filled.CheckCircle
import androidx.compose.material.icons.filled.Warning
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.cartera.state.Load
import app.cartera.state.SyncItem
import app.cartera.state.SyncScreenState
import app.cartera.state.Weight
import app.cartera.ui.components.BackHead
import app.cartera.ui.components.BottomActions
import app.cartera.ui.components.Card
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.Line
import app.cartera.ui.components.MarkChip
import app.cartera.ui.components.Message
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.Symbol
import app.cartera.ui.components.card
import app.cartera.ui.components.touchRow
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface SyncEvents {
    fun back()

    fun syncNow()

    fun review()

    fun seal()
}

/** Where the work is: on this phone alone, at the office, in the ERP; or not taken, and why. */
@Composable
fun SyncScreen(load: Load<SyncScreenState>, events: SyncEvents) {
    Frame(
        head = { BackHead(words.appSyncTitle, events::back) },
        foot = {
            if (load is Load.Ready) {
                BottomActions { PrimaryButton(words.actionSync, events::syncNow, Modifier.weight(1f)) }
            }
        },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Standing(load.value, events)
        }
    }
}

@Composable
private fun Standing(state: SyncScreenState, events: SyncEvents) {
    LazyColumn {
        item("headline") {
            Card(state.weight) {
                Say(state.headline, type.titleMedium, tone = state.weight.card)
                state.why?.let { Say(it, type.bodyMedium, Modifier.padding(top = 2.dp), state.weight.card) }
                Say(state.lastContact, type.bodySmall, Modifier.padding(top = 4.dp), state.weight.card)
            }
        }
        item("sums") {
            Sum(Symbols.OnPhone, words.appSyncOnPhone, state.onPhone, Tone.Plain, words.appSyncOnPhoneAdvice.takeIf { state.onPhone > 0 })
            Sum(Icons.Filled.CheckCircle, words.appSyncUnderWay, state.underWay, Tone.Good)
            Sum(Icons.Filled.Warning, words.appSyncRefused, state.refused, if (state.refused > 0) Tone.Danger else Tone.Quiet)
        }
        if (state.items.isEmpty()) {
            item("empty") { Message(words.appSyncNone, words.appSyncNoneAdvice) }
        } else {
            item("heading") { Spacer(Modifier.padding(top = 8.dp)); Line(inset = false) }
            items(state.items, { it.record }) { Item(it, events::review) }
        }
        if (state.canSeal) {
            item("seal") {
                Heading(words.appSyncSealedAdvice)
                SecondaryButton(words.appSyncSealed, events::seal, Modifier.fillMaxWidth().padding(horizontal = Edge))
            }
        }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

@Composable
private fun Sum(icon: ImageVector, label: String, count: Long, tone: Tone, advice: String? = null) {
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = Edge, vertical = 8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(icon, tone)
        Spacer(Modifier.width(12.dp))
        Column(Modifier.weight(1f)) {
            Say(label, type.bodyLarge)
            advice?.let { Say(it, type.bodySmall, tone = Tone.Quiet) }
        }
        Say("$count", type.titleMedium, Modifier.padding(start = 12.dp), if (count == 0L) Tone.Quiet else tone)
    }
}

@Composable
private fun Item(item: SyncItem, onOpen: () -> Unit) {
    // Only what was not taken leads anywhere: to where it is mended.
    val row = if (item.state.weight == Weight.Danger) Modifier.touchRow(null, onOpen) else Modifier.fillMaxWidth()
    Column(row.padding(horizontal = Edge, vertical = 9.dp)) {
        Say(item.title, type.titleMedium)
        item.client?.let { Say(it, type.bodyMedium, tone = Tone.Quiet) }
        MarkChip(item.state, Modifier.padding(top = 4.dp))
        item.reason?.let {
            Say(it, type.bodyMedium, Modifier.padding(top = 4.dp), if (item.state.weight == Weight.Danger) Tone.Danger else Tone.Quiet)
        }
    }
    Line()
}
