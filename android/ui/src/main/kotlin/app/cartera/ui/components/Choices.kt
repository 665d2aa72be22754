package app.cartera.ui.components

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Check
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.cartera.state.Choice
import app.cartera.state.Filter
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.TouchTarget
import app.cartera.ui.theme.now
import app.cartera.ui.theme.words

/** One of several, all in sight, each large enough for a thumb. What is chosen has a tick, not a colour alone. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Choices(choices: List<Choice>, onChoose: (Choice) -> Unit, modifier: Modifier = Modifier) {
    FlowRow(
        modifier.fillMaxWidth().padding(horizontal = Edge),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        for (choice in choices) {
            Chip(choice.text, choice.chosen, { onChoose(choice) }, Modifier.padding(vertical = 4.dp))
        }
    }
}

/** Narrows a list; runs off the screen rather than taking a second line from it. */
@Composable
fun Filters(filters: List<Filter>, onChoose: (Filter) -> Unit, modifier: Modifier = Modifier) {
    Row(
        modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).padding(horizontal = Edge),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        for (filter in filters) Chip(filter.text, filter.chosen, { onChoose(filter) })
    }
}

@Composable
fun Chip(text: String, chosen: Boolean, onClick: () -> Unit, modifier: Modifier = Modifier) {
    val tone = if (chosen) Tone.Chosen else Tone.Plain
    val shape = RoundedCornerShape(12.dp)
    Row(
        modifier.heightIn(min = TouchTarget).clip(shape).background(tone.now.ground)
            .border(BorderStroke(1.dp, if (chosen) Tone.Link.now.text else MaterialTheme.colorScheme.outline), shape)
            .selectable(chosen, role = Role.RadioButton, onClick = onClick)
            .padding(horizontal = 14.dp, vertical = 8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (chosen) {
            Icon(Icons.Filled.Check, null, Modifier.size(18.dp), tint = tone.now.text)
            Spacer(Modifier.width(6.dp))
        }
        Say(text, type.labelLarge, tone = tone)
    }
}

/** A row of a list that opens something. */
@Composable
fun Modifier.touchRow(label: String?, onClick: () -> Unit): Modifier =
    clickable(onClickLabel = label, role = Role.Button, onClick = onClick).fillMaxWidth().heightIn(min = 56.dp)

/** A day, earlier or later with a thumb. */
@Composable
fun DayStepper(day: String, onEarlier: () -> Unit, onLater: () -> Unit, modifier: Modifier = Modifier) {
    Row(modifier.fillMaxWidth().padding(horizontal = 4.dp), verticalAlignment = Alignment.CenterVertically) {
        TouchSymbol(Symbols.Minus, words.appOrderEarlier, onEarlier)
        Say(
            day, type.titleMedium,
            Modifier.widthIn(min = 120.dp).semantics { liveRegion = LiveRegionMode.Polite }, align = TextAlign.Center,
        )
        TouchSymbol(Symbols.Plus, words.appOrderLater, onLater)
    }
}
