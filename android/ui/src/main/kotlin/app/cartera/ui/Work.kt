package app.cartera.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import app.cartera.ffi.ClientId
import app.cartera.ffi.RecordId
import app.cartera.state.Choice
import app.cartera.state.ClientModel
import app.cartera.state.ClientsModel
import app.cartera.state.Filter
import app.cartera.state.Load
import app.cartera.state.Model
import app.cartera.state.MonthModel
import app.cartera.state.Navigation
import app.cartera.state.NewClientModel
import app.cartera.state.OrderModel
import app.cartera.state.OrderStateModel
import app.cartera.state.PairCard
import app.cartera.state.Place
import app.cartera.state.ReviewAct
import app.cartera.state.ReviewItem
import app.cartera.state.ReviewModel
import app.cartera.state.Session
import app.cartera.state.SettingsModel
import app.cartera.state.SyncModel
import app.cartera.state.TimelineLine
import app.cartera.state.TodayModel
import app.cartera.state.VisitModel
import app.cartera.ui.components.Tab
import app.cartera.ui.screens.ClientEvents
import app.cartera.ui.screens.ClientScreen
import app.cartera.ui.screens.ClientsEvents
import app.cartera.ui.screens.ClientsScreen
import app.cartera.ui.screens.MonthEvents
import app.cartera.ui.screens.MonthScreen
import app.cartera.ui.screens.NewClientEvents
import app.cartera.ui.screens.NewClientScreen
import app.cartera.ui.screens.OrderEvents
import app.cartera.ui.screens.OrderReviewScreen
import app.cartera.ui.screens.OrderScreen
import app.cartera.ui.screens.OrderStateScreen
import app.cartera.ui.screens.ReviewEvents
import app.cartera.ui.screens.ReviewScreen
import app.cartera.ui.screens.SettingsEvents
import app.cartera.ui.screens.SettingsScreen
import app.cartera.ui.screens.SyncEvents
import app.cartera.ui.screens.SyncScreen
import app.cartera.ui.screens.TodayEvents
import app.cartera.ui.screens.TodayScreen
import app.cartera.ui.screens.VisitEvents
import app.cartera.ui.screens.VisitScreen

/** What stands behind the places on the way; a place that was left has nothing behind it any more. */
private class Models {
    private val open = mutableMapOf<Place, Model>()

    @Suppress("UNCHECKED_CAST") // a place is always asked for the same model
    fun <M : Model> of(place: Place, make: () -> M): M = open.getOrPut(place, make) as M

    fun keep(places: List<Place>) {
        for (left in open.keys - places.toSet()) open.remove(left)?.close()
    }
}

/** The places of a linked phone. */
@Composable
fun Work(session: Session, navigation: Navigation, around: Surroundings) {
    val models = remember(session) { Models() }
    DisposableEffect(models) { onDispose { models.keep(emptyList()) } }
    val places by navigation.places.collectAsState()
    LaunchedEffect(places) { models.keep(places) }
    val review by session.review.collectAsState(0L)
    when (val place = places.last()) {
        Place.Today -> Today(models.of(place) { TodayModel(session) }, review, navigation)
        Place.Clients -> Clients(models.of(place) { ClientsModel(session) }, review, navigation)
        Place.Review -> Review(models.of(place) { ReviewModel(session) }, review, navigation)
        Place.Month -> Month(models.of(place) { MonthModel(session) }, review, navigation)
        Place.Settings -> Settings(models.of(place) { SettingsModel(session, around.preferences) }, session, review, navigation, around)
        Place.Sync -> Sync(models.of(place) { SyncModel(session) }, navigation)
        Place.NewClient -> NewClient(models.of(place) { NewClientModel(session) }, navigation)
        is Place.Client -> Client(models.of(place) { ClientModel(session, place.id) }, navigation)
        is Place.Visit -> Visit(models.of(place) { VisitModel(session, place.client, place.name, place.planned, place.corrected) }, place, navigation)
        is Place.OrderState -> OrderState(models.of(place) { OrderStateModel(session, place.order) }, navigation)
        is Place.Order -> Order(models.of(place) { OrderModel(session, place.client, place.visit) }, navigation, around)
    }
}

private fun Navigation.go(tab: Tab) = go(
    when (tab) {
        Tab.Today -> Place.Today
        Tab.Clients -> Place.Clients
        Tab.Review -> Place.Review
        Tab.Month -> Place.Month
        Tab.More -> Place.Settings
    },
)

@Composable
private fun Today(model: TodayModel, review: Long, navigation: Navigation) {
    val state by model.state.collectAsState()
    TodayScreen(
        state, review,
        object : TodayEvents {
            override fun open(client: String) = navigation.go(Place.Client(ClientId(client)))

            override fun logVisit(client: String) {
                val day = (model.state.value as? Load.Ready)?.value ?: return
                val name = (day.visits + day.attention).first { it.client == client }.name
                navigation.go(Place.Visit(ClientId(client), name, model.planned(client)))
            }

            override fun putOff(client: String) = model.putOff(client)

            override fun markRead(notice: String) {
                model.markRead(notice)
            }

            override fun openSync() = navigation.go(Place.Sync)

            override fun go(tab: Tab) = navigation.go(tab)
        },
    )
}

@Composable
private fun Clients(model: ClientsModel, review: Long, navigation: Navigation) {
    val state by model.state.collectAsState()
    ClientsScreen(
        state, review,
        object : ClientsEvents {
            override fun search(text: String) = model.search(text)

            override fun filter(filter: Filter) = model.filter(filter.key)

            override fun more() = model.more()

            override fun open(client: String) = navigation.go(Place.Client(ClientId(client)))

            override fun newClient() = navigation.go(Place.NewClient)

            override fun openSync() = navigation.go(Place.Sync)

            override fun go(tab: Tab) = navigation.go(tab)
        },
    )
}

@Composable
private fun Client(model: ClientModel, navigation: Navigation) {
    val state by model.state.collectAsState()
    val name = (state as? Load.Ready)?.value?.name.orEmpty()
    ClientScreen(
        state,
        object : ClientEvents {
            override fun back() {
                navigation.back()
            }

            override fun call() {
                model.call()
            }

            override fun write() {
                model.write()
            }

            override fun navigate() {
                model.navigate(name)
            }

            override fun stillRight(section: String) {
                model.stillRight(section)
            }

            override fun choose(field: String, index: Int) {
                model.choose(field, index)
            }

            override fun write(field: String, text: String) {
                model.write(field, text)
            }

            override fun takeBack(line: TimelineLine) {
                model.takeBack(line)
            }

            override fun correct(line: TimelineLine) {
                model.corrected(line)?.let { navigation.go(Place.Visit(model.client, name, corrected = it)) }
            }

            override fun openOrder(line: TimelineLine) = navigation.go(Place.OrderState(RecordId(line.record)))

            override fun more() = model.more()

            override fun logVisit() = navigation.go(Place.Visit(model.client, name))

            override fun takeOrder() = navigation.go(Place.Order(model.client))
        },
    )
}

@Composable
private fun Visit(model: VisitModel, place: Place.Visit, navigation: Navigation) {
    val state by model.state.collectAsState()
    val saved by model.saved.collectAsState()
    // An order was taken: it is written down next.
    saved?.let { record ->
        LaunchedEffect(record) {
            val ordered = place.corrected == null && state.outcomes.any { it.chosen && it.id == "order" }
            if (ordered) navigation.replace(Place.Order(place.client, record)) else navigation.back()
        }
    }
    VisitScreen(
        state,
        object : VisitEvents {
            override fun back() {
                navigation.back()
            }

            override fun outcome(choice: Choice) = model.outcome(choice.id)

            override fun reason(choice: Choice) = model.reason(choice.id)

            override fun notes(text: String) = model.notes(text)

            override fun dictate() {
                model.dictate()
            }

            override fun addPlace() {
                model.addPlace()
            }

            override fun nextStep(choice: Choice) = model.nextStep(choice.id)

            override fun moveNext(days: Long) = model.moveNext(days)

            override fun nextWhat(text: String) = model.nextWhat(text)

            override fun save() = model.save()
        },
    )
}

@Composable
private fun Order(model: OrderModel, navigation: Navigation, around: Surroundings) {
    val load by model.state.collectAsState()
    val placed by model.placed.collectAsState()
    var reviewing by remember { mutableStateOf(false) }
    placed?.let { LaunchedEffect(it) { navigation.back() } }
    val events = object : OrderEvents {
        override fun back() {
            navigation.back()
        }

        override fun search(text: String) = model.search(text)

        override fun scan() = around.scanner.scan({ model.scanned(it) }, {})

        override fun family(family: Filter) = model.family(family.key)

        override fun more(article: String) {
            model.more(article)
        }

        override fun less(article: String) {
            model.less(article)
        }

        override fun addCase(article: String) {
            model.addCase(article)
        }

        override fun repeatLast() {
            model.repeatLast()
        }

        override fun review(open: Boolean) {
            reviewing = open
        }

        override fun nextPlace() {
            model.nextPlace()
        }

        override fun moveDelivery(days: Long) {
            model.moveDelivery(days)
        }

        override fun share() = model.share()

        override fun place() {
            model.place()
        }
    }
    val ready = (load as? Load.Ready)?.value
    if (reviewing && ready != null && ready.ordered.isNotEmpty()) OrderReviewScreen(ready, events) else OrderScreen(load, events)
}

@Composable
private fun OrderState(model: OrderStateModel, navigation: Navigation) {
    val state by model.state.collectAsState()
    OrderStateScreen(state) { navigation.back() }
}

@Composable
private fun NewClient(model: NewClientModel, navigation: Navigation) {
    val state by model.state.collectAsState()
    val created by model.created.collectAsState()
    created?.let { LaunchedEffect(it) { navigation.replace(Place.Client(it)) } }
    NewClientScreen(
        state,
        object : NewClientEvents {
            override fun back() {
                navigation.back()
            }

            override fun type(key: String, text: String) = model.type(key, text)

            override fun open(client: String) = navigation.go(Place.Client(ClientId(client)))

            override fun save() = model.save()
        },
    )
}

@Composable
private fun Review(model: ReviewModel, review: Long, navigation: Navigation) {
    val state by model.state.collectAsState()
    ReviewScreen(
        state, review,
        object : ReviewEvents {
            override fun act(item: ReviewItem, act: ReviewAct) = when (act) {
                ReviewAct.Open -> item.client?.let { navigation.go(Place.Client(ClientId(it))) } ?: Unit
                ReviewAct.Retry -> model.retry(item.key)
                ReviewAct.Discard -> model.discard(item.key)
                ReviewAct.ConfirmDate -> model.confirmDate(item.key)
                ReviewAct.Dismiss -> model.dismiss(item.key)
            }

            override fun open(client: String) = navigation.go(Place.Client(ClientId(client)))

            override fun merge(pair: PairCard) = model.merge(pair.key)

            override fun notTheSame(pair: PairCard) = model.notTheSame(pair.key)

            override fun go(tab: Tab) = navigation.go(tab)
        },
    )
}

@Composable
private fun Sync(model: SyncModel, navigation: Navigation) {
    val state by model.state.collectAsState()
    SyncScreen(
        state,
        object : SyncEvents {
            override fun back() {
                navigation.back()
            }

            override fun syncNow() {
                model.syncNow()
            }

            override fun review() = navigation.go(Place.Review)

            override fun seal() {
                model.seal()
            }
        },
    )
}

@Composable
private fun Month(model: MonthModel, review: Long, navigation: Navigation) {
    val state by model.state.collectAsState()
    MonthScreen(
        state, review,
        object : MonthEvents {
            override fun go(tab: Tab) = navigation.go(tab)
        },
    )
}

@Composable
private fun Settings(model: SettingsModel, session: Session, review: Long, navigation: Navigation, around: Surroundings) {
    val state by model.state.collectAsState()
    val sync by session.sync.collectAsState()
    SettingsScreen(
        state, sync, review,
        object : SettingsEvents {
            override fun language(choice: Choice) = model.language(choice.id)

            override fun theme(choice: Choice) = model.theme(choice.id)

            override fun lock(choice: Choice) = model.lock(choice.id)

            override fun quiet(choice: Choice) {
                model.quiet(choice.id)
            }

            override fun diagnostics() {
                model.shareDiagnostics(around.version)
            }

            override fun openSync() = navigation.go(Place.Sync)

            override fun go(tab: Tab) = navigation.go(tab)
        },
    )
}
