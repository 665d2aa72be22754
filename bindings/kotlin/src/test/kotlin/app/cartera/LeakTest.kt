package app.cartera

import app.cartera.ffi.ClientId
import app.cartera.ffi.NewClient
import app.cartera.ffi.OpenOptions
import java.io.File
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What is opened and closed leaves nothing behind: memory, threads and files are what they were. */
class LeakTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `ten thousand opens, listeners and queries leave nothing behind`() = runBlocking<Unit> {
        val options = OpenOptions(folder.resolve("phone.db").path, "Europe/Madrid")
        CarteraDatabase.open(options).use { phone ->
            repeat(20) { number -> phone.ask { clients.create(NewClient(listOf(edit("name", "Bar $number")))) } }
        }

        suspend fun round(number: Int) = CarteraDatabase.open(options).use { phone ->
            val client = phone.watch { clients.page(null, 50u).rows }.first().first().id
            phone.ask { queries[number % queries.size](client) }
        }

        repeat(WARM_UP) { round(it) }
        val before = Footprint.now()
        repeat(ROUNDS) { round(it) }
        val after = Footprint.now()
        println("flat: $ROUNDS opens, listeners and queries, $before before, $after after")
        assertTrue(after.kib - before.kib < GROWTH_KIB_MAX, "$before before, $after after")
        assertTrue(after.threads - before.threads < THREADS_MAX, "$before before, $after after")
        assertTrue(after.files - before.files < FILES_MAX, "$before before, $after after")
    }

    /** A query of every object, taken in turns. */
    private val queries = listOf<Nouns.(ClientId) -> Any?>(
        { clients.timeline(it, null, 5u) },
        { segments.list(0u, 5u) },
        { visits.tasks(it) },
        { catalogue.families() },
        { orders.ofClient(it, 0u, 5u) },
        { offers.ofClient(it, 5u) },
        { sales.documents(it, 0u, 5u) },
        { today.notices(0u, 5u) },
        { search.clients("bar", 5u) },
        { attention.refused(0u, 5u) },
        { sync.unsent(0u, 5u) },
        { figures.ofClient(it) },
        { people.list(0u, 5u) },
        { settings.diagnostics() },
        { enrolment.identity() },
    )

    private data class Footprint(val kib: Long, val threads: Int, val files: Int) {
        companion object {
            fun now(): Footprint {
                System.gc()
                val status = File("/proc/self/status").readLines().associate { it.substringBefore(':') to it.substringAfter(':') }
                fun number(key: String) = status.getValue(key).trim().substringBefore(' ').toLong()
                return Footprint(number("VmRSS"), number("Threads").toInt(), File("/proc/self/fd").list()!!.size)
            }
        }
    }

    private companion object {
        const val WARM_UP = 1_000
        const val ROUNDS = 10_000
        /** The heap is whole from the start (pom.xml); five kilobytes that each open left behind are more. */
        const val GROWTH_KIB_MAX = 48 * 1024L
        const val THREADS_MAX = 40
        const val FILES_MAX = 40
    }
}
