package app.cartera.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Check
import androidx.compose.material.icons.filled.Info
import androidx.compose.material.icons.filled.Warning
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.Divider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.cartera.state.Load
import app.cartera.state.Mark
import app.cartera.state.Weight
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.TouchTarget
import app.cartera.ui.theme.now

val type @Composable get() = MaterialTheme.typography

/** Text in a tone. */
@Composable
fun Say(
    text: String,
    style: TextStyle,
    modifier: Modifier = Modifier,
    tone: Tone = Tone.Plain,
    lines: Int = Int.MAX_VALUE,
    align: TextAlign? = null,
) {
    Text(text, modifier, color = tone.now.text, style = style, maxLines = lines, textAlign = align, overflow = TextOverflow.Ellipsis)
}

/** A symbol that says nothing which no word beside it says. */
@Composable
fun Symbol(icon: ImageVector, tone: Tone, modifier: Modifier = Modifier) {
    Icon(icon, contentDescription = null, modifier = modifier.size(20.dp), tint = tone.now.text)
}

@Composable
fun Heading(text: String, modifier: Modifier = Modifier) {
    Say(
        text,
        type.titleSmall,
        modifier.fillMaxWidth().padding(start = Edge, end = Edge, top = 20.dp, bottom = 6.dp).semantics { heading() },
        Tone.Quiet,
    )
}

@Composable
fun Line(inset: Boolean = true) {
    Divider(Modifier.padding(start = if (inset) Edge else 0.dp), color = MaterialTheme.colorScheme.outlineVariant)
}

/** The one thing that a screen is for. */
@Composable
fun PrimaryButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true) {
    Button(
        onClick,
        modifier.heightIn(min = 52.dp),
        enabled = enabled,
        shape = RoundedCornerShape(14.dp),
        contentPadding = PaddingValues(horizontal = 16.dp, vertical = 10.dp),
        colors = ButtonDefaults.buttonColors(
            containerColor = Tone.Action.now.ground,
            contentColor = Tone.Action.now.text,
            // Readable though it does nothing yet: the words beside it say what is missing.
            disabledContainerColor = Tone.InsetQuiet.now.ground,
            disabledContentColor = Tone.InsetQuiet.now.text,
        ),
    ) { Text(text, style = type.labelLarge, textAlign = TextAlign.Center) }
}

@Composable
fun SecondaryButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, icon: ImageVector? = null) {
    OutlinedButton(
        onClick,
        modifier.heightIn(min = TouchTarget),
        shape = RoundedCornerShape(14.dp),
        contentPadding = PaddingValues(horizontal = 14.dp, vertical = 8.dp),
        colors = ButtonDefaults.outlinedButtonColors(contentColor = Tone.Link.now.text),
    ) {
        if (icon != null) {
            Symbol(icon, Tone.Link)
            Spacer(Modifier.width(8.dp))
        }
        Text(text, style = type.labelLarge, textAlign = TextAlign.Center)
    }
}

@Composable
fun QuietButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, tone: Tone = Tone.Link) {
    TextButton(
        onClick,
        modifier.heightIn(min = TouchTarget),
        contentPadding = PaddingValues(horizontal = 12.dp, vertical = 8.dp),
        colors = ButtonDefaults.textButtonColors(contentColor = tone.now.text),
    ) { Text(text, style = type.labelLarge) }
}

/** A symbol to touch; `label` is what a screen reader says. */
@Composable
fun TouchSymbol(icon: ImageVector, label: String, onClick: () -> Unit, modifier: Modifier = Modifier, tone: Tone = Tone.Link) {
    IconButton(onClick, modifier.size(TouchTarget)) {
        Icon(icon, label, Modifier.size(24.dp), tint = tone.now.text)
    }
}

/** What is not as usual: a symbol and a word, on a ground of their own. */
@Composable
fun MarkChip(mark: Mark, modifier: Modifier = Modifier) {
    val tone = mark.weight.card
    Row(
        modifier.clip(RoundedCornerShape(8.dp)).background(tone.now.ground).padding(horizontal = 8.dp, vertical = 3.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Icon(mark.weight.symbol, null, Modifier.size(14.dp), tint = tone.now.text)
        Spacer(Modifier.width(4.dp))
        Say(mark.text, type.labelSmall, tone = tone)
    }
}

/** A card that wants to be read. */
@Composable
fun Card(weight: Weight, modifier: Modifier = Modifier, content: @Composable () -> Unit) {
    val tone = weight.card
    Row(
        modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 4.dp)
            .clip(RoundedCornerShape(14.dp)).background(tone.now.ground).padding(14.dp),
    ) {
        Symbol(weight.symbol, tone, Modifier.padding(top = 1.dp))
        Spacer(Modifier.width(12.dp))
        Column(Modifier.weight(1f)) { content() }
    }
}

/** What went wrong on this screen, and what to do. */
@Composable
fun ProblemCard(problem: Load.Failed) {
    Card(Weight.Danger) {
        Say(problem.text, type.titleSmall, tone = Tone.DangerCard)
        problem.advice?.let { Say(it, type.bodyMedium, tone = Tone.DangerCard) }
    }
}

val Weight.card: Tone
    get() = when (this) {
        Weight.Plain, Weight.Notice -> Tone.Inset
        Weight.Good -> Tone.GoodCard
        Weight.Warning -> Tone.WarningCard
        Weight.Danger -> Tone.DangerCard
    }

val Weight.tone: Tone
    get() = when (this) {
        Weight.Plain, Weight.Notice -> Tone.Quiet
        Weight.Good -> Tone.Good
        Weight.Warning -> Tone.Warning
        Weight.Danger -> Tone.Danger
    }

val Weight.symbol: ImageVector
    get() = when (this) {
        Weight.Plain, Weight.Notice -> Icons.Filled.Info
        Weight.Good -> Icons.Filled.Check
        Weight.Warning, Weight.Danger -> Icons.Filled.Warning
    }

/** A whole screen that says why there is nothing on it. */
@Composable
fun MessagePage(title: String, advice: String?, action: @Composable () -> Unit = {}) {
    Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState())) { Message(title, advice, action = action) }
}

/** What is said when there is nothing to show, or it could not be read: always with what to do. */
@Composable
fun Message(title: String, advice: String?, modifier: Modifier = Modifier, action: @Composable () -> Unit = {}) {
    Column(
        modifier.fillMaxWidth().padding(horizontal = 32.dp, vertical = 40.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        Say(title, type.titleMedium, align = TextAlign.Center)
        if (advice != null) Say(advice, type.bodyLarge, tone = Tone.Quiet, align = TextAlign.Center)
        Box(Modifier.padding(top = 8.dp)) { action() }
    }
}

/** The actions of a screen, where a thumb is. */
@Composable
fun BottomActions(content: @Composable RowScope.() -> Unit) {
    Column(Modifier.fillMaxWidth().background(Tone.Plain.now.ground)) {
        Line(inset = false)
        Row(
            Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 10.dp),
            horizontalArrangement = Arrangement.spacedBy(10.dp),
            verticalAlignment = Alignment.CenterVertically,
            content = content,
        )
    }
}
