package app.cartera.state

import app.cartera.Nouns
import app.cartera.edit
import app.cartera.ffi.Account
import app.cartera.ffi.BoughtArticle
import app.cartera.ffi.Channel
import app.cartera.ffi.ClientFigures
import app.cartera.ffi.ClientId
import app.cartera.ffi.ClientOffers
import app.cartera.ffi.ClientRow
import app.cartera.ffi.ClientStatus
import app.cartera.ffi.Conflict
import app.cartera.ffi.Contact
import app.cartera.ffi.ContactPerson
import app.cartera.ffi.Direction
import app.cartera.ffi.DueItem
import app.cartera.ffi.Edit
import app.cartera.ffi.Field
import app.cartera.ffi.FieldValue
import app.cartera.ffi.Lately
import app.cartera.ffi.MoneyFigure
import app.cartera.ffi.OrderLife
import app.cartera.ffi.OrderStage
import app.cartera.ffi.PersonId
import app.cartera.ffi.ProfileSection
import app.cartera.ffi.RecordBody
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.ffi.SectionNow
import app.cartera.ffi.Standing
import app.cartera.ffi.TimelineEntry
import app.cartera.ffi.VoidReason
import app.cartera.toBigDecimal
import app.cartera.toInstant
import app.cartera.toLocalDate
import app.cartera.words.Words
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update

data class ClientState(
    val name: String,
    val subtitle: String,
    val marks: List<Mark>,
    val warning: String?,
    val colleague: String?,
    val conflicts: List<ConflictCard>,
    val figures: List<String>,
    val reach: Reach,
    val profile: List<ProfileCard>,
    val basket: List<BasketLine>,
    val account: AccountSection?,
    val timeline: List<TimelineLine>,
    val moreTimeline: Boolean = false,
)

/** How the client can be reached; what is missing is not offered. */
data class Reach(val phone: String?, val email: String?, val point: Pair<Double, Double>?)

/** A field with several values; `field` is its key. */
data class ConflictCard(val field: String, val title: String, val values: List<ConflictValue>)

data class ConflictValue(val value: String, val from: String)

/** A part of the profile that is found right with one tap. */
data class ProfileCard(
    val section: String,
    val title: String,
    val lines: List<Labelled>,
    /** When it was last said to be right; words for never. */
    val confirmed: String,
    val stale: Boolean,
)

data class Labelled(val label: String, val value: String)

data class BasketLine(val article: String, val last: String, val stopped: Boolean)

data class AccountSection(val asOf: String?, val credit: String?, val blocked: String?, val due: List<DueLine>)

data class DueLine(val document: String, val due: String, val amount: String, val mark: Mark?)

data class TimelineLine(
    /** The record that began it. */
    val record: String,
    val kind: TimelineKind,
    val title: String,
    val detail: String?,
    val on: String,
    val state: Mark?,
    /** It can be taken back: this version of it. */
    val version: String? = null,
    /** It can be said anew. */
    val correctable: Boolean = false,
)

enum class TimelineKind(internal val record: RecordKind?) {
    Visit(RecordKind.VISIT),
    Order(RecordKind.PURCHASE),
    Contact(RecordKind.CONTACT),
    Note(RecordKind.NOTE),
    Task(RecordKind.TASK),
    Other(null),
}

/** A client's page (*ficha*). */
class ClientModel(session: Session, val client: ClientId) : Model(session) {
    private val most = MutableStateFlow(FIRST)

    private class Page(
        val row: ClientRow,
        val profile: List<Field>,
        val sections: List<SectionNow>,
        val contacts: List<ContactPerson>,
        val conflicts: List<Conflict>,
        val account: Account,
        val due: List<DueItem>,
        val lately: List<Lately>,
        val offers: ClientOffers,
        val figures: ClientFigures,
        val entries: List<TimelineEntry>,
        val more: Boolean,
        val lives: Map<String, OrderLife>,
        val own: PersonId?,
        val today: LocalDate,
    )

    private var conflicts: List<Conflict> = emptyList()
    private var entries: List<TimelineEntry> = emptyList()
    private var reach = Reach(null, null, null)

    val state: StateFlow<Load<ClientState>> = read(most, client) { page(it) }.map { load -> load.map(::shown) }.shown()

    private fun Nouns.page(most: Int): Page {
        val timeline = clients.timeline(client, null, most.toUInt())
        val orders = timeline.entries.filter { it.body is RecordBody.Purchase }
        return Page(
            row = clients.get(client),
            profile = clients.profile(client),
            sections = clients.sections(client),
            contacts = clients.contacts(client, 0u, PARTS_MOST),
            conflicts = clients.conflicts(client),
            account = clients.account(client),
            due = clients.dueItems(client, 0u, DUE_MOST),
            lately = clients.lately(client),
            offers = offers.ofClient(client, BASKET_LINES),
            figures = figures.ofClient(client),
            entries = timeline.entries,
            more = timeline.next != null,
            lives = orders.associate { it.root.ulid to this.orders.life(it.root) },
            own = enrolment.identity()?.person,
            today = businessDate().toLocalDate(),
        )
    }

    private fun shown(page: Page): ClientState {
        conflicts = page.conflicts
        entries = page.entries
        reach = Reach(
            phone = page.phone("mobile") ?: page.phone("phone"),
            email = page.text("email"),
            point = page.row.place?.let { it.latitude to it.longitude },
        )
        return ClientState(
            name = page.row.name,
            subtitle = listOfNotNull(page.row.sector, page.row.city).joinToString(" · "),
            marks = marks(page),
            warning = page.text("warning"),
            colleague = colleague(page),
            conflicts = page.conflicts.map { card(it, page) },
            figures = figures(page.figures),
            reach = reach,
            profile = page.sections.map { card(it, page) },
            basket = basket(page),
            account = account(page),
            timeline = page.entries.map { line(it, page) },
            moreTimeline = page.more,
        )
    }

    private fun Page.text(key: String) = (profile.find { it.key == key }?.value as? FieldValue.Text)?.text

    private fun Page.phone(key: String) = (profile.find { it.key == key }?.value as? FieldValue.Phone)?.let { it.e164 ?: it.raw }

    private fun marks(page: Page): List<Mark> {
        val status = page.figures.status
        val overdue = page.account.debts.any { it.overdue.minor > 0 }
        return listOfNotNull(
            Mark(words.of("status-${status.word}")!!, if (status == ClientStatus.LOST) Weight.Warning else Weight.Notice)
                .takeIf { status != ClientStatus.ACTIVE },
            Mark(words.wordOverdueBalance, Weight.Danger).takeIf { overdue },
            Mark(words.wordCreditBlock, Weight.Danger).takeIf { page.account.credit?.blocked == true },
        )
    }

    /** Somebody else was here, or took an order, in the last days. */
    private fun colleague(page: Page): String? = page.lately.firstOrNull()?.let {
        words.appClientColleague(formats.day(it.on.toLocalDate(), page.today), it.personName ?: words.appPersonSomebody)
    }

    private fun person(author: PersonId?, name: String?, own: PersonId?) =
        if (author != null && author == own) words.appPersonYou else name ?: words.appPersonSomebody

    private fun card(conflict: Conflict, page: Page): ConflictCard {
        val field = speech.field(conflict.key) ?: conflict.key
        val values = conflict.values.map { candidate ->
            ConflictValue(
                candidate.value?.let { speech.say(it, page.today) } ?: words.valueUnknown,
                person(candidate.author, candidate.authorName, page.own),
            )
        }
        return ConflictCard(conflict.key, words.appClientConflict(field), values)
    }

    private fun figures(figures: ClientFigures): List<String> = buildList {
        for (of in figures.byCurrency) {
            add(words.appClientBought(formats.whole(of.events.toLong()), speech.money(of.netRevenue)))
            (of.clv as? MoneyFigure.Value)?.let { add("${words.wordClv}: ${words.appClientValue(speech.money(it.money))}") }
            of.`class`?.let { add(words.appClientClass(it.name)) }
        }
        figures.rhythm?.let {
            add(words.appClientRhythm(formats.whole(it.sinceDays.toLong()), formats.whole(it.usualDays.toLong())))
        }
    }

    private fun card(now: SectionNow, page: Page): ProfileCard {
        val on = now.confirmedOn?.toLocalDate()
        return ProfileCard(
            section = now.section.name,
            title = words.of("section-${now.section.word}") ?: words.wordClientPage,
            lines = if (now.section == ProfileSection.PEOPLE) page.contacts.map(::person) else lines(now.keys, page),
            confirmed = on?.let { words.appClientConfirmed(formats.day(it, page.today)) } ?: words.appClientNeverConfirmed,
            stale = now.stale,
        )
    }

    private fun lines(keys: List<String>, page: Page) = page.profile.filter { it.key in keys }.mapNotNull { field ->
        speech.field(field.key)?.let { Labelled(it, speech.say(field.value, page.today)) }
    }

    /** All of a person in one line, under their name. */
    private fun person(of: ContactPerson) = Labelled(
        listOfNotNull(of.name, of.role).joinToString(", ").ifEmpty { words.contactName },
        listOfNotNull(of.mobile, of.phone, of.email, of.notes).joinToString(" · "),
    )

    /** What it usually buys, and what it stopped buying. */
    private fun basket(page: Page): List<BasketLine> =
        page.offers.basket.rows.map { bought(it, false) } + page.offers.stopped.rows.map { bought(it, true) }

    private fun bought(of: BoughtArticle, stopped: Boolean): BasketLine {
        val quantity = listOfNotNull(of.lastQuantity?.said(formats), of.unit).joinToString(" ")
        val price = of.lastPrice?.let { formats.money(it.price.toBigDecimal(), it.currency, PRICE_DECIMALS) }
        return BasketLine(of.name, words.appClientBasketLast(price ?: words.withheldNoData, quantity), stopped)
    }

    private fun account(page: Page): AccountSection? {
        val account = page.account
        val credit = account.credit
        if (page.due.isEmpty() && credit == null) return null
        val due = page.due.map {
            val on = it.due.toLocalDate()
            val late = on < page.today
            DueLine(
                it.document.orEmpty(),
                formats.day(on, page.today).let(if (late) words::appClientWasDue else words::appClientDue),
                speech.money(it.open),
                when {
                    it.returned -> Mark(words.appClientReturned, Weight.Danger)
                    late -> Mark(words.wordOverdueBalance, Weight.Danger)
                    else -> null
                },
            )
        }
        val (limit, used) = credit?.limit to credit?.used
        return AccountSection(
            (account.dueAt ?: account.creditAt)?.let { words.appClientAccountAsOf(formats.moment(it.toInstant(), page.today)) },
            if (limit != null && used != null) words.appClientCredit(speech.money(limit), speech.money(used)) else null,
            credit?.takeIf { it.blocked }?.let { words.appClientBlocked(it.reason.orEmpty()) },
            due,
        )
    }

    private fun line(entry: TimelineEntry, page: Page): TimelineLine {
        val kind = when (entry.body) {
            is RecordBody.Visit, is RecordBody.PlannedVisit -> TimelineKind.Visit
            is RecordBody.Purchase -> TimelineKind.Order
            is RecordBody.Contact -> TimelineKind.Contact
            is RecordBody.Note -> TimelineKind.Note
            is RecordBody.Task, is RecordBody.TaskSettled -> TimelineKind.Task
            else -> TimelineKind.Other
        }
        val mine = entry.author == null || entry.author == page.own
        return TimelineLine(
            record = entry.root.ulid,
            kind = kind,
            title = speech.title(entry.kind, entry.body),
            detail = speech.detail(entry.body, page.today),
            on = listOfNotNull(
                formats.day(entry.date.toLocalDate(), page.today),
                person(entry.author, entry.authorName, page.own).takeIf { !mine },
            ).joinToString(" · "),
            state = page.lives[entry.root.ulid]?.let { orderMark(it, words) } ?: standingMark(entry.standing, words),
            version = entry.id.ulid.takeIf { mine && kind.record != null },
            correctable = mine && entry.body is RecordBody.Visit,
        )
    }

    fun more() = most.update { it + NEXT }

    /** The number, the address or the place is handed to another app; whether it came to something, the person says. */
    fun call() = reach.phone?.let { handed(session.device.handOver.call(it), Channel.PHONE) }

    fun write() = reach.email?.let { handed(session.device.handOver.write(it), Channel.EMAIL) }

    fun navigate(name: String) = reach.point?.let { (latitude, longitude) ->
        if (!session.device.handOver.navigate(latitude, longitude, name)) session.tell(words.appClientNoApp)
    }

    private fun handed(taken: Boolean, channel: Channel) {
        if (!taken) return session.tell(words.appClientNoApp)
        session.tell(words.appClientNoteContact, words.appClientNote) {
            session.database.ask { visits.logContact(client, Contact(channel, Direction.OUTGOING)) }
            session.saved()
            session.tell(words.appClientNoted)
        }
    }

    /** A section of the profile is still right. */
    fun stillRight(section: String) = session.act {
        val saved = session.database.ask { clients.confirmSection(client, ProfileSection.valueOf(section)) }
        session.saved()
        session.tell(words.appClientConfirmedNow, words.appUndo) {
            session.takeBack(client, RecordKind.DATA_CONFIRMED, saved.id, words.kindDataConfirmed, VoidReason.MISTAKE)
        }
    }

    /** One of several values. */
    fun choose(field: String, index: Int) = session.act {
        val value = conflicts.firstOrNull { it.key == field }?.values?.getOrNull(index)?.value ?: return@act
        put(Edit(field, value))
    }

    /** Another value than those. */
    fun write(field: String, text: String) = session.act { put(edit(field, text)) }

    private suspend fun put(edit: Edit) {
        val asked = session.database.ask { clients.edit(client, listOf(edit)) }
        session.saved()
        // What the ERP owns is asked of the office.
        session.tell(if (asked.isEmpty()) words.syncSaved else words.kindChangeRequest)
    }

    /** What a visit said, to be said anew. */
    fun corrected(line: TimelineLine): CorrectedVisit? = entries.find { it.id.ulid == line.version }?.let { entry ->
        (entry.body as? RecordBody.Visit)?.let { CorrectedVisit(entry.id, it.visit) }
    }

    /** Takes a record back; voiding that again restores it. */
    fun takeBack(line: TimelineLine) = session.act {
        val kind = line.kind.record ?: return@act
        val version = line.version ?: return@act
        session.takeBack(client, kind, RecordId(version), speech.title(line.kind), VoidReason.MISTAKE)
    }

    private fun Speech.title(kind: TimelineKind) = words.of("kind-" + if (kind == TimelineKind.Order) "purchase" else kind.word)!!

    private companion object {
        const val FIRST = 30
        const val NEXT = 100
        const val PARTS_MOST = 50u
        const val BASKET_LINES = 6u
        const val DUE_MOST = 100u
    }
}

internal const val PRICE_DECIMALS = 4

internal fun standingMark(standing: Standing, words: Words): Mark? = when (standing) {
    Standing.SAVED -> Mark(words.syncSaved, Weight.Notice)
    Standing.RECEIVED -> null
}

/** The present step of an order. */
internal fun orderMark(life: OrderLife, words: Words): Mark {
    val stage = life.steps.lastOrNull()?.stage ?: return Mark(words.syncSaved, Weight.Notice)
    val text = words.of("order-${stage.word}") ?: words.valueUnknown
    return when (stage) {
        OrderStage.DECLINED, OrderStage.CANCELLED -> Mark(listOfNotNull(text, life.reason).joinToString(": "), Weight.Danger)
        OrderStage.REGISTERED, OrderStage.SERVED, OrderStage.INVOICED -> Mark(listOfNotNull(text, life.number).joinToString(" "), Weight.Good)
        else -> Mark(text, Weight.Plain)
    }
}
