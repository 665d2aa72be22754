package app.cartera.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.cartera.state.Load
import app.cartera.state.OrderNowState
import app.cartera.state.OrderedLine
import app.cartera.ui.components.BackHead
import app.cartera.ui.components.Card
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.Line
import app.cartera.ui.components.MarkChip
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.card
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

/** What became of an order, line by line. */
@Composable
fun OrderStateScreen(load: Load<OrderNowState>, onBack: () -> Unit) {
    Frame(head = { BackHead(words.appOrderState, onBack) }) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Became(load.value)
        }
    }
}

@Composable
private fun Became(state: OrderNowState) {
    LazyColumn {
        item("now") { Card(state.now.weight) { Say(state.now.text, type.titleMedium, tone = state.now.weight.card) } }
        items(state.flags) { flag -> Card(flag.weight) { Say(flag.text, type.bodyMedium, tone = flag.weight.card) } }
        item("steps") { Heading(words.appOrderSteps) }
        items(state.steps) { step ->
            Row(
                Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = Edge, vertical = 6.dp),
                horizontalArrangement = Arrangement.SpaceBetween,
            ) {
                Say(step.label, type.bodyLarge, Modifier.weight(1f))
                Say(step.value, type.bodyMedium, Modifier.padding(start = 12.dp), Tone.Quiet)
            }
        }
        item("lines") { Heading(words.appOrderLinesTitle) }
        items(state.lines) { Ordered(it) }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

@Composable
private fun Ordered(line: OrderedLine) {
    Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = Edge, vertical = 8.dp)) {
        Say(line.name, type.titleMedium)
        Say("${line.quantity} · ${line.amount}", type.bodyMedium, tone = Tone.Quiet)
        for (mark in line.marks) MarkChip(mark, Modifier.padding(top = 4.dp))
    }
    Line()
}
