package app.cartera

import app.cartera.ffi.CarteraException
import app.cartera.ffi.ClientId
import app.cartera.ffi.Decimal
import app.cartera.ffi.FieldValue
import app.cartera.ffi.Money
import app.cartera.ffi.NewClient
import app.cartera.ffi.NewTask
import app.cartera.ffi.NoOrderReason
import app.cartera.ffi.OpenOptions
import app.cartera.ffi.OrderLine
import app.cartera.ffi.Outcome
import app.cartera.ffi.Purchase
import app.cartera.ffi.PurchaseSort
import app.cartera.ffi.RecordBody
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.ffi.TaskState
import app.cartera.ffi.Tax
import app.cartera.ffi.Visit
import app.cartera.ffi.VoidReason
import app.cartera.ffi.moneyText
import java.io.Closeable
import java.io.File
import java.time.LocalDate
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir

/** Runs the stories of bindings/stories, and writes down what came of each step. */
class StoriesTest {
    @TempDir
    lateinit var folder: File

    @TestFactory
    fun stories(): List<DynamicTest> =
        File(System.getenv("CARTERA_STORIES")).listFiles { file -> file.extension == "json" }!!.sorted().map { story ->
            dynamicTest(story.nameWithoutExtension) {
                val transcript = Story(folder.resolve(story.nameWithoutExtension).apply { mkdirs() }).run(story)
                File(System.getenv("CARTERA_TRANSCRIPTS")).resolve("${story.nameWithoutExtension}.kotlin")
                    .writeText(transcript)
            }
        }
}

private class Story(private val folder: File) {
    private val names = mutableMapOf("folder" to folder.path)
    private val phones = mutableMapOf<String, StoryPhone>()

    fun run(file: File): String = Relay(folder).use { relay ->
        try {
            val steps = Json.parseToJsonElement(file.readText()).jsonObject["steps"]!!.jsonArray
            steps.mapIndexed { index, step -> "${index + 1} ${run(relay, step.jsonObject, index + 1)}\n" }.joinToString("")
        } finally {
            phones.values.forEach(StoryPhone::close)
        }
    }

    private fun run(relay: Relay, step: JsonObject, number: Int): String {
        step["file"]?.let { file ->
            val lines = step["lines"]!!.jsonArray.joinToString("") { filled(it.jsonPrimitive.content) + "\n" }
            folder.resolve(file.jsonPrimitive.content).writeText(lines)
            return "${file.jsonPrimitive.content} null"
        }
        step["relay"]?.let { words ->
            when (val command = words.jsonPrimitive.content) {
                "start" -> relay.start()
                "stop" -> relay.stop()
                else -> {
                    val out = relay.run(filled(command))
                    step["as"]?.let { names[it.jsonPrimitive.content] = Regex(step.text("find")).find(out)!!.value }
                }
            }
            return "${words.jsonPrimitive.content} null"
        }
        val phone = phones.getOrPut(step.text("phone")) { StoryPhone(folder, step.text("phone")) }
        val told = named(canonical(outcome(phone, step)))
        val expected = step["error"]?.let { JsonObject(mapOf("error" to it)) } ?: step["expect"] ?: JsonNull
        assertEquals(canonical(expected), told, "step $number: $step")
        return "${step.text("phone")} ${step.text("call")} $told"
    }

    private fun outcome(phone: StoryPhone, step: JsonObject): JsonElement = try {
        val (outcome, made) = phone.call(step.text("call"), Arguments(filled(step["with"] ?: JsonObject(emptyMap())).jsonObject))
        step["as"]?.let { names[it.jsonPrimitive.content] = made!! }
        json(outcome)
    } catch (error: CarteraException) {
        json(mapOf("error" to error.code))
    }

    private fun filled(text: String) =
        Regex("\\{(\\w+)}").replace(text) { names[it.groupValues[1]] ?: day(it.groupValues[1]) }

    /** `ago_30` and `in_30`, as ISO 8601. */
    private fun day(name: String): String {
        val (way, days) = name.split("_")
        return LocalDate.now().plusDays(days.toLong() * if (way == "ago") -1 else 1).toString()
    }

    private fun filled(value: JsonElement): JsonElement = when {
        value is JsonObject -> JsonObject(value.mapValues { filled(it.value) })
        value is JsonPrimitive && value.isString -> JsonPrimitive(filled(value.content))
        else -> value
    }

    private fun named(text: String) =
        names.filterKeys { it != "folder" }.entries.fold(text) { told, (name, value) -> told.replace(value, "{$name}") }
}

private fun JsonObject.text(key: String) = getValue(key).jsonPrimitive.content

internal class Arguments(private val all: JsonObject) {
    operator fun get(key: String) = all.text(key)

    fun optional(key: String) = all[key]?.jsonPrimitive?.content

    fun client() = ClientId(get("client"))

    fun fields() = all["fields"]!!.jsonObject.entries.sortedBy { it.key }.map { edit(it.key, it.value.jsonPrimitive.content) }
}

private fun json(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is Map<*, *> -> JsonObject(value.entries.associate { it.key as String to json(it.value) })
    is List<*> -> JsonArray(value.map(::json))
    is Boolean -> JsonPrimitive(value)
    is ULong -> JsonPrimitive(value.toLong())
    else -> JsonPrimitive(value as String)
}

/** Keys in order, no blanks. */
private fun canonical(value: JsonElement): String = when (value) {
    is JsonObject -> value.entries.sortedBy { it.key }
        .joinToString(",", "{", "}") { "${JsonPrimitive(it.key)}:${canonical(it.value)}" }
    is JsonArray -> value.joinToString(",", "[", "]", transform = ::canonical)
    else -> value.toString()
}

/** The calls of a story on one phone. Each gives its outcome, and the id that it made. */
private class StoryPhone(folder: File, private val name: String) : Closeable {
    private val options = OpenOptions(folder.resolve("$name.db").path, "Europe/Madrid")
    private var phone: CarteraDatabase? = null

    private fun <T> ask(calls: Nouns.() -> T): T = runBlocking { phone!!.ask(calls) }

    fun call(call: String, with: Arguments): Pair<Any?, String?> = when (call) {
        "open" -> nothing { phone = runBlocking { CarteraDatabase.open(options) } }
        "shut" -> nothing { phone!!.close() }
        "enrolment.identity" -> told(linked())
        "enrolment.device" -> made(ask { enrolment.identity()!!.device.ulid })
        "enrolment.enrol" -> {
            ask { enrolment.enrol(with["invitation"], name) }
            told(linked())
        }
        "clients.create" -> made(ask { clients.create(NewClient(with.fields())).ulid })
        "clients.edit" -> nothing { ask { clients.edit(with.client(), with.fields()) } }
        "clients.page" -> told(paged { after -> ask { clients.page(after, 2u) }.let { it.rows.map { row -> row.name } to it.next } })
        "clients.profile" -> told(ask { clients.profile(with.client()) }.associate { it.key to text(it.value) })
        "clients.conflicts" -> told(
            ask { clients.conflicts(with.client()) }
                .associate { found -> found.key to found.values.map { text(it.value!!) }.sorted() },
        )
        "clients.timeline" -> told(
            paged { after ->
                val page = ask { clients.timeline(with.client(), after, 2u) }
                page.entries.map { "${it.kind} ${word(it.standing)}: ${text(it.body)}" } to page.next
            }.sorted(),
        )
        "visits.log" -> made(ask { visits.log(with.client(), visit(with)).id.ulid })
        "visits.correct" -> made(ask { visits.correct(with.client(), RecordId(with["record"]), visit(with)).id.ulid })
        "visits.void" -> made(
            ask {
                val kind = RecordKind.valueOf(with["kind"].uppercase())
                val reason = VoidReason.valueOf(with["reason"].uppercase())
                visits.void(with.client(), kind, RecordId(with["record"]), reason).id.ulid
            },
        )
        "visits.note" -> made(ask { visits.addNote(with.client(), with["text"], false).id.ulid })
        "visits.task" -> made(ask { visits.addTask(with.client(), NewTask(with["what"])).id.ulid })
        "visits.settle" -> nothing {
            ask { visits.settleTask(with.client(), RecordId(with["task"]), TaskState.valueOf(with["state"].uppercase())) }
        }
        "visits.tasks" -> told(ask { visits.tasks(with.client()) }.map { "${word(it.state)} ${it.what}" })
        "catalogue.quote" -> {
            val quote = ask { catalogue.quote(with.client(), with["article"], Decimal(with["quantity"]), with["currency"]) }
            val article = quote.article
            told(
                mapOf(
                    "name" to article.name,
                    "unit" to article.unit,
                    "price" to quote.price?.text,
                    "origin" to word(quote.origin),
                ),
            )
        }
        "orders.new_id" -> made(ask { orders.newId().ulid })
        "orders.amounts" -> {
            val amounts = ask { orders.amounts(purchase(with)) }
            told(mapOf("net" to money(amounts.net), "tax" to money(amounts.tax), "total" to money(amounts.total)))
        }
        "orders.place" -> {
            val saved = ask { orders.place(with.client(), RecordId(with["id"]), purchase(with)) }
            told(mapOf("saved" to saved.id.ulid))
        }
        "orders.life" -> {
            val life = ask { orders.life(RecordId(with["order"])) }
            told(mapOf("number" to life.number, "steps" to life.steps.map { it.stage?.let(::word) ?: "saved" }))
        }
        "search.clients" -> told(ask { search.clients(with["typed"], 10u) }.map { it.name })
        "search.articles" -> told(ask { search.articles(with["typed"], 10u) }.map { "${it.code} ${it.name}" })
        "attention.list" -> told(ask { attention.list(0u, 50u) }.map { "${it.what} ${it.detail}" }.sorted())
        "attention.retry" -> nothing { ask { attention.retryRefused(refused()) } }
        "attention.drop" -> told(mapOf("code" to ask { attention.dropRefused(refused()).code }))
        "sync.now" -> {
            val report = ask { sync.now() }
            told(mapOf("sent" to report.sent, "refused" to report.refused, "conflicts" to report.conflicts))
        }
        "sync.state" -> {
            val state = ask { sync.state() }
            told(mapOf("linked" to state.linked, "unsent" to state.unsent, "refused" to state.refused))
        }
        else -> ask { portfolioCall(call, with) } ?: error("no such call: $call")
    }

    private fun linked() = mapOf("linked" to (ask { enrolment.identity() } != null))

    private fun refused() = phone!!.now { attention.list(0u, 50u).first { it.what == "refused" }.subject }

    override fun close() {
        phone?.close()
    }

    private fun told(outcome: Any?) = outcome to null

    private fun made(id: String) = null to id

    private fun nothing(work: () -> Unit): Pair<Any?, String?> {
        work()
        return null to null
    }
}

internal fun word(value: Enum<*>) = value.name.lowercase()

internal fun money(amount: Money) = "${moneyText(amount)} ${amount.currency}"

private fun text(value: FieldValue) = when (value) {
    is FieldValue.Text -> value.text
    is FieldValue.Phone -> value.raw
    else -> value::class.simpleName!!.lowercase()
}

internal fun text(body: RecordBody) = when (body) {
    is RecordBody.Visit -> listOfNotNull(word(body.visit.outcome), body.visit.notes).joinToString(" ")
    is RecordBody.Purchase -> money(body.total)
    is RecordBody.Note -> body.text
    is RecordBody.Task -> body.what
    is RecordBody.TaskSettled -> word(body.state)
    is RecordBody.Agreement -> body.agreement.title
    is RecordBody.Survey -> "${word(body.answer.survey)} ${body.answer.answers.first().score}"
    is RecordBody.NotNow -> "${word(body.subject)} ${body.reason?.let(::word)}"
    is RecordBody.Closed -> word(body.reason)
    else -> "other"
}

private fun visit(with: Arguments) = Visit(
    outcome = Outcome.valueOf(with["outcome"].uppercase()),
    noOrder = with.optional("no_order")?.let { NoOrderReason.valueOf(it.uppercase()) },
    notes = with.optional("notes"),
)

internal fun purchase(with: Arguments): Purchase {
    val line = OrderLine(
        article = with["article"],
        quantity = Decimal(with["quantity"]),
        unit = with["unit"],
        price = Decimal(with["price"]),
        taxes = listOf(Tax("T", Decimal(with["tax"]))),
    )
    return Purchase(PurchaseSort.ORDER, with["currency"], listOf(line))
}

private fun <T> paged(page: (String?) -> Pair<List<T>, String?>): List<T> {
    val all = mutableListOf<T>()
    var after: String? = null
    do {
        val (items, next) = page(after)
        all += items
        after = next
    } while (next != null)
    return all
}
