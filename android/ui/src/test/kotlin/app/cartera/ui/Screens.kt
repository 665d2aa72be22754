package app.cartera.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import app.cartera.state.Load
import app.cartera.state.ReviewState
import app.cartera.state.WayOut
import app.cartera.ui.components.LocalSaid
import app.cartera.ui.components.Said
import app.cartera.ui.screens.ClientScreen
import app.cartera.ui.screens.ClientsScreen
import app.cartera.ui.screens.EnrolScreen
import app.cartera.ui.screens.MonthScreen
import app.cartera.ui.screens.NewClientScreen
import app.cartera.ui.screens.OrderReviewScreen
import app.cartera.ui.screens.LockedScreen
import app.cartera.ui.screens.OrderScreen
import app.cartera.ui.screens.OrderStateScreen
import app.cartera.ui.screens.ReviewScreen
import app.cartera.ui.screens.SettingsScreen
import app.cartera.ui.screens.ShutScreen
import app.cartera.ui.screens.SyncScreen
import app.cartera.ui.screens.TodayScreen
import app.cartera.ui.screens.VisitScreen
import java.lang.reflect.Proxy

/** Every screen, with a day of the sample on it. */
object Screens {
    /** Those that a rep sees all day. */
    val main: Map<String, @Composable (Sample) -> Unit> = mapOf(
        "today" to { TodayScreen(Load.Ready(it.today()), 2, deaf()) },
        "clients" to { ClientsScreen(Load.Ready(it.clients()), 2, deaf()) },
        "client" to { ClientScreen(Load.Ready(it.client()), deaf()) },
        "visit" to { VisitScreen(it.visitNoOrder(), deaf()) },
        "order" to { OrderScreen(Load.Ready(it.order()), deaf()) },
        "sync" to { SyncScreen(Load.Ready(it.sync()), deaf()) },
    )

    /** What else a screen can be: empty, put off, being read, failed. */
    val others: Map<String, @Composable (Sample) -> Unit> = mapOf(
        "today-put-off" to {
            CompositionLocalProvider(LocalSaid provides Said(it.putOff()) {}) { TodayScreen(Load.Ready(it.todayPutOff()), 2, deaf()) }
        },
        "today-empty" to { TodayScreen(Load.Ready(it.todayPutOff().copy(visits = emptyList(), attention = emptyList())), 0, deaf()) },
        "today-reading" to { TodayScreen(Load.Reading, 0, deaf()) },
        "clients-none-found" to { ClientsScreen(Load.Ready(it.noneFound()), 2, deaf()) },
        "clients-empty" to { ClientsScreen(Load.Ready(it.noClients()), 0, deaf()) },
        "visit-new" to { VisitScreen(it.visit(), deaf()) },
        "order-empty" to { OrderScreen(Load.Ready(it.orderEmpty()), deaf()) },
        "order-review" to { OrderReviewScreen(it.order(), deaf()) },
        "order-state" to { OrderStateScreen(Load.Ready(it.orderState())) {} },
        "locked" to { LockedScreen {} },
        "sync-done" to { SyncScreen(Load.Ready(it.syncDone()), deaf()) },
        "visit-full" to { VisitScreen(it.visitNoOrder().copy(problem = it.failed("store_full")), deaf()) },
        "enrol" to { EnrolScreen(it.enrol(), deaf()) },
        "enrol-read" to { EnrolScreen(it.enrolling(), deaf()) },
        "enrol-refused" to { EnrolScreen(it.enrolRefused(), deaf()) },
        "new-client" to { NewClientScreen(Load.Ready(it.newClient()), deaf()) },
        "review" to { ReviewScreen(Load.Ready(it.review()), 3, deaf()) },
        "review-empty" to { ReviewScreen(Load.Ready(ReviewState(emptyList(), emptyList())), 0, deaf()) },
        "month" to { MonthScreen(Load.Ready(it.month()), 2, deaf()) },
        "settings" to { SettingsScreen(Load.Ready(it.settings()), it.today().sync, 2, deaf()) },
        "damaged" to { it.failed("store_damaged").run { ShutScreen(text, advice, 0, listOf(WayOut.Recover, WayOut.StartAnew)) {} } },
        "revoked" to { it.failed("revoked").run { ShutScreen(text, advice, 3, listOf(WayOut.EnrolAgain)) {} } },
    )

    val all get() = main + others
}

/** Events that nobody hears. */
inline fun <reified T : Any> deaf(): T =
    T::class.java.cast(Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { _, _, _ -> null })
