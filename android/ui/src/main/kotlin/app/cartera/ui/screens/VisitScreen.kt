package app.cartera.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Check
import androidx.compose.material.icons.filled.Place
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.Choice
import app.cartera.state.PlaceChoice
import app.cartera.state.VisitState
import app.cartera.ui.components.BackHead
import app.cartera.ui.components.BottomActions
import app.cartera.ui.components.Choices
import app.cartera.ui.components.DayStepper
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.NoteField
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.ProblemCard
import app.cartera.ui.components.Say
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.TouchSymbol
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface VisitEvents {
    fun back()

    fun outcome(choice: Choice)

    fun reason(choice: Choice)

    fun notes(text: String)

    fun dictate()

    fun addPlace()

    fun nextStep(choice: Choice)

    fun moveNext(days: Long)

    fun nextWhat(text: String)

    fun save()
}

/** Two taps at the least: how it went, and save. */
@Composable
fun VisitScreen(state: VisitState, events: VisitEvents) {
    Frame(
        head = { BackHead(state.title, events::back, state.client) },
        foot = {
            BottomActions {
                PrimaryButton(
                    if (state.canSave) words.actionSave else words.appVisitChoose,
                    events::save, Modifier.weight(1f), state.canSave,
                )
            }
        },
    ) {
        Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState())) {
            state.problem?.let { ProblemCard(it) }
            Heading(words.appVisitOutcome)
            Choices(state.outcomes, events::outcome)
            if (state.reasons.isNotEmpty()) {
                Heading(words.appVisitReason)
                Choices(state.reasons, events::reason)
            }
            Heading(words.appVisitNotes)
            NoteField(state.notes, words.appVisitNotes, events::notes) {
                if (state.canDictate) TouchSymbol(Symbols.Microphone, words.appVisitDictate, events::dictate)
            }
            Say(words.appVisitNotesReminder, type.bodySmall, Modifier.padding(horizontal = Edge, vertical = 6.dp), Tone.Quiet)
            Heading(words.appVisitNext)
            Choices(state.nextSteps, events::nextStep)
            state.nextOn?.let { day ->
                DayStepper(day, { events.moveNext(-1) }, { events.moveNext(1) })
                NoteField(state.nextWhat, words.appVisitNextWhat, events::nextWhat, Modifier.padding(top = 6.dp))
            }
            Place(state.place, events)
            Spacer(Modifier.padding(bottom = 20.dp))
        }
    }
}

/** The place is asked for by this button alone, and only now. */
@Composable
private fun Place(place: PlaceChoice, events: VisitEvents) {
    val modifier = Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 16.dp)
    when (place) {
        PlaceChoice.Offered -> SecondaryButton(words.appVisitPlace, events::addPlace, modifier, Icons.Filled.Place)
        PlaceChoice.Added -> SecondaryButton(words.appVisitPlaceAdded, {}, modifier, Icons.Filled.Check)
        PlaceChoice.Denied -> Say(words.appVisitPlaceDenied, type.bodyMedium, modifier, Tone.Quiet)
    }
}
