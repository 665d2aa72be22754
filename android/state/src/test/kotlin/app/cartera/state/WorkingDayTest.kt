package app.cartera.state

import app.cartera.edit
import app.cartera.ffi.Edit
import app.cartera.ffi.FieldValue
import app.cartera.ffi.NewClient
import app.cartera.ffi.NoOrderReason
import app.cartera.ffi.Outcome
import app.cartera.ffi.Point
import app.cartera.ffi.Purpose
import app.cartera.ffi.RecordBody
import app.cartera.ffi.Segment
import app.cartera.ffi.Visit
import app.cartera.state.device.Fix
import app.cartera.state.device.Permission
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** A rep's day through the view models, the real engine and a real relay. */
class WorkingDayTest {
    private fun company(work: Company.() -> Unit) = Company().use(work)

    @Test
    fun `a phone is linked by its invitation and by nothing else, and the list is there`() = company {
        val phone = phone("Ana").open()
        val enrol = phone.show(EnrolModel(phone.session, "Ana"))

        enrol.link()
        assertFalse(enrol.state.value.working, "without an invitation nothing is asked")
        enrol.invitation("https://example.org/")
        assertEquals(phone.words.errorNoInvitation, enrol.state.value.problem?.text)
        assertFalse(enrol.state.value.canLink)

        enrol.invitation("  ${relay.invitation("Ana")} \n")
        assertNull(enrol.state.value.problem)
        assertContains(assertNotNull(enrol.state.value.from), "127.0.0.1")
        enrol.link()
        enrol.linked.awaits { it }

        val clients = phone.show(ClientsModel(phone.session))
        // Names come first, the rest with the documents.
        val list = clients.state.ready { it.rows.size == 3 && it.rows[0].place == "Gijón · Bar" }
        assertEquals(listOf("Bar Ñandú", "Café Dindurra", "Hotel Asturias"), list.rows.map { it.name })
        assertEquals(phone.words.appClientsNeverBought, list.rows[0].bought)
        clients.search("nandu")
        assertEquals(listOf("Bar Ñandú"), clients.state.ready { it.search == "nandu" && it.rows.size == 1 }.rows.map { it.name })
        clients.search("zzz")
        assertEquals(emptyList(), clients.state.ready { it.rows.isEmpty() }.rows)
        assertEquals(3, clients.state.ready().count)
    }

    @Test
    fun `a visit logged without a network outlives a killed app and arrives`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        relay.stop()
        phone.shut()

        KilledApp.start(phone.options.path, "visit", bar.ulid).use { app -> app.awaits("saved") }

        phone.open()
        phone.device.connected.value = false
        val page = phone.show(ClientModel(phone.session, bar))
        val kept = page.state.ready { it.timeline.isNotEmpty() }.timeline.single()
        assertEquals("Visita · Sin pedido", kept.title)
        assertContains(kept.detail!!, "Le queda género. Volver en marzo")
        assertEquals(phone.words.syncSaved, kept.state?.text)

        val sync = phone.show(SyncModel(phone.session))
        assertEquals(1, sync.state.ready { it.onPhone == 1L }.onPhone)
        assertEquals(phone.words.syncNoNetwork, sync.state.ready().headline)

        relay.start()
        phone.device.connected.value = true
        sync.syncNow()
        val done = sync.state.ready { it.onPhone == 0L && it.weight == Weight.Good }
        assertEquals(phone.words.syncUpToDate, done.headline)
        assertNull(page.state.ready { it.timeline.single().state == null }.timeline.single().state)
        assertContains(relay.run("export visits"), "Volver en marzo")
    }

    @Test
    fun `a visit is how it went and save, and can be taken back and back again`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        val page = phone.show(ClientModel(phone.session, bar))
        val visit = phone.show(VisitModel(phone.session, bar, "Bar Ñandú"))

        visit.save()
        assertNull(visit.saved.value, "without an outcome there is nothing to save")
        visit.outcome("order")
        visit.outcome("no_order")
        visit.reason("price")
        visit.outcome("order")
        assertEquals(emptyList(), visit.state.awaits { it.reasons.isEmpty() }.reasons)
        visit.save()
        visit.saved.awaits { it != null }
        assertEquals(1, phone.device.hurried.get(), "a job was asked for")
        assertEquals(1, page.state.ready { it.timeline.size == 1 }.timeline.size)

        assertEquals(Told(phone.words.appVisitSaved, phone.words.appUndo), phone.session.told.value)
        phone.session.answer()
        page.state.ready { it.timeline.isEmpty() }
        phone.session.told.awaits { it?.text == phone.words.appTakenBack(phone.words.kindVisit) }
        phone.session.answer()
        page.state.ready { it.timeline.size == 1 }
    }

    @Test
    fun `the next step, what was dictated and where it was go with the visit`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        val visit = phone.show(VisitModel(phone.session, bar, "Bar Ñandú"))
        phone.device.said = listOf("pide precio", "del café")
        phone.device.fix = Fix(43.5453, -5.6619, 12.4f)
        visit.outcome("attended")
        visit.notes("Encargado nuevo:")
        visit.dictate()
        visit.state.awaits { it.notes == "Encargado nuevo: pide precio del café" }
        visit.addPlace()
        visit.state.awaits { it.place == PlaceChoice.Added }
        visit.nextStep("Week")
        visit.moveNext(1)
        visit.nextWhat("Llevar tarifa")
        val day = visit.state.awaits { it.nextOn != null && it.nextWhat.isNotEmpty() }.nextOn
        visit.save()
        visit.saved.awaits { it != null }
        val page = phone.show(ClientModel(phone.session, bar))
        val detail = page.state.ready { it.timeline.size == 1 }.timeline.single().detail
        assertEquals("Encargado nuevo: pide precio del café. Próxima acción: Llevar tarifa, $day", detail)
    }

    @Test
    fun `without permission or a fix the visit is saved without a place, and says so`() = company {
        val phone = working("Ana")
        val visit = phone.show(VisitModel(phone.session, phone.client("Bar Ñandú"), "Bar Ñandú"))
        visit.addPlace()
        phone.session.told.awaits { it?.text == phone.words.appVisitPlaceNone }
        assertEquals(PlaceChoice.Offered, visit.state.value.place)
        phone.device.permission = Permission.Denied
        visit.addPlace()
        visit.state.awaits { it.place == PlaceChoice.Denied }
        visit.outcome("shut")
        visit.save()
        visit.saved.awaits { it != null }
    }

    @Test
    fun `a client is called by another app, and whether it came to something the person says`() = company {
        val phone = working("Ana")
        val page = phone.show(ClientModel(phone.session, phone.client("Bar Ñandú")))
        assertEquals("+34985123456", page.state.ready().reach.phone)
        page.call()
        assertEquals(listOf("call +34985123456"), phone.device.handed)
        assertEquals(phone.words.appClientNote, phone.session.told.value?.action)
        assertEquals(emptyList(), page.state.ready().timeline, "nothing is noted unasked")
        phone.session.answer()
        assertEquals("Contacto · Teléfono", page.state.ready { it.timeline.isNotEmpty() }.timeline.single().title)
        phone.device.takes = false
        page.write()
        assertEquals(phone.words.appClientNoApp, phone.session.told.value?.text)
        fun contact(state: ClientState) = state.profile.single { it.section == "CONTACT" }
        assertTrue(contact(page.state.ready()).stale)
        assertEquals("985 123 456", contact(page.state.ready()).lines.first { it.label == phone.words.clientPhone }.value)
        page.stillRight("CONTACT")
        assertFalse(contact(page.state.ready { !contact(it).stale }).stale)
    }

    @Test
    fun `no network and a relay that does not answer are told apart`() = company {
        val phone = working("Ana")
        phone.device.connected.value = false
        val clients = phone.show(ClientsModel(phone.session))
        assertEquals(phone.words.syncNoNetwork, clients.state.ready { it.sync.text == phone.words.syncNoNetwork }.sync.text)
        phone.device.connected.value = true
        relay.stop()
        phone.session.database.now { sync.hurry() }
        val line = clients.state.ready { it.sync.text == phone.words.syncNoAnswer }.sync
        assertEquals(Weight.Warning, line.weight)
        relay.start()
        phone.session.database.now { sync.hurry() }
        assertTrue(clients.state.ready { it.sync.weight == Weight.Good }.sync.text == phone.words.syncUpToDate)
    }

    @Test
    fun `a visit is corrected, what the screen does not ask for stays, and the first version is restored by an undo`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        phone.session.database.now {
            visits.log(bar, Visit(Outcome.NO_ORDER, noOrder = NoOrderReason.PRICE, purpose = Purpose.SELL, notes = "Caro"))
        }
        val page = phone.show(ClientModel(phone.session, bar))
        val line = page.state.ready { it.timeline.isNotEmpty() }.timeline.single()
        assertTrue(line.correctable)
        val corrected = assertNotNull(page.corrected(line))
        val visit = phone.show(VisitModel(phone.session, bar, "Bar Ñandú", corrected = corrected))
        assertEquals(phone.words.appVisitCorrect, visit.state.value.title)
        assertEquals("Caro", visit.state.value.notes)
        assertEquals("price", visit.state.value.reasons.single { it.chosen }.id)
        visit.outcome("order")
        visit.notes("Al final pidió")
        visit.save()
        visit.saved.awaits { it != null }
        val now = page.state.ready { "Al final pidió" in it.timeline.single().detail.orEmpty() }.timeline.single()
        assertEquals(line.record, now.record, "no second visit")
        assertEquals("Visita · Pedido", now.title)
        val body = phone.session.database.now { clients.timeline(bar, null, 5u) }.entries.single().body as RecordBody.Visit
        assertEquals(Purpose.SELL, body.visit.purpose)
        phone.session.answer()
        page.state.ready { it.timeline.single().title == "Visita · Sin pedido" }
    }

    @Test
    fun `an order's steps and lines read back as the office has them`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        val order = phone.show(OrderModel(phone.session, bar))
        order.state.ready()
        order.more("A1")
        order.more("A2")
        order.state.ready { it.ordered.size == 2 }
        order.place()
        val placed = assertNotNull(order.placed.awaits { it != null })
        val became = phone.show(OrderStateModel(phone.session, placed))
        assertEquals(phone.words.syncSaved, became.state.ready().steps.first().label)
        phone.synced()
        relay.run("order registered ${placed.ulid} P-7")
        phone.synced()
        val now = became.state.ready { it.now.weight == Weight.Good }
        assertEquals("${phone.words.orderRegistered} P-7", now.now.text)
        assertEquals(listOf("Café molido", "Azúcar"), now.lines.map { it.name })
        val sync = phone.show(SyncModel(phone.session))
        assertContains(sync.state.ready { it.underWay == 1L }.items.single().state.text, "P-7")
    }

    @Test
    fun `a segment narrows the list, and the list goes on past its first page`() = company {
        val phone = working("Ana")
        phone.session.database.now {
            segments.save(Segment("Ovetenses", "city = \"Oviedo\""))
            repeat(100) { clients.create(NewClient(listOf(edit("name", "Cliente %03d".format(it))))) }
        }
        val clients = phone.show(ClientsModel(phone.session))
        val first = clients.state.ready { it.count == 103L }
        assertEquals(60, first.rows.size)
        assertTrue(first.more)
        clients.more()
        val all = clients.state.ready { it.rows.size == 103 }
        assertFalse(all.more)
        val segment = all.filters.last()
        assertEquals("Ovetenses", segment.text)
        clients.filter(segment.key)
        val narrowed = clients.state.ready { it.rows.size == 1 }
        assertEquals("Hotel Asturias", narrowed.rows.single().name)
        assertTrue(narrowed.filters.last().chosen && narrowed.filters.count { it.chosen } == 1)
        clients.filter("all")
        clients.state.ready { it.rows.size == 60 }
    }

    @Test
    fun `what is wrong with a new client is said at its field, and what was typed stays`() = company {
        val phone = working("Ana")
        val new = phone.show(NewClientModel(phone.session))
        new.type("name", "Bar Nuevo")
        new.type("email", "bar.example.org")
        new.type("street", "s".repeat(1_000))
        new.save()
        val wrong = new.state.ready { it.problem != null }
        assertEquals(listOf("email", "street"), wrong.fields.filter { it.problem != null }.map { it.key })
        assertTrue(wrong.problem!!.text.startsWith("Correo electrónico: "), wrong.problem!!.text)
        assertTrue(wrong.canSave)
        new.type("email", "")
        new.type("street", "")
        new.save()
        new.created.awaits { it != null }
    }

    @Test
    fun `what is near is found from where the phone is, and only where it says so`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        phone.session.database.now { clients.edit(bar, listOf(Edit("point", FieldValue.Point(Point(43.5453, -5.6619, null))))) }
        val clients = phone.show(ClientsModel(phone.session))
        clients.state.ready()
        clients.filter("near")
        phone.session.told.awaits { it?.text == phone.words.appClientsNoPlace }
        phone.device.fix = Fix(43.5500, -5.6619, 10f)
        clients.filter("near")
        val near = clients.state.ready { state -> state.filters.any { it.key == "near" && it.chosen } && state.rows.size == 1 }
        assertEquals("Bar Ñandú", near.rows.single().name)
        assertEquals("520 m", near.rows.single().distance)
    }

    @Test
    fun `settings are kept, and diagnostics name nobody`() = company {
        val phone = working("Ana")
        val settings = phone.show(SettingsModel(phone.session, TestPreferences()))
        assertEquals("0", settings.state.ready().quiet.single { it.chosen }.id)
        settings.quiet("1200")
        assertEquals("1200", settings.state.ready { state -> state.quiet.any { it.chosen && it.id == "1200" } }.quiet.single { it.chosen }.id)
        settings.language("en")
        settings.theme("Dark")
        val now = settings.state.ready { state -> state.languages.any { it.chosen && it.id == "en" } && state.themes.any { it.chosen && it.id == "Dark" } }
        assertEquals("3", now.holdings.first().value)
        settings.shareDiagnostics("0.1.0").let { job -> runBlocking { job.join() } }
        val shared = phone.device.handed.single()
        assertContains(shared, "Cartera 0.1.0")
        for (secret in listOf("Ñandú", "Ana", "985", "Gijón", "example.com")) assertFalse(secret in shared, secret)
    }
}
