import Cartera
import Observation

public struct ClientState: Equatable, Sendable {
    public let name: String
    public let subtitle: String
    public let marks: [Mark]
    public let warning: String?
    public let colleague: String?
    public let conflicts: [ConflictCard]
    public let figures: [String]
    public let reach: Reach
    public let profile: [ProfileCard]
    public let basket: [BasketLine]
    public let account: AccountSection?
    public let timeline: [TimelineLine]
    public let moreTimeline: Bool
}

/// How the client can be reached; what is missing is not offered.
public struct Reach: Equatable, Sendable {
    public let phone: String?
    public let email: String?
    public let point: Point?
}

/// A field with several values; `field` is its key.
public struct ConflictCard: Equatable, Identifiable, Sendable {
    public let field: String
    public let title: String
    public let values: [ConflictValue]

    public var id: String { field }
}

public struct ConflictValue: Hashable, Sendable {
    public let value: String
    public let from: String
}

/// A part of the profile that is found right with one tap.
public struct ProfileCard: Equatable, Identifiable, Sendable {
    public let section: ProfileSection
    public let title: String
    public let lines: [Labelled]
    /// When it was last said to be right; words for never.
    public let confirmed: String
    public let stale: Bool

    public var id: ProfileSection { section }
}

public struct BasketLine: Hashable, Sendable {
    public let article: String
    public let last: String
    public let stopped: Bool
}

public struct AccountSection: Equatable, Sendable {
    public let asOf: String?
    public let credit: String?
    public let blocked: String?
    public let due: [DueLine]
}

public struct DueLine: Hashable, Sendable {
    public let document: String
    public let due: String
    public let amount: String
    public let mark: Mark?
}

public struct TimelineLine: Equatable, Identifiable, Sendable {
    /// The record that began it.
    public let record: RecordId
    public let kind: TimelineKind
    public let title: String
    public let detail: String?
    public let on: String
    public let state: Mark?
    /// It can be taken back: this version of it.
    public let version: RecordId?
    /// It can be said anew.
    public let correctable: Bool

    public var id: RecordId { record }
}

public enum TimelineKind: Equatable, Sendable {
    case visit, order, contact, note, task, other

    var record: RecordKind? {
        switch self {
        case .visit: .visit
        case .order: .purchase
        case .contact: .contact
        case .note: .note
        case .task: .task
        case .other: nil
        }
    }
}

/// A client's page (*ficha*).
@MainActor
@Observable
public final class ClientModel: Model {
    struct Page: Equatable, Sendable {
        let row: ClientRow
        let profile: [Field]
        let sections: [SectionNow]
        let contacts: [ContactPerson]
        let conflicts: [Conflict]
        let account: Account
        let due: [DueItem]
        let lately: [Lately]
        let offers: ClientOffers
        let figures: ClientFigures
        let entries: [TimelineEntry]
        let more: Bool
        let lives: [RecordId: OrderLife]
        let own: PersonId?
        let today: BusinessDate
    }

    public let client: ClientId

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let page: Watched<Int, Page>

    public init(_ session: Session, _ client: ClientId) {
        self.session = session
        self.client = client
        page = Watched(session, about: client, asking: Self.first) { try $0.page(client, most: $1) }
    }

    public func run() async {
        await page.run()
    }

    public var state: Load<ClientState> {
        page.load.map(shown)
    }

    private var speech: Speech { session.speech }
    private var words: Words { session.speech.words }
    private var formats: Formats { session.speech.formats }

    private func shown(_ page: Page) -> ClientState {
        ClientState(
            name: page.row.name,
            subtitle: [page.row.sector, page.row.city].said(" · ") ?? "",
            marks: marks(page),
            warning: page.text("warning"),
            colleague: colleague(page),
            conflicts: page.conflicts.map { card($0, page) },
            figures: figures(page.figures),
            reach: page.reach,
            profile: page.sections.map { card($0, page) },
            basket: page.offers.basket.rows.map { bought($0, stopped: false) }
                + page.offers.stopped.rows.map { bought($0, stopped: true) },
            account: account(page),
            timeline: page.entries.map { line($0, page) },
            moreTimeline: page.more)
    }

    private func marks(_ page: Page) -> [Mark] {
        let status = page.figures.status
        var marks: [Mark] = []
        if status != .active, let text = words.of("status-\(word(status))") {
            marks.append(Mark(text: text, weight: status == .lost ? .warning : .notice))
        }
        if page.account.debts.contains(where: { $0.overdue.minor > 0 }) {
            marks.append(Mark(text: words.wordOverdueBalance, weight: .danger))
        }
        if page.account.credit?.blocked == true { marks.append(Mark(text: words.wordCreditBlock, weight: .danger)) }
        return marks
    }

    /// Somebody else was here, or took an order, in the last days.
    private func colleague(_ page: Page) -> String? {
        page.lately.first.map {
            words.appClientColleague(date: formats.day($0.on, page.today), person: $0.personName ?? words.appPersonSomebody)
        }
    }

    private func person(_ author: PersonId?, _ name: String?, _ own: PersonId?) -> String {
        author != nil && author == own ? words.appPersonYou : name ?? words.appPersonSomebody
    }

    private func card(_ conflict: Conflict, _ page: Page) -> ConflictCard {
        let values = conflict.values.map { candidate in
            ConflictValue(
                value: candidate.value.map { speech.say($0, page.today) } ?? words.valueUnknown,
                from: person(candidate.author, candidate.authorName, page.own))
        }
        let title = words.appClientConflict(field: speech.field(conflict.key) ?? conflict.key)
        return ConflictCard(field: conflict.key, title: title, values: values)
    }

    private func figures(_ figures: ClientFigures) -> [String] {
        var said: [String] = []
        for of in figures.byCurrency {
            said.append(words.appClientBought(events: formats.whole(Int(of.events)), money: speech.money(of.netRevenue)))
            if case .value(let money) = of.clv {
                said.append("\(words.wordClv): \(words.appClientValue(money: speech.money(money)))")
            }
            if let letter = of.class { said.append(words.appClientClass(class: word(letter).uppercased())) }
        }
        if let rhythm = figures.rhythm {
            let usual = formats.whole(Int(rhythm.usualDays))
            said.append(words.appClientRhythm(since: formats.whole(Int(rhythm.sinceDays)), usual: usual))
        }
        return said
    }

    private func card(_ now: SectionNow, _ page: Page) -> ProfileCard {
        let fields = page.profile.filter { now.keys.contains($0.key) }
        return ProfileCard(
            section: now.section,
            title: words.of("section-\(word(now.section))") ?? words.wordClientPage,
            lines: now.section == .people
                ? page.contacts.map(person)
                : fields.compactMap { field in
                    speech.field(field.key).map { Labelled(label: $0, value: speech.say(field.value, page.today)) }
                },
            confirmed: now.confirmedOn.map { words.appClientConfirmed(date: formats.day($0, page.today)) }
                ?? words.appClientNeverConfirmed,
            stale: now.stale)
    }

    /// All of a person in one line, under their name.
    private func person(_ of: ContactPerson) -> Labelled {
        Labelled(
            label: [of.name, of.role].said(", ") ?? words.contactName,
            value: [of.mobile, of.phone, of.email, of.notes].said(" · ") ?? "")
    }

    /// What it usually buys, and what it stopped buying.
    private func bought(_ of: BoughtArticle, stopped: Bool) -> BasketLine {
        let price = of.lastPrice.map { speech.money($0.price, $0.currency) } ?? words.withheldNoData
        let quantity = [of.lastQuantity.map(speech.quantity), of.unit].said(" ") ?? ""
        return BasketLine(
            article: of.name, last: words.appClientBasketLast(price: price, quantity: quantity), stopped: stopped)
    }

    private func account(_ page: Page) -> AccountSection? {
        let (account, credit) = (page.account, page.account.credit)
        if page.due.isEmpty, credit == nil { return nil }
        let due = page.due.map { item in
            let (late, day) = (item.due < page.today, formats.day(item.due, page.today))
            return DueLine(
                document: item.document ?? "",
                due: late ? words.appClientWasDue(date: day) : words.appClientDue(date: day),
                amount: speech.money(item.open),
                mark: item.returned
                    ? Mark(text: words.appClientReturned, weight: .danger)
                    : late ? Mark(text: words.wordOverdueBalance, weight: .danger) : nil)
        }
        var used: String?
        if let limit = credit?.limit, let spent = credit?.used {
            used = words.appClientCredit(limit: speech.money(limit), used: speech.money(spent))
        }
        return AccountSection(
            asOf: (account.dueAt ?? account.creditAt).map {
                words.appClientAccountAsOf(date: formats.moment($0, page.today))
            },
            credit: used,
            blocked: credit?.blocked == true ? words.appClientBlocked(reason: credit?.reason ?? "") : nil,
            due: due)
    }

    private func line(_ entry: TimelineEntry, _ page: Page) -> TimelineLine {
        let kind: TimelineKind =
            switch entry.body {
            case .visit, .plannedVisit: .visit
            case .purchase: .order
            case .contact: .contact
            case .note: .note
            case .task, .taskSettled: .task
            default: .other
            }
        let mine = entry.author == nil || entry.author == page.own
        let day = formats.day(entry.date, page.today)
        var correctable = false
        if mine, case .visit = entry.body { correctable = true }
        return TimelineLine(
            record: entry.root,
            kind: kind,
            title: speech.title(entry.kind, entry.body),
            detail: speech.detail(entry.body, page.today),
            on: mine ? day : "\(day) · \(person(entry.author, entry.authorName, page.own))",
            state: page.lives[entry.root].map { orderMark($0, words) } ?? standingMark(entry.standing, words),
            version: mine && kind.record != nil ? entry.id : nil,
            correctable: correctable)
    }

    public func more() {
        page.asked += Self.next
    }

    /// The number, the address or the place is handed to another app; whether it came to something, the person says.
    @discardableResult
    public func call() -> Task<Void, Never> {
        session.act(withPerson: true) { [self] in
            guard let phone = page.load.value?.reach.phone else { return }
            handed(await session.device.handOver.call(phone), .phone)
        }
    }

    @discardableResult
    public func write() -> Task<Void, Never> {
        session.act(withPerson: true) { [self] in
            guard let email = page.load.value?.reach.email else { return }
            handed(await session.device.handOver.write(email), .email)
        }
    }

    @discardableResult
    public func navigate() -> Task<Void, Never> {
        session.act(withPerson: true) { [self] in
            guard let page = page.load.value, let point = page.reach.point else { return }
            let taken = await session.device.handOver.navigate(
                latitude: point.latitude, longitude: point.longitude, label: page.row.name)
            if !taken { session.tell(words.appClientNoApp) }
        }
    }

    private func handed(_ taken: Bool, _ channel: Channel) {
        guard taken else { return session.tell(words.appClientNoApp) }
        session.tell(words.appClientNoteContact, action: words.appClientNote) { [self] in
            _ = try await session.database.ask { [client] in
                try $0.visits.logContact(client: client, contact: Contact(channel: channel, direction: .outgoing))
            }
            session.saved()
            session.tell(words.appClientNoted)
        }
    }

    /// A section of the profile is still right.
    public func stillRight(_ section: ProfileSection) {
        session.act { [self] in
            let saved = try await session.database.ask { [client] in
                try $0.clients.confirmSection(client: client, section: section)
            }
            session.saved()
            session.tell(words.appClientConfirmedNow, action: words.appUndo) { [self] in
                try await session.takeBack(client, .dataConfirmed, saved.id, words.kindDataConfirmed, .mistake)
            }
        }
    }

    /// One of several values.
    public func choose(_ field: String, _ index: Int) {
        let values = page.load.value?.conflicts.first { $0.key == field }?.values ?? []
        guard values.indices.contains(index) else { return }
        put(Edit(key: field, value: values[index].value))
    }

    /// Another value than those.
    public func write(_ field: String, _ text: String) {
        put(Edit(field, text))
    }

    private func put(_ edit: Edit) {
        session.act { [self] in
            let asked = try await session.database.ask { [client] in try $0.clients.edit(client: client, edits: [edit]) }
            session.saved()
            // What the ERP owns is asked of the office.
            session.tell(asked.isEmpty ? words.syncSaved : words.kindChangeRequest)
        }
    }

    /// What a visit said, to be said anew.
    public func corrected(_ line: TimelineLine) -> CorrectedVisit? {
        guard let entry = page.load.value?.entries.first(where: { $0.id == line.version }),
            case .visit(let visit) = entry.body
        else { return nil }
        return CorrectedVisit(version: entry.id, said: visit)
    }

    /// Takes a record back; voiding that again restores it.
    public func takeBack(_ line: TimelineLine) {
        guard let kind = line.kind.record, let version = line.version else { return }
        session.act { [self] in
            let what = words.of("kind-\(word(kind))") ?? words.kindUnknown
            try await session.takeBack(client, kind, version, what, .mistake)
        }
    }

    private nonisolated static let first = 30
    private nonisolated static let next = 100
}

extension ClientModel.Page {
    fileprivate func text(_ key: String) -> String? {
        if case .text(let text)? = profile.first(where: { $0.key == key })?.value { text } else { nil }
    }

    private func phone(_ key: String) -> String? {
        if case .phone(let raw, let e164)? = profile.first(where: { $0.key == key })?.value { e164 ?? raw } else { nil }
    }

    fileprivate var reach: Reach {
        Reach(phone: phone("mobile") ?? phone("phone"), email: text("email"), point: row.place)
    }
}

extension Nouns {
    fileprivate func page(_ client: ClientId, most: Int) throws -> ClientModel.Page {
        let timeline = try clients.timeline(client: client, after: nil, most: UInt32(most))
        var lives: [RecordId: OrderLife] = [:]
        for entry in timeline.entries {
            if case .purchase = entry.body { lives[entry.root] = try orders.life(order: entry.root) }
        }
        return ClientModel.Page(
            row: try clients.get(client: client),
            profile: try clients.profile(client: client),
            sections: try clients.sections(client: client),
            contacts: try clients.contacts(client: client, offset: 0, most: 50),
            conflicts: try clients.conflicts(client: client),
            account: try clients.account(client: client),
            due: try clients.dueItems(client: client, offset: 0, most: 100),
            lately: try clients.lately(client: client),
            offers: try offers.ofClient(client: client, most: 6),
            figures: try figures.ofClient(client: client),
            entries: timeline.entries,
            more: timeline.next != nil,
            lives: lives,
            own: try enrolment.identity()?.person,
            today: try businessDate())
    }
}

func standingMark(_ standing: Standing, _ words: Words) -> Mark? {
    switch standing {
    case .saved: Mark(text: words.syncSaved, weight: .notice)
    case .received: nil
    }
}

/// The present step of an order.
func orderMark(_ life: OrderLife, _ words: Words) -> Mark {
    guard let stage = life.steps.last?.stage else { return Mark(text: words.syncSaved, weight: .notice) }
    let text = words.of("order-\(word(stage))") ?? words.valueUnknown
    return switch stage {
    case .declined, .cancelled: Mark(text: [text, life.reason].said(": ") ?? text, weight: .danger)
    case .registered, .served, .invoiced: Mark(text: [text, life.number].said(" ") ?? text, weight: .good)
    default: Mark(text: text, weight: .plain)
    }
}
