package app.cartera.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.ui.graphics.Color

/** A ground, and what is written on it. Everything is drawn in one of these, so that their contrast is all contrast there is. */
enum class Tone {
    /** Ordinary text. */
    Plain,

    /** What accompanies it. */
    Quiet,

    /** A group that is set apart. */
    Inset,
    InsetQuiet,

    /** What can be touched, and the first action of a screen. */
    Link,
    Action,
    Chosen,

    /** States on the plain ground, and as marks and cards of their own. */
    Good,
    GoodCard,
    Warning,
    WarningCard,
    Danger,
    DangerCard,

    /** Passing messages. */
    Snackbar,
    SnackbarAction,
}

data class Colors(val ground: Color, val text: Color)

fun Tone.colors(scheme: ColorScheme, signals: Signals): Colors = when (this) {
    Tone.Plain -> Colors(scheme.surface, scheme.onSurface)
    Tone.Quiet -> Colors(scheme.surface, scheme.onSurfaceVariant)
    Tone.Inset -> Colors(scheme.surfaceVariant, scheme.onSurface)
    Tone.InsetQuiet -> Colors(scheme.surfaceVariant, scheme.onSurfaceVariant)
    Tone.Link -> Colors(scheme.surface, scheme.primary)
    Tone.Action -> Colors(scheme.primary, scheme.onPrimary)
    Tone.Chosen -> Colors(scheme.primaryContainer, scheme.onPrimaryContainer)
    Tone.Good -> Colors(scheme.surface, signals.good)
    Tone.GoodCard -> Colors(signals.goodContainer, signals.onGoodContainer)
    Tone.Warning -> Colors(scheme.surface, signals.warning)
    Tone.WarningCard -> Colors(signals.warningContainer, signals.onWarningContainer)
    Tone.Danger -> Colors(scheme.surface, scheme.error)
    Tone.DangerCard -> Colors(scheme.errorContainer, scheme.onErrorContainer)
    Tone.Snackbar -> Colors(scheme.inverseSurface, scheme.inverseOnSurface)
    Tone.SnackbarAction -> Colors(scheme.inverseSurface, scheme.inversePrimary)
}
