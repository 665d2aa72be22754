package app.cartera.ui

import app.cartera.state.AccountSection
import app.cartera.state.ArticleLine
import app.cartera.state.BasketLine
import app.cartera.state.Choice
import app.cartera.state.ClientLine
import app.cartera.state.ClientState
import app.cartera.state.ClientsState
import app.cartera.state.Comparison
import app.cartera.state.ConflictCard
import app.cartera.state.ConflictValue
import app.cartera.state.DueLine
import app.cartera.state.EnrolState
import app.cartera.state.EntryField
import app.cartera.state.Filter
import app.cartera.state.Labelled
import app.cartera.state.LikelyLine
import app.cartera.state.Load
import app.cartera.state.Mark
import app.cartera.state.MonthState
import app.cartera.state.NewClientState
import app.cartera.state.NoticeCard
import app.cartera.state.OrderNowState
import app.cartera.state.OrderState
import app.cartera.state.OrderSummary
import app.cartera.state.OrderedLine
import app.cartera.state.PairCard
import app.cartera.state.PlaceChoice
import app.cartera.state.ProfileCard
import app.cartera.state.Progress
import app.cartera.state.Reach
import app.cartera.state.ReviewAct
import app.cartera.state.ReviewItem
import app.cartera.state.ReviewState
import app.cartera.state.SettingsState
import app.cartera.state.SyncItem
import app.cartera.state.SyncLine
import app.cartera.state.SyncScreenState
import app.cartera.state.TimelineKind
import app.cartera.state.TimelineLine
import app.cartera.state.TodayReason
import app.cartera.state.TodayRow
import app.cartera.state.TodayState
import app.cartera.state.Told
import app.cartera.state.VisitState
import app.cartera.state.Weight
import app.cartera.state.formats
import app.cartera.words.Language
import app.cartera.words.words
import java.math.BigDecimal
import java.time.LocalDate

/** A day of a rep in Gijón, the same in both languages. */
class Sample(private val language: Language) {
    private val formats = formats(language)
    private val say = words(language, formats)
    private val today = LocalDate.of(2026, 11, 25)
    private fun day(days: Long) = formats.day(today.plusDays(days), today)
    private fun euros(amount: String) = formats.money(BigDecimal(amount), "EUR")
    private fun both(spanish: String, english: String) = if (language == Language.Spanish) spanish else english

    private val sync = SyncLine(say.syncNoNetwork, Weight.Plain, 3)

    fun today() = TodayState(
        date = day(0),
        sync = sync,
        notices = listOf(
            NoticeCard(
                "n1",
                both("Tarifa nueva desde el lunes", "New price list from Monday"),
                both("El aceite sube un 4 %. Avisa a quien compra por palés.", "Oil goes up 4 %. Tell those who buy by the pallet."),
                mustRead = true,
            ),
        ),
        visits = listOf(
            TodayRow(
                "a", "Sidrería Casa Fermín", "Cimavilla", formats.time(570), false,
                listOf(TodayReason(say.whyOwes(12), null, euros("1284.4"), Weight.Danger)),
            ),
            TodayRow("b", "Bar El Muelle", "Puerto", null, false, emptyList()),
            TodayRow(
                "c", "Restaurante La Pondala", "Somió", null, false,
                listOf(TodayReason(say.whyNextStep(0, both("llevar muestras de queso", "bring cheese samples")), null, null, Weight.Plain)),
            ),
            TodayRow("d", "Cafetería Dindurra", "Begoña", formats.time(750), true, emptyList()),
        ),
        attention = listOf(
            TodayRow(
                "e", "Hotel Asturias", "Plaza Mayor", null, false,
                listOf(TodayReason(say.whyRhythm("34", "14"), say.whyRhythmAdvice, euros("4100"), Weight.Warning)),
            ),
            TodayRow(
                "f", "Mesón Ñeru", "La Calzada", null, false,
                listOf(TodayReason(say.whyFalling("42"), say.whyFallingAdvice, null, Weight.Warning)),
            ),
        ),
    )

    fun todayPutOff() = today().run { copy(notices = emptyList(), attention = attention.drop(1)) }

    fun putOff() = Told(say.appTodayPutOffDone("Hotel Asturias"), say.appUndo)

    fun clients() = ClientsState(
        search = "",
        filters = listOf(
            Filter("all", say.appClientsAll, true),
            Filter("near", say.appClientsNearby, false),
            Filter("unseen", say.appClientsNotVisited, false),
            Filter("dormant", say.appClientsDormant, false),
            Filter("owing", say.appClientsOwing, false),
        ),
        sync = sync,
        count = 1_284,
        rows = listOf(
            line("a", "Bar El Muelle", both("Puerto · Bar", "Puerto · Bar"), -9),
            line("b", "Bodega Ñíguez e Hijos", both("Roces · Bodega", "Roces · Wine merchant"), -3, Mark(say.appClientsConflict, Weight.Warning)),
            line("c", "Cafetería Dindurra", both("Begoña · Cafetería", "Begoña · Café"), -16),
            line("d", "Casa Gerardo", both("Prendes · Restaurante", "Prendes · Restaurant"), -210, Mark(say.statusDormant, Weight.Notice)),
            line("e", "Confitería Balbona", both("Centro · Confitería", "Centro · Pastry shop"), null),
            line("f", "Hotel Asturias", both("Plaza Mayor · Hotel", "Plaza Mayor · Hotel"), -34, Mark(say.appClientsBlocked, Weight.Danger)),
            line("g", "La Galana", both("Plaza Mayor · Sidrería", "Plaza Mayor · Cider house"), -6),
            line("h", "Mesón Ñeru", both("La Calzada · Mesón", "La Calzada · Tavern"), -21),
        ),
    )

    private fun line(id: String, name: String, place: String, bought: Long?, vararg marks: Mark) = ClientLine(
        id, name, place,
        bought?.let { say.appClientsLastPurchase(day(it)) } ?: say.appClientsNeverBought,
        marks.toList(),
    )

    fun noneFound() = clients().copy(search = "zzz", rows = emptyList())

    fun noClients() = clients().copy(count = 0, rows = emptyList())

    fun client() = ClientState(
        name = "Sidrería Casa Fermín",
        subtitle = both("Sidrería · Cimavilla, Gijón", "Cider house · Cimavilla, Gijón"),
        marks = listOf(Mark(say.statusActive, Weight.Good), Mark(say.wordOverdueBalance, Weight.Danger)),
        warning = both("Entrar por el callejón: el perro de la terraza no es amigo.", "Use the alley: the dog on the terrace is no friend."),
        colleague = say.appClientColleague(day(-2), "Marta Suárez"),
        conflicts = listOf(
            ConflictCard(
                "mobile",
                say.appClientConflict(say.clientMobile),
                listOf(
                    ConflictValue("+34 612 345 678", "Marta Suárez"),
                    ConflictValue("+34 698 765 432", say.appPersonYou),
                ),
            ),
        ),
        figures = listOf(
            say.appClientValue(euros("8420.5")),
            say.appClientRhythm("9", "7"),
            say.appClientClass("A"),
        ),
        reach = Reach("+34985123456", "fermin@example.com", 43.54 to -5.66),
        profile = listOf(
            ProfileCard(
                "CONTACT", say.sectionContact,
                listOf(
                    Labelled(say.clientPhone, "+34 985 123 456"),
                    Labelled(say.clientEmail, "fermin@example.com"),
                    Labelled(say.clientAddress, "Calle Óscar Olavarría 12, 33201 Gijón"),
                ),
                say.appClientConfirmed(day(-240)), stale = true,
            ),
            ProfileCard(
                "PEOPLE", say.sectionPeople, listOf(Labelled(both("Fermín, dueño", "Fermín, owner"), "612 000 111")),
                say.appClientConfirmed(day(-20)), stale = false,
            ),
        ),
        basket = listOf(
            BasketLine(both("Aceite de oliva 5 L", "Olive oil 5 L"), say.appClientBasketLast(euros("31.9"), "4"), false),
            BasketLine(both("Queso Cabrales, pieza", "Cabrales cheese, whole"), say.appClientBasketLast(euros("42.15"), "1"), true),
        ),
        account = AccountSection(
            say.appClientAccountAsOf(formats.time(370)),
            say.appClientCredit(euros("3000"), euros("2140")),
            null,
            listOf(
                DueLine(both("Factura F-2211", "Invoice F-2211"), say.appClientWasDue(day(-12)), euros("1284.4"), Mark(say.wordOverdueBalance, Weight.Danger)),
                DueLine(both("Factura F-2298", "Invoice F-2298"), say.appClientDue(day(18)), euros("855.6"), null),
            ),
        ),
        timeline = listOf(
            TimelineLine("t1", TimelineKind.Order, "${say.purchaseOrder} · ${euros("412.3")}", both("6 líneas", "6 lines"), day(-7), Mark(say.orderServed, Weight.Good)),
            TimelineLine("t2", TimelineKind.Visit, "${say.kindVisit} · ${say.outcomeNoOrder}", both("Todavía le queda género. Volver la semana que viene.", "Stock left. Come back next week."), day(-14), null),
        ),
    )

    fun visit() = VisitState(
        client = "Sidrería Casa Fermín",
        title = say.appVisitTitle,
        outcomes = outcomes(null),
        reasons = emptyList(),
        notes = "",
        canDictate = true,
        place = PlaceChoice.Offered,
        nextSteps = nextSteps(0),
        nextOn = null,
        nextWhat = "",
        canSave = false,
    )

    fun visitNoOrder() = visit().copy(
        outcomes = outcomes("no_order"),
        reasons = listOf("stock_left", "price", "competitor", "credit", "service", "product", "out_of_season", "other_way", "other")
            .map { Choice(it, say.of("no_order-$it")!!, it == "stock_left") },
        notes = both("Le queda aceite para diez días.", "Has oil for ten more days."),
        nextSteps = nextSteps(2),
        nextOn = day(7),
        nextWhat = both("Ofrecer el lote de Navidad", "Offer the Christmas pack"),
        canSave = true,
    )

    private fun outcomes(chosen: String?) = listOf("order", "no_order", "buyer_away", "shut", "attended")
        .map { Choice(it, say.of("outcome-$it")!!, it == chosen) }

    private fun nextSteps(chosen: Int) =
        listOf(say.appVisitNextNone, say.appVisitNextTomorrow, say.appVisitNextWeek, say.appVisitNextMonth)
            .mapIndexed { index, text -> Choice("$index", text, index == chosen) }

    fun order() = OrderState(
        client = "Sidrería Casa Fermín",
        search = "",
        families = listOf(
            Filter("usual", say.appOrderUsual, true),
            Filter("oil", both("Aceites", "Oils"), false),
            Filter("cheese", both("Quesos", "Cheeses"), false),
            Filter("tins", both("Conservas", "Tins"), false),
        ),
        lines = articles(),
        ordered = articles().filter { it.quantity != null },
        summary = OrderSummary(
            3, euros("348.4"), listOf(Labelled(say.appOrderTax(both("IVA", "VAT"), "10"), euros("34.84"))), euros("383.24"),
            say.appOrderUnpriced(1), "Calle Óscar Olavarría 12", day(2),
        ),
        canRepeat = true,
    )

    private fun articles() = listOf(
        article("1", both("Aceite de oliva virgen extra 5 L", "Extra virgin olive oil 5 L"), "31.9", say.priceAgreed, "4", "127.6"),
        article("2", both("Queso Cabrales, pieza", "Cabrales cheese, whole"), "42.15", say.priceList, null, null),
        article("3", both("Bonito en aceite 1 kg", "Tuna in oil 1 kg"), "18.4", say.pricePromotion, "12", "220.8"),
        article("4", both("Anchoa del Cantábrico 00", "Cantabrian anchovy 00"), "12.75", say.priceList, null, null, Mark(say.appOrderBack(day(6)), Weight.Warning)),
        article("5", both("Fabes de la granja 1 kg", "Fabes beans 1 kg"), null, null, "2", null),
        article("6", both("Sidra natural, caja", "Natural cider, case"), "24", say.priceList, null, null),
    )

    private fun article(id: String, name: String, price: String?, origin: String?, quantity: String?, amount: String?, mark: Mark? = null) =
        ArticleLine(
            id, name, both("ud", "pc"),
            price?.let(::euros) ?: say.appOrderPriceNone,
            origin,
            quantity, amount?.let(::euros), mark,
            perCase = "6".takeIf { id == "3" },
        )

    fun orderEmpty() = order().copy(
        lines = emptyList(),
        ordered = emptyList(),
        summary = order().summary.copy(lines = 0),
    )

    fun orderState() = OrderNowState(
        Mark("${say.orderServed} P-7", Weight.Good),
        listOf(
            Labelled(say.syncSaved, formats.time(605)), Labelled(say.orderReceived, formats.time(618)),
            Labelled("${say.orderRegistered} P-7", formats.time(700)), Labelled(say.orderServed, day(1)),
        ),
        listOf(Mark(say.flagSameDay, Weight.Warning)),
        listOf(
            OrderedLine(both("Aceite de oliva virgen extra 5 L", "Extra virgin olive oil 5 L"), both("4 ud", "4 pc"), euros("127.6"), emptyList()),
            OrderedLine(
                both("Bonito en aceite 1 kg", "Tuna in oil 1 kg"), both("12 ud", "12 pc"), euros("220.8"),
                listOf(Mark(say.appOrderMissing("2"), Weight.Warning), Mark("${say.flagPrice}. ${say.appOrderExpected(euros("18.9"))}", Weight.Warning)),
            ),
        ),
    )

    fun sync() = SyncScreenState(
        headline = say.syncWaiting(3),
        weight = Weight.Warning,
        why = say.syncNoAnswer,
        lastContact = say.appSyncLast(formats.time(474)),
        onPhone = 2,
        refused = 1,
        underWay = 1,
        items = listOf(
            SyncItem("r", say.purchaseOrder, "Hotel Asturias", Mark(say.syncDeclined, Weight.Danger), both("Bloqueado por riesgo hasta que pague la F-2100", "Credit block until F-2100 is paid")),
            SyncItem("s", "${say.purchaseOrder} · ${euros("383.24")}", "Sidrería Casa Fermín", Mark(say.syncSaved, Weight.Notice), null),
            SyncItem("u", "${say.kindVisit} · ${say.outcomeNoOrder}", "Bar El Muelle", Mark(say.syncSaved, Weight.Notice), null),
            SyncItem("v", "${say.purchaseOrder} · ${euros("96.1")}", "La Galana", Mark("${say.orderRegistered} P-7", Weight.Good), null),
        ),
        canSeal = true,
    )

    fun syncDone() = sync().copy(
        headline = say.syncUpToDate, weight = Weight.Good, why = null, onPhone = 0, refused = 0, underWay = 0, items = emptyList(), canSeal = false,
    )

    fun enrol() = EnrolState()

    fun enrolling() = EnrolState("https://cartera.example.com/enrol#…", "cartera.example.com", pinned = true)

    fun enrolRefused() = EnrolState("https://cartera.example.com/enrol#…", "cartera.example.com", problem = failed("expired"), canScan = false)

    fun failed(code: String) = Load.Failed(say.of("error-$code")!!, say.of("error-$code.advice"))

    fun newClient() = NewClientState(
        listOf(
            EntryField("name", say.clientName, "Sidrería La Galana", null),
            EntryField("legal_name", say.clientLegalName, "", null),
            EntryField("tax_id", say.clientTaxId, "B-1234", say.problemForm),
            EntryField("phone", say.clientPhone, "985 34 12 12", null),
            EntryField("email", say.clientEmail, "", null),
            EntryField("sector", say.clientSector, both("Sidrería", "Cider house"), null),
        ),
        listOf(LikelyLine("g", "La Galana", "${say.likenessPhone}, ${say.likenessName}")),
        canSave = true, problem = null,
    )

    fun review() = ReviewState(
        listOf(
            ReviewItem(
                "r", "c", say.attentionRefused, "Hotel Asturias", say.errorForbidden, say.attentionRefusedAdvice, formats.time(560),
                setOf(ReviewAct.Open, ReviewAct.Retry, ReviewAct.Discard),
            ),
            ReviewItem("c", "d", say.attentionConflict, "Sidrería Casa Fermín", null, say.attentionConflictAdvice, null, setOf(ReviewAct.Open)),
            ReviewItem(
                "u", "e", say.attentionUncertainDate, "Bar El Muelle", null, say.attentionUncertainDateAdvice, day(-2),
                setOf(ReviewAct.Open, ReviewAct.Dismiss),
            ),
        ),
        listOf(PairCard("p", "g", "La Galana", "h", "Sidrería Galana", say.likenessPhone)),
    )

    fun month() = MonthState(
        listOf(Comparison(say.measureNetRevenue, euros("18420.3"), euros("16984.1"))),
        listOf(
            Progress(say.measureNetRevenue, euros("18420.3"), euros("24000"), 0.77f, say.appMonthUntil(day(5))),
            Progress(say.measureNewClients, "2", "3", 0.67f, say.appMonthUntil(day(36))),
        ),
        listOf(
            Labelled(say.measureVisits, "84"), Labelled(say.appMonthEffective, formats.percent(0.62)),
            Labelled(say.wordVisitPlan, say.appMonthOf("71", "80")), Labelled(say.appMonthCovered, say.appMonthOf("212", "240")),
        ),
    )

    fun settings() = SettingsState(
        listOf(Choice("", say.appSettingsSystem, true), Choice("es", "Español", false), Choice("en", "English", false)),
        listOf(
            Choice("System", say.appSettingsThemeSystem, true), Choice("Light", say.appSettingsThemeLight, false),
            Choice("Dark", say.appSettingsThemeDark, false),
        ),
        listOf(
            Choice("0", say.appSettingsLockAlways, false), Choice("5", say.appSettingsLockAfter(5), true),
            Choice("30", say.appSettingsLockAfter(30), false),
        ),
        listOf(
            Choice("0", say.appSettingsQuietNever, false), Choice("1200", say.appSettingsQuietHours(formats.time(1200), formats.time(480)), true),
        ),
        listOf(Labelled(say.appTabClients, "1284"), Labelled(say.appSettingsRecords, "25 310"), Labelled(say.appSettingsStorage, "48 MB")),
        listOf(Labelled(say.officePrice, formats.time(370)), Labelled(say.officeDueItem, formats.time(372))),
    )
}
