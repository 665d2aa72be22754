package app.cartera.state

import app.cartera.ffi.RecordKind
import app.cartera.ffi.VoidReason
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What goes wrong between people, phones and the office, as a rep sees it. */
class StoriesTest {
    private fun company(work: Company.() -> Unit) = Company().use(work)

    @Test
    fun `two phones change one field, both values are shown with their authors, and one is chosen`() = company {
        val (ana, luis) = working("Ana") to working("Luis")
        for (phone in listOf(ana, luis)) phone.session.database.now { sync.stop() }
        val bar = ana.client("Bar Ñandú")
        val (anas, luises) = listOf(ana, luis).map { it.show(ClientModel(it.session, bar)) }
        anas.write("mobile", "612 345 678")
        luises.write("mobile", "698 765 432")
        for (phone in listOf(ana, luis)) phone.session.told.awaits { it?.text == phone.words.syncSaved }
        ana.synced()
        luis.synced()
        ana.synced()

        val conflict = luises.state.ready { it.conflicts.isNotEmpty() }.conflicts.single()
        assertEquals("mobile", conflict.field)
        assertEquals(
            setOf(ConflictValue("612 345 678", "Ana"), ConflictValue("698 765 432", luis.words.appPersonYou)),
            conflict.values.toSet(),
        )
        val review = luis.show(ReviewModel(luis.session))
        val item = review.state.ready { it.items.isNotEmpty() }.items.single()
        assertEquals(luis.words.attentionConflict, item.title)
        assertEquals(setOf(ReviewAct.Open), item.acts, "a conflict is settled on the client's page alone")

        luises.choose("mobile", conflict.values.indexOfFirst { it.from == "Ana" })
        assertEquals(emptyList(), luises.state.ready { it.conflicts.isEmpty() }.conflicts)
        assertEquals(emptyList(), review.state.ready { it.items.isEmpty() }.items)
        luis.synced()
        ana.synced()
        val contact = anas.state.ready { it.conflicts.isEmpty() }.profile.single { it.section == "CONTACT" }
        assertEquals("612 345 678", contact.lines.single { it.label == ana.words.clientMobile }.value)
    }

    @Test
    fun `a third value settles a conflict too`() = company {
        val (ana, luis) = working("Ana") to working("Luis")
        for (phone in listOf(ana, luis)) phone.session.database.now { sync.stop() }
        val bar = ana.client("Bar Ñandú")
        val (anas, luises) = listOf(ana, luis).map { it.show(ClientModel(it.session, bar)) }
        anas.write("warning", "Perro")
        luises.write("warning", "Cuidado con el perro")
        for (phone in listOf(ana, luis)) phone.session.told.awaits { it?.text == phone.words.syncSaved }
        ana.synced()
        luis.synced()
        luises.state.ready { it.conflicts.size == 1 }
        luises.write("warning", "El perro no muerde")
        assertEquals("El perro no muerde", luises.state.ready { it.conflicts.isEmpty() }.warning)
    }

    @Test
    fun `refused work is shown with its reason, tried again, and given up only after it was said`() = company {
        val ana = working("Ana")
        val bar = ana.client("Bar Ñandú")
        val visit = ana.show(VisitModel(ana.session, bar, "Bar Ñandú"))
        visit.outcome("attended")
        visit.save()
        val record = visit.saved.awaits { it != null }!!
        ana.synced()
        val marta = working("Marta")
        marta.session.database.now { sync.stop() }
        // She may take a rep's visit back; by the time that it arrives she may not.
        marta.session.database.now { visits.void(bar, RecordKind.VISIT, record, VoidReason.MISTAKE) }
        relay.run("people change Marta --role rep")
        val good = marta.show(VisitModel(marta.session, bar, "Bar Ñandú"))
        good.outcome("shut")
        good.save()
        good.saved.awaits { it != null }
        marta.synced()

        val sync = marta.show(SyncModel(marta.session))
        // The rest was sent.
        val stands = sync.state.ready { it.refused == 1L && it.onPhone == 0L }
        assertEquals(marta.words.errorForbidden, stands.items.first().reason)
        assertEquals(marta.words.appTakenBack(marta.words.kindVisit), stands.items.first().title)

        val review = marta.show(ReviewModel(marta.session))
        val item = review.state.ready { it.items.isNotEmpty() }.items.single()
        assertEquals(marta.words.errorForbidden, item.reason)
        assertEquals(setOf(ReviewAct.Open, ReviewAct.Retry, ReviewAct.Discard), item.acts)
        review.retry(item.key)
        marta.session.told.awaits { it != null && marta.words.errorForbidden in it.text }

        review.discard(item.key)
        review.state.ready { it.items.isEmpty() }
        marta.session.answer()
        assertEquals(1, review.state.ready { it.items.isNotEmpty() }.items.size, "taken back, nothing was given up")
        review.discard(item.key)
        review.state.ready { it.items.isEmpty() }
        marta.session.toldEnough()
        sync.state.ready { it.refused == 0L }
    }

    @Test
    fun `a revoked phone keeps its work, says so, and is linked again`() = company {
        val phone = phone("Ana").open().enrol(relay.invitation("Ana"))
        val device = phone.session.database.now { enrolment.identity()!!.device.ulid }
        val bar = phone.client("Bar Ñandú")
        phone.shut()
        phone.start().use { app ->
            val session = (app.state.awaits { it is AppState.Working } as AppState.Working).session
            relay.run("device revoke --salvage $device")
            session.database.now { sync.stop() }
            val visit = VisitModel(session, bar, "Bar Ñandú")
            visit.outcome("attended")
            visit.notes("tras la baja")
            visit.save()
            visit.saved.awaits { it != null }
            session.database.now { sync.start() }

            val held = app.state.awaits { it is AppState.Held && it.unsent == 1L } as AppState.Held
            assertEquals(speech().words.errorRevoked, held.text)
            assertEquals(listOf(WayOut.EnrolAgain), held.ways)
            app.take(WayOut.EnrolAgain)
            app.state.awaits { it is AppState.Enrolling }
            val enrol = EnrolModel(session, "Ana")
            enrol.invitation(relay.invitation("Ana"))
            enrol.link()
            enrol.linked.awaits { it }
            app.enrolled()
            app.state.awaits { it is AppState.Working }
            session.database.now { sync.now() }
            assertContains(relay.run("export visits"), "tras la baja")
            visit.close()
            enrol.close()
        }
    }

    @Test
    fun `an order's draft survives a kill at every change, and is placed once`() = company {
        val phone = working("Ana")
        val bar = phone.client("Bar Ñandú")
        relay.stop()
        phone.shut()
        val expected = listOf(
            listOf("1 caja Café molido"),
            listOf("2 caja Café molido"),
            listOf("2 caja Café molido", "1 saco Azúcar"),
            listOf("2 caja Café molido", "3,5 saco Azúcar"),
            listOf("1 caja Café molido", "3,5 saco Azúcar"),
            listOf("3,5 saco Azúcar"),
        )
        expected.forEachIndexed { index, lines ->
            KilledApp.start(phone.options.path, "order-$index", bar.ulid).use { app -> app.awaits("changed") }
            phone.open()
            val order = phone.show(OrderModel(phone.session, bar))
            assertEquals(lines, order.state.ready { it.ordered.isNotEmpty() }.ordered.map { "${it.quantity} ${it.unit} ${it.name}" }, "change $index")
            phone.shut()
        }
        repeat(2) {
            KilledApp.start(phone.options.path, "place", bar.ulid).use { app -> app.awaits("placed") }
        }
        phone.open()
        val page = phone.show(ClientModel(phone.session, bar))
        val orders = page.state.ready { it.timeline.isNotEmpty() }.timeline.filter { it.kind == TimelineKind.Order }
        assertEquals(1, orders.size)
        assertContains(orders.single().title, "28,00")
        val again = phone.show(OrderModel(phone.session, bar))
        assertTrue(again.state.ready().ordered.isEmpty(), "no draft is left")
        assertTrue(again.state.ready().canRepeat)
        again.repeatLast()
        assertEquals("3,5", again.state.ready { it.ordered.isNotEmpty() }.ordered.single().quantity)
        assertNull(again.placed.value)
    }
}
