package app.cartera.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import app.cartera.state.formats
import app.cartera.ui.theme.CarteraTheme
import app.cartera.words.Language
import app.cartera.words.words
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.junit.Rule

/** Of every screen, in both languages and at both ends of the font's size. */
class TouchTest {
    @get:Rule
    val rule = createComposeRule()

    private var screen by mutableStateOf<Pair<String, @Composable (Sample) -> Unit>?>(null)
    private var pose by mutableStateOf(Pose())

    private fun each(check: (name: String, density: Density) -> Unit) {
        rule.setContent {
            CompositionLocalProvider(LocalDensity provides Density(1f, pose.fontScale)) {
                CarteraTheme(words(pose.language, formats(pose.language)), false, Roboto) {
                    screen?.let { (name, content) -> key(name, pose) { Box(Modifier.requiredSize(WIDTH_DP.dp, HEIGHT_DP.dp)) { content(Sample(pose.language)) } } }
                }
            }
        }
        for ((name, content) in Screens.all) {
            for (language in Language.entries) {
                for (scale in listOf(1f, 2f)) {
                    pose = Pose(language, fontScale = scale)
                    screen = name to content
                    rule.waitForIdle()
                    check("$name ${pose.suffix}", Density(1f, scale))
                }
            }
        }
    }

    @Test
    fun `what can be touched is large enough for a thumb, and says what it is`() {
        val wrong = mutableSetOf<String>()
        var touched = 0
        each { name, _ ->
            for (node in rule.onAllNodes(hasClickAction()).fetchSemanticsNodes()) {
                touched++
                // As it is laid out: what the platform adds around it unseen may lie under something else.
                if (node.size.width < TARGET || node.size.height < TARGET) wrong += "$name: ${node.said()} is ${node.size}"
                if (node.said().isBlank()) wrong += "$name: something at ${node.boundsInRoot} says nothing"
            }
        }
        assertTrue(touched > 500, "$touched")
        assertEquals(emptySet(), wrong)
    }

    @Test
    fun `no word is cut off, at any size`() {
        val wrong = mutableSetOf<String>()
        var read = 0
        each { name, _ ->
            val texts = rule.onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsActions.GetTextLayoutResult), useUnmergedTree = true)
            for (node in texts.fetchSemanticsNodes()) {
                val results = mutableListOf<TextLayoutResult>()
                node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
                for (result in results) {
                    read++
                    val ellipsized = (0 until result.lineCount).any(result::isLineEllipsized)
                    if (result.hasVisualOverflow || ellipsized) wrong += "$name: ${result.layoutInput.text}"
                }
            }
        }
        assertTrue(read > 1_000, "$read")
        assertEquals(emptySet(), wrong)
    }

    private fun SemanticsNode.said(): String {
        val texts = config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
        val descriptions = config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
        val typed = listOfNotNull(config.getOrNull(SemanticsProperties.EditableText)?.text)
        return (descriptions + texts + typed).joinToString(" ").trim()
    }

    private companion object {
        const val TARGET = 48
    }
}
