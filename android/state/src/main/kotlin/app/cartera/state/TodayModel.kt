package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.Channel
import app.cartera.ffi.ClientId
import app.cartera.ffi.ClientRow
import app.cartera.ffi.Notice
import app.cartera.ffi.PlannedVisit
import app.cartera.ffi.Reason
import app.cartera.ffi.TodayEntry
import app.cartera.toBusinessDate
import app.cartera.toLocalDate
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update

data class TodayState(
    val date: String,
    val sync: SyncLine,
    val notices: List<NoticeCard>,
    val visits: List<TodayRow>,
    val attention: List<TodayRow>,
)

data class NoticeCard(val key: String, val title: String, val text: String, val mustRead: Boolean)

/** A client to visit or to attend to. */
data class TodayRow(
    val client: String,
    val name: String,
    val place: String?,
    /** Of a visit that has an hour. */
    val time: String?,
    val byPhone: Boolean,
    val reasons: List<TodayReason>,
)

data class TodayReason(val text: String, val advice: String?, val stake: String?, val weight: Weight)

/** The day: planned visits in the order of the round, then who needs attention and why. */
class TodayModel(session: Session) : Model(session) {
    private class Day(val today: LocalDate, val entries: List<TodayEntry>, val places: Map<ClientId, ClientRow>, val notices: List<Notice>)

    /** Put off, as long as it can be taken back. */
    private val hidden = MutableStateFlow(emptySet<String>())
    private var entries = emptyList<TodayEntry>()

    val state: StateFlow<Load<TodayState>> =
        combine(read(MutableStateFlow(Unit)) { day() }, hidden, session.sync) { load, hidden, sync ->
            load.map { day -> shown(day, hidden, sync) }
        }.shown()

    private fun Nouns.day(): Day {
        val entries = today.list(speech.engine, 0u, MOST)
        return Day(
            businessDate().toLocalDate(), entries, entries.associate { it.client to clients.get(it.client) },
            today.notices(0u, NOTICES),
        )
    }

    private fun shown(day: Day, hidden: Set<String>, sync: SyncLine): TodayState {
        entries = day.entries
        val (planned, others) = day.entries.filter { it.client.ulid !in hidden }.partition { it.visit != null }
        return TodayState(
            date = formats.day(day.today, day.today),
            sync = sync,
            notices = day.notices.filter { !it.read }.map { NoticeCard(it.key, it.title, it.text, it.mustRead) },
            visits = planned.map { row(it, day) },
            attention = others.map { row(it, day) },
        )
    }

    private fun row(entry: TodayEntry, day: Day) = TodayRow(
        client = entry.client.ulid,
        name = entry.name,
        place = day.places[entry.client]?.city,
        time = entry.visit?.minute?.let { formats.time(it.toInt()) },
        byPhone = entry.visit?.channel == Channel.PHONE,
        reasons = entry.reasons.map(::reason),
    )

    private fun reason(reason: Reason) = TodayReason(
        reason.text, reason.advice, reason.stake?.let(speech::money),
        when (reason.code) {
            "why-declined", "why-owes" -> Weight.Danger
            "why-overdue", "why-rhythm", "why-falling", "why-win_back" -> Weight.Warning
            else -> Weight.Plain
        },
    )

    /** What a visit to the client would carry out. */
    fun planned(client: String): PlannedVisit? = entries.find { it.client.ulid == client }?.visit

    /** *Posponer*: all that speaks for the client today comes back in a week. Taken back, nothing was written. */
    fun putOff(client: String) {
        val entry = entries.find { it.client.ulid == client } ?: return
        hidden.update { it + client }
        session.tellFirst(words.appTodayPutOffDone(entry.name), undone = { hidden.update { it - client } }) {
            session.database.ask {
                val until = businessDate().toLocalDate().plusDays(PUT_OFF_DAYS).toBusinessDate()
                for (reason in entry.reasons) today.putOff(entry.client, reason.subject, reason.key, until, null)
            }
            session.saved()
        }
    }

    fun markRead(notice: String) = session.act {
        session.database.ask { today.markRead(notice) }
        session.saved()
    }

    private companion object {
        const val MOST = 200u
        const val NOTICES = 50u
        const val PUT_OFF_DAYS = 7L
    }
}
