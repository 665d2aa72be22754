package app.cartera.state

import app.cartera.Nouns
import app.cartera.ffi.Amounts
import app.cartera.ffi.ArticleRow
import app.cartera.ffi.CarteraException
import app.cartera.ffi.ClientId
import app.cartera.ffi.Decimal
import app.cartera.ffi.Field
import app.cartera.ffi.FieldValue
import app.cartera.ffi.OrderAgain
import app.cartera.ffi.OrderLine
import app.cartera.ffi.PartId
import app.cartera.ffi.Purchase
import app.cartera.ffi.PurchaseSort
import app.cartera.ffi.Quote
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.ffi.VoidReason
import app.cartera.toBigDecimal
import app.cartera.toBusinessDate
import app.cartera.toDecimal
import app.cartera.toLocalDate
import java.math.BigDecimal
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

data class OrderState(
    val client: String,
    val search: String,
    val families: List<Filter>,
    val lines: List<ArticleLine>,
    /** What is ordered, in the order in which it was added. */
    val ordered: List<ArticleLine>,
    val summary: OrderSummary,
    val canRepeat: Boolean,
    val problem: Load.Failed? = null,
)

data class ArticleLine(
    val article: String,
    val name: String,
    val unit: String,
    val price: String,
    val origin: String?,
    /** As written; null while none was ordered. */
    val quantity: String?,
    val amount: String?,
    val mark: Mark?,
    /** So many make a case, which can be added at once. */
    val perCase: String? = null,
)

data class OrderSummary(
    val lines: Long,
    val net: String,
    val taxes: List<Labelled>,
    val total: String,
    val unpriced: String?,
    val deliverTo: String,
    val deliverOn: String,
)

/** An order that is being written. Each change is kept before it is shown, so that a call or a dead battery loses nothing. */
class OrderModel(session: Session, private val client: ClientId, private val visit: RecordId? = null) : Model(session) {
    private data class Asked(val typed: String = "", val family: String = USUAL, val purchase: Purchase, val problem: Load.Failed? = null)

    private class Catalogue(
        val name: String,
        val families: List<String>,
        val listed: List<Quote>,
        val ordered: List<Quote?>,
        val amounts: Amounts?,
        val places: List<Pair<PartId, String>>,
        val address: String?,
        val again: OrderAgain?,
        val today: LocalDate,
        val purchase: Purchase,
    )

    private val id: RecordId
    private val asked: MutableStateFlow<Asked>
    private val changing = Mutex()
    private val done = MutableStateFlow<RecordId?>(null)
    private var shown: Catalogue? = null

    /** It is durable on this phone, as an order. */
    val placed: StateFlow<RecordId?> = done.asStateFlow()

    init {
        val (draft, fresh) = session.database.now { orders.drafts(0u, DRAFTS).find { it.client == client } to orders.newId() }
        id = draft?.id ?: fresh
        asked = MutableStateFlow(Asked(purchase = draft?.purchase ?: Purchase(PurchaseSort.ORDER, CURRENCY, emptyList(), visit = visit)))
    }

    val state: StateFlow<Load<OrderState>> = combine(read(asked) { find(it) }, asked) { load, now ->
        load.map { found -> shown(found, now) }
    }.shown()

    private fun Nouns.find(asked: Asked): Catalogue {
        val purchase = asked.purchase
        val profile = clients.profile(client)
        val again = orders.again(client)
        val rows = when {
            asked.typed.isNotBlank() -> search.articles(asked.typed, MOST).map(ArticleRow::code)
            asked.family != USUAL -> catalogue.ofFamily(asked.family, null, MOST).map(ArticleRow::code)
            again != null -> again.purchase.lines.map(OrderLine::article)
            else -> catalogue.families().take(FAMILIES).flatMap { catalogue.ofFamily(it.name, null, MOST / 4u) }.map(ArticleRow::code)
        }
        return Catalogue(
            name = clients.get(client).name,
            families = catalogue.families().map { it.name },
            listed = rows.distinct().mapNotNull { quote(it, purchase.of(it)?.quantity) },
            ordered = purchase.lines.map { quote(it.article, it.quantity) },
            amounts = if (purchase.lines.isEmpty()) null else orders.amounts(purchase),
            places = places(profile),
            address = profile.find { it.key == "address" }?.let { speech.say(it.value, businessDate().toLocalDate()) },
            again = again,
            today = businessDate().toLocalDate(),
            purchase = purchase,
        )
    }

    private fun Nouns.quote(article: String, quantity: Decimal?): Quote? = try {
        catalogue.quote(client, article, quantity ?: Decimal("1"), asked.value.purchase.currency)
    } catch (_: CarteraException.NotFound) {
        null // of a catalogue that is not here any more
    }

    private fun places(profile: List<Field>) = profile.filter { it.key.startsWith("place/") && it.key.endsWith("/name") }
        .map { PartId(it.key.split('/')[1]) to (it.value as FieldValue.Text).text }

    private fun Purchase.of(article: String) = lines.find { it.article == article }

    private fun shown(found: Catalogue, now: Asked): OrderState {
        shown = found
        val usual = Filter(USUAL, words.appOrderUsual, now.family == USUAL)
        val ordered = found.purchase.lines.mapIndexed { index, line -> ordered(line, found.ordered[index], found.amounts, index, found) }
        return OrderState(
            client = found.name,
            search = now.typed,
            families = listOf(usual) + found.families.map { Filter(it, it, it == now.family) },
            lines = found.listed.map { quote -> ordered.find { it.article == quote.article.code } ?: offered(quote, found) },
            ordered = ordered,
            summary = summary(found),
            canRepeat = found.again != null && found.purchase.lines.isEmpty(),
            problem = now.problem,
        )
    }

    private fun offered(quote: Quote, found: Catalogue) = ArticleLine(
        article = quote.article.code,
        name = quote.article.name,
        unit = quote.article.unit.orEmpty(),
        price = price(quote.price, found.purchase.currency),
        origin = quote.lineOrigin?.let { words.of("price-${it.word}") },
        quantity = null,
        amount = null,
        mark = mark(quote, found),
        perCase = quote.article.unitsPerCase?.said(formats),
    )

    private fun ordered(line: OrderLine, quote: Quote?, amounts: Amounts?, index: Int, found: Catalogue) = ArticleLine(
        article = line.article,
        name = line.description ?: line.article,
        unit = line.unit,
        price = price(line.price, found.purchase.currency),
        origin = line.priceOrigin?.let { words.of("price-${it.word}") },
        quantity = line.quantity.said(formats),
        amount = amounts?.lines?.getOrNull(index)?.takeIf { line.price != null }?.let(speech::money),
        mark = quote?.let { mark(it, found) },
        perCase = quote?.article?.unitsPerCase?.said(formats),
    )

    private fun price(price: Decimal?, currency: String) =
        price?.let { formats.money(it.toBigDecimal(), currency, PRICE_DECIMALS) } ?: words.appOrderPriceNone

    private fun mark(quote: Quote, found: Catalogue): Mark? = when {
        !quote.article.outOfStock -> null
        else -> Mark(
            quote.article.backOn?.let { words.appOrderBack(formats.day(it.toLocalDate(), found.today)) } ?: words.wordOutOfStock,
            Weight.Warning,
        )
    }

    private fun summary(found: Catalogue): OrderSummary {
        val (purchase, amounts) = found.purchase to found.amounts
        val zero = formats.money(BigDecimal.ZERO, purchase.currency)
        return OrderSummary(
            lines = purchase.lines.size.toLong(),
            net = amounts?.net?.let(speech::money) ?: zero,
            taxes = amounts?.taxes.orEmpty().map { Labelled(words.appOrderTax(it.code, it.percent.said(formats)), speech.money(it.tax)) },
            total = amounts?.total?.let(speech::money) ?: zero,
            unpriced = amounts?.unpriced?.toLong()?.takeIf { it > 0 }?.let(words::appOrderUnpriced),
            deliverTo = found.places.find { it.first == purchase.deliverTo }?.second ?: found.address ?: words.appOrderDeliverUsual,
            deliverOn = purchase.deliverOn?.let { formats.day(it.toLocalDate(), found.today) } ?: words.appOrderDeliverSoon,
        )
    }

    fun search(text: String) = asked.update { it.copy(typed = text) }

    fun family(key: String) = asked.update { it.copy(typed = "", family = key) }

    /** What the camera read. */
    fun scanned(ean: String) = session.act {
        when (val row = session.database.ask { catalogue.byBarcode(ean) }) {
            null -> session.tell(words.appOrderUnknownBarcode(ean))
            else -> {
                search(row.code)
                more(row.code)
            }
        }
    }

    /** One more, or as many more as are sold together. */
    fun more(article: String) = changeQuantity(article) { now, quote -> now + (quote.article.multiple?.toBigDecimal() ?: BigDecimal.ONE) }

    fun less(article: String) = changeQuantity(article) { now, quote -> now - (quote.article.multiple?.toBigDecimal() ?: BigDecimal.ONE) }

    fun addCase(article: String) = changeQuantity(article) { now, quote -> now + (quote.article.unitsPerCase?.toBigDecimal() ?: BigDecimal.ONE) }

    /** Typed; nothing where it is no number. */
    fun quantity(article: String, typed: String) {
        val quantity = typed.trim().replace(',', '.').toBigDecimalOrNull() ?: return
        changeQuantity(article) { _, _ -> quantity }
    }

    private fun changeQuantity(article: String, change: (BigDecimal, Quote) -> BigDecimal) = edit { purchase ->
        val now = purchase.of(article)?.quantity?.toBigDecimal() ?: BigDecimal.ZERO
        val known = quote(article, null) ?: return@edit purchase
        val quantity = change(now, known)
        if (quantity.signum() <= 0) return@edit purchase.copy(lines = purchase.lines.filter { it.article != article })
        val line = orders.line(client, article, quantity.toDecimal(), null, purchase.currency)
        when (purchase.of(article)) {
            null -> purchase.copy(lines = purchase.lines + line)
            else -> purchase.copy(lines = purchase.lines.map { if (it.article == article) line else it })
        }
    }

    /** The last order again, at today's prices; what is not sold any more is left out, and said. */
    fun repeatLast() = edit { purchase ->
        val again = orders.again(client) ?: return@edit purchase
        if (again.leftOut.isNotEmpty()) session.tell(words.appOrderLeftOut(again.leftOut.joinToString(", ")))
        again.purchase.copy(visit = visit)
    }

    /** The next of the client's delivery points. */
    fun nextPlace() = edit { purchase ->
        val places = listOf(null) + shown?.places.orEmpty().map { it.first }
        purchase.copy(deliverTo = places[(places.indexOf(purchase.deliverTo) + 1) % places.size])
    }

    /** A day later or earlier; never before tomorrow. */
    fun moveDelivery(days: Long) = edit { purchase ->
        val tomorrow = businessDate().toLocalDate().plusDays(1)
        val day = purchase.deliverOn?.toLocalDate()?.plusDays(days)?.coerceAtLeast(tomorrow) ?: tomorrow
        purchase.copy(deliverOn = day.toBusinessDate())
    }

    /** Changes one after the other, each kept before it is shown. */
    private fun edit(change: Nouns.(Purchase) -> Purchase) = session.act {
        changing.withLock {
            if (done.value != null) return@act
            val before = asked.value.purchase
            try {
                val after = session.database.ask {
                    change(before).also { if (it != before) keep(it) }
                }
                asked.update { it.copy(purchase = after, problem = null) }
            } catch (error: CarteraException) {
                asked.update { it.copy(problem = session.failure(error)) }
            }
        }
    }

    private fun Nouns.keep(purchase: Purchase) =
        if (purchase.lines.isEmpty()) orders.dropDraft(client, id) else orders.keepDraft(client, id, purchase)

    /** Placed again under the same id, it is no second order. */
    fun place() = session.act {
        changing.withLock {
            val purchase = asked.value.purchase
            if (purchase.lines.isEmpty() || done.value != null) return@act
            try {
                val saved = session.database.ask { orders.place(client, id, purchase) }
                session.saved()
                done.value = saved.id
                session.tell(words.appOrderPlaced, words.appUndo) {
                    session.takeBack(client, RecordKind.PURCHASE, saved.id, words.purchaseOrder, VoidReason.CANCELLED)
                }
            } catch (error: CarteraException) {
                asked.update { it.copy(problem = session.failure(error)) }
            }
        }
    }

    /** The order in words, to be sent from the phone by whatever app the person likes; it needs no network of ours. */
    fun share() {
        val state = (state.value as? Load.Ready)?.value ?: return
        val lines = state.ordered.map { "${it.quantity} ${it.unit} · ${it.name} · ${it.amount ?: it.price}" }
        val sums = listOf("${words.appOrderNet}: ${state.summary.net}") +
            state.summary.taxes.map { "${it.label}: ${it.value}" } + "${words.appOrderTotal}: ${state.summary.total}"
        val head = listOf("${words.purchaseOrder} · ${state.client}", "${words.appOrderDeliverOn}: ${state.summary.deliverOn}")
        val text = (head + "" + lines + "" + sums + listOfNotNull(state.summary.unpriced)).joinToString("\n")
        if (!session.device.handOver.share(text)) session.tell(words.appClientNoApp)
    }

    private companion object {
        const val USUAL = "usual"
        const val CURRENCY = "EUR"
        const val MOST = 60u
        const val DRAFTS = 200u
        const val FAMILIES = 4
    }
}
