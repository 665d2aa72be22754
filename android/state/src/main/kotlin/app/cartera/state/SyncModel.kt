package app.cartera.state

import app.cartera.ffi.AttentionItem
import app.cartera.ffi.SyncActivity
import app.cartera.ffi.SyncState
import app.cartera.toInstant
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn

data class SyncScreenState(
    val headline: String,
    val weight: Weight,
    /** Why not now, and what to do. */
    val why: String?,
    val lastContact: String,
    val onPhone: Long,
    val refused: Long,
    val items: List<SyncItem>,
    val syncing: Boolean = false,
)

/** Work that was not taken. */
data class SyncItem(val record: String, val title: String, val client: String, val state: Mark, val reason: String?)

/** Where work stands: on this phone alone, or not taken, and why. */
class SyncModel(session: Session) : Model(session) {
    private val notTaken = read(MutableStateFlow(Unit)) {
        attention.list(0u, MOST).filter { it.what == "refused" || it.what == "declined" }
    }

    val state: StateFlow<Load<SyncScreenState>> =
        combine(notTaken, session.database.syncState(), session.device.network.connected, session.sync) { load, state, connected, line ->
            load.map { items -> shown(items, state, connected, line) }
        }.shown()

    private fun shown(items: List<AttentionItem>, state: SyncState, connected: Boolean, line: SyncLine): SyncScreenState {
        val activity = state.activity
        val why = when {
            activity is SyncActivity.Stopped -> speech.failure(activity.code).advice
            !connected -> words.appSyncOnPhoneAdvice
            activity is SyncActivity.Waiting -> speech.failure(activity.code).let { listOfNotNull(it.text, it.advice).joinToString(". ") }
            else -> null
        }
        return SyncScreenState(
            headline = line.text,
            weight = line.weight,
            why = why,
            lastContact = state.lastContact?.let {
                words.appSyncLast(formats.moment(it.toInstant(), LocalDate.now(formats.zone)))
            } ?: words.syncNever,
            onPhone = state.unsent.toLong(),
            refused = items.size.toLong(),
            items = items.map { SyncItem(it.subject, attentionTitle(it), it.clientName.orEmpty(), mark(it), attentionReason(it)) },
            syncing = activity is SyncActivity.Syncing,
        )
    }

    private fun mark(item: AttentionItem) =
        Mark(if (item.what == "declined") words.syncDeclined else words.syncRefused, Weight.Danger)

    private fun attentionTitle(item: AttentionItem) = words.of("attention-${item.what}") ?: item.what

    private fun attentionReason(item: AttentionItem) = if (item.what == "refused") speech.failure(item.detail).text else item.detail.ifEmpty { null }

    /** Tries at once; where the background sync is stopped, it is started again. */
    fun syncNow() = session.act {
        session.database.ask {
            sync.start()
            sync.hurry()
        }
    }

    private companion object {
        const val MOST = 500u
    }
}
