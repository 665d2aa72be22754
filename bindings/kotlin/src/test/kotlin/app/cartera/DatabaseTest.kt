package app.cartera

import app.cartera.ffi.Cartera
import app.cartera.ffi.CarteraException
import app.cartera.ffi.ChangeListener
import app.cartera.ffi.Changes
import app.cartera.ffi.Language
import app.cartera.ffi.NewClient
import app.cartera.ffi.OpenOptions
import app.cartera.ffi.Outcome
import app.cartera.ffi.SyncActivity
import app.cartera.ffi.Visit
import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

class DatabaseTest {
    @TempDir
    lateinit var folder: File

    private val options get() = OpenOptions(folder.resolve("phone.db").path, "Europe/Madrid")

    private fun opened(test: suspend (CarteraDatabase) -> Unit) = runBlocking {
        withTimeout(120_000) { CarteraDatabase.open(options).use { test(it) } }
    }

    private fun named(name: String) = NewClient(listOf(edit("name", name)))

    @Test
    fun `what cannot be saved names its field, and its code has words`() = opened { phone ->
        val error = assertThrows<CarteraException.Invalid> { phone.now { clients.create(NewClient(emptyList())) } }
        assertEquals(listOf("name" to "required"), error.problems.map { it.field to it.code })
        assertTrue(error.words(Language.SPANISH).text.isNotEmpty())
        assertEquals("not_enrolled", assertThrows<CarteraException.NotAllowed> { phone.now { sync.now() } }.code)
    }

    @Test
    fun `watching gives the present answer first and each other one after`() = opened { phone ->
        val seen = Channel<List<String>>(Channel.UNLIMITED)
        val watching = CoroutineScope(Dispatchers.Default).launch {
            phone.watch { clients.page(null, 50u).rows.map { it.name } }.collect(seen::send)
        }
        assertEquals(emptyList<String>(), seen.receive())
        val bar = phone.ask { clients.create(named("Bar")) }
        assertEquals(listOf("Bar"), seen.receive())
        phone.ask { visits.log(bar, Visit(Outcome.ATTENDED)) } // the list's answer is the same: nothing is told
        phone.ask { clients.create(named("Otro")) }
        assertEquals(listOf("Bar", "Otro"), seen.receive())
        watching.cancel()
    }

    @Test
    fun `what is about one client is asked again for that client alone`() = opened { phone ->
        val bar = phone.ask { clients.create(named("Bar")) }
        val other = phone.ask { clients.create(named("Otro")) }
        var asked = 0
        val seen = Channel<Int>(Channel.UNLIMITED)
        val watching = CoroutineScope(Dispatchers.Default).launch {
            phone.watch(bar) { asked++; clients.timeline(bar, null, 50u).entries.size }.collect(seen::send)
        }
        assertEquals(0, seen.receive())
        phone.ask { visits.log(other, Visit(Outcome.ATTENDED)) }
        phone.ask { visits.log(bar, Visit(Outcome.ATTENDED)) }
        assertEquals(1, seen.receive())
        assertTrue(asked <= 3, "asked $asked times") // at first, for the bar, and once if both came in one call
        watching.cancel()
    }

    @Test
    fun `a listener that throws or blocks hurts nobody`() = opened { phone ->
        val gate = CountDownLatch(1)
        val throwing = LinkedBlockingQueue<Changes>()
        val blocking = LinkedBlockingQueue<Changes>()
        val thrower = object : ChangeListener {
            override fun changed(changes: Changes) {
                throwing.add(changes)
                error("on purpose")
            }
        }
        val blocker = object : ChangeListener {
            override fun changed(changes: Changes) {
                blocking.add(changes)
                gate.await()
            }
        }
        Cartera.open(OpenOptions(folder.resolve("other.db").path, "Europe/Madrid")).use { cartera ->
            val handles = listOf(cartera.listen(thrower), cartera.listen(blocker))
            assertTrue(throwing.poll(30, SECONDS)!!.everything)
            assertTrue(blocking.poll(30, SECONDS)!!.everything)
            val bar = cartera.clients().use { it.create(named("Bar")) }
            assertEquals(listOf(bar), throwing.poll(30, SECONDS)!!.clients)
            gate.countDown()
            assertEquals(listOf(bar), blocking.poll(30, SECONDS)!!.clients)
            handles.forEach { it.end(); it.close() }
            cartera.shut()
        }
    }

    @Test
    fun `what is closed says so, and can be opened again`() = runBlocking<Unit> {
        val phone = CarteraDatabase.open(options)
        phone.ask { clients.create(named("Bar")) }
        phone.close()
        phone.close()
        val error = assertThrows<CarteraException.Broken> { phone.now { clients.count() } }
        assertEquals("closed" to true, error.code to error.mustReopen)
        CarteraDatabase.open(options).use { again -> assertEquals(1uL, again.ask { clients.count() }) }
    }

    @Test
    fun `the background sync sends what is saved, and says so`() = opened { phone ->
        Relay(folder).use { relay ->
            relay.run("people add Ana --role rep --all-territories")
            phone.ask { enrolment.enrol(relay.invitation("Ana"), "Ana") }
            assertEquals(SyncActivity.Off, phone.syncState().first().activity)
            phone.ask { sync.start() }
            phone.ask { clients.create(named("Bar")) }
            phone.syncState().first { it.unsent == 0uL && it.lastContact != null }
            phone.ask { sync.stop() }
            assertEquals(SyncActivity.Off, phone.ask { sync.state() }.activity)
        }
    }

    @Test
    fun `the example of the README runs`() = runBlocking<Unit> {
        Relay(folder).use { relay ->
            relay.run("people add Ana --role rep --all-territories")
            val said = ConcurrentLinkedQueue<String>()
            example(relay.invitation("Ana"), options.path, said::add)
            assertTrue(said.any { it.startsWith("Bar Ñandú") }, said.toString())
        }
    }

    @Test
    fun `values are those of the platform`() {
        val day = java.time.LocalDate.of(2024, 2, 29)
        assertEquals(day, day.toBusinessDate().toLocalDate())
        assertEquals("12.50", app.cartera.ffi.Money(1250, "EUR").toBigDecimal().toString())
        assertEquals("0.5", java.math.BigDecimal("0.500").toDecimal().text)
    }
}
