package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.CarteraException
import app.cartera.ffi.ClientId
import java.io.Closeable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.job

/** What stands behind a screen. It lives as long as the screen may be come back to, and is closed then. */
abstract class Model(protected val session: Session) : Closeable {
    protected val scope = CoroutineScope(session.scope.coroutineContext + SupervisorJob(session.scope.coroutineContext.job))
    protected val speech get() = session.speech
    protected val words get() = session.speech.words
    protected val formats get() = session.speech.formats

    /**
     * What the database says now, and whenever it may say something else, or the person asks for something else. It never
     * shows what was saved, only what is read back. Of what is about one client, `about` names the client.
     */
    protected fun <A, T> read(asked: Flow<A>, about: ClientId? = null, calls: Nouns.(A) -> T): Flow<Load<T>> {
        val changed = session.database.changes().filter { about == null || it.everything || about in it.clients }
        return combine(changed, asked) { _, what -> what }
            .conflate()
            .map { what ->
                try {
                    Load.Ready(session.database.ask { calls(what) })
                } catch (error: CarteraException) {
                    session.failure(error)
                }
            }
            .distinctUntilChanged()
    }

    /** Read while somebody looks. */
    protected fun <T> Flow<Load<T>>.shown(): StateFlow<Load<T>> = stateIn(scope, SharingStarted.WhileSubscribed(), Load.Reading)

    override fun close() = scope.cancel()
}
