package app.cartera.state

import app.cartera.CarteraDatabase
import app.cartera.Nouns
import app.cartera.code
import app.cartera.ffi.CarteraException
import app.cartera.ffi.OpenOptions
import app.cartera.ffi.Remedy
import app.cartera.ffi.SyncActivity
import app.cartera.ffi.SyncState
import app.cartera.state.device.DatabaseKey
import app.cartera.state.device.Device
import app.cartera.state.device.KeyAnswer
import java.io.Closeable
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Whether the app can be worked with; if not, why, and the ways out. */
sealed interface AppState {
    data object Opening : AppState

    /** The database could not be opened. Nothing of it was touched. */
    data class Shut(val text: String, val advice: String?, val ways: List<WayOut>) : AppState

    /** Open, and not linked yet. */
    data class Enrolling(val session: Session) : AppState

    data class Working(val session: Session) : AppState

    /** The office said stop, or nothing was heard from it for too long: what was saved stays, and stays unsent. */
    data class Held(val session: Session, val text: String, val advice: String?, val unsent: Long, val ways: List<WayOut>) : AppState
}

enum class WayOut {
    TryAgain,

    /** What can be read is put into a new database; the damaged one is kept. */
    Recover,

    /** A new, empty database; the old one is set aside. */
    StartAnew,
    Sync,
    EnrolAgain,
}

/** Opens the database with the device's key, and watches whether work may go on. */
class AppModel(
    private val path: String,
    private val zone: String,
    private val key: DatabaseKey,
    private val speech: Speech,
    private val device: Device,
    private val scope: CoroutineScope,
) : Closeable {
    private val shown = MutableStateFlow<AppState>(AppState.Opening)
    private val working = Mutex()
    private var session: Session? = null
    private var watching: Job? = null
    private var watchingEnd: Job? = null

    val state: StateFlow<AppState> = shown.asStateFlow()

    fun open() = scope.launch { working.withLock { tryOpening() } }

    private suspend fun tryOpening() {
        if (session != null) return
        shown.value = AppState.Opening
        when (val answer = key.get()) {
            is KeyAnswer.NotYet -> shut("store_key_not_available", listOf(WayOut.TryAgain))
            is KeyAnswer.Lost ->
                shown.value = AppState.Shut(speech.words.appKeyLost, speech.words.appKeyLostAdvice, listOf(WayOut.StartAnew))
            is KeyAnswer.Key -> open(options(answer))
        }
    }

    private fun options(key: KeyAnswer.Key) = OpenOptions(path, zone, key.bytes)

    private suspend fun open(options: OpenOptions, recovered: String? = null) {
        try {
            val session = Session(CarteraDatabase.open(options), speech, device, scope)
            this.session = session
            recovered?.let { session.tell(it) }
            watchingEnd = scope.launch { end(session, session.broken.filterNotNull().first()) }
            goOn(session)
        } catch (error: CarteraException) {
            session?.close()
            session = null
            shut(error.code, ways(error))
        }
    }

    /** Found out while it was worked with. What was not saved then was refused, and said so. */
    private suspend fun end(ended: Session, error: CarteraException) = working.withLock {
        if (session != ended) return@withLock
        ended.close()
        session = null
        if (error is CarteraException.Broken) tryOpening() else shut(error.code, ways(error))
    }

    private fun ways(error: CarteraException): List<WayOut> = when ((error as? CarteraException.Storage)?.remedy) {
        Remedy.RECOVER ->
            if (error.code == "store_wrong_key") listOf(WayOut.TryAgain, WayOut.StartAnew) else listOf(WayOut.Recover, WayOut.StartAnew)
        Remedy.OPEN_ANOTHER -> listOf(WayOut.StartAnew)
        else -> listOf(WayOut.TryAgain)
    }

    private fun shut(code: String, ways: List<WayOut>) {
        val failure = speech.failure(code)
        shown.value = AppState.Shut(failure.text, failure.advice, ways)
    }

    private suspend fun goOn(session: Session) {
        if (session.database.ask { enrolment.identity() } == null) {
            shown.value = AppState.Enrolling(session)
            return
        }
        session.trySync()
        device.schedule.regularly()
        watching?.cancel()
        // Asked for, not only listened to: a database that cannot be read tells nobody anything.
        shown.value = standing(session, session.database.ask { sync.state() })
        watching = session.scope.launch {
            try {
                session.database.syncState().collect { shown.value = standing(session, it) }
            } catch (error: CarteraException) {
                session.failure(error)
            }
        }
    }

    private suspend fun standing(session: Session, state: SyncState): AppState {
        val activity = state.activity
        val unsent = state.unsent.toLong()
        return when {
            activity is SyncActivity.Stopped && activity.code in UNLINKED -> speech.failure(activity.code).let {
                AppState.Held(session, it.text, it.advice, unsent, listOf(WayOut.EnrolAgain))
            }
            session.database.ask { sync.offline().locked } ->
                AppState.Held(session, speech.words.syncLocked, speech.words.appLockedAdvice, unsent, listOf(WayOut.Sync))
            else -> AppState.Working(session)
        }
    }

    /** The phone was linked, for the first time or again. */
    fun enrolled() = scope.launch { working.withLock { session?.let { goOn(it) } } }

    fun take(way: WayOut) = scope.launch {
        working.withLock {
            when (way) {
                WayOut.TryAgain -> tryOpening()
                WayOut.Recover -> recover()
                WayOut.StartAnew -> startAnew()
                WayOut.Sync -> session?.trySync()
                WayOut.EnrolAgain -> session?.let { session ->
                    watching?.cancel()
                    shown.value = AppState.Enrolling(session)
                }
            }
        }
    }

    private suspend fun recover() {
        val answer = key.get() as? KeyAnswer.Key ?: return tryOpening()
        shown.value = AppState.Opening
        try {
            val report = CarteraDatabase.rescue(options(answer))
            val said = speech.words.appRecovered(
                speech.formats.whole(report.clients.toLong()), speech.formats.whole(report.unsent.toLong()),
            )
            open(options(answer), said)
        } catch (error: CarteraException) {
            shut(error.code, listOf(WayOut.TryAgain, WayOut.StartAnew))
        }
    }

    /** Beside the old files, which somebody may yet read: nothing is deleted. */
    private suspend fun startAnew() {
        var number = 1
        while (File("$path.old-$number").exists()) number++
        for (part in listOf("", "-wal", "-shm")) {
            val file = File(path + part)
            if (file.exists() && !file.renameTo(File("$path.old-$number$part"))) return shut("store_io", listOf(WayOut.TryAgain))
        }
        when (val answer = key.replace()) {
            is KeyAnswer.Key -> open(options(answer))
            else -> shut("store_key_not_available", listOf(WayOut.TryAgain))
        }
    }

    /**
     * One sync for a job of the system's, in sight or not: true where it is to be tried again. Of work that was not taken the
     * person is told, unless it is a time to be left alone.
     */
    suspend fun syncOnce(): Boolean = working.withLock {
        tryOpening()
        val database = session?.database ?: return@withLock shown.value.let { it is AppState.Shut && WayOut.TryAgain in it.ways }
        try {
            val before = database.ask { notTaken() }
            if (database.ask { enrolment.identity() } == null) return@withLock false
            database.ask { sync.now() }
            if (database.ask { notTaken() } > before && !database.ask { settings.isQuiet() }) {
                device.notifications.notTaken(speech.words.attentionTitle, speech.words.appNotTaken)
            }
            false
        } catch (error: CarteraException) {
            error is CarteraException.Offline
        }
    }

    private fun Nouns.notTaken() = attention.list(0u, NOT_TAKEN_MOST).count { it.what == "refused" || it.what == "declined" }

    override fun close() {
        watchingEnd?.cancel()
        session?.close()
        session = null
    }

    private companion object {
        const val NOT_TAKEN_MOST = 500u

        /** Only linking the phone anew helps. */
        val UNLINKED = setOf("revoked", "unauthenticated", "too_many_actors")
    }
}
