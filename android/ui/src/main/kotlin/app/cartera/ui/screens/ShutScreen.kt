package app.cartera.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.WayOut
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Message
import app.cartera.ui.components.PrimaryButton
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.words

/** The app cannot be worked with: why, what became of the work, and the ways out, the first of them the likeliest. */
@Composable
fun ShutScreen(text: String, advice: String?, unsent: Long, ways: List<WayOut>, onTake: (WayOut) -> Unit) {
    Frame(head = {}) {
        Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()), verticalArrangement = Arrangement.Center) {
            val safe = if (unsent > 0) words.appLockedUnsent("$unsent") else null
            Message(text, listOfNotNull(advice, safe).joinToString("\n\n").ifEmpty { null })
            val across = Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 6.dp)
            ways.forEachIndexed { index, way ->
                if (index == 0) PrimaryButton(way.text, { onTake(way) }, across) else SecondaryButton(way.text, { onTake(way) }, across)
            }
        }
    }
}

/** What is behind it is not shown. */
@Composable
fun LockedScreen(onUnlock: () -> Unit) {
    Frame(head = {}) {
        Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()), verticalArrangement = Arrangement.Center) {
            Message(words.appLockTitle, words.appLockAdvice)
            PrimaryButton(words.appLockOpen, onUnlock, Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 6.dp))
        }
    }
}

private val WayOut.text: String
    @Composable get() = when (this) {
        WayOut.TryAgain -> words.actionTryAgain
        WayOut.Recover -> words.appRecover
        WayOut.StartAnew -> words.appStartAnew
        WayOut.Sync -> words.actionSync
        WayOut.EnrolAgain -> words.actionEnrolAgain
    }
