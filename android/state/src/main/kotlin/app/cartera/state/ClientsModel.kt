package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.ClientPage
import app.cartera.ffi.ClientRow
import app.cartera.ffi.Point
import app.cartera.ffi.SegmentKey
import app.cartera.ffi.SegmentRow
import app.cartera.state.device.Permission
import app.cartera.toLocalDate
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update

data class ClientsState(
    val search: String,
    val filters: List<Filter>,
    val sync: SyncLine,
    val count: Long,
    val rows: List<ClientLine>,
    /** There are more than are shown. */
    val more: Boolean = false,
)

data class Filter(val key: String, val text: String, val chosen: Boolean)

data class ClientLine(
    val client: String,
    val name: String,
    val place: String?,
    val bought: String,
    val marks: List<Mark>,
    val distance: String? = null,
)

/** The whole portfolio, narrowed by what is typed and by one filter. */
class ClientsModel(session: Session) : Model(session) {
    private data class Asked(
        val typed: String = "",
        val filter: Narrow = Narrow.All,
        val segment: SegmentKey? = null,
        val around: Point? = null,
        val most: Int = FIRST,
    )

    private enum class Narrow(val key: String, val rule: String?) {
        All("all", null),
        Near("near", null),
        NotVisited("unseen", "closed = no and visits(60) = 0"),
        Dormant("dormant", "status = dormant"),
        Owing("owing", "days_overdue > 0"),
    }

    private class Found(val asked: Asked, val count: Long, val today: LocalDate, val rows: List<Row>, val segments: List<SegmentRow>)

    private data class Row(val client: ClientRow, val metres: Double? = null)

    private val asked = MutableStateFlow(Asked())

    @Volatile
    private var known = emptyList<SegmentRow>()

    val state: StateFlow<Load<ClientsState>> = combine(read(asked) { find(it) }, asked, session.sync) { load, now, sync ->
        load.map { found ->
            ClientsState(
                now.typed, filters(now, found.segments), sync, found.count,
                found.rows.map { line(it, found.today) },
                more = found.rows.size >= found.asked.most,
            )
        }
    }.shown()

    fun search(text: String) = asked.update { it.copy(typed = text, most = FIRST) }

    /** What is near is asked of the device only now, and only where the person allows it. */
    fun filter(key: String) {
        val filter = Narrow.entries.find { it.key == key }
        if (filter == null) {
            val segment = known.find { it.key.text == key } ?: return
            asked.update { Asked(it.typed, segment = segment.key) }
            return
        }
        if (filter != Narrow.Near) {
            asked.update { Asked(it.typed, filter) }
            return
        }
        session.act {
            val fix = if (session.device.whereabouts.permission == Permission.Denied) null else session.device.whereabouts.here()
            when (fix) {
                null -> session.tell(words.appClientsNoPlace)
                else -> asked.update { Asked("", filter, around = Point(fix.latitude, fix.longitude)) }
            }
        }
    }

    fun more() = asked.update { it.copy(most = it.most + NEXT) }

    private fun Nouns.find(asked: Asked): Found {
        val around = asked.around
        val rows = when {
            asked.typed.isNotBlank() -> search.clients(asked.typed, asked.most.toUInt()).map { Row(it) }
            around != null -> search.nearby(around, NEAR_M, asked.most.toUInt()).map { Row(clients.get(it.client), it.metres) }
            asked.segment != null -> paged(asked.most) { after, most -> segments.clients(asked.segment, after, most) }.map { Row(it) }
            else -> paged(asked.most) { after, most ->
                asked.filter.rule?.let { segments.matching(it, after, most) } ?: clients.page(after, most)
            }.map { Row(it) }
        }
        known = segments.list(0u, SEGMENTS).filter { it.problem == null }
        return Found(asked, clients.count().toLong(), businessDate().toLocalDate(), rows, known)
    }

    private fun paged(most: Int, page: (String?, UInt) -> ClientPage): List<ClientRow> {
        val rows = mutableListOf<ClientRow>()
        var after: String? = null
        do {
            val page = page(after, minOf(most - rows.size, PAGE_MOST).toUInt())
            rows += page.rows
            after = page.next
        } while (after != null && rows.size < most)
        return rows
    }

    /** The app's own, then the office's and the person's segments. */
    private fun filters(now: Asked, segments: List<SegmentRow>) =
        Narrow.entries.map { Filter(it.key, it.words, now.segment == null && it == now.filter) } +
            segments.map { Filter(it.key.text, it.name, it.key == now.segment) }

    private val SegmentKey.text
        get() = when (this) {
            is SegmentKey.Shared -> "shared $source $key"
            is SegmentKey.Private -> "own ${id.ulid}"
        }

    private val Narrow.words: String
        get() = with(this@ClientsModel.words) {
            when (this@words) {
                Narrow.All -> appClientsAll
                Narrow.Near -> appClientsNearby
                Narrow.NotVisited -> appClientsNotVisited
                Narrow.Dormant -> appClientsDormant
                Narrow.Owing -> appClientsOwing
            }
        }

    private fun line(row: Row, today: LocalDate): ClientLine {
        val client = row.client
        return ClientLine(
            client = client.id.ulid,
            name = client.name,
            place = listOfNotNull(client.city, client.sector).joinToString(" · ").ifEmpty { null },
            bought = client.lastPurchase?.let { words.appClientsLastPurchase(formats.day(it.toLocalDate(), today)) }
                ?: words.appClientsNeverBought,
            marks = listOfNotNull(
                Mark(words.appClientsConflict, Weight.Warning).takeIf { client.conflicts > 0u },
                Mark(words.appClientsClosed, Weight.Notice).takeIf { client.closed },
            ),
            distance = row.metres?.let(formats::distance),
        )
    }

    private companion object {
        const val FIRST = 60
        const val NEXT = 240
        const val PAGE_MOST = 500
        const val SEGMENTS = 30u
        const val NEAR_M = 5_000.0
    }
}
