package app.cartera.state

import app.cartera.CarteraDatabase
import app.cartera.code
import app.cartera.ffi.CarteraException
import app.cartera.ffi.ClientId
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.ffi.Remedy
import app.cartera.ffi.VoidReason
import app.cartera.state.device.Device
import java.io.Closeable
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** An open database, and who works with it: what all screens share. Whoever made it closes it; it closes the database. */
class Session(val database: CarteraDatabase, val speech: Speech, val device: Device, scope: CoroutineScope) : Closeable {
    val scope = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext.job))

    /** Where work stands, in a line. */
    val sync: StateFlow<SyncLine> = combine(database.syncState(), device.network.connected) { state, connected ->
        syncLine(state, connected, speech)
    }.stateIn(this.scope, SharingStarted.WhileSubscribed(), SyncLine("", Weight.Plain, 0))

    /** How much is to be looked at. */
    val review: Flow<Long> = database.watch { attention.list(0u, REVIEW_MOST).size.toLong() }
        .catch { error -> if (error is CarteraException) failure(error) else throw error }

    private val saying = MutableStateFlow<Told?>(null)
    private val doing = AtomicReference<(suspend () -> Unit)?>()
    private val answering = AtomicReference<(suspend () -> Unit)?>()

    /** What was done last, for as long as the screen shows it: it calls [toldEnough] then. */
    val told: StateFlow<Told?> = saying.asStateFlow()

    /** Says what was done. `answer` is what the words in `action` do. */
    fun tell(text: String, action: String? = null, answer: (suspend () -> Unit)? = null) {
        carryOut()
        answering.set(answer)
        saying.value = Told(text, action)
    }

    /** Says what is about to be done, and does it once it was said long enough, unless the person takes it back. */
    fun tellFirst(text: String, undone: () -> Unit, act: suspend () -> Unit) {
        carryOut()
        answering.set { undone() }
        doing.set {
            try {
                act()
            } catch (error: CarteraException) {
                undone()
                throw error
            }
        }
        saying.value = Told(text, speech.words.appUndo)
    }

    /** The person touched the words. */
    fun answer() {
        doing.set(null)
        val answer = answering.getAndSet(null)
        saying.value = null
        if (answer != null) act { answer() }
    }

    fun toldEnough() {
        carryOut()
        saying.value = null
    }

    private fun carryOut() {
        doing.getAndSet(null)?.let { act { it() } }
    }

    private val failed = MutableStateFlow<CarteraException?>(null)

    /** Why the database has to be closed: it was found damaged, or the engine cannot go on with it. */
    val broken: StateFlow<CarteraException?> = failed.asStateFlow()

    /** Every failure of the engine passes here, so that one that ends the session is not only words on a screen. */
    internal fun failure(error: CarteraException): Load.Failed {
        val ends = (error as? CarteraException.Storage)?.remedy == Remedy.RECOVER || (error as? CarteraException.Broken)?.mustReopen == true
        if (ends && error.code != "closed") failed.value = error
        return speech.failure(error)
    }

    /** Does something that the engine may refuse; then its reason is told. */
    fun act(work: suspend () -> Unit) = scope.launch {
        try {
            work()
        } catch (error: CarteraException) {
            val failure = failure(error)
            tell(listOfNotNull(failure.text, failure.advice).joinToString(". "))
        }
    }

    /** Syncs at once, even where the background sync had given up. */
    suspend fun trySync() = database.ask {
        sync.start()
        sync.hurry()
    }

    /** Something was saved: it leaves as soon as it can, in sight or not. */
    fun saved() = device.schedule.soon()

    /** Takes a record back and says so; taking that back restores it. */
    internal suspend fun takeBack(client: ClientId, kind: RecordKind, record: RecordId, what: String, reason: VoidReason) {
        val void = database.ask { visits.void(client, kind, record, reason) }
        saved()
        tell(speech.words.appTakenBack(what), speech.words.appUndo) {
            database.ask { visits.void(client, kind, void.id, VoidReason.MISTAKE) }
            saved()
        }
    }

    /** What was put off until it was told is done first. */
    override fun close() {
        doing.getAndSet(null)?.let { last -> runCatching { runBlocking { last() } } }
        scope.cancel()
        database.close()
    }

    private companion object {
        const val REVIEW_MOST = 500u
    }
}

/** What was done, for some seconds; `action` is what can be done about it, such as taking it back. */
data class Told(val text: String, val action: String?)
