package app.cartera.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontFamily
import app.cartera.state.AppModel
import app.cartera.state.AppState
import app.cartera.state.EnrolModel
import app.cartera.state.Navigation
import app.cartera.state.Session
import app.cartera.state.device.Preferences
import app.cartera.state.device.Theme
import app.cartera.ui.components.LocalSaid
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Said
import app.cartera.ui.screens.EnrolEvents
import app.cartera.ui.screens.EnrolScreen
import app.cartera.ui.screens.LockedScreen
import app.cartera.ui.screens.ShutScreen
import app.cartera.ui.theme.CarteraTheme
import app.cartera.words.Words
import kotlinx.coroutines.delay

/** The camera, as the platform has one. */
fun interface Scanner {
    /** Calls back with what was read, or that the person does not allow it. */
    fun scan(onRead: (String) -> Unit, onDenied: () -> Unit)
}

/** What the app is told by where it runs. */
class Surroundings(
    val deviceName: String,
    val version: String,
    val preferences: Preferences,
    val scanner: Scanner,
    val font: FontFamily = FontFamily.Default,
    /** For how long it is said what was done: long enough to be read and thought about, with gloves on. */
    val saying: suspend () -> Unit = { delay(TOLD_MS) },
)

/** All of the app, from the first screen on. */
@Composable
fun App(model: AppModel, navigation: Navigation, words: Words, around: Surroundings) {
    Themed(words, around) {
        Box(Modifier.fillMaxSize()) {
            val state by model.state.collectAsState()
            when (val now = state) {
                is AppState.Opening -> Reading()
                is AppState.Shut -> ShutScreen(now.text, now.advice, 0, now.ways) { model.take(it) }
                is AppState.Held -> ShutScreen(now.text, now.advice, now.unsent, now.ways) { model.take(it) }
                is AppState.Enrolling -> Telling(now.session, around.saying) { Enrolling(now.session, around) { model.enrolled() } }
                is AppState.Working -> Telling(now.session, around.saying) { Work(now.session, navigation, around) }
            }
        }
    }
}

/** In its place while the device's credential is asked for. */
@Composable
fun LockedApp(words: Words, around: Surroundings, onUnlock: () -> Unit) = Themed(words, around) { LockedScreen(onUnlock) }

@Composable
private fun Themed(words: Words, around: Surroundings, content: @Composable () -> Unit) {
    val theme by around.preferences.theme.collectAsState()
    val dark = when (theme) {
        Theme.System -> isSystemInDarkTheme()
        Theme.Light -> false
        Theme.Dark -> true
    }
    CarteraTheme(words, dark, around.font, content)
}

@Composable
private fun Enrolling(session: Session, around: Surroundings, onLinked: () -> Unit) {
    val model = remember(session) { EnrolModel(session, around.deviceName) }
    DisposableEffect(model) { onDispose(model::close) }
    val state by model.state.collectAsState()
    val linked by model.linked.collectAsState()
    if (linked) LaunchedEffect(Unit) { onLinked() }
    EnrolScreen(
        state,
        object : EnrolEvents {
            override fun scan() = around.scanner.scan({ model.invitation(it) }, { model.cameraDenied() })

            override fun type(text: String) = model.invitation(text)

            override fun link() = model.link()
        },
    )
}

/** Shows what was done, for some seconds. */
@Composable
private fun Telling(session: Session, saying: suspend () -> Unit, content: @Composable () -> Unit) {
    val told by session.told.collectAsState()
    if (told != null) {
        LaunchedEffect(told) {
            saying()
            session.toldEnough()
        }
    }
    CompositionLocalProvider(LocalSaid provides told?.let { Said(it, session::answer) }, content = content)
}

private const val TOLD_MS = 8_000L
