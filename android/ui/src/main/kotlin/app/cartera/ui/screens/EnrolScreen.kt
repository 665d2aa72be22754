package app.cartera.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.EnrolState
import app.cartera.state.Weight
import app.cartera.ui.components.BottomActions
import app.cartera.ui.components.Card
import app.cartera.ui.components.Frame
import app.cartera.ui.components.LabelledField
import app.cartera.ui.components.MainHead
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.ProblemCard
import app.cartera.ui.components.Say
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.card
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface EnrolEvents {
    fun scan()

    fun type(text: String)

    fun link()
}

/** The first screen of all: what is fetched is said before anybody is asked. */
@Composable
fun EnrolScreen(state: EnrolState, events: EnrolEvents) {
    Frame(
        head = { MainHead(words.appEnrolTitle) },
        foot = {
            BottomActions {
                val text = if (state.working) words.appEnrolWorking else words.appEnrolLink
                PrimaryButton(text, events::link, Modifier.weight(1f), state.canLink)
            }
        },
    ) {
        Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState())) {
            Say(words.appEnrolAdvice, type.bodyLarge, Modifier.padding(horizontal = Edge, vertical = 8.dp))
            val across = Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 8.dp)
            if (state.canScan) {
                SecondaryButton(words.appEnrolScan, events::scan, across, Symbols.Barcode)
            } else {
                Say(words.appEnrolNoCamera, type.bodyMedium, across, Tone.Warning)
            }
            LabelledField(words.appEnrolPaste, state.invitation, events::type)
            state.from?.let {
                Card(Weight.Good) {
                    Say(words.appEnrolFrom(it), type.titleSmall, tone = Weight.Good.card)
                    if (state.pinned) Say(words.appEnrolPinned, type.bodyMedium, tone = Weight.Good.card)
                }
            }
            state.problem?.let { ProblemCard(it) }
            Spacer(Modifier.padding(bottom = 24.dp))
        }
    }
}
