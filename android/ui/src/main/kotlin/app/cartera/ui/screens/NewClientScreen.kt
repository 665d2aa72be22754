package app.cartera.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.LikelyLine
import app.cartera.state.Load
import app.cartera.state.NewClientState
import app.cartera.state.Weight
import app.cartera.ui.components.BackHead
import app.cartera.ui.components.BottomActions
import app.cartera.ui.components.Card
import app.cartera.ui.components.Frame
import app.cartera.ui.components.LabelledField
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.ProblemCard
import app.cartera.ui.components.QuietButton
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.type
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface NewClientEvents {
    fun back()

    fun type(key: String, text: String)

    fun open(client: String)

    fun save()
}

@Composable
fun NewClientScreen(load: Load<NewClientState>, events: NewClientEvents) {
    val state = (load as? Load.Ready)?.value
    Frame(
        head = { BackHead(words.wordNewClient, events::back) },
        foot = {
            if (state != null) {
                BottomActions {
                    val text = if (state.canSave) words.actionSave else words.appNewClientNameNeeded
                    PrimaryButton(text, events::save, Modifier.weight(1f), state.canSave)
                }
            }
        },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Entry(load.value, events)
        }
    }
}

@Composable
private fun Entry(state: NewClientState, events: NewClientEvents) {
    Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState())) {
        state.problem?.let { ProblemCard(it) }
        state.fields.forEachIndexed { index, field ->
            LabelledField(field.label, field.text, { events.type(field.key, it) }, problem = field.problem)
            // Right below the name, where the eyes are.
            if (index == 0 && state.likely.isNotEmpty()) Likely(state.likely, events)
        }
        Spacer(Modifier.padding(bottom = 24.dp))
    }
}

@Composable
private fun Likely(likely: List<LikelyLine>, events: NewClientEvents) {
    Card(Weight.Warning) {
        Say(words.appNewClientLikely, type.titleSmall, tone = Tone.WarningCard)
        for (line in likely) {
            Say(line.name, type.bodyLarge, Modifier.padding(top = 6.dp), Tone.WarningCard)
            Say(line.why, type.bodySmall, tone = Tone.WarningCard)
            QuietButton(words.appReviewOpen, { events.open(line.client) }, tone = Tone.WarningCard)
        }
    }
}
