package app.cartera.state

import app.cartera.edit
import app.cartera.ffi.NewClient
import app.cartera.ffi.Outcome
import app.cartera.ffi.Visit
import app.cartera.state.device.DatabaseKey
import app.cartera.state.device.KeyAnswer
import com.sun.net.httpserver.HttpServer
import java.io.File
import java.net.InetSocketAddress
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assume.assumeTrue

/** What a phone, a network or a person can get wrong: each has words and a way out, and nothing is lost by it. */
class AppModelTest {
    private val words = speech().words

    private fun company(work: Company.() -> Unit) = Company().use(work)

    /** A linked phone with a visit that was not sent, closed. */
    private fun Company.withUnsent(): Phone {
        val phone = working("Ana")
        phone.session.database.now { sync.stop() }
        val visit = phone.show(VisitModel(phone.session, phone.client("Bar Ñandú"), "Bar Ñandú"))
        visit.outcome("attended")
        visit.notes("por enviar")
        visit.save()
        visit.saved.awaits { it != null }
        phone.shut()
        return phone
    }

    @Test
    fun `a new phone is asked to be linked`() = company {
        phone("Ana").start().use { app -> app.state.awaits { it is AppState.Enrolling } }
    }

    @Test
    fun `while the key is not to be had, it is tried again and nothing is touched`() = company {
        val phone = withUnsent()
        val key = TestKey(KeyAnswer.NotYet)
        phone.start(key).use { app ->
            val shut = app.state.awaits { it is AppState.Shut } as AppState.Shut
            assertEquals(words.errorStoreKeyNotAvailable, shut.text)
            assertEquals(listOf(WayOut.TryAgain), shut.ways)
            key.answer = NO_KEY
            app.take(WayOut.TryAgain)
            app.state.awaits { it is AppState.Working }
        }
    }

    @Test
    fun `with its key lost a phone starts anew, and the old data lies beside`() = company {
        val phone = withUnsent()
        val before = File(phone.options.path).readBytes()
        val key = TestKey(KeyAnswer.Lost)
        phone.start(key).use { app ->
            val shut = app.state.awaits { it is AppState.Shut } as AppState.Shut
            assertEquals(words.appKeyLost, shut.text)
            assertEquals(words.appKeyLostAdvice, shut.advice)
            assertEquals(listOf(WayOut.StartAnew), shut.ways)
            app.take(WayOut.StartAnew)
            app.state.awaits { it is AppState.Enrolling }
            assertTrue(before.contentEquals(File(phone.options.path + ".old-1").readBytes()))
        }
    }

    @Test
    fun `a database whose tables cannot be found any more is set aside, and the phone is linked anew`() = company {
        val phone = withUnsent()
        val file = File(phone.options.path)
        file.writeBytes(file.readBytes().also { bytes -> bytes.fill(0x5a, 100, PAGE) })
        phone.start().use { app ->
            val shut = app.state.awaits { it is AppState.Shut } as AppState.Shut
            assertEquals(listOf(WayOut.Recover, WayOut.StartAnew), shut.ways)
            app.take(WayOut.Recover)
            val enrolling = app.state.awaits { it is AppState.Enrolling } as AppState.Enrolling
            assertEquals(words.appRecovered("0", "0"), enrolling.session.told.value?.text)
            assertTrue(file.setAside().isNotEmpty())
        }
    }

    @Test
    fun `damage that is found only as it is read closes the database, and what can be read is there again, unsent work too`() = company {
        val phone = working("Ana")
        phone.session.database.now {
            sync.stop()
            for (number in 0 until 300) {
                val client = clients.create(NewClient(listOf(edit("name", "Cliente $number"))))
                visits.log(client, Visit(Outcome.ATTENDED, notes = "nota $number ".repeat(20)))
            }
        }
        phone.shut()
        relay.stop()
        val file = File(phone.options.path)
        val bytes = file.readBytes()
        val schema = schemaPages(bytes)
        for (page in 1 until bytes.size / PAGE) if (page % 6 == 5 && page !in schema) bytes.fill(0x5a, page * PAGE, (page + 1) * PAGE)
        file.writeBytes(bytes)

        phone.start().use { app ->
            val first = app.state.awaits { it is AppState.Shut || it is AppState.Working }
            if (first is AppState.Working) {
                val list = ClientsModel(first.session)
                repeat(5) { list.more() }
                runBlocking { list.state.first { it is Load.Failed || app.state.value is AppState.Shut } }
            }
            val shut = app.state.awaits { it is AppState.Shut } as AppState.Shut
            assertContains(setOf(words.errorStoreDamaged, words.errorDatabaseCorrupt), shut.text)
            assertEquals(listOf(WayOut.Recover, WayOut.StartAnew), shut.ways)
            app.take(WayOut.Recover)
            val session = (app.state.awaits { it is AppState.Working } as AppState.Working).session
            val kept = session.database.now { clients.count() to sync.state().unsent }
            assertTrue(kept.first > 100u && kept.second > 100u, "$kept")
            assertTrue(file.setAside().isNotEmpty())
        }
    }

    private fun File.setAside() = parentFile.list()!!.filter { ".damaged-" in it && it.startsWith(name) }

    /** The pages that say which table lies where, by SQLite's file format: the first, and those that it points to. */
    private fun schemaPages(bytes: ByteArray): Set<Int> {
        fun number(at: Int, size: Int) = (0 until size).fold(0) { sum, index -> sum * 256 + (bytes[at + index].toInt() and 0xff) }
        if (number(100, 1) != INTERIOR) return setOf(0)
        val cells = (0 until number(103, 2)).map { number(number(112 + 2 * it, 2), 4) }
        return (cells + number(108, 4)).map { it - 1 }.toSet() + 0
    }

    @Test
    fun `a file that is no database can be recovered from or set aside, and is never deleted`() = company {
        val phone = phone("Ana")
        val file = File(phone.options.path).apply { writeText("esto no es una base de datos, sino una nota\n".repeat(200)) }
        val text = file.readText()
        phone.start().use { app ->
            val shut = app.state.awaits { it is AppState.Shut } as AppState.Shut
            assertContains(shut.ways, WayOut.StartAnew)
            app.take(WayOut.StartAnew)
            app.state.awaits { it is AppState.Enrolling }
            assertEquals(text, File(file.path + ".old-1").readText())
        }
    }

    @Test
    fun `what answers and is not the company's relay is said so`() = company {
        val portal = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        portal.createContext("/") { call ->
            val page = "<html>Bienvenido a la wifi del hotel</html>".toByteArray()
            call.sendResponseHeaders(200, page.size.toLong())
            call.responseBody.use { it.write(page) }
        }
        portal.start()
        try {
            val phone = phone("Ana").open()
            val enrol = phone.show(EnrolModel(phone.session, "Ana"))
            enrol.invitation(relay.invitation("Ana").replace(Regex("//[^/]+/"), "//127.0.0.1:${portal.address.port}/"))
            enrol.link()
            val problem = assertNotNull(enrol.state.awaits { it.problem != null }.problem)
            assertEquals(words.errorNotTheRelay, problem.text)
            assertEquals(words.errorNotTheRelayAdvice, problem.advice)
            assertTrue(enrol.state.value.canLink, "it can be tried again")
        } finally {
            portal.stop(0)
        }
    }

    @Test
    fun `a code that another phone used and a relay that is away have words, and a new code helps`() = company {
        val invitation = relay.invitation("Ana")
        phone("Ana").open().enrol(invitation)
        val phone = phone("Luis").open()
        val enrol = phone.show(EnrolModel(phone.session, "Luis"))
        enrol.invitation(invitation)
        enrol.link()
        val used = assertNotNull(enrol.state.awaits { it.problem != null }.problem)
        assertContains(setOf(words.errorExpired, words.errorConflict, words.errorUnauthenticated), used.text)
        assertNotNull(used.advice)

        val fresh = relay.invitation("Luis")
        relay.stop()
        enrol.invitation(fresh)
        enrol.link()
        assertEquals(words.errorRelayUnreachable, enrol.state.awaits { it.problem != null }.problem?.text)
        relay.start()
        enrol.link()
        enrol.linked.awaits { it }
    }

    @Test
    fun `an expired code is said to be one, and a new one helps`() = company {
        assumeTrue("faketime is there", KilledApp.canFakeTime())
        val old = expiredInvitation("Ana")
        val phone = phone("Ana").open()
        val enrol = phone.show(EnrolModel(phone.session, "Ana"))
        enrol.invitation(old)
        enrol.link()
        val problem = assertNotNull(enrol.state.awaits { it.problem != null }.problem)
        assertEquals(words.errorExpired, problem.text)
        assertEquals(words.errorExpiredAdvice, problem.advice)
        enrol.invitation(relay.invitation("Ana"))
        enrol.link()
        enrol.linked.awaits { it }
    }

    @Test
    fun `with the clock two years ahead a visit still has the right day, and goes through`() = company {
        assumeTrue("faketime is there", KilledApp.canFakeTime())
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        val today = phone.session.database.now { businessDate() }
        phone.shut()
        KilledApp.atOtherTime(phone.options.path, "visit", bar.ulid, "+730d").use { app -> app.awaits("saved") }
        phone.open()
        val entry = phone.session.database.now { clients.timeline(bar, null, 5u) }.entries.single()
        assertTrue(entry.at.unixMs > System.currentTimeMillis() + 700L * 86_400_000, "the clock was ahead")
        assertEquals(today, entry.date)
        phone.synced()
        assertEquals(0uL, phone.session.database.now { sync.state() }.unsent)
        assertContains(relay.run("export visits"), "Volver en marzo")
    }

    @Test
    fun `without the camera the code is pasted`() = company {
        val phone = phone("Ana").open()
        val enrol = phone.show(EnrolModel(phone.session, "Ana"))
        enrol.cameraDenied()
        assertEquals(false, enrol.state.value.canScan)
        enrol.invitation(relay.invitation("Ana"))
        assertEquals(false, enrol.state.value.canScan, "it stays said")
        assertTrue(enrol.state.value.canLink)
    }

    @Test
    fun `a job of the system's sends what is unsent, and is tried again while the relay is away`() = company {
        val phone = withUnsent()
        relay.stop()
        phone.start().use { app ->
            assertTrue(runBlocking { app.syncOnce() })
            relay.start()
            assertEquals(false, runBlocking { app.syncOnce() })
            assertContains(relay.run("export visits"), "por enviar")
            assertEquals(0, phone.device.notified.get())
        }
    }

    @Test
    fun `on a full disk what was written stays on the screen, and is saved once there is room`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        phone.shut()
        assumeTrue("a small disk can be mounted", KilledApp.canMount())
        KilledApp.onSmallDisk(phone.options.path, "full", bar.ulid).use { app ->
            app.awaits(words.errorStoreFull)
            app.awaits("saved")
        }
    }
}

private const val PAGE = 4096
private const val INTERIOR = 5

/** The key store's answer, as a test says. */
class TestKey(@Volatile var answer: KeyAnswer) : DatabaseKey {
    override fun get() = answer

    override fun replace(): KeyAnswer = NO_KEY.also { answer = it }
}
