import Cartera
import Observation

public struct TodayState: Equatable, Sendable {
    public let date: String
    public let sync: SyncLine
    public let notices: [NoticeCard]
    public let visits: [TodayRow]
    public let attention: [TodayRow]
}

public struct NoticeCard: Equatable, Identifiable, Sendable {
    public let key: String
    public let title: String
    public let text: String
    public let mustRead: Bool

    public var id: String { key }
}

/// A client to visit or to attend to.
public struct TodayRow: Equatable, Identifiable, Sendable {
    public let client: ClientId
    public let name: String
    public let place: String?
    /// Of a visit that has an hour.
    public let time: String?
    public let byPhone: Bool
    public let reasons: [TodayReason]

    public var id: ClientId { client }
}

public struct TodayReason: Hashable, Sendable {
    public let text: String
    public let advice: String?
    public let stake: String?
    public let weight: Weight
}

/// The day: planned visits in the order of the round, then who needs attention and why.
@MainActor
@Observable
public final class TodayModel: Model {
    struct Day: Equatable, Sendable {
        let today: BusinessDate
        let entries: [TodayEntry]
        let places: [ClientId: String]
        let notices: [Notice]
    }

    /// Put off, as long as it can be taken back.
    private var hidden: Set<ClientId> = []

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let day: Watched<Everything, Day>

    public init(_ session: Session) {
        self.session = session
        day = Watched(session) { [language = session.speech.language] nouns in
            let entries = try nouns.today.list(language: language, offset: 0, most: Self.most)
            let places = try entries.map { ($0.client, try nouns.clients.get(client: $0.client).city) }
            return Day(
                today: try nouns.businessDate(), entries: entries,
                places: places.reduce(into: [:]) { $0[$1.0] = $1.1 },
                notices: try nouns.today.notices(offset: 0, most: Self.notices))
        }
    }

    public func run() async {
        await day.run()
    }

    public var state: Load<TodayState> {
        day.load.map(shown)
    }

    private func shown(_ day: Day) -> TodayState {
        let entries = day.entries.filter { !hidden.contains($0.client) }
        return TodayState(
            date: session.speech.formats.day(day.today, day.today),
            sync: session.sync,
            notices: day.notices.filter { !$0.read }.map {
                NoticeCard(key: $0.key, title: $0.title, text: $0.text, mustRead: $0.mustRead)
            },
            visits: entries.filter { $0.visit != nil }.map { row($0, day) },
            attention: entries.filter { $0.visit == nil }.map { row($0, day) })
    }

    private func row(_ entry: TodayEntry, _ day: Day) -> TodayRow {
        TodayRow(
            client: entry.client,
            name: entry.name,
            place: day.places[entry.client],
            time: entry.visit?.minute.map { session.speech.formats.time(Int($0)) },
            byPhone: entry.visit?.channel == .phone,
            reasons: entry.reasons.map(reason))
    }

    private func reason(_ reason: Reason) -> TodayReason {
        let weight: Weight =
            switch reason.code {
            case "why-declined", "why-owes": .danger
            case "why-overdue", "why-rhythm", "why-falling", "why-win_back": .warning
            default: .plain
            }
        return TodayReason(
            text: reason.text, advice: reason.advice, stake: reason.stake.map(session.speech.money), weight: weight)
    }

    private func entry(_ client: ClientId) -> TodayEntry? {
        day.load.value?.entries.first { $0.client == client }
    }

    /// What a visit to the client would carry out.
    public func planned(_ client: ClientId) -> PlannedVisit? {
        entry(client)?.visit
    }

    /// *Posponer*: all that speaks for the client today comes back in a week. Taken back, nothing was written.
    public func putOff(_ client: ClientId) {
        guard let entry = entry(client) else { return }
        hidden.insert(client)
        let said = session.speech.words.appTodayPutOffDone(client: entry.name)
        session.tellFirst(said, undone: { self.hidden.remove(client) }) { [session] in
            try await session.database.ask { nouns in
                let until = try nouns.businessDate().adding(Self.putOffDays, .day)
                for reason in entry.reasons {
                    _ = try nouns.today.putOff(
                        client: client, subject: reason.subject, key: reason.key, until: until, reason: nil)
                }
            }
            session.saved()
        }
    }

    public func markRead(_ notice: String) {
        session.act { [session] in
            _ = try await session.database.ask { try $0.today.markRead(notice: notice) }
            session.saved()
        }
    }

    private nonisolated static let most: UInt32 = 200
    private nonisolated static let notices: UInt32 = 50
    private nonisolated static let putOffDays = 7
}
