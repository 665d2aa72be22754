package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.AttentionItem
import app.cartera.ffi.ClientId
import app.cartera.ffi.LikelyPair
import app.cartera.ffi.PutOffSubject
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.toBusinessDate
import app.cartera.toInstant
import app.cartera.toLocalDate
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update

data class ReviewState(val items: List<ReviewItem>, val pairs: List<PairCard>)

/** One thing to look at: what it is, why, and what to do. */
data class ReviewItem(
    val key: String,
    val client: String?,
    val title: String,
    val clientName: String?,
    val reason: String?,
    val advice: String?,
    val since: String?,
    val acts: Set<ReviewAct>,
)

enum class ReviewAct { Open, Retry, Discard, ConfirmDate, Dismiss }

/** Two clients who may be one. */
data class PairCard(val key: String, val one: String, val oneName: String, val other: String, val otherName: String, val why: String)

/** *Por revisar*: what waits for a person's word. */
class ReviewModel(session: Session) : Model(session) {
    private class Found(val items: List<AttentionItem>, val pairs: List<LikelyPair>, val names: Map<ClientId, String>, val today: LocalDate)

    /** On its way out, as long as that can be taken back. */
    private val hidden = MutableStateFlow(emptySet<String>())
    private var found: Found? = null

    val state: StateFlow<Load<ReviewState>> = combine(read(MutableStateFlow(Unit)) { find() }, hidden) { load, hidden ->
        load.map { shown(it, hidden) }
    }.shown()

    private fun Nouns.find(): Found {
        val pairs = search.likelyPairs(PAIRS)
        return Found(
            attention.list(0u, MOST), pairs,
            pairs.flatMap { listOf(it.one, it.other) }.distinct().associateWith { clients.get(it).name },
            businessDate().toLocalDate(),
        )
    }

    private fun shown(now: Found, hidden: Set<String>): ReviewState {
        found = now
        return ReviewState(
            now.items.filter { it.key !in hidden }.map { item(it, now.today) },
            now.pairs.filter { it.key !in hidden }.map { pair ->
                PairCard(
                    pair.key, pair.one.ulid, now.names.getValue(pair.one), pair.other.ulid, now.names.getValue(pair.other),
                    pair.reasons.mapNotNull { words.of("likeness-${it.word}") }.joinToString(", "),
                )
            },
        )
    }

    private val AttentionItem.key get() = "$what $subject"
    private val LikelyPair.key get() = "${one.ulid} ${other.ulid}"

    private fun item(item: AttentionItem, today: LocalDate) = ReviewItem(
        key = item.key,
        client = item.client?.ulid?.takeIf { item.clientName != null },
        title = words.of("attention-${item.what}") ?: item.what,
        clientName = item.clientName,
        reason = when (item.what) {
            "refused" -> speech.failure(item.detail).text
            "declined" -> item.detail.ifEmpty { null }
            "uncertain_date" -> item.detail.toDate()?.let { formats.day(it, today) }
            else -> null
        },
        advice = words.of("attention-${item.what}.advice"),
        since = item.since?.let { formats.moment(it.toInstant(), today) },
        acts = buildSet {
            if (item.clientName != null) add(ReviewAct.Open)
            when (item.what) {
                "refused" -> addAll(listOf(ReviewAct.Retry, ReviewAct.Discard))
                "conflict", "orphan" -> Unit
                "uncertain_date" -> addAll(listOf(ReviewAct.ConfirmDate, ReviewAct.Dismiss))
                else -> add(ReviewAct.Dismiss)
            }
        },
    )

    private fun item(key: String) = found?.items?.find { it.key == key }

    fun retry(key: String) {
        val item = item(key) ?: return
        session.act {
            session.database.ask { attention.retryRefused(item.subject) }
            session.saved()
        }
    }

    /** For good: so it is said first, and can be taken back until it was said. */
    fun discard(key: String) {
        val item = item(key) ?: return
        hidden.update { it + key }
        session.tellFirst(words.appReviewDiscarded, undone = { hidden.update { it - key } }) {
            session.database.ask { attention.dropRefused(item.subject) }
        }
    }

    /** The day that the phone's clock said, though it could not be trusted. */
    fun confirmDate(key: String) {
        val item = item(key) ?: return
        val date = item.detail.toDate() ?: return
        val client = item.client ?: return
        val (letters, record) = item.subject.split('/').takeIf { it.size == 2 } ?: return
        val kind = KINDS[letters] ?: return
        session.act {
            session.database.ask { visits.confirmDate(client, kind, RecordId(record), date.toBusinessDate()) }
            session.saved()
        }
    }

    private fun String.toDate(): LocalDate? = runCatching { LocalDate.parse(this) }.getOrNull()

    fun dismiss(key: String) {
        val item = item(key) ?: return
        session.act { session.database.ask { attention.dismiss(item.what, item.subject) } }
    }

    /** Proposed to the office: the first is kept. */
    fun merge(key: String) {
        val pair = found?.pairs?.find { it.key == key } ?: return
        hidden.update { it + key }
        session.tellFirst(words.kindMergeProposal, undone = { hidden.update { it - key } }) {
            session.database.ask { clients.proposeMerge(pair.other, pair.one, true, pair.reasons) }
            session.saved()
        }
    }

    /** They are two: not asked again. */
    fun notTheSame(key: String) {
        val pair = found?.pairs?.find { it.key == key } ?: return
        session.act {
            session.database.ask { today.putOff(pair.one, PutOffSubject.DUPLICATE, pair.other.ulid, null, null) }
            session.saved()
        }
    }

    private companion object {
        const val MOST = 200u
        const val PAIRS = 20u

        /** Kinds by the letters that a record's key begins with. */
        val KINDS = mapOf(
            "v" to RecordKind.VISIT, "p" to RecordKind.PURCHASE, "c" to RecordKind.CONTACT, "n" to RecordKind.NOTE, "t" to RecordKind.TASK,
        )
    }
}
