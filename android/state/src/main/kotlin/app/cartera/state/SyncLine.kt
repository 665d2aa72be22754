package app.cartera.state

import app.cartera.ffi.SyncActivity
import app.cartera.ffi.SyncState
import app.cartera.toInstant
import java.time.LocalDate

/** The line about syncing that stands on every main screen. */
data class SyncLine(val text: String, val weight: Weight, val unsent: Long)

/** No network is nobody's fault and changes nothing; a relay that does not answer is another thing, and is said so. */
internal fun syncLine(state: SyncState, connected: Boolean, speech: Speech): SyncLine {
    val words = speech.words
    val unsent = state.unsent.toLong()
    val activity = state.activity
    return when {
        activity is SyncActivity.Stopped -> SyncLine(speech.failure(activity.code).text, Weight.Danger, unsent)
        !connected -> SyncLine(words.syncNoNetwork, Weight.Plain, unsent)
        activity is SyncActivity.Waiting -> SyncLine(whyWaiting(activity.code, speech), Weight.Warning, unsent)
        state.fetching -> SyncLine(words.appSyncFetching, Weight.Notice, unsent)
        activity is SyncActivity.Syncing -> SyncLine(words.syncRunning, Weight.Notice, unsent)
        unsent > 0 -> SyncLine(words.syncWaiting(unsent), Weight.Notice, unsent)
        state.lastContact == null -> SyncLine(words.syncNever, Weight.Plain, unsent)
        activity is SyncActivity.Off -> {
            val contact = state.lastContact!!.toInstant()
            SyncLine(words.syncLast(speech.formats.moment(contact, LocalDate.now(speech.formats.zone))), Weight.Plain, unsent)
        }
        else -> SyncLine(words.syncUpToDate, Weight.Good, unsent)
    }
}

internal fun whyWaiting(code: String, speech: Speech): String = when (code) {
    "relay_unreachable", "relay_timed_out", "connection_broken", "unavailable" -> speech.words.syncNoAnswer
    else -> speech.failure(code).text
}
