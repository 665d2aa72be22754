package app.cartera

import app.cartera.ffi.CarteraException
import app.cartera.ffi.Language
import app.cartera.ffi.NewClient
import app.cartera.ffi.OpenOptions
import app.cartera.ffi.Outcome
import app.cartera.ffi.Visit
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/** The example of the README. */
suspend fun example(invitation: String, path: String, say: (String) -> Unit) {
    CarteraDatabase.open(OpenOptions(path, zone = "Europe/Madrid")).use { phone ->
        if (phone.ask { enrolment.identity() } == null) {
            phone.ask { enrolment.enrol(invitation, "Example") }
        }
        phone.ask { sync.now() }
        coroutineScope {
            val shown = launch {
                phone.syncState().collect { say("unsent: ${it.unsent}, refused: ${it.refused}, ${it.activity}") }
            }
            val bar = phone.ask { clients.create(NewClient(listOf(edit("name", "Bar Ñandú")))) }
            phone.ask { visits.log(bar, Visit(Outcome.ORDER, notes = "Volver en marzo")) }
            for (row in phone.ask { clients.page(after = null, most = 50u).rows }) {
                say("${row.name} ${row.city.orEmpty()} ${row.lastVisit?.toLocalDate()}")
            }
            try {
                phone.ask { sync.now() }
            } catch (offline: CarteraException.Offline) {
                say(offline.words(Language.ENGLISH).text)
            }
            shown.cancel()
        }
    }
}
