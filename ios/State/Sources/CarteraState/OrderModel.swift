import Cartera
import Foundation
import Observation

public struct OrderState: Equatable, Sendable {
    public let client: String
    public let search: String
    public let families: [Filter]
    public let lines: [ArticleLine]
    /// What is ordered, in the order in which it was added.
    public let ordered: [ArticleLine]
    public let summary: OrderSummary
    public let canRepeat: Bool
    public let problem: Failure?
}

public struct ArticleLine: Equatable, Identifiable, Sendable {
    public let article: String
    public let name: String
    public let unit: String
    public let price: String
    public let origin: String?
    /// As written; nil while none was ordered.
    public let quantity: String?
    public let amount: String?
    public let mark: Mark?
    /// So many make a case, which can be added at once.
    public let perCase: String?

    public var id: String { article }
}

public struct OrderSummary: Equatable, Sendable {
    public let lines: Int
    public let net: String
    public let taxes: [Labelled]
    public let total: String
    public let unpriced: String?
    public let deliverTo: String
    public let deliverOn: String
}

/// An order that is being written. Each change is kept before it is shown, so that a call or a dead battery loses nothing.
@MainActor
@Observable
public final class OrderModel: Model {
    struct Asked: Equatable, Sendable {
        var typed = ""
        var family = OrderModel.usual
        var purchase: Purchase
    }

    struct Found: Equatable, Sendable {
        let name: String
        let families: [String]
        let listed: [Quote]
        let ordered: [Quote?]
        let amounts: Amounts?
        let places: [DeliveryPlace]
        let address: FieldValue?
        let again: OrderAgain?
        let today: BusinessDate
        let purchase: Purchase
    }

    struct DeliveryPlace: Equatable, Sendable {
        let id: PartId
        let name: String
    }

    private var problem: Failure?
    private var begun = false

    /// It is durable on this phone, as an order.
    public private(set) var placed: RecordId?

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let client: ClientId
    @ObservationIgnored private let visit: RecordId?
    @ObservationIgnored private let found: Watched<Asked, Found>
    @ObservationIgnored private let changing = Turns()
    @ObservationIgnored private var id: RecordId?

    public init(_ session: Session, _ client: ClientId, visit: RecordId? = nil) {
        (self.session, self.client, self.visit) = (session, client, visit)
        let empty = Purchase(sort: .order, currency: Self.currency, lines: [], visit: visit)
        found = Watched(session, asking: Asked(purchase: empty)) { try $0.find(client, $1) }
    }

    public func run() async {
        await changing.take { await self.begin() }.value
        if begun { await found.run() }
    }

    /// With the draft that is there, if one is.
    private func begin() async {
        if begun { return }
        do {
            let (draft, fresh) = try await session.database.ask { [client] nouns in
                let drafts = try nouns.orders.drafts(offset: 0, most: Self.drafts)
                return (drafts.first { $0.client == client }, try nouns.orders.newId())
            }
            id = draft?.id ?? fresh
            if let draft { found.asked.purchase = draft.purchase }
            (begun, problem) = (true, nil)
        } catch {
            problem = session.failure(error)
        }
    }

    private var words: Words { session.speech.words }
    private var formats: Formats { session.speech.formats }
    private var speech: Speech { session.speech }

    public var state: Load<OrderState> {
        if !begun { return problem.map { .failed($0) } ?? .reading }
        return found.load.map { shown($0, found.asked) }
    }

    private func shown(_ found: Found, _ now: Asked) -> OrderState {
        let usual = Filter(key: Self.usual, text: words.appOrderUsual, chosen: now.family == Self.usual)
        let ordered = found.purchase.lines.indices.map { self.ordered($0, found) }
        return OrderState(
            client: found.name,
            search: now.typed,
            families: [usual] + found.families.map { Filter(key: $0, text: $0, chosen: $0 == now.family) },
            lines: found.listed.map { quote in
                ordered.first { $0.article == quote.article.code } ?? offered(quote, found)
            },
            ordered: ordered,
            summary: summary(found),
            canRepeat: found.again != nil && found.purchase.lines.isEmpty,
            problem: problem)
    }

    private func offered(_ quote: Quote, _ found: Found) -> ArticleLine {
        ArticleLine(
            article: quote.article.code,
            name: quote.article.name,
            unit: quote.article.unit ?? "",
            price: price(quote.price, found.purchase.currency),
            origin: quote.lineOrigin.flatMap { words.of("price-\(word($0))") },
            quantity: nil,
            amount: nil,
            mark: mark(quote, found.today),
            perCase: quote.article.unitsPerCase.map(speech.quantity))
    }

    private func ordered(_ index: Int, _ found: Found) -> ArticleLine {
        let (line, quote) = (found.purchase.lines[index], found.ordered[index])
        var amount: String?
        if line.price != nil, let lines = found.amounts?.lines, lines.indices.contains(index) {
            amount = speech.money(lines[index])
        }
        return ArticleLine(
            article: line.article,
            name: line.description ?? line.article,
            unit: line.unit,
            price: price(line.price, found.purchase.currency),
            origin: line.priceOrigin.flatMap { words.of("price-\(word($0))") },
            quantity: speech.quantity(line.quantity),
            amount: amount,
            mark: quote.flatMap { mark($0, found.today) },
            perCase: quote?.article.unitsPerCase.map(speech.quantity))
    }

    private func price(_ price: CarteraFFI.Decimal?, _ currency: String) -> String {
        price.map { speech.money($0, currency) } ?? words.appOrderPriceNone
    }

    private func mark(_ quote: Quote, _ today: BusinessDate) -> Mark? {
        guard quote.article.outOfStock else { return nil }
        let back = quote.article.backOn.map { words.appOrderBack(date: formats.day($0, today)) }
        return Mark(text: back ?? words.wordOutOfStock, weight: .warning)
    }

    private func summary(_ found: Found) -> OrderSummary {
        let (purchase, amounts) = (found.purchase, found.amounts)
        let zero = formats.money(0, purchase.currency)
        let unpriced = Int(amounts?.unpriced ?? 0)
        return OrderSummary(
            lines: purchase.lines.count,
            net: amounts.map { speech.money($0.net) } ?? zero,
            taxes: (amounts?.taxes ?? []).map {
                let label = words.appOrderTax(name: $0.code, percent: speech.quantity($0.percent))
                return Labelled(label: label, value: speech.money($0.tax))
            },
            total: amounts.map { speech.money($0.total) } ?? zero,
            unpriced: unpriced > 0 ? words.appOrderUnpriced(count: unpriced) : nil,
            deliverTo: found.places.first { $0.id == purchase.deliverTo }?.name
                ?? found.address.map { speech.say($0, found.today) } ?? words.appOrderDeliverUsual,
            deliverOn: purchase.deliverOn.map { formats.day($0, found.today) } ?? words.appOrderDeliverSoon)
    }

    public func search(_ text: String) {
        found.asked.typed = text
    }

    public func family(_ key: String) {
        (found.asked.typed, found.asked.family) = ("", key)
    }

    /// What the camera read.
    public func scanned(_ ean: String) {
        session.act { [self] in
            guard let row = try await session.database.ask({ try $0.catalogue.byBarcode(ean: ean) }) else {
                return session.tell(words.appOrderUnknownBarcode(code: ean))
            }
            search(row.code)
            more(row.code)
        }
    }

    /// One more, or as many more as are sold together.
    public func more(_ article: String) {
        changeQuantity(article) { $0 + ($1.multiple?.value ?? 1) }
    }

    public func less(_ article: String) {
        changeQuantity(article) { $0 - ($1.multiple?.value ?? 1) }
    }

    public func addCase(_ article: String) {
        changeQuantity(article) { $0 + ($1.unitsPerCase?.value ?? 1) }
    }

    /// Typed; nothing where it is no number.
    public func quantity(_ article: String, _ typed: String) {
        let text = typed.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: ",", with: ".")
        guard text.wholeMatch(of: /[0-9]*\.?[0-9]+/) != nil, let quantity = CarteraFFI.Decimal(text: text).value else { return }
        changeQuantity(article) { _, _ in quantity }
    }

    private func changeQuantity(
        _ article: String, _ change: @escaping @Sendable (Foundation.Decimal, Article) -> Foundation.Decimal
    ) {
        edit { [client] nouns, purchase in
            let at = purchase.lines.firstIndex { $0.article == article }
            guard let known = try nouns.quote(client, article, nil, purchase.currency)?.article else { return }
            let quantity = change(at.flatMap { purchase.lines[$0].quantity.value } ?? 0, known)
            if quantity <= 0 {
                purchase.lines.removeAll { $0.article == article }
                return
            }
            let line = try nouns.orders.line(
                client: client, article: article, quantity: CarteraFFI.Decimal(quantity), unit: nil,
                currency: purchase.currency)
            if let at { purchase.lines[at] = line } else { purchase.lines.append(line) }
        }
    }

    /// The last order again, at today's prices; what is not sold any more is left out, and said.
    public func repeatLast() {
        let (again, visit) = (found.load.value?.again, visit)
        if let leftOut = again?.leftOut, !leftOut.isEmpty {
            session.tell(words.appOrderLeftOut(articles: leftOut.joined(separator: ", ")))
        }
        edit { [client] nouns, purchase in
            guard let again = try nouns.orders.again(client: client) else { return }
            purchase = again.purchase
            purchase.visit = visit
        }
    }

    /// The next of the client's delivery points.
    public func nextPlace() {
        let places = [nil] + (found.load.value?.places ?? []).map { $0.id as PartId? }
        edit { _, purchase in
            let at = places.firstIndex(of: purchase.deliverTo) ?? -1
            purchase.deliverTo = places[(at + 1) % places.count]
        }
    }

    /// A day later or earlier; never before tomorrow.
    public func moveDelivery(_ days: Int) {
        edit { nouns, purchase in
            let tomorrow = try nouns.businessDate().adding(1, .day)
            purchase.deliverOn = max(purchase.deliverOn?.adding(days, .day) ?? tomorrow, tomorrow)
        }
    }

    /// Changes one after the other, each kept before it is shown.
    private func edit(_ change: @escaping @Sendable (Nouns, inout Purchase) throws -> Void) {
        inTurn { [self] id in
            let before = found.asked.purchase
            found.asked.purchase = try await session.database.ask { [client] nouns in
                var after = before
                try change(nouns, &after)
                if after == before { return after }
                if after.lines.isEmpty {
                    try nouns.orders.dropDraft(client: client, id: id)
                } else {
                    try nouns.orders.keepDraft(client: client, id: id, purchase: after)
                }
                return after
            }
        }
    }

    private func inTurn(_ work: @escaping @MainActor (RecordId) async throws -> Void) {
        let turn = changing.take { [self] in
            await begin()
            guard let id, placed == nil else { return }
            do {
                problem = nil
                try await work(id)
            } catch {
                problem = session.failure(error)
            }
        }
        session.act { await turn.value }
    }

    /// Placed again under the same id, it is no second order.
    public func place() {
        inTurn { [self] id in
            let purchase = found.asked.purchase
            if purchase.lines.isEmpty { return }
            let saved = try await session.database.ask { [client] in
                try $0.orders.place(client: client, id: id, purchase: purchase)
            }
            session.saved()
            placed = saved.id
            session.tell(words.appOrderPlaced, action: words.appUndo) { [self] in
                try await session.takeBack(client, .purchase, saved.id, words.purchaseOrder, .cancelled)
            }
        }
    }

    /// The order in words, to be sent from the phone by whatever app the person likes; it needs no network of ours.
    @discardableResult
    public func share() -> Task<Void, Never> {
        session.act(withPerson: true) { [self] in
            guard let state = state.value else { return }
            let summary = state.summary
            let head = ["\(words.purchaseOrder) · \(state.client)", "\(words.appOrderDeliverOn): \(summary.deliverOn)", ""]
            let lines = state.ordered.map { "\($0.quantity ?? "") \($0.unit) · \($0.name) · \($0.amount ?? $0.price)" }
            let sums =
                ["", "\(words.appOrderNet): \(summary.net)"] + summary.taxes.map { "\($0.label): \($0.value)" }
                + ["\(words.appOrderTotal): \(summary.total)"]
            let text = (head + lines + sums + [summary.unpriced].compactMap { $0 }).joined(separator: "\n")
            if await !session.device.handOver.share(text) { session.tell(words.appClientNoApp) }
        }
    }

    fileprivate nonisolated static let usual = "usual"
    private nonisolated static let currency = "EUR"
    private nonisolated static let drafts: UInt32 = 200
}

extension Nouns {
    fileprivate func find(_ client: ClientId, _ asked: OrderModel.Asked) throws -> OrderModel.Found {
        let purchase = asked.purchase
        let profile = try clients.profile(client: client)
        let again = try orders.again(client: client)
        let families = try catalogue.families().map(\.name)
        let (most, atFirst): (UInt32, Int) = (60, 4)
        let articles: [String]
        if asked.typed.trimmed != nil {
            articles = try search.articles(typed: asked.typed, most: most).map(\.code)
        } else if asked.family != OrderModel.usual {
            articles = try catalogue.ofFamily(family: asked.family, after: nil, most: most).map(\.code)
        } else if let again {
            articles = again.purchase.lines.map(\.article)
        } else {
            articles = try families.prefix(atFirst).flatMap {
                try catalogue.ofFamily(family: $0, after: nil, most: most / UInt32(atFirst)).map(\.code)
            }
        }
        var seen: Set<String> = []
        return OrderModel.Found(
            name: try clients.get(client: client).name,
            families: families,
            listed: try articles.filter { seen.insert($0).inserted }.compactMap { article in
                let ordered = purchase.lines.first { $0.article == article }
                return try quote(client, article, ordered?.quantity, purchase.currency)
            },
            ordered: try purchase.lines.map { try quote(client, $0.article, $0.quantity, purchase.currency) },
            amounts: purchase.lines.isEmpty ? nil : try orders.amounts(purchase: purchase),
            places: profile.compactMap { field in
                let parts = field.key.split(separator: "/")
                guard parts.count == 3, parts[0] == "place", parts[2] == "name", case .text(let name) = field.value else {
                    return nil
                }
                return OrderModel.DeliveryPlace(id: PartId(ulid: String(parts[1])), name: name)
            },
            address: profile.first { $0.key == "address" }?.value,
            again: again,
            today: try businessDate(),
            purchase: purchase)
    }

    /// Nil of a catalogue that is not here any more.
    fileprivate func quote(
        _ client: ClientId, _ article: String, _ quantity: CarteraFFI.Decimal?, _ currency: String
    ) throws -> Quote? {
        do {
            return try catalogue.quote(
                client: client, article: article, quantity: quantity ?? CarteraFFI.Decimal(text: "1"), currency: currency)
        } catch CarteraError.NotFound {
            return nil
        }
    }
}
