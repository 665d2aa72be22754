package app.cartera

import app.cartera.ffi.AbsenceReason
import app.cartera.ffi.Agreement
import app.cartera.ffi.Asked
import app.cartera.ffi.BoughtPage
import app.cartera.ffi.BusinessDate
import app.cartera.ffi.Channel
import app.cartera.ffi.Contact
import app.cartera.ffi.Decimal
import app.cartera.ffi.Direction
import app.cartera.ffi.Language
import app.cartera.ffi.Looks
import app.cartera.ffi.LossReason
import app.cartera.ffi.Mode
import app.cartera.ffi.OrderRow
import app.cartera.ffi.Point
import app.cartera.ffi.ProfileSection
import app.cartera.ffi.PutOffReason
import app.cartera.ffi.PutOffSubject
import app.cartera.ffi.QuietHours
import app.cartera.ffi.RecordId
import app.cartera.ffi.RecordKind
import app.cartera.ffi.Segment
import app.cartera.ffi.SegmentKey
import app.cartera.ffi.Survey
import app.cartera.ffi.SurveyAnswer
import app.cartera.ffi.SurveyScore
import app.cartera.ffi.WorkContent
import app.cartera.ffi.errorWords
import java.time.LocalDate

/** The calls of a story about what the office knows and what a device says of itself; missing for a call of none of these nouns. */
internal fun Nouns.portfolioCall(call: String, with: Arguments): Pair<Any?, String?>? =
    clientCall(call, with) ?: salesCall(call, with) ?: deviceCall(call, with)

private fun Nouns.clientCall(call: String, with: Arguments): Pair<Any?, String?>? = when (call) {
    "clients.find" -> made(search.clients(with["typed"], 1u).first().id.ulid)
    "clients.new_part" -> made(clients.newPartId().ulid)
    "clients.edit_part" -> {
        clients.edit(with.client(), with.fields().map { it.copy(key = "${with["of"]}/${with["part"]}/${it.key}") })
        nothing
    }
    "clients.contacts" -> told(clients.contacts(with.client(), 0u, 50u).map { "${it.name} ${it.phone}" })
    "clients.delivery_points" -> told(clients.deliveryPoints(with.client(), 0u, 50u).map { "${it.name} ${it.instructions}" })
    "clients.sections" -> told(
        clients.sections(with.client()).associate { word(it.section) to if (it.stale) "stale" else "right ${it.confirmedByName}" },
    )
    "clients.confirm_section" -> {
        clients.confirmSection(with.client(), ProfileSection.valueOf(with["section"].uppercase()))
        nothing
    }
    "clients.agree" -> made(clients.agree(with.client(), agreement(with)).id.ulid)
    "clients.renew" -> made(clients.renewAgreement(with.client(), RecordId(with["older"]), agreement(with)).id.ulid)
    "clients.answer" -> {
        val survey = Survey.valueOf(with["survey"].uppercase())
        val answer = SurveyAnswer(survey, Asked.BY_REP, listOf(SurveyScore(with["score"].toUInt())))
        made(clients.recordAnswer(with.client(), answer).id.ulid)
    }
    "clients.choose_mode" -> made(
        clients.chooseMode(with.client(), Mode.valueOf(with["mode"].uppercase()), with["reason"]).id.ulid,
    )
    "clients.records" -> {
        val page = clients.records(with.client(), RecordKind.valueOf(with["kind"].uppercase()), null, 50u)
        told(page.entries.map { "${it.kind} ${word(it.standing)}: ${text(it.body)}" }.sorted())
    }
    "clients.account" -> {
        val account = clients.account(with.client())
        told(
            mapOf(
                "open" to account.debts.map { money(it.open) },
                "overdue" to account.debts.map { money(it.overdue) },
                "fresh" to (account.dueAt != null),
            ),
        )
    }
    "clients.due_items" -> told(clients.dueItems(with.client(), 0u, 50u).map { "${it.document} ${money(it.open)}" })
    "clients.lately" -> told(clients.lately(with.client()).map { "${it.personName} ${it.kind}" }.sorted())
    "clients.close" -> made(
        clients.closeDown(with.client(), LossReason.valueOf(with["reason"].uppercase()), null, null).id.ulid,
    )
    "clients.reopen" -> {
        clients.reopen(with.client())
        nothing
    }
    "segments.check" -> told(
        segments.check(with["filter"])?.let { mapOf("code" to it.code, "at" to it.at?.toULong()) },
    )
    "segments.matching" -> told(segments.matching(with["filter"], null, 50u).rows.map { it.name })
    "segments.save" -> made(segments.save(Segment(with["name"], with["filter"])).id.ulid)
    "segments.list" -> told(segments.list(0u, 50u).map { "${it.name}: ${it.filter}" })
    "segments.clients" -> told(segments.clients(ownSegment(with), null, 50u).rows.map { it.name })
    "segments.count" -> told(mapOf("clients" to segments.count(ownSegment(with))))
    "segments.change" -> {
        segments.change(RecordId(with["id"]), Segment(with["name"], with["filter"]))
        nothing
    }
    "segments.own" -> told(
        segments.own(RecordId(with["id"])).let {
            mapOf("name" to it.name, "filter" to it.filter, "clients" to it.clients.size.toULong())
        },
    )
    "segments.field" -> told(
        segments.fields().first { it.name == with["name"] }.let { mapOf("sort" to word(it.sort), "words" to it.words) },
    )
    "segments.remove" -> made(segments.remove(RecordId(with["id"])).id.ulid)
    "segments.bring_back" -> {
        segments.bringBack(RecordId(with["id"]))
        nothing
    }
    else -> null
}

private fun Nouns.salesCall(call: String, with: Arguments): Pair<Any?, String?>? = when (call) {
    "sales.documents" -> told(
        sales.documents(with.client(), 0u, 50u).map { sale ->
            val lines = sale.lines.joinToString(", ") { "${it.article} ${it.quantity?.text}" }
            "${sale.number} ${word(sale.sort)} ${money(sale.net)}: $lines"
        },
    )
    "sales.months" -> told(mapOf("purchases" to sales.months(with.client(), 0u, 50u).sumOf { it.purchases }))
    "offers.basket" -> told(bought(offers.basket(with.client(), 0u, 50u)))
    "offers.stopped" -> told(bought(offers.stopped(with.client(), 0u, 50u)))
    "offers.due" -> told(bought(offers.due(with.client(), 0u, 50u)))
    "offers.of_client" -> told(
        offers.ofClient(with.client(), 50u).let {
            mapOf(
                "purchases" to it.purchases,
                "basket" to it.basket.total,
                "due" to it.due.total,
                "stopped" to it.stopped.total,
                "suggestions" to it.suggestions.total,
            )
        },
    )
    "offers.suggestions" -> told(offers.suggestions(with.client(), 0u, 50u).rows.map { it.buysName })
    "offers.up_sell" -> told(
        offers.upSell(with.client(), with["article"], Decimal(with["quantity"]), "EUR")?.let {
            mapOf("article" to it.article, "by" to it.`by`.text)
        },
    )
    "offers.goes_with" -> told(offers.goesWith(listOf(with["article"]), 50u).map { it.name })
    "offers.instead" -> told(offers.instead(with["article"], 50u).map { it.name })
    "offers.article" -> told(
        offers.article(with.client(), with["article"])?.let {
            mapOf(
                "last" to it.lastQuantity?.text,
                "usual" to it.usualQuantity?.text,
                "price" to "${it.lastPrice?.price?.text} ${it.lastPrice?.currency}",
            )
        },
    )
    "orders.line" -> {
        val line = orders.line(with.client(), with["article"], Decimal(with["quantity"]), null, with["currency"])
        told(mapOf("unit" to line.unit, "price" to line.price?.text, "origin" to line.priceOrigin?.let(::word)))
    }
    "orders.again" -> told(
        orders.again(with.client())?.let { again ->
            mapOf(
                "lines" to again.purchase.lines.map { "${it.article} ${it.quantity.text} ${it.price?.text}" },
                "left_out" to again.leftOut,
            )
        },
    )
    "orders.draft" -> {
        orders.keepDraft(with.client(), RecordId(with["id"]), purchase(with))
        nothing
    }
    "orders.drafts" -> told(
        orders.drafts(0u, 50u).flatMap { draft -> draft.purchase.lines.map { "${it.article} ${it.quantity.text}" } },
    )
    "orders.of_client" -> told(orders.ofClient(with.client(), 0u, 50u).map(::row))
    "orders.under_way" -> told(orders.underWay(0u, 50u).map(::row))
    "orders.lines" -> told(
        orders.lines(RecordId(with["order"])).map { "${it.line.article} ${it.line.quantity.text} ${money(it.net)}" },
    )
    "today.put_off" -> {
        val subject = PutOffSubject.valueOf(with["subject"].uppercase())
        val reason = PutOffReason.valueOf(with["reason"].uppercase())
        made(today.putOff(with.client(), subject, null, null, reason).id.ulid)
    }
    "today.notices" -> told(today.notices(0u, 50u).map { it.title })
    "visits.contact" -> {
        val channel = Channel.valueOf(with["channel"].uppercase())
        val direction = Direction.valueOf(with["direction"].uppercase())
        made(visits.logContact(with.client(), Contact(channel, direction)).id.ulid)
    }
    "figures.my_month" -> {
        val month = figures.myMonth()
        told(
            mapOf(
                "visits" to month.visits,
                "with_order" to month.visitsWithOrder,
                "objectives" to month.objectives.size.toULong(),
            ),
        )
    }
    "figures.life_cycle" -> {
        val life = figures.lifeCycle(with.client(), Language.SPANISH)
        told(mapOf("stage" to life.stage, "purchases" to life.purchases))
    }
    "search.nearby" -> {
        val around = Point(with["latitude"].toDouble(), with["longitude"].toDouble())
        told(search.nearby(around, with["within"].toDouble(), 50u).map { it.name })
    }
    "search.like" -> told(
        search.like(Looks(with["name"], phone = with["phone"]), 50u)
            .map { "${it.name} ${it.reasons.joinToString(" ", transform = ::word)}" },
    )
    else -> null
}

private fun Nouns.deviceCall(call: String, with: Arguments): Pair<Any?, String?>? = when (call) {
    "sync.unsent" -> told(
        sync.unsent(0u, with["most"].toUInt()).map { "${it.clientName ?: "own"} ${word(it.standing)}: ${text(it.content)}" },
    )
    "sync.seal" -> {
        val sealed = sync.sealUnsent(0u)
        val age = sealed.bytes.decodeToString().startsWith("age-encryption.org/v1")
        told(mapOf("pieces" to sealed.pieces, "left" to sealed.left, "age" to age))
    }
    "sync.progress" -> {
        val progress = sync.progress()
        told(mapOf("clients" to progress.clients, "left" to progress.left.map(::word)))
    }
    "sync.offline" -> {
        val offline = sync.offline()
        told(mapOf("days" to offline.days.toULong(), "locked" to offline.locked))
    }
    "attention.refused" -> told(
        attention.refused(0u, 50u).map { work ->
            val records = work.content.records.joinToString(", ") { "${it.kind} ${text(it.body)}" }
            "${work.clientName} ${work.code}: $records"
        },
    )
    "people.list" -> told(people.list(0u, 50u).map { "${it.name} ${word(it.role)}" })
    "people.me" -> told(people.me()?.let { mapOf("name" to it.name, "role" to word(it.role)) })
    "people.territories" -> told(people.territories(0u, 50u).map { it.name })
    "settings.set_quiet" -> {
        settings.setQuietHours(QuietHours(with["from"].toUInt(), with["to"].toUInt()))
        nothing
    }
    "settings.quiet" -> told(
        settings.quietHours()?.let { mapOf("from" to it.from.toULong(), "to" to it.to.toULong()) },
    )
    "settings.holdings" -> {
        val held = settings.holdings()
        told(mapOf("clients" to held.clients, "drafts" to held.drafts))
    }
    "settings.diagnostics" -> {
        val lines = settings.diagnostics().associate { it.name to it.value }
        told(mapOf("clients" to lines["clients"], "linked" to lines["linked"]))
    }
    "settings.declare_absence" -> {
        val reason = AbsenceReason.valueOf(with["reason"].uppercase())
        made(settings.declareAbsence(day(with["from"]), day(with["to"]), reason).id.ulid)
    }
    "settings.absences" -> told(settings.absences(0u, 50u).map { it.reason?.let(::word) })
    "settings.withdraw_absence" -> {
        settings.withdrawAbsence(RecordId(with["id"]))
        nothing
    }
    "words.error" -> {
        val words = errorWords(with["code"], Language.valueOf(with["language"].uppercase()))
        told(mapOf("text" to words.text, "advice" to (words.advice != null)))
    }
    else -> null
}

private val nothing: Pair<Any?, String?> = null to null

private fun told(outcome: Any?): Pair<Any?, String?> = outcome to null

private fun made(id: String): Pair<Any?, String?> = null to id

private fun ownSegment(with: Arguments) = SegmentKey.Private(RecordId(with["id"]))

private fun agreement(with: Arguments) =
    Agreement(title = with["title"], from = BusinessDate(2026, 1u, 1u), until = day(with["until"]))

private fun day(text: String) = LocalDate.parse(text).toBusinessDate()

private fun bought(page: BoughtPage) = page.rows.map { "${it.article} ${it.name} ${word(it.standing)} ${it.purchases}" }

private fun row(row: OrderRow) = "${money(row.total)} ${row.stage?.let(::word) ?: "saved"}"

private fun text(content: WorkContent) = when {
    content.newClient -> "new_client"
    content.records.isNotEmpty() -> content.records.first().kind
    else -> (listOf("fields") + content.fields.map { it.key.substringAfterLast('/') }.sorted()).joinToString(" ")
}
