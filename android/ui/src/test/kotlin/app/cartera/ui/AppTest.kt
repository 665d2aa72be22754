package app.cartera.ui

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import app.cartera.ffi.Outcome
import app.cartera.ffi.RecordBody
import app.cartera.state.AppModel
import app.cartera.state.Company
import app.cartera.state.Navigation
import app.cartera.state.Phone
import app.cartera.state.TestPreferences
import app.cartera.state.speech
import app.cartera.words.Words
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.awaitCancellation
import org.junit.Rule

/** The whole app, touched as a rep touches it, over the real engine and a real relay. */
class AppTest {
    @get:Rule
    val rule = createComposeRule()

    private val words: Words = speech().words
    private var taps = 0

    private fun show(app: AppModel) {
        // What is said stays until the test has read it.
        val around = Surroundings("Prueba", "0.1.0", TestPreferences(), { _, onDenied -> onDenied() }, Roboto, { awaitCancellation() })
        rule.setContent { App(app, Navigation(), words, around) }
    }

    private fun waitFor(matcher: SemanticsMatcher) = until(matcher.description) { rule.onAllNodes(matcher).fetchSemanticsNodes().isNotEmpty() }

    private fun until(what: String, so: () -> Boolean) = try {
        rule.waitUntil(PATIENCE_MS, so)
    } catch (timeout: ComposeTimeoutException) {
        val texts = rule.onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text)).fetchSemanticsNodes()
            .flatMap { it.config[SemanticsProperties.Text] }.joinToString(" | ")
        throw AssertionError("not there: $what\non the screen: $texts", timeout)
    }

    private fun waitFor(text: String) = waitFor(hasText(text, substring = true))

    /** What a list no longer shows may still be among its nodes, outside of it. */
    private fun displayed(text: String): Boolean {
        val nodes = rule.onAllNodes(hasText(text))
        return nodes.fetchSemanticsNodes().indices.any { nodes[it].runCatching { assertIsDisplayed() }.isSuccess }
    }

    /** Further down a list. */
    private fun scrollTo(text: String) {
        until(text) {
            rule.onAllNodes(hasScrollToNodeAction()).onFirst().runCatching { performScrollToNode(hasText(text, substring = true)) }.isSuccess
        }
    }

    /** Touches what has these words, or is read out so. */
    private fun tap(said: String) {
        val matcher = hasClickAction() and (hasText(said) or hasContentDescription(said))
        waitFor(matcher)
        rule.onAllNodes(matcher).onFirst().performClick()
        taps++
    }

    private fun company(work: Company.() -> Unit) = Company().use(work)

    private fun Phone.planToday(name: String) = session.database.now { visits.plan(client(name), businessDate(), null) }

    @Test
    fun `a phone is linked, shows the portfolio and searches it`() = company {
        phone("Ana").start().use { app ->
            show(app)
            waitFor(words.appEnrolTitle)
            tap(words.appEnrolScan)
            waitFor(words.appEnrolNoCamera)
            rule.onNode(hasSetTextAction()).performTextInput(relay.invitation("Ana"))
            waitFor("127.0.0.1")
            tap(words.appEnrolLink)
            tap(words.appTabClients)
            waitFor("Hotel Asturias")
            rule.onNode(hasSetTextAction()).performTextInput("dindu")
            until("what was found alone") { displayed("Café Dindurra") && !displayed("Hotel Asturias") }
        }
    }

    @Test
    fun `a planned visit is saved in at most five taps, undone in one`() = company {
        val phone = working("Ana")
        phone.planToday("Bar Ñandú")
        phone.shut()
        phone.start().use { app ->
            show(app)
            waitFor("Bar Ñandú")
            taps = 0
            tap(words.appTodayStartVisit("Bar Ñandú"))
            tap(words.outcomeNoOrder)
            tap(words.noOrderStockLeft)
            tap(words.appVisitNextWeek)
            tap(words.actionSave)
            waitFor(words.appVisitSaved)
            assertTrue(taps <= MOST_TAPS, "$taps taps")
            tap(words.appUndo)
            waitFor(words.appTakenBack(words.kindVisit))
        }
    }

    @Test
    fun `an unplanned visit from the list is saved in at most five taps`() = company {
        working("Ana").run {
            shut()
            start().use { app ->
                show(app)
                tap(words.appTabClients)
                waitFor("Café Dindurra")
                taps = 0
                tap("Café Dindurra")
                tap(words.actionLogVisit)
                tap(words.outcomeNoOrder)
                tap(words.noOrderPrice)
                tap(words.actionSave)
                waitFor(words.appVisitSaved)
                assertTrue(taps <= MOST_TAPS, "$taps taps")
                scrollTo("${words.kindVisit} · ${words.outcomeNoOrder}")
            }
        }
    }

    @Test
    fun `a visit with an order leads to the order, which is placed and reads back`() = company {
        val phone = working("Ana")
        phone.shut()
        phone.start().use { app ->
            show(app)
            tap(words.appTabClients)
            tap("Bar Ñandú")
            tap(words.actionLogVisit)
            tap(words.outcomeOrder)
            tap(words.actionSave)
            tap(words.appOrderAdd("Azúcar"))
            waitFor("8,00")
            tap(words.appOrderAdd("Azúcar"))
            waitFor("16,00")
            tap(words.appOrderReview)
            waitFor(words.appOrderTotal)
            tap(words.appOrderPlace)
            waitFor(words.appOrderPlaced)
            scrollTo("${words.purchaseOrder} · 16,00")
        }
        phone.open()
        val entries = phone.session.database.now { clients.timeline(phone.client("Bar Ñandú"), null, 10u) }.entries
        val order = entries.map { it.body }.filterIsInstance<RecordBody.Purchase>().single()
        val visit = entries.single { (it.body as? RecordBody.Visit)?.visit?.outcome == Outcome.ORDER }
        assertEquals(visit.root, order.purchase.visit, "the order names the visit at which it was taken")
        phone.synced()
        assertContains(relay.run("export purchases"), "16")
    }

    @Test
    fun `a new client is entered, the likely same one is shown, and work on it goes on at once`() = company {
        val phone = working("Ana")
        phone.shut()
        phone.start().use { app ->
            show(app)
            tap(words.appTabClients)
            tap(words.wordNewClient)
            waitFor(words.appNewClientNameNeeded)
            rule.onNode(hasContentDescription(words.clientName) and hasSetTextAction()).performTextInput("Cafe Dindura")
            waitFor(words.appNewClientLikely)
            waitFor("Café Dindurra")
            rule.onNode(hasContentDescription(words.clientPhone) and hasSetTextAction()).performScrollTo().performTextInput("600 100 200")
            tap(words.actionSave)
            waitFor(words.appNewClientSaved)
            waitFor("Cafe Dindura")
            tap(words.actionTakeOrder)
            waitFor("Café molido")
        }
    }

    @Test
    fun `what was not sent is listed with its reason, and the month and settings read`() = company {
        val phone = working("Ana")
        relay.stop()
        phone.session.database.now { visits.addNote(phone.client("Bar Ñandú"), "Llamar antes", false) }
        phone.shut()
        phone.start().use { app ->
            show(app)
            tap(words.syncNoAnswer)
            waitFor(words.kindNote)
            waitFor(words.syncSaved)
            tap(words.appBack)
            tap(words.appTabMonth)
            waitFor(words.appMonthWork)
            tap(words.appTabMore)
            waitFor(words.appSettingsLanguage)
            scrollTo(words.appSettingsDiagnostics)
            tap(words.appTabReview)
            waitFor(words.appReviewEmpty)
        }
    }

    private companion object {
        const val PATIENCE_MS = 30_000L
        const val MOST_TAPS = 5
    }
}
