package app.cartera

import app.cartera.ffi.Cartera
import app.cartera.ffi.CarteraException
import app.cartera.ffi.ChangeListener
import app.cartera.ffi.Changes
import app.cartera.ffi.ClientId
import app.cartera.ffi.OpenOptions
import app.cartera.ffi.RecoveryReport
import app.cartera.ffi.SyncListener
import app.cartera.ffi.SyncState
import app.cartera.ffi.recover
import app.cartera.ffi.uniffiEnsureInitialized
import java.io.Closeable
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.withContext

/**
 * An open database, for coroutines. Whoever opened it closes it; it closes all that it opened.
 *
 * [ask] makes any calls of the engine off the caller's thread; [watch] makes them again whenever their answer may have
 * changed. Nothing but `sync.now` and `enrolment.enrol` waits for the network.
 */
class CarteraDatabase private constructor(
    private val cartera: Cartera,
    private val dispatcher: CoroutineDispatcher,
) : Closeable {
    private val closed = AtomicBoolean()
    private val nouns = Nouns(cartera)

    /**
     * Makes calls of the engine: `ask { clients.page(null, 50u) }`.
     *
     * @throws CarteraException as the calls do; `Broken` with the code `closed` once this is closed
     */
    suspend fun <T> ask(calls: Nouns.() -> T): T = withContext(dispatcher) { now(calls) }

    /** The same on this very thread, for workers that have one of their own. */
    fun <T> now(calls: Nouns.() -> T): T {
        if (closed.get()) throw closedAlready()
        return try {
            nouns.calls()
        } catch (error: IllegalStateException) {
            // The object was closed by another thread between the two lines.
            if (closed.get()) throw closedAlready() else throw error
        }
    }

    /** What may read differently; everything at first. The engine gathers what changes while the collector is busy. */
    fun changes(): Flow<Changes> = callbackFlow {
        val listener = object : ChangeListener {
            override fun changed(changes: Changes) {
                trySendBlocking(changes)
            }
        }
        val listening = now { cartera.listen(listener) }
        awaitClose {
            listening.end()
            listening.close()
        }
    }.flowOn(dispatcher)

    /**
     * The answer of some calls, now and whenever it is another one: `watch { clients.page(null, 50u).rows }`. Of what is
     * about one client alone, `about` names the client, so that other clients' changes ask nothing.
     */
    fun <T> watch(about: ClientId? = null, calls: Nouns.() -> T): Flow<T> =
        changes()
            .filter { about == null || it.everything || about in it.clients }
            .map { ask(calls) }
            .distinctUntilChanged()

    /** Where work stands, now and whenever that changes. */
    fun syncState(): Flow<SyncState> = callbackFlow {
        val listener = object : SyncListener {
            override fun stands(state: SyncState) {
                trySendBlocking(state)
            }
        }
        val listening = now { sync.listen(listener) }
        awaitClose {
            listening.end()
            listening.close()
        }
    }.flowOn(dispatcher)

    /** Ends the background sync, waits for calls under way, and closes the database. Closing again does nothing. */
    override fun close() {
        if (!closed.compareAndSet(false, true)) return
        cartera.shut()
        nouns.close()
        cartera.close()
    }

    private fun closedAlready() = CarteraException.Broken("closed", "the database was closed", true)

    companion object {
        /**
         * Loads the engine's library and checks that it is the one that this was made for, which takes longer than opening a
         * database does. Whoever opens one does so by itself; an app that calls this on a thread of its own as its process
         * begins has that done while its first frame is drawn.
         */
        fun prepare() = uniffiEnsureInitialized()

        /**
         * Opens a database, or makes it.
         *
         * @param dispatcher on which calls are made; it should have threads to spare, since calls block
         * @throws CarteraException.Storage with a remedy: the key, room, an update, recovery
         */
        suspend fun open(options: OpenOptions, dispatcher: CoroutineDispatcher = Dispatchers.IO): CarteraDatabase =
            withContext(dispatcher) {
                prepare()
                CarteraDatabase(Cartera.open(options), dispatcher)
            }

        /** Sets a damaged database aside and puts what can be read of it in its place. Nobody may have it open. */
        suspend fun rescue(options: OpenOptions, dispatcher: CoroutineDispatcher = Dispatchers.IO): RecoveryReport =
            withContext(dispatcher) {
                prepare()
                recover(options)
            }
    }
}

/** The engine's objects, each made when it is first asked for and closed with the database. */
class Nouns internal constructor(private val engine: Cartera) : Closeable {
    private val opened = mutableListOf<AutoCloseable>()

    val clients by noun { clients() }
    val segments by noun { segments() }
    val visits by noun { visits() }
    val orders by noun { orders() }
    val catalogue by noun { catalogue() }
    val offers by noun { offers() }
    val sales by noun { sales() }
    val today by noun { today() }
    val search by noun { search() }
    val attention by noun { attention() }
    val sync by noun { sync() }
    val figures by noun { figures() }
    val people by noun { people() }
    val settings by noun { settings() }
    val enrolment by noun { enrolment() }

    /** The business date that work saved now would get. */
    fun businessDate() = engine.businessDate()

    private fun <T : AutoCloseable> noun(make: Cartera.() -> T) =
        lazy { engine.make().also { synchronized(opened) { opened += it } } }

    override fun close() = synchronized(opened) { opened.forEach(AutoCloseable::close) }
}
