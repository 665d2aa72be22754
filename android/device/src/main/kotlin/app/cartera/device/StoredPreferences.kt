package app.cartera.device

import android.content.Context
import app.cartera.state.device.Preferences
import app.cartera.state.device.Theme
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** Kept on the phone alone. */
class StoredPreferences(context: Context) : Preferences {
    private val kept = context.getSharedPreferences("preferences", Context.MODE_PRIVATE)
    private val languageNow = MutableStateFlow(kept.getString(LANGUAGE, null))
    private val themeNow = MutableStateFlow(Theme.entries.find { it.name == kept.getString(THEME, null) } ?: Theme.System)
    private val lockNow = MutableStateFlow(kept.getInt(LOCK, LOCK_AFTER_MINUTES))

    override val language: StateFlow<String?> = languageNow
    override val theme: StateFlow<Theme> = themeNow
    override val lockAfterMinutes: StateFlow<Int> = lockNow

    /** Whether the person was asked for a permission before: the system does not say. */
    fun wasAsked(permission: String) = kept.getBoolean("asked $permission", false)

    fun asked(permission: String) = kept.edit().putBoolean("asked $permission", true).apply()

    override fun setLanguage(tag: String?) {
        kept.edit().putString(LANGUAGE, tag).apply()
        languageNow.value = tag
    }

    override fun setTheme(theme: Theme) {
        kept.edit().putString(THEME, theme.name).apply()
        themeNow.value = theme
    }

    override fun setLockAfterMinutes(minutes: Int) {
        kept.edit().putInt(LOCK, minutes).apply()
        lockNow.value = minutes
    }

    private companion object {
        const val LANGUAGE = "language"
        const val THEME = "theme"
        const val LOCK = "lock_after_minutes"
        const val LOCK_AFTER_MINUTES = 5
    }
}
