package app.cartera.state

import app.cartera.state.device.Preferences
import app.cartera.state.device.Theme
import kotlinx.coroutines.flow.MutableStateFlow

class TestPreferences : Preferences {
    override val language = MutableStateFlow<String?>(null)
    override val theme = MutableStateFlow(Theme.Light)
    override val lockAfterMinutes = MutableStateFlow(5)

    override fun setLanguage(tag: String?) {
        language.value = tag
    }

    override fun setTheme(theme: Theme) {
        this.theme.value = theme
    }

    override fun setLockAfterMinutes(minutes: Int) {
        lockAfterMinutes.value = minutes
    }
}
