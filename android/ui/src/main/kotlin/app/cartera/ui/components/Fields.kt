package app.cartera.ui.components

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Clear
import androidx.compose.material.icons.filled.Search
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.TouchTarget
import app.cartera.ui.theme.now
import app.cartera.ui.theme.words

@Composable
fun SearchField(
    text: String,
    hint: String,
    onChange: (String) -> Unit,
    modifier: Modifier = Modifier,
    action: (@Composable () -> Unit)? = null,
) {
    Row(
        modifier.fillMaxWidth().padding(horizontal = Edge).heightIn(min = TouchTarget + 4.dp)
            .clip(RoundedCornerShape(16.dp)).background(Tone.Inset.now.ground).padding(start = 14.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(Icons.Filled.Search, Tone.InsetQuiet)
        Typing(text, hint, onChange, Modifier.weight(1f).padding(horizontal = 10.dp), single = true)
        if (text.isNotEmpty()) TouchSymbol(Icons.Filled.Clear, words.appClear, { onChange("") }, tone = Tone.InsetQuiet)
        if (action != null) action()
    }
}

/** Several lines; `action` stands at its foot. */
@Composable
fun NoteField(
    text: String,
    hint: String,
    onChange: (String) -> Unit,
    modifier: Modifier = Modifier,
    action: @Composable () -> Unit = {},
) {
    val shape = RoundedCornerShape(14.dp)
    Row(
        modifier.fillMaxWidth().padding(horizontal = Edge).clip(shape)
            .border(1.dp, MaterialTheme.colorScheme.outline, shape).heightIn(min = 84.dp).padding(start = 14.dp),
        verticalAlignment = Alignment.Bottom,
    ) {
        Typing(
            text, hint, onChange,
            Modifier.weight(1f).align(Alignment.Top).heightIn(min = 84.dp).padding(vertical = 12.dp),
            ground = Tone.Plain, quiet = Tone.Quiet,
        )
        action()
    }
}

/** One line with its label above; what is wrong with it stands below. */
@Composable
fun LabelledField(label: String, text: String, onChange: (String) -> Unit, modifier: Modifier = Modifier, problem: String? = null) {
    Column(modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 6.dp)) {
        Say(label, type.labelMedium, tone = Tone.Quiet)
        LineField(text, label, onChange, Modifier.padding(top = 4.dp), problem != null)
        if (problem != null) Say(problem, type.bodySmall, Modifier.padding(top = 2.dp), Tone.Danger)
    }
}

/** One line; `label` is what a screen reader says. */
@Composable
fun LineField(text: String, label: String, onChange: (String) -> Unit, modifier: Modifier = Modifier, wrong: Boolean = false) {
    val shape = RoundedCornerShape(12.dp)
    val outline = if (wrong) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.outline
    Box(
        modifier.fillMaxWidth().clip(shape).background(Tone.Plain.now.ground).border(1.dp, outline, shape)
            .heightIn(min = TouchTarget).padding(horizontal = 14.dp),
        contentAlignment = Alignment.CenterStart,
    ) {
        Typing(text, label, onChange, Modifier.fillMaxWidth(), true, Tone.Plain, Tone.Quiet, hinted = false)
    }
}

@Composable
private fun Typing(
    text: String,
    hint: String,
    onChange: (String) -> Unit,
    modifier: Modifier,
    single: Boolean = false,
    ground: Tone = Tone.Inset,
    quiet: Tone = Tone.InsetQuiet,
    hinted: Boolean = true,
) {
    BasicTextField(
        text, onChange,
        modifier.semantics { contentDescription = hint },
        textStyle = type.bodyLarge.copy(color = ground.now.text),
        singleLine = single,
        cursorBrush = SolidColor(Tone.Link.now.text),
        decorationBox = { field ->
            // The whole height is the field's: a thumb beside the letters is in it too.
            Box(Modifier.heightIn(min = TouchTarget), contentAlignment = if (single) Alignment.CenterStart else Alignment.TopStart) {
                if (hinted && text.isEmpty()) Say(hint, type.bodyLarge, tone = quiet)
                field()
            }
        },
    )
}
