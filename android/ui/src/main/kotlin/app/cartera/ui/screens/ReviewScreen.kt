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
import androidx.compose.material.icons.filled.Warning
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.Load
import app.cartera.state.PairCard
import app.cartera.state.ReviewAct
import app.cartera.state.ReviewItem
import app.cartera.state.ReviewState
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Line
import app.cartera.ui.components.MainHead
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.QuietButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.Symbol
import app.cartera.ui.components.Tab
import app.cartera.ui.components.Tabs
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface ReviewEvents {
    fun act(item: ReviewItem, act: ReviewAct)

    fun open(client: String)

    fun merge(pair: PairCard)

    fun notTheSame(pair: PairCard)

    fun go(tab: Tab)
}

@Composable
fun ReviewScreen(load: Load<ReviewState>, review: Long, events: ReviewEvents) {
    Frame(
        head = { MainHead(words.attentionTitle) },
        foot = { Tabs(Tab.Review, review, events::go) },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Waiting(load.value, events)
        }
    }
}

@Composable
private fun Waiting(state: ReviewState, events: ReviewEvents) {
    if (state.items.isEmpty() && state.pairs.isEmpty()) {
        MessagePage(words.appReviewEmpty, words.appReviewEmptyAdvice)
        return
    }
    LazyColumn {
        items(state.items, { it.key }) { Item(it, events) }
        items(state.pairs, { it.key }) { Pair(it, events) }
        item("end") { Spacer(Modifier.padding(bottom = 72.dp)) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Item(item: ReviewItem, events: ReviewEvents) {
    val urgent = ReviewAct.Retry in item.acts || item.reason != null
    Row(Modifier.fillMaxWidth().padding(start = Edge, end = 8.dp, top = 10.dp)) {
        Symbol(if (urgent) Icons.Filled.Warning else Symbols.Flag, if (urgent) Tone.Danger else Tone.Warning, Modifier.padding(top = 2.dp))
        Spacer(Modifier.width(12.dp))
        Column(Modifier.weight(1f)) {
            Say(item.title, type.titleMedium)
            val about = listOfNotNull(item.clientName, item.since)
            if (about.isNotEmpty()) Say(about.joinToString(" · "), type.bodyMedium, tone = Tone.Quiet)
            item.reason?.let { Say(it, type.bodyLarge, Modifier.padding(top = 4.dp), Tone.Danger) }
            item.advice?.let { Say(it, type.bodyMedium, Modifier.padding(top = 2.dp), Tone.Quiet) }
            FlowRow(horizontalArrangement = Arrangement.spacedBy(4.dp)) {
                for (act in ReviewAct.entries.filter { it in item.acts }) QuietButton(act.text, { events.act(item, act) })
            }
        }
    }
    Line()
}

private val ReviewAct.text: String
    @Composable get() = when (this) {
        ReviewAct.Open -> words.appReviewOpen
        ReviewAct.Retry -> words.actionTryAgain
        ReviewAct.Discard -> words.actionDiscard
        ReviewAct.ConfirmDate -> words.appReviewConfirmDate
        ReviewAct.Dismiss -> words.appReviewDismiss
    }

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Pair(pair: PairCard, events: ReviewEvents) {
    Row(Modifier.fillMaxWidth().padding(start = Edge, end = 8.dp, top = 10.dp)) {
        Symbol(Symbols.People, Tone.Quiet, Modifier.padding(top = 2.dp))
        Spacer(Modifier.width(12.dp))
        Column(Modifier.weight(1f)) {
            Say(words.appReviewPair, type.titleMedium)
            Say("${pair.oneName} · ${pair.otherName}", type.bodyLarge)
            Say(pair.why, type.bodyMedium, tone = Tone.Quiet)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(4.dp)) {
                QuietButton(words.appReviewOpen, { events.open(pair.one) })
                QuietButton(words.actionMerge, { events.merge(pair) })
                QuietButton(words.appReviewNotSame, { events.notTheSame(pair) })
            }
        }
    }
    Line()
}
