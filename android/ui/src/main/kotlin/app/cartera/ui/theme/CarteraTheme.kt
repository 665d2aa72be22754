package app.cartera.ui.theme

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Typography
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.cartera.words.Words

val LocalWords = staticCompositionLocalOf<Words> { error("no words") }
private val LocalSignals = staticCompositionLocalOf { LightSignals }

/** The least that a thumb hits. */
val TouchTarget = 48.dp

/** From the edge of the screen to what is written. */
val Edge = 16.dp

@Composable
fun CarteraTheme(words: Words, dark: Boolean, font: FontFamily = FontFamily.Default, content: @Composable () -> Unit) {
    CompositionLocalProvider(LocalWords provides words, LocalSignals provides if (dark) DarkSignals else LightSignals) {
        MaterialTheme(
            colorScheme = if (dark) DarkScheme else LightScheme,
            typography = typography(font),
            content = content,
        )
    }
}

/** Few sizes, told apart by weight: names are found by running down a list. */
private fun typography(font: FontFamily): Typography {
    fun style(size: Int, line: Int, weight: FontWeight = FontWeight.Normal) =
        TextStyle(fontFamily = font, fontSize = size.sp, lineHeight = line.sp, fontWeight = weight)
    return Typography(
        headlineMedium = style(26, 32, FontWeight.Medium),
        headlineSmall = style(22, 28, FontWeight.Medium),
        titleLarge = style(20, 26, FontWeight.Medium),
        titleMedium = style(17, 22, FontWeight.Medium),
        titleSmall = style(14, 20, FontWeight.Medium),
        bodyLarge = style(16, 22),
        bodyMedium = style(14, 20),
        bodySmall = style(13, 18),
        labelLarge = style(15, 20, FontWeight.Medium),
        labelMedium = style(13, 18, FontWeight.Medium),
        labelSmall = style(12, 16, FontWeight.Medium),
    )
}

val Tone.now: Colors
    @Composable @ReadOnlyComposable
    get() = colors(MaterialTheme.colorScheme, LocalSignals.current)

val words: Words
    @Composable @ReadOnlyComposable
    get() = LocalWords.current
