package app.cartera.state

import app.cartera.ffi.AttentionItem
import app.cartera.ffi.OrderRow
import app.cartera.ffi.RefusedWork
import app.cartera.ffi.SyncActivity
import app.cartera.ffi.SyncState
import app.cartera.ffi.UnsentWork
import app.cartera.ffi.WorkContent
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
    /** Orders that the office has and is not done with. */
    val underWay: Long,
    val items: List<SyncItem>,
    val syncing: Boolean = false,
    /** Unsent work can be put into a file that only the office opens. */
    val canSeal: Boolean = false,
)

/** A piece of work: not taken, not sent yet, or an order under way. */
data class SyncItem(val record: String, val title: String, val client: String?, val state: Mark, val reason: String?)

/** Where work stands: not taken, and why; on this phone alone; under way at the office. */
class SyncModel(session: Session) : Model(session) {
    private class Found(val unsent: List<UnsentWork>, val refused: List<RefusedWork>, val underWay: List<OrderRow>, val declined: List<AttentionItem>)

    private val found = read(MutableStateFlow(Unit)) {
        Found(
            sync.unsent(0u, MOST), attention.refused(0u, MOST), orders.underWay(0u, MOST),
            attention.list(0u, MOST).filter { it.what == "declined" },
        )
    }

    val state: StateFlow<Load<SyncScreenState>> =
        combine(found, session.database.syncState(), session.device.network.connected, session.sync) { load, state, connected, line ->
            load.map { shown(it, state, connected, line) }
        }.shown()

    private fun shown(found: Found, state: SyncState, connected: Boolean, line: SyncLine): SyncScreenState {
        val activity = state.activity
        val why = when {
            activity is SyncActivity.Stopped -> speech.failure(activity.code).advice
            !connected -> words.appSyncOnPhoneAdvice.takeIf { state.unsent > 0u }
            activity is SyncActivity.Waiting -> speech.failure(activity.code).let { listOfNotNull(it.text, it.advice).joinToString(". ") }
            else -> null
        }
        val refused = found.refused.map { SyncItem(it.subject, title(it.content), it.clientName, Mark(words.syncRefused, Weight.Danger), speech.failure(it.code).text) }
        val declined = found.declined.map {
            SyncItem(it.subject, words.purchaseOrder, it.clientName, Mark(words.syncDeclined, Weight.Danger), it.detail.ifEmpty { null })
        }
        val unsent = found.unsent.mapIndexed { index, work ->
            SyncItem(
                "unsent $index", title(work.content), work.clientName, Mark(words.syncSaved, Weight.Notice),
                work.code?.let { speech.failure(it).text },
            )
        }
        val underWay = found.underWay.filter { it.stage != null }.map {
            val said = words.of("order-${it.stage!!.word}") ?: words.valueUnknown
            SyncItem(it.order.ulid, "${words.purchaseOrder} · ${speech.money(it.total)}", it.clientName, Mark(listOfNotNull(said, it.number).joinToString(" "), Weight.Good), null)
        }
        return SyncScreenState(
            headline = line.text,
            weight = line.weight,
            why = why,
            lastContact = state.lastContact?.let {
                words.appSyncLast(formats.moment(it.toInstant(), LocalDate.now(formats.zone)))
            } ?: words.syncNever,
            onPhone = state.unsent.toLong(),
            refused = (refused.size + declined.size).toLong(),
            underWay = underWay.size.toLong(),
            items = refused + declined + unsent + underWay,
            syncing = activity is SyncActivity.Syncing,
            canSeal = state.unsent > 0u && (activity is SyncActivity.Waiting || activity is SyncActivity.Stopped),
        )
    }

    /** What a piece of work does, by the first thing that it does. */
    private fun title(content: WorkContent): String {
        val record = content.records.firstOrNull()
        return when {
            record?.voids != null -> words.appTakenBack(words.of("kind-${record.kind}") ?: words.kindUnknown)
            record != null -> speech.title(record.kind, record.body)
            content.newClient -> words.wordNewClient
            else -> content.fields.mapNotNull { speech.field(it.key) }.joinToString(", ").ifEmpty { words.wordClientPage }
        }
    }

    fun syncNow() = session.act { session.trySync() }

    /** Unsent work as files that only the office opens, handed to whatever app can carry them. */
    fun seal() = session.act {
        var skip = 0u
        do {
            val sealed = session.database.ask { sync.sealUnsent(skip) }
            skip += sealed.pieces.toUInt()
            if (!session.device.handOver.shareFile("cartera-$skip.sealed", sealed.bytes)) return@act session.tell(words.appClientNoApp)
        } while (sealed.left > 0u && sealed.pieces > 0u)
    }

    private companion object {
        const val MOST = 500u
    }
}
