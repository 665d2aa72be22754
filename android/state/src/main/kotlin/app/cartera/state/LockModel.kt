package app.cartera.state

import app.cartera.state.device.Preferences
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/**
 * Asks for the device's credential after the app was out of sight for a time. The time is the device's since it started,
 * which nobody can set back.
 */
class LockModel(private val preferences: Preferences, private val sinceBootMs: () -> Long) {
    private val shut = MutableStateFlow(true)
    private var leftAtMs: Long? = null

    /** At first, too: a phone that was found opens nothing. */
    val locked: StateFlow<Boolean> = shut.asStateFlow()

    fun outOfSight() {
        leftAtMs = sinceBootMs()
    }

    fun inSight() {
        val left = leftAtMs ?: return
        leftAtMs = null
        if (sinceBootMs() - left >= preferences.lockAfterMinutes.value * MINUTE_MS) shut.value = true
    }

    /** The device said that it is its person, or has no lock to ask for. */
    fun unlocked() {
        shut.value = false
    }

    private companion object {
        const val MINUTE_MS = 60_000L
    }
}
