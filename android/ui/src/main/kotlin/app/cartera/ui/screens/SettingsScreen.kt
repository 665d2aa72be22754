package app.cartera.ui.screens

import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material.icons.Icons
import androidx.compose.material.icons.filled.Share
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import app.cartera.state.Choice
import app.cartera.state.Load
import app.cartera.state.SettingsState
import app.cartera.state.SyncLine
import app.cartera.ui.components.Choices
import app.cartera.ui.components.Frame
import app.cartera.ui.components.Heading
import app.cartera.ui.components.MainHead
import app.cartera.ui.components.MessagePage
import app.cartera.ui.components.Reading
import app.cartera.ui.components.Say
import app.cartera.ui.components.SecondaryButton
import app.cartera.ui.components.SyncLineRow
import app.cartera.ui.components.Tab
import app.cartera.ui.components.Tabs
import app.cartera.ui.components.type
import app.cartera.ui.theme.Edge
import app.cartera.ui.theme.Tone
import app.cartera.ui.theme.words

interface SettingsEvents {
    fun language(choice: Choice)

    fun theme(choice: Choice)

    fun lock(choice: Choice)

    fun quiet(choice: Choice)

    fun diagnostics()

    fun openSync()

    fun go(tab: Tab)
}

@Composable
fun SettingsScreen(load: Load<SettingsState>, sync: SyncLine, review: Long, events: SettingsEvents) {
    Frame(
        head = {
            MainHead(words.appTabMore)
            SyncLineRow(sync, events::openSync)
        },
        foot = { Tabs(Tab.More, review, events::go) },
    ) {
        when (load) {
            is Load.Reading -> Reading()
            is Load.Failed -> MessagePage(load.text, load.advice)
            is Load.Ready -> Settings(load.value, events)
        }
    }
}

@Composable
private fun Settings(state: SettingsState, events: SettingsEvents) {
    LazyColumn {
        item("choices") {
            Heading(words.appSettingsLanguage)
            Choices(state.languages, events::language)
            Heading(words.appSettingsTheme)
            Choices(state.themes, events::theme)
            Heading(words.appSettingsLock)
            Choices(state.locks, events::lock)
            Heading(words.appSettingsQuiet)
            Choices(state.quiet, events::quiet)
            Heading(words.appSettingsHolds)
        }
        items(state.holdings) { Fact(it) }
        if (state.freshness.isNotEmpty()) item("fresh") { Heading(words.appSettingsFresh) }
        items(state.freshness) { Fact(it) }
        item("diagnostics") {
            Heading(words.appSettingsDiagnostics)
            Say(words.appSettingsDiagnosticsAdvice, type.bodyMedium, Modifier.padding(horizontal = Edge), Tone.Quiet)
            SecondaryButton(
                words.appSettingsDiagnostics, events::diagnostics,
                Modifier.fillMaxWidth().padding(horizontal = Edge, vertical = 10.dp), Icons.Filled.Share,
            )
            Spacer(Modifier.padding(bottom = 24.dp))
        }
    }
}
