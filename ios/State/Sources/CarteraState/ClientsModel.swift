import Cartera
import Observation

public struct ClientsState: Equatable, Sendable {
    public let search: String
    public let filters: [Filter]
    public let sync: SyncLine
    public let count: Int
    public let rows: [ClientLine]
    /// There are more than are shown.
    public let more: Bool
}

public struct Filter: Hashable, Identifiable, Sendable {
    public let key: String
    public let text: String
    public let chosen: Bool

    public var id: String { key }
}

public struct ClientLine: Equatable, Identifiable, Sendable {
    public let client: ClientId
    public let name: String
    public let place: String?
    public let bought: String
    public let marks: [Mark]
    public let distance: String?

    public var id: ClientId { client }
}

/// The whole portfolio, narrowed by what is typed and by one filter.
@MainActor
@Observable
public final class ClientsModel: Model {
    struct Asked: Equatable, Sendable {
        var typed = ""
        var filter = Narrow.all
        var segment: SegmentKey?
        var around: Point?
        var most = ClientsModel.first
    }

    enum Narrow: String, CaseIterable, Sendable {
        case all, near
        case notVisited = "unseen"
        case dormant, owing

        var rule: String? {
            switch self {
            case .all, .near: nil
            case .notVisited: "closed = no and visits(60) = 0"
            case .dormant: "status = dormant"
            case .owing: "days_overdue > 0"
            }
        }
    }

    struct Found: Equatable, Sendable {
        let asked: Asked
        let count: Int
        let today: BusinessDate
        let rows: [Row]
        let segments: [SegmentRow]
    }

    struct Row: Equatable, Sendable {
        let client: ClientRow
        var metres: Double?
    }

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let found: Watched<Asked, Found>

    public init(_ session: Session) {
        self.session = session
        found = Watched(session, asking: Asked()) { try $0.find($1) }
    }

    public func run() async {
        await found.run()
    }

    public var state: Load<ClientsState> {
        found.load.map { found in
            ClientsState(
                search: self.found.asked.typed,
                filters: filters(self.found.asked, found.segments),
                sync: session.sync,
                count: found.count,
                rows: found.rows.map { line($0, found.today) },
                more: found.rows.count >= found.asked.most)
        }
    }

    public func search(_ text: String) {
        (found.asked.typed, found.asked.most) = (text, Self.first)
    }

    /// What is near is asked of the device only now, and only where the person allows it.
    public func filter(_ key: String) {
        guard let filter = Narrow(rawValue: key) else {
            guard let segment = found.load.value?.segments.first(where: { $0.key.text == key }) else { return }
            found.asked = Asked(typed: found.asked.typed, segment: segment.key)
            return
        }
        if filter != .near {
            found.asked = Asked(typed: found.asked.typed, filter: filter)
            return
        }
        session.act(withPerson: true) { [self] in
            let whereabouts = session.device.whereabouts
            guard whereabouts.permission != .denied, let fix = await whereabouts.here() else {
                return session.tell(session.speech.words.appClientsNoPlace)
            }
            found.asked = Asked(filter: filter, around: Point(latitude: fix.latitude, longitude: fix.longitude))
        }
    }

    public func more() {
        found.asked.most += Self.next
    }

    /// The app's own, then the office's and the person's segments.
    private func filters(_ now: Asked, _ segments: [SegmentRow]) -> [Filter] {
        Narrow.allCases.map { Filter(key: $0.rawValue, text: words($0), chosen: now.segment == nil && $0 == now.filter) }
            + segments.map { Filter(key: $0.key.text, text: $0.name, chosen: $0.key == now.segment) }
    }

    private func words(_ filter: Narrow) -> String {
        let words = session.speech.words
        return switch filter {
        case .all: words.appClientsAll
        case .near: words.appClientsNearby
        case .notVisited: words.appClientsNotVisited
        case .dormant: words.appClientsDormant
        case .owing: words.appClientsOwing
        }
    }

    private func line(_ row: Row, _ today: BusinessDate) -> ClientLine {
        let (client, words, formats) = (row.client, session.speech.words, session.speech.formats)
        var marks: [Mark] = []
        if client.conflicts > 0 { marks.append(Mark(text: words.appClientsConflict, weight: .warning)) }
        if client.closed { marks.append(Mark(text: words.appClientsClosed, weight: .notice)) }
        return ClientLine(
            client: client.id,
            name: client.name,
            place: [client.city, client.sector].said(" · "),
            bought: client.lastPurchase.map { words.appClientsLastPurchase(date: formats.day($0, today)) }
                ?? words.appClientsNeverBought,
            marks: marks,
            distance: row.metres.map(formats.distance))
    }

    nonisolated static let first = 60
    private nonisolated static let next = 240
}

extension Nouns {
    fileprivate func find(_ asked: ClientsModel.Asked) throws -> ClientsModel.Found {
        typealias Row = ClientsModel.Row
        let most = UInt32(asked.most)
        let rows: [Row]
        if asked.typed.contains(where: { !$0.isWhitespace }) {
            rows = try search.clients(typed: asked.typed, most: most).map { Row(client: $0) }
        } else if let around = asked.around {
            rows = try search.nearby(around: around, withinM: nearM, most: most).map {
                Row(client: try clients.get(client: $0.client), metres: $0.metres)
            }
        } else {
            rows = try paged(asked.most) { after, most in
                if let segment = asked.segment { return try segments.clients(key: segment, after: after, most: most) }
                if let rule = asked.filter.rule { return try segments.matching(filter: rule, after: after, most: most) }
                return try clients.page(after: after, most: most)
            }.map { Row(client: $0) }
        }
        return ClientsModel.Found(
            asked: asked, count: Int(try clients.count()), today: try businessDate(), rows: rows,
            segments: try segments.list(offset: 0, most: segmentsMost).filter { $0.problem == nil })
    }

    private func paged(_ most: Int, _ page: (String?, UInt32) throws -> ClientPage) throws -> [ClientRow] {
        var rows: [ClientRow] = []
        var after: String?
        repeat {
            let page = try page(after, UInt32(min(most - rows.count, pageMost)))
            rows += page.rows
            after = page.next
        } while after != nil && rows.count < most
        return rows
    }

    private var pageMost: Int { 500 }
    private var segmentsMost: UInt32 { 30 }
    private var nearM: Double { 5_000 }
}

extension SegmentKey {
    fileprivate var text: String {
        switch self {
        case .shared(let source, let key): "shared \(source) \(key)"
        case .private(let id): "own \(id.ulid)"
        }
    }
}
