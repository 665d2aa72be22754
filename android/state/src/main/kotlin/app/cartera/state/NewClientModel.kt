package app.cartera.state

import app.cartera.ffi.Address
import app.cartera.ffi.CarteraException
import app.cartera.ffi.ClientId
import app.cartera.ffi.Edit
import app.cartera.ffi.FieldValue
import app.cartera.ffi.Looks
import app.cartera.ffi.NewClient
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update

data class NewClientState(
    val fields: List<EntryField>,
    /** Who may be the one, the likeliest first. */
    val likely: List<LikelyLine>,
    val canSave: Boolean,
    val problem: Load.Failed?,
)

/** Something to type; `problem` is what is wrong with what was typed. */
data class EntryField(val key: String, val label: String, val text: String, val problem: String?)

data class LikelyLine(val client: String, val name: String, val why: String)

/** A client that nobody knew yet (*alta*). Who may be the same is shown while it is typed; orders are possible at once. */
class NewClientModel(session: Session) : Model(session) {
    private data class Typed(
        val texts: Map<String, String> = emptyMap(),
        val problems: Map<String, String> = emptyMap(),
        val problem: Load.Failed? = null,
        val saving: Boolean = false,
    )

    private val typed = MutableStateFlow(Typed())
    private val done = MutableStateFlow<ClientId?>(null)

    /** It is durable on this phone. */
    val created: StateFlow<ClientId?> = done.asStateFlow()

    val state: StateFlow<Load<NewClientState>> = combine(
        typed,
        read(typed) { now ->
            val looks = looks(now.texts)
            if (looks.name.length < LEAST && looks.taxId == null && looks.phone == null && looks.email == null) emptyList()
            else search.like(looks, LIKELY)
        },
    ) { now, load ->
        load.map { likely ->
            NewClientState(
                fields = FIELDS.map { key -> EntryField(key, label(key), now.texts[key].orEmpty(), now.problems[key]) },
                likely = likely.map { like ->
                    LikelyLine(like.client.ulid, like.name, like.reasons.mapNotNull { words.of("likeness-${it.word}") }.joinToString(", "))
                },
                canSave = !now.texts["name"].isNullOrBlank() && !now.saving,
                problem = now.problem,
            )
        }
    }.shown()

    private fun looks(texts: Map<String, String>): Looks {
        fun text(key: String) = texts[key]?.trim()?.ifEmpty { null }
        return Looks(text("name").orEmpty(), text("tax_id"), text("phone"), text("email"), text("city"), null)
    }

    private fun label(key: String) = when (key) {
        "street" -> words.appNewClientStreet
        "postcode" -> words.appNewClientPostcode
        "city" -> words.appNewClientCity
        else -> speech.field(key)!!
    }

    fun type(key: String, text: String) = typed.update {
        it.copy(texts = it.texts + (key to text), problems = it.problems - key, problem = null)
    }

    fun save() {
        val now = typed.value
        if (now.saving || now.texts["name"].isNullOrBlank()) return
        typed.update { it.copy(saving = true, problem = null) }
        session.act {
            try {
                val client = session.database.ask { clients.create(NewClient(edits(now.texts))) }
                session.saved()
                session.tell(words.appNewClientSaved)
                done.value = client
            } catch (error: CarteraException) {
                val problems = (error as? CarteraException.Invalid)?.problems.orEmpty()
                    .associate { problem -> problem.entry to speech.problem(problem) }
                typed.update { it.copy(saving = false, problems = problems, problem = session.failure(error)) }
            }
        }
    }

    private fun edits(texts: Map<String, String>): List<Edit> {
        fun text(key: String) = texts[key]?.trim()?.ifEmpty { null }
        val plain = listOf("name", "legal_name", "phone", "email", "sector").mapNotNull { key ->
            text(key)?.let { Edit(key, FieldValue.Text(it)) }
        }
        val taxId = text("tax_id")?.let { Edit("tax_id", FieldValue.TaxId(COUNTRY, it)) }
        val address = Address(street = text("street"), postcode = text("postcode"), city = text("city"))
        return plain + listOfNotNull(taxId, Edit("address", FieldValue.Address(address)).takeIf { address != Address() })
    }

    private companion object {
        val FIELDS = listOf("name", "legal_name", "tax_id", "phone", "email", "sector", "street", "postcode", "city")
        const val COUNTRY = "ES"
        const val LIKELY = 3u
        const val LEAST = 3
    }
}
