package app.cartera.state

import app.cartera.ffi.CarteraException
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class EnrolState(
    val invitation: String = "",
    /** Whose relay the invitation names, and how it is known; null while there is no invitation. */
    val from: String? = null,
    val pinned: Boolean = false,
    val working: Boolean = false,
    val problem: Load.Failed? = null,
    val canScan: Boolean = true,
) {
    val canLink get() = from != null && !working
}

/** Linking this phone: a code is scanned or pasted, shown for what it is, and traded for an identity. */
class EnrolModel(session: Session, private val deviceName: String) : Model(session) {
    private val shown = MutableStateFlow(EnrolState())
    val state: StateFlow<EnrolState> = shown.asStateFlow()

    private val done = MutableStateFlow(false)

    /** The phone is linked. */
    val linked: StateFlow<Boolean> = done.asStateFlow()

    /** What was scanned or pasted: said at once to be an invitation, or not. */
    fun invitation(text: String) {
        val typed = text.trim()
        if (typed.isEmpty()) {
            shown.update { EnrolState(canScan = it.canScan) }
            return
        }
        shown.update {
            try {
                val read = session.database.now { enrolment.inspect(typed) }
                EnrolState(text, read.address, read.pinned, canScan = it.canScan)
            } catch (error: CarteraException) {
                EnrolState(text, problem = session.failure(error), canScan = it.canScan)
            }
        }
    }

    /** The camera may not be used: the code can be pasted. */
    fun cameraDenied() = shown.update { it.copy(canScan = false) }

    /** Asking again with the same invitation is harmless. */
    fun link() {
        if (!shown.value.canLink) return
        val invitation = shown.value.invitation.trim()
        shown.update { it.copy(working = true, problem = null) }
        scope.launch {
            try {
                session.database.ask { enrolment.enrol(invitation, deviceName) }
                session.trySync()
                done.value = true
                shown.update { it.copy(working = false) }
            } catch (error: CarteraException) {
                shown.update { it.copy(working = false, problem = session.failure(error)) }
            }
        }
    }
}
