package app.cartera.ui.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.cartera.state.Comparison
import app.cartera.state.Labelled
import app.cartera.state.Load
import app.cartera.state.MonthState
import app.cartera.state.Progress
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.MainHead
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.Tab
import app.cartera.ui.components.Tabs
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.now
import app.cartera.ui.theme.words

interface MonthEvents {
    fun go(tab: Tab)
}

@Composable
fun MonthScreen(load: Load<MonthState>, review: Long, events: MonthEvents) {
    Frame(
        head = { MainHead(words.appTabMonth) },
        foot = { Tabs(Tab.Month, review, events::go) },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Month(load.value)
        }
    }
}

@Composable
private fun Month(state: MonthState) {
    LazyColumn {
        items(state.revenue) { Revenue(it) }
        item("objectives") {
            Heading(words.appMonthObjectives)
            if (state.objectives.isEmpty()) Say(words.appMonthObjectivesNone, type.bodyLarge, Modifier.padding(horizontal = Edge), Tone.Quiet)
        }
        items(state.objectives) { Objective(it) }
        item("work") { Heading(words.appMonthWork) }
        items(state.work) { Sum(it) }
        item("end") { Spacer(Modifier.padding(bottom = 24.dp)) }
    }
}

@Composable
private fun Revenue(of: Comparison) {
    Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = Edge, vertical = 8.dp)) {
        Say(of.label, type.labelMedium, tone = Tone.Quiet)
        Say(of.now, type.headlineMedium)
        Say(words.appMonthLastYear(of.before), type.bodyMedium, tone = Tone.Quiet)
    }
}

/** A bar beside the words that say the same. */
@Composable
private fun Objective(of: Progress) {
    Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = Edge, vertical = 8.dp)) {
        Say(of.label, type.titleMedium)
        Say(words.appMonthOf(of.achieved, of.target), type.bodyLarge)
        of.share?.let { share ->
            Box(
                Modifier.fillMaxWidth().padding(vertical = 6.dp).height(10.dp).clip(RoundedCornerShape(5.dp))
                    .background(Tone.Inset.now.ground).clearAndSetSemantics {},
            ) { Box(Modifier.fillMaxWidth(share).height(10.dp).background(Tone.Action.now.ground)) }
        }
        Say(of.days, type.bodySmall, tone = Tone.Quiet)
    }
}

@Composable
private fun Sum(line: Labelled) {
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = Edge, vertical = 8.dp),
        horizontalArrangement = Arrangement.SpaceBetween,
    ) {
        Say(line.label, type.bodyLarge, Modifier.weight(1f))
        Say(line.value, type.titleMedium, Modifier.padding(start = 12.dp))
    }
}
