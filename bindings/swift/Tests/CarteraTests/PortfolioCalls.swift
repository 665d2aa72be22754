import Cartera
import Foundation

extension Nouns {
    /// The calls of a story about what the office knows and what a device says of itself; missing for a call of none of
    /// these nouns.
    func portfolioCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        try clientCall(call, with) ?? standingCall(call, with) ?? segmentCall(call, with) ?? salesCall(call, with)
            ?? orderCall(call, with) ?? deviceCall(call, with) ?? settingsCall(call, with)
    }

    private func clientCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        switch call {
        case "clients.find":
            return (nil, try search.clients(typed: with["typed"], most: 1).first?.id.ulid)
        case "clients.new_part":
            return (nil, try clients.newPartId().ulid)
        case "clients.edit_part":
            let edits = with.fields.map { Edit(key: "\(with["of"])/\(with["part"])/\($0.key)", value: $0.value) }
            _ = try clients.edit(client: with.client, edits: edits)
            return (nil, nil)
        case "clients.contacts":
            let found = try clients.contacts(client: with.client, offset: 0, most: 50)
            return (found.map { "\($0.name ?? "") \($0.phone ?? "")" }, nil)
        case "clients.delivery_points":
            let found = try clients.deliveryPoints(client: with.client, offset: 0, most: 50)
            return (found.map { "\($0.name ?? "") \($0.instructions ?? "")" }, nil)
        case "clients.sections":
            let found = try clients.sections(client: with.client)
            let told = found.map { (word($0.section), $0.stale ? "stale" : "right \($0.confirmedByName ?? "")") }
            return (Dictionary(uniqueKeysWithValues: told), nil)
        case "clients.confirm_section":
            _ = try clients.confirmSection(client: with.client, section: of(ProfileSection.self, with["section"]))
            return (nil, nil)
        case "clients.account":
            let account = try clients.account(client: with.client)
            let told: [String: Any] = [
                "open": account.debts.map { money($0.open) }, "overdue": account.debts.map { money($0.overdue) },
                "fresh": account.dueAt != nil,
            ]
            return (told, nil)
        case "clients.due_items":
            let items = try clients.dueItems(client: with.client, offset: 0, most: 50)
            return (items.map { "\($0.document ?? "") \(money($0.open))" }, nil)
        case "clients.lately":
            let found = try clients.lately(client: with.client)
            return (found.map { "\($0.personName ?? "") \($0.kind)" }.sorted(), nil)
        default:
            return nil
        }
    }

    private func standingCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        switch call {
        case "clients.agree":
            return (nil, try clients.agree(client: with.client, agreement: agreement(with)).id.ulid)
        case "clients.renew":
            let older = RecordId(ulid: with["older"])
            let saved = try clients.renewAgreement(client: with.client, older: older, agreement: agreement(with))
            return (nil, saved.id.ulid)
        case "clients.answer":
            let scores = [SurveyScore(score: try number(with["score"]))]
            let answer = SurveyAnswer(survey: try of(Survey.self, with["survey"]), asked: .byRep, answers: scores)
            return (nil, try clients.recordAnswer(client: with.client, answer: answer).id.ulid)
        case "clients.choose_mode":
            let mode = try of(Mode.self, with["mode"])
            return (nil, try clients.chooseMode(client: with.client, mode: mode, reason: with["reason"]).id.ulid)
        case "clients.records":
            let kind = try of(RecordKind.self, with["kind"])
            let page = try clients.records(client: with.client, kind: kind, after: nil, most: 50)
            return (page.entries.map { "\($0.kind) \(word($0.standing)): \(text($0.body))" }.sorted(), nil)
        case "clients.close":
            let reason = try of(LossReason.self, with["reason"])
            let saved = try clients.closeDown(client: with.client, reason: reason, note: nil, competitor: nil)
            return (nil, saved.id.ulid)
        case "clients.reopen":
            _ = try clients.reopen(client: with.client)
            return (nil, nil)
        case "today.put_off":
            let (subject, reason) = (
                try of(PutOffSubject.self, with["subject"]), try of(PutOffReason.self, with["reason"])
            )
            let saved = try today.putOff(
                client: with.client, subject: subject, key: nil, until: nil, reason: reason)
            return (nil, saved.id.ulid)
        case "today.notices":
            return (try today.notices(offset: 0, most: 50).map(\.title), nil)
        case "visits.contact":
            let contact = Contact(
                channel: try of(Channel.self, with["channel"]), direction: try of(Direction.self, with["direction"]))
            return (nil, try visits.logContact(client: with.client, contact: contact).id.ulid)
        default:
            return nil
        }
    }

    private func segmentCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        let own = SegmentKey.private(id: RecordId(ulid: with["id"]))
        switch call {
        case "segments.check":
            guard let problem = try segments.check(filter: with["filter"]) else { return (nil, nil) }
            return (["code": problem.code, "at": problem.at ?? 0] as [String: Any], nil)
        case "segments.matching":
            return (try segments.matching(filter: with["filter"], after: nil, most: 50).rows.map(\.name), nil)
        case "segments.save":
            let segment = Segment(name: with["name"], filter: with["filter"])
            return (nil, try segments.save(segment: segment).id.ulid)
        case "segments.list":
            return (try segments.list(offset: 0, most: 50).map { "\($0.name): \($0.filter ?? "")" }, nil)
        case "segments.clients":
            return (try segments.clients(key: own, after: nil, most: 50).rows.map(\.name), nil)
        case "segments.count":
            return (["clients": try segments.count(key: own)], nil)
        case "segments.change":
            let segment = Segment(name: with["name"], filter: with["filter"])
            _ = try segments.change(id: RecordId(ulid: with["id"]), segment: segment)
            return (nil, nil)
        case "segments.own":
            let own = try segments.own(id: RecordId(ulid: with["id"]))
            return (["name": own.name, "filter": own.filter ?? "", "clients": own.clients.count] as [String: Any], nil)
        case "segments.field":
            guard let field = try segments.fields().first(where: { $0.name == with["name"] }) else { return (nil, nil) }
            return (["sort": word(field.sort), "words": field.words] as [String: Any], nil)
        case "segments.remove":
            return (nil, try segments.remove(id: RecordId(ulid: with["id"])).id.ulid)
        case "segments.bring_back":
            _ = try segments.bringBack(removal: RecordId(ulid: with["id"]))
            return (nil, nil)
        default:
            return nil
        }
    }

    private func salesCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        switch call {
        case "sales.documents":
            let found = try sales.documents(client: with.client, offset: 0, most: 50)
            let told = found.map { sale in
                let lines = sale.lines.map { "\($0.article ?? "") \($0.quantity?.text ?? "")" }
                return "\(sale.number) \(word(sale.sort)) \(money(sale.net)): \(lines.joined(separator: ", "))"
            }
            return (told, nil)
        case "sales.months":
            let months = try sales.months(client: with.client, offset: 0, most: 50)
            return (["purchases": months.map(\.purchases).reduce(0, +)], nil)
        case "offers.basket":
            return (bought(try offers.basket(client: with.client, offset: 0, most: 50)), nil)
        case "offers.stopped":
            return (bought(try offers.stopped(client: with.client, offset: 0, most: 50)), nil)
        case "offers.due":
            return (bought(try offers.due(client: with.client, offset: 0, most: 50)), nil)
        case "offers.of_client":
            let found = try offers.ofClient(client: with.client, most: 50)
            let told = [
                "purchases": found.purchases, "basket": found.basket.total, "due": found.due.total,
                "stopped": found.stopped.total, "suggestions": found.suggestions.total,
            ]
            return (told, nil)
        case "offers.suggestions":
            return (try offers.suggestions(client: with.client, offset: 0, most: 50).rows.map(\.buysName), nil)
        case "offers.up_sell":
            let quantity = CarteraFFI.Decimal(text: with["quantity"])
            let step = try offers.upSell(client: with.client, article: with["article"], quantity: quantity, currency: "EUR")
            return (step.map { ["article": $0.article, "by": $0.by.text] }, nil)
        case "offers.goes_with":
            return (try offers.goesWith(onOrder: [with["article"]], most: 50).map(\.name), nil)
        case "offers.instead":
            return (try offers.instead(article: with["article"], most: 50).map(\.name), nil)
        case "offers.article":
            guard let found = try offers.article(client: with.client, article: with["article"]) else {
                return (nil, nil)
            }
            let price = found.lastPrice.map { "\($0.price.text) \($0.currency)" } ?? ""
            let told = [
                "last": found.lastQuantity?.text ?? "", "usual": found.usualQuantity?.text ?? "", "price": price,
            ]
            return (told, nil)
        case "figures.my_month":
            let month = try figures.myMonth()
            let told: [String: Any] = [
                "visits": month.visits, "with_order": month.visitsWithOrder, "objectives": month.objectives.count,
            ]
            return (told, nil)
        case "figures.life_cycle":
            let life = try figures.lifeCycle(client: with.client, language: .spanish)
            return (["stage": life.stage, "purchases": life.purchases] as [String: Any], nil)
        case "search.nearby":
            let around = Point(latitude: Double(with["latitude"]) ?? 0, longitude: Double(with["longitude"]) ?? 0)
            let within = Double(with["within"]) ?? 0
            return (try search.nearby(around: around, withinM: within, most: 50).map(\.name), nil)
        case "search.like":
            let found = try search.like(looks: Looks(name: with["name"], phone: with["phone"]), most: 50)
            return (found.map { "\($0.name) \($0.reasons.map { word($0) }.joined(separator: " "))" }, nil)
        default:
            return nil
        }
    }

    private func orderCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        switch call {
        case "orders.line":
            let line = try orders.line(
                client: with.client, article: with["article"], quantity: .init(text: with["quantity"]), unit: nil,
                currency: with["currency"])
            let origin = line.priceOrigin.map { word($0) } ?? ""
            return (["unit": line.unit, "price": line.price?.text ?? "", "origin": origin], nil)
        case "orders.again":
            guard let again = try orders.again(client: with.client) else { return (nil, nil) }
            let lines = again.purchase.lines.map { "\($0.article) \($0.quantity.text) \($0.price?.text ?? "")" }
            return (["lines": lines, "left_out": again.leftOut], nil)
        case "orders.draft":
            try orders.keepDraft(client: with.client, id: RecordId(ulid: with["id"]), purchase: with.purchase)
            return (nil, nil)
        case "orders.drafts":
            let lines = try orders.drafts(offset: 0, most: 50).flatMap(\.purchase.lines)
            return (lines.map { "\($0.article) \($0.quantity.text)" }, nil)
        case "orders.of_client":
            return (try orders.ofClient(client: with.client, offset: 0, most: 50).map(row), nil)
        case "orders.under_way":
            return (try orders.underWay(offset: 0, most: 50).map(row), nil)
        case "orders.lines":
            let lines = try orders.lines(order: RecordId(ulid: with["order"]))
            return (lines.map { "\($0.line.article) \($0.line.quantity.text) \(money($0.net))" }, nil)
        default:
            return nil
        }
    }

    private func deviceCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        switch call {
        case "sync.unsent":
            let pieces = try sync.unsent(offset: 0, most: number(with["most"]))
            return (pieces.map { "\($0.clientName ?? "own") \(word($0.standing)): \(text($0.content))" }, nil)
        case "sync.seal":
            let sealed = try sync.sealUnsent(skip: 0)
            let age = sealed.bytes.starts(with: Data("age-encryption.org/v1".utf8))
            return (["pieces": sealed.pieces, "left": sealed.left, "age": age] as [String: Any], nil)
        case "sync.progress":
            let progress = try sync.progress()
            let left = progress.left.map { word($0) }
            return (["clients": progress.clients, "left": left] as [String: Any], nil)
        case "sync.offline":
            let offline = try sync.offline()
            return (["days": offline.days, "locked": offline.locked] as [String: Any], nil)
        case "attention.refused":
            let told = try attention.refused(offset: 0, most: 50).map { work in
                let records = work.content.records.map { "\($0.kind) \(text($0.body))" }
                return "\(work.clientName ?? "") \(work.code): \(records.joined(separator: ", "))"
            }
            return (told, nil)
        case "people.list":
            return (try people.list(offset: 0, most: 50).map { "\($0.name) \(word($0.role))" }, nil)
        case "people.me":
            return (try people.me().map { ["name": $0.name, "role": word($0.role)] }, nil)
        case "people.territories":
            return (try people.territories(offset: 0, most: 50).map(\.name), nil)
        default:
            return nil
        }
    }

    private func settingsCall(_ call: String, _ with: Arguments) throws -> (Any?, String?)? {
        switch call {
        case "settings.set_quiet":
            let hours = QuietHours(from: try number(with["from"]), to: try number(with["to"]))
            try settings.setQuietHours(hours: hours)
            return (nil, nil)
        case "settings.quiet":
            return (try settings.quietHours().map { ["from": $0.from, "to": $0.to] }, nil)
        case "settings.holdings":
            let held = try settings.holdings()
            return (["clients": held.clients, "drafts": held.drafts], nil)
        case "settings.diagnostics":
            let lines = try settings.diagnostics().filter { ["clients", "linked"].contains($0.name) }
            return (Dictionary(uniqueKeysWithValues: lines.map { ($0.name, $0.value) }), nil)
        case "settings.declare_absence":
            let reason = try of(AbsenceReason.self, with["reason"])
            let saved = try settings.declareAbsence(from: day(with["from"]), to: day(with["to"]), reason: reason)
            return (nil, saved.id.ulid)
        case "settings.absences":
            return (try settings.absences(offset: 0, most: 50).map { $0.reason.map { word($0) } ?? "" }, nil)
        case "settings.withdraw_absence":
            _ = try settings.withdrawAbsence(absence: RecordId(ulid: with["id"]))
            return (nil, nil)
        case "words.error":
            let words = errorWords(code: with["code"], language: try of(Language.self, with["language"]))
            return (["text": words.text, "advice": words.advice != nil] as [String: Any], nil)
        default:
            return nil
        }
    }
}

private func agreement(_ with: Arguments) throws -> Agreement {
    Agreement(
        title: with["title"], from: BusinessDate(year: 2026, month: 1, day: 1), until: try day(with["until"]))
}

private func number(_ text: String) throws -> UInt32 {
    guard let number = UInt32(text) else { throw Failed("no number: \(text)") }
    return number
}

/// Of `2026-01-31`.
private func day(_ text: String) throws -> BusinessDate {
    let parts = text.split(separator: "-")
    guard parts.count == 3, let year = Int16(parts[0]), let month = UInt8(parts[1]), let day = UInt8(parts[2]) else {
        throw Failed("no day: \(text)")
    }
    return BusinessDate(year: year, month: month, day: day)
}

private func bought(_ page: BoughtPage) -> [String] {
    page.rows.map { "\($0.article) \($0.name) \(word($0.standing)) \($0.purchases)" }
}

private func row(_ row: OrderRow) -> String {
    "\(money(row.total)) \(row.stage.map { word($0) } ?? "saved")"
}

private func text(_ content: WorkContent) -> String {
    if content.newClient { return "new_client" }
    if let record = content.records.first { return record.kind }
    let fields = content.fields.compactMap { $0.key.split(separator: "/").last.map(String.init) }
    return (["fields"] + fields.sorted()).joined(separator: " ")
}
