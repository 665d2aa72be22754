package app.cartera.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.ArrowBack
import androidx.compose.material.icons.filled.MoreVert
import androidx.compose.material.icons.filled.Warning
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.compositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import app.cartera.state.SyncLine
import app.cartera.state.Told
import app.cartera.state.Weight
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Symbols
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.TouchTarget
import app.cartera.ui.theme.now
import app.cartera.ui.theme.words

/** A screen: its head, what scrolls, and what stays under the thumb. */
@Composable
fun Frame(
    head: @Composable () -> Unit,
    foot: @Composable () -> Unit = {},
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(Modifier.fillMaxSize().background(Tone.Plain.now.ground)) {
        head()
        Box(Modifier.weight(1f).fillMaxWidth()) {
            Column(Modifier.fillMaxSize(), content = content)
            LocalSaid.current?.let { ToldBar(it, Modifier.align(Alignment.BottomCenter)) }
        }
        foot()
    }
}

/** The head of a screen that is reached from another. */
@Composable
fun BackHead(title: String, onBack: () -> Unit, subtitle: String? = null, actions: @Composable () -> Unit = {}) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = 60.dp).padding(horizontal = 4.dp, vertical = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        TouchSymbol(Icons.Filled.ArrowBack, words.appBack, onBack, tone = Tone.Plain)
        Column(Modifier.weight(1f).padding(start = 4.dp)) {
            Say(title, type.titleLarge, Modifier.semantics { heading() }, lines = 2)
            if (subtitle != null) Say(subtitle, type.bodyMedium, tone = Tone.Quiet, lines = 2)
        }
        actions()
    }
}

/** The head of one of the app's main places. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun MainHead(title: String, note: String? = null, action: @Composable () -> Unit = {}) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = 60.dp).padding(start = Edge, end = 6.dp, top = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        // Side by side while both fit, else the note below.
        FlowRow(Modifier.weight(1f), horizontalArrangement = Arrangement.SpaceBetween) {
            Say(title, type.headlineMedium, Modifier.padding(end = 12.dp).semantics { heading() })
            if (note != null) Say(note, type.bodyLarge, Modifier.padding(top = 8.dp, end = 12.dp), Tone.Quiet)
        }
        action()
    }
}

/** Where work stands, on every main screen; leads to the whole. */
@Composable
fun SyncLineRow(line: SyncLine, onOpen: () -> Unit) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = TouchTarget).clickable(role = Role.Button, onClick = onOpen)
            .padding(horizontal = Edge, vertical = 6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val icon = when (line.weight) {
            Weight.Good -> line.weight.symbol
            Weight.Plain, Weight.Notice -> Symbols.OnPhone
            Weight.Warning, Weight.Danger -> Icons.Filled.Warning
        }
        Symbol(icon, line.weight.tone)
        Spacer(Modifier.width(10.dp))
        Say(line.text, type.bodyMedium, Modifier.weight(1f), line.weight.tone)
    }
}

enum class Tab { Today, Clients, Review, Month, More }

/** The main places. Words in it grow to 1.3 times and no more, so that all five stay in sight; they are said in full. */
@Composable
fun Tabs(chosen: Tab, review: Long, onChoose: (Tab) -> Unit) {
    val density = LocalDensity.current
    CompositionLocalProvider(LocalDensity provides Density(density.density, minOf(density.fontScale, MOST_TAB_SCALE))) {
        Column(Modifier.fillMaxWidth().background(Tone.Plain.now.ground)) {
            Line(inset = false)
            Row(Modifier.fillMaxWidth().padding(vertical = 4.dp)) {
                for (tab in Tab.entries) {
                    TabButton(tab, tab == chosen, if (tab == Tab.Review) review else 0, Modifier.weight(1f)) { onChoose(tab) }
                }
            }
        }
    }
}

private const val MOST_TAB_SCALE = 1.3f

@Composable
private fun TabButton(tab: Tab, chosen: Boolean, count: Long, modifier: Modifier, onClick: () -> Unit) {
    val tone = if (chosen) Tone.Chosen else Tone.Quiet
    Column(
        modifier.heightIn(min = 56.dp).selectable(chosen, role = Role.Tab, onClick = onClick).padding(vertical = 4.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Row(
            Modifier.clip(RoundedCornerShape(16.dp)).background(tone.now.ground).padding(horizontal = 16.dp, vertical = 4.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Icon(tab.icon, null, Modifier.size(22.dp), tint = tone.now.text)
            if (count > 0) Say(" $count", type.labelMedium, tone = tone)
        }
        Say(tab.text, type.labelSmall, Modifier.padding(top = 2.dp), if (chosen) Tone.Plain else Tone.Quiet, 2, TextAlign.Center)
    }
}

private val Tab.icon: ImageVector
    get() = when (this) {
        Tab.Today -> Symbols.Sun
        Tab.Clients -> Symbols.People
        Tab.Review -> Symbols.Flag
        Tab.Month -> Symbols.Chart
        Tab.More -> Icons.Filled.MoreVert
    }

private val Tab.text: String
    @Composable get() = when (this) {
        Tab.Today -> words.appTabToday
        Tab.Clients -> words.appTabClients
        Tab.Review -> words.appTabReview
        Tab.Month -> words.appTabMonth
        Tab.More -> words.appTabMore
    }

/** What was done last, and what its words do when they are touched. */
class Said(val told: Told, val onAction: () -> Unit)

val LocalSaid = compositionLocalOf<Said?> { null }

@Composable
private fun ToldBar(said: Said, modifier: Modifier) {
    Row(
        modifier.fillMaxWidth().padding(12.dp).clip(RoundedCornerShape(12.dp)).background(Tone.Snackbar.now.ground)
            .semantics { liveRegion = LiveRegionMode.Polite }.padding(start = 16.dp, end = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Say(said.told.text, type.bodyMedium, Modifier.weight(1f).padding(vertical = 14.dp), Tone.Snackbar)
        said.told.action?.let { QuietButton(it, said.onAction, tone = Tone.SnackbarAction) }
    }
}
