package app.cartera.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.ui.graphics.Color

// Calm surfaces and a dark, saturated accent: read in the sun, and in a cellar.

val LightScheme: ColorScheme = lightColorScheme(
    primary = Color(0xFF0B5351),
    onPrimary = Color(0xFFFFFFFF),
    primaryContainer = Color(0xFFCFE8E5),
    onPrimaryContainer = Color(0xFF06302F),
    secondaryContainer = Color(0xFFCFE8E5),
    onSecondaryContainer = Color(0xFF06302F),
    background = Color(0xFFFBFAF8),
    onBackground = Color(0xFF191C1B),
    surface = Color(0xFFFBFAF8),
    onSurface = Color(0xFF191C1B),
    surfaceVariant = Color(0xFFECEDE9),
    onSurfaceVariant = Color(0xFF434947),
    surfaceTint = Color(0xFFFBFAF8),
    inverseSurface = Color(0xFF2B302F),
    inverseOnSurface = Color(0xFFF0F2F0),
    inversePrimary = Color(0xFF8FDAD5),
    outline = Color(0xFF6A7270),
    outlineVariant = Color(0xFFD5D9D6),
    error = Color(0xFFA3161B),
    onError = Color(0xFFFFFFFF),
    errorContainer = Color(0xFFFFDAD6),
    onErrorContainer = Color(0xFF5E0308),
)

val DarkScheme: ColorScheme = darkColorScheme(
    primary = Color(0xFF8FDAD5),
    onPrimary = Color(0xFF003735),
    primaryContainer = Color(0xFF134A48),
    onPrimaryContainer = Color(0xFFD3F3F0),
    secondaryContainer = Color(0xFF134A48),
    onSecondaryContainer = Color(0xFFD3F3F0),
    background = Color(0xFF101413),
    onBackground = Color(0xFFE4E8E6),
    surface = Color(0xFF101413),
    onSurface = Color(0xFFE4E8E6),
    surfaceVariant = Color(0xFF222827),
    onSurfaceVariant = Color(0xFFBFC8C5),
    surfaceTint = Color(0xFF101413),
    inverseSurface = Color(0xFFE0E4E2),
    inverseOnSurface = Color(0xFF1B201F),
    inversePrimary = Color(0xFF0B5351),
    outline = Color(0xFF89938F),
    outlineVariant = Color(0xFF323937),
    error = Color(0xFFFFB4AB),
    onError = Color(0xFF690005),
    errorContainer = Color(0xFF6B1216),
    onErrorContainer = Color(0xFFFFDAD6),
)

/** What Material has no role for. */
data class Signals(
    val good: Color,
    val goodContainer: Color,
    val onGoodContainer: Color,
    val warning: Color,
    val warningContainer: Color,
    val onWarningContainer: Color,
)

val LightSignals = Signals(
    good = Color(0xFF1B6135),
    goodContainer = Color(0xFFD5EEDC),
    onGoodContainer = Color(0xFF0A3D1E),
    warning = Color(0xFF7A4A00),
    warningContainer = Color(0xFFFFE7BF),
    onWarningContainer = Color(0xFF4A2C00),
)

val DarkSignals = Signals(
    good = Color(0xFF8FD6A5),
    goodContainer = Color(0xFF174A2A),
    onGoodContainer = Color(0xFFD0F2DA),
    warning = Color(0xFFF3C16B),
    warningContainer = Color(0xFF573B06),
    onWarningContainer = Color(0xFFFFE7BF),
)
