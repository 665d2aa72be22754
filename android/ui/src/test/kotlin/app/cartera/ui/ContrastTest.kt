package app.cartera.ui

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import app.cartera.ui.theme.DarkScheme
import app.cartera.ui.theme.DarkSignals
import app.cartera.ui.theme.LightScheme
import app.cartera.ui.theme.LightSignals
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.colors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** WCAG 2.2: 4.5 for text (1.4.3), 3 for what shows where a control is (1.4.11). */
class ContrastTest {
    private val schemes = mapOf("light" to (LightScheme to LightSignals), "dark" to (DarkScheme to DarkSignals))

    private fun contrast(one: Color, other: Color): Float {
        val (darker, lighter) = listOf(one.luminance(), other.luminance()).sorted()
        return (lighter + 0.05f) / (darker + 0.05f)
    }

    @Test
    fun `the measure is that of the guidelines`() {
        assertEquals(21f, contrast(Color.Black, Color.White), 0.01f)
        assertEquals(4.54f, contrast(Color(0xFF767676), Color.White), 0.01f)
    }

    @Test
    fun `what is written in a tone can be read`() {
        for ((name, scheme) in schemes) {
            for (tone in Tone.entries) {
                val (ground, text) = tone.colors(scheme.first, scheme.second)
                val contrast = contrast(ground, text)
                assertTrue(contrast >= 4.5f, "$name $tone: $contrast")
            }
        }
    }

    @Test
    fun `the outlines of controls are seen on the grounds that they stand on`() {
        for ((name, scheme) in schemes) {
            val (colors, _) = scheme
            for (line in listOf(colors.outline, colors.primary)) {
                val contrast = contrast(line, colors.surface)
                assertTrue(contrast >= 3f, "$name: $contrast")
            }
        }
    }
}
