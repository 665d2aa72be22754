package app.cartera.state

import app.cartera.ffi.CarteraException
import app.cartera.ffi.ClientId
import app.cartera.ffi.NextStep
import app.cartera.ffi.NoOrderReason
import app.cartera.ffi.Outcome
import app.cartera.ffi.PlannedVisit
import app.cartera.ffi.Point
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.ffi.Visit
import app.cartera.ffi.VoidReason
import app.cartera.state.device.Permission
import app.cartera.toBusinessDate
import app.cartera.toLocalDate
import java.time.LocalDate
import kotlin.math.roundToInt
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class VisitState(
    val client: String,
    val title: String,
    val outcomes: List<Choice>,
    val reasons: List<Choice>,
    val notes: String,
    val canDictate: Boolean,
    val place: PlaceChoice,
    val nextSteps: List<Choice>,
    /** The day of the next step, where there is one. */
    val nextOn: String?,
    val nextWhat: String,
    val canSave: Boolean,
    val problem: Load.Failed? = null,
)

/** One of several; `id` is the code that travels. */
data class Choice(val id: String, val text: String, val chosen: Boolean)

enum class PlaceChoice { Offered, Added, Denied }

/** A visit that was written down: this version of it. */
data class CorrectedVisit(val version: RecordId, val said: Visit)

/** A visit that was made, written down: how it went, and save. Everything else is offered, nothing asked for. */
class VisitModel(
    session: Session,
    private val client: ClientId,
    private val name: String,
    private val planned: PlannedVisit? = null,
    /** What is said anew, instead of a visit more. */
    private val corrected: CorrectedVisit? = null,
) : Model(session) {
    private data class Written(
        val outcome: Outcome? = null,
        val reason: NoOrderReason? = null,
        val notes: String = "",
        val place: Point? = null,
        val placeDenied: Boolean = false,
        val nextOn: LocalDate? = null,
        val nextWhat: String = "",
        val saving: Boolean = false,
        val problem: Load.Failed? = null,
    )

    private val today = session.database.now { businessDate() }.toLocalDate()
    private val written = MutableStateFlow(
        Written(
            outcome = corrected?.said?.outcome,
            reason = corrected?.said?.noOrder,
            notes = corrected?.said?.notes.orEmpty(),
            place = corrected?.said?.place,
            placeDenied = session.device.whereabouts.permission == Permission.Denied,
            nextOn = corrected?.said?.next?.on?.toLocalDate(),
            nextWhat = corrected?.said?.next?.what.orEmpty(),
        ),
    )

    val state: StateFlow<VisitState> = written.map(::shown).stateIn(scope, SharingStarted.Eagerly, shown(written.value))

    private val done = MutableStateFlow<RecordId?>(null)

    /** It is durable on this phone. */
    val saved: StateFlow<RecordId?> = done.asStateFlow()

    private fun shown(now: Written) = VisitState(
        client = name,
        title = if (corrected == null) words.appVisitTitle else words.appVisitCorrect,
        outcomes = OUTCOMES.map { Choice(it.word, words.of("outcome-${it.word}")!!, it == now.outcome) },
        reasons = if (now.outcome != Outcome.NO_ORDER) emptyList() else REASONS.map {
            Choice(it.word, words.of("no_order-${it.word}")!!, it == now.reason)
        },
        notes = now.notes,
        canDictate = session.device.dictation.available,
        place = when {
            now.place != null -> PlaceChoice.Added
            now.placeDenied -> PlaceChoice.Denied
            else -> PlaceChoice.Offered
        },
        nextSteps = Next.entries.map { Choice(it.name, it.words, it.on(today) == now.nextOn) },
        nextOn = now.nextOn?.let { formats.day(it, today) },
        nextWhat = now.nextWhat,
        canSave = now.outcome != null && !now.saving,
        problem = now.problem,
    )

    private enum class Next(val on: (LocalDate) -> LocalDate?) {
        None({ null }),
        Tomorrow({ it.plusDays(1) }),
        Week({ it.plusWeeks(1) }),
        Month({ it.plusMonths(1) }),
    }

    private val Next.words: String
        get() = when (this) {
            Next.None -> speech.words.appVisitNextNone
            Next.Tomorrow -> speech.words.appVisitNextTomorrow
            Next.Week -> speech.words.appVisitNextWeek
            Next.Month -> speech.words.appVisitNextMonth
        }

    fun outcome(id: String) = written.update { now ->
        val outcome = OUTCOMES.first { it.word == id }
        now.copy(outcome = outcome, reason = now.reason.takeIf { outcome == Outcome.NO_ORDER }, problem = null)
    }

    /** Touched again, it is taken away. */
    fun reason(id: String) = written.update { now ->
        now.copy(reason = REASONS.first { it.word == id }.takeIf { it != now.reason }, problem = null)
    }

    fun notes(text: String) = written.update { it.copy(notes = text, problem = null) }

    /** What is said is added to what is written. */
    fun dictate() = scope.launch {
        session.device.dictation.listen(formats.locale.toLanguageTag()).collect { said ->
            written.update { it.copy(notes = listOf(it.notes.trim(), said.trim()).filter(String::isNotEmpty).joinToString(" ")) }
        }
    }

    fun nextStep(id: String) = written.update { now ->
        val on = Next.valueOf(id).on(today)
        now.copy(nextOn = on, nextWhat = if (on == null) "" else now.nextWhat, problem = null)
    }

    /** Another day than those offered; never before tomorrow. */
    fun moveNext(days: Long) = written.update { now ->
        now.copy(nextOn = now.nextOn?.plusDays(days)?.coerceAtLeast(today.plusDays(1)))
    }

    fun nextWhat(text: String) = written.update { it.copy(nextWhat = text, problem = null) }

    /** The device is asked where it is now, by this alone. */
    fun addPlace() = scope.launch {
        val fix = session.device.whereabouts.here()
        when {
            fix != null -> written.update {
                it.copy(place = Point(fix.latitude, fix.longitude, fix.accuracyM.roundToInt().coerceAtLeast(0).toUInt()))
            }
            session.device.whereabouts.permission == Permission.Denied -> written.update { it.copy(placeDenied = true) }
            else -> session.tell(words.appVisitPlaceNone)
        }
    }

    fun save() {
        val now = written.value
        val outcome = now.outcome ?: return
        if (now.saving) return
        written.update { it.copy(saving = true, problem = null) }
        // What this screen does not ask for stays as it was said.
        val visit = (corrected?.said ?: Visit(outcome, plan = planned?.key, carriesOut = planned?.record)).copy(
            outcome = outcome,
            noOrder = now.reason,
            notes = now.notes.trim().ifEmpty { null },
            place = now.place,
            next = now.nextOn?.let { NextStep(now.nextWhat.trim().ifEmpty { words.kindVisit }, it.toBusinessDate()) },
        )
        session.act {
            try {
                val saved = session.database.ask {
                    corrected?.let { visits.correct(client, it.version, visit) } ?: visits.log(client, visit)
                }
                session.saved()
                session.tell(if (corrected == null) words.appVisitSaved else words.appVisitCorrected, words.appUndo) {
                    session.takeBack(client, RecordKind.VISIT, saved.id, words.kindVisit, VoidReason.MISTAKE)
                }
                done.value = saved.id
            } catch (error: CarteraException) {
                // What was written stays on the screen.
                written.update { it.copy(saving = false, problem = session.failure(error)) }
            }
        }
    }

    private companion object {
        val OUTCOMES = listOf(Outcome.ORDER, Outcome.NO_ORDER, Outcome.BUYER_AWAY, Outcome.SHUT, Outcome.ATTENDED)
        val REASONS = NoOrderReason.entries - NoOrderReason.UNKNOWN - NoOrderReason.BUYER_AWAY
    }
}
