import Cartera
import Foundation
import Observation

public struct ReviewState: Equatable, Sendable {
    public let items: [ReviewItem]
    public let pairs: [PairCard]
}

/// One thing to look at: what it is, why, and what to do.
public struct ReviewItem: Equatable, Identifiable, Sendable {
    public let key: String
    public let client: ClientId?
    public let title: String
    public let clientName: String?
    public let reason: String?
    public let advice: String?
    public let since: String?
    public let acts: [ReviewAct]

    public var id: String { key }
}

public enum ReviewAct: Hashable, Sendable {
    case open, retry, discard, confirmDate, dismiss
}

/// Two clients who may be one.
public struct PairCard: Equatable, Identifiable, Sendable {
    public let key: String
    public let one: ClientId
    public let oneName: String
    public let other: ClientId
    public let otherName: String
    public let why: String

    public var id: String { key }
}

/// *Por revisar*: what waits for a person's word.
@MainActor
@Observable
public final class ReviewModel: Model {
    struct Found: Equatable, Sendable {
        let items: [AttentionItem]
        let pairs: [LikelyPair]
        let names: [ClientId: String]
        let today: BusinessDate
    }

    /// On its way out, as long as that can be taken back.
    private var hidden: Set<String> = []

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let found: Watched<Everything, Found>

    public init(_ session: Session) {
        self.session = session
        found = Watched(session) { nouns in
            let pairs = try nouns.search.likelyPairs(most: Self.pairsMost)
            let named = Set(pairs.flatMap { [$0.one, $0.other] })
            return Found(
                items: try nouns.attention.list(offset: 0, most: Self.most), pairs: pairs,
                names: try named.reduce(into: [:]) { $0[$1] = try nouns.clients.get(client: $1).name },
                today: try nouns.businessDate())
        }
    }

    public func run() async {
        await found.run()
    }

    public var state: Load<ReviewState> {
        found.load.map { found in
            ReviewState(
                items: found.items.filter { !hidden.contains($0.key) }.map { item($0, found.today) },
                pairs: found.pairs.filter { !hidden.contains($0.key) }.map { pair in
                    PairCard(
                        key: pair.key, one: pair.one, oneName: found.names[pair.one] ?? "", other: pair.other,
                        otherName: found.names[pair.other] ?? "",
                        why: pair.reasons.map { words.of("likeness-\(word($0))") }.said(", ") ?? "")
                })
        }
    }

    private var words: Words { session.speech.words }

    private func item(_ item: AttentionItem, _ today: BusinessDate) -> ReviewItem {
        let reason: String? =
            switch item.what {
            case "refused": session.speech.failure(item.detail).text
            case "declined": item.detail.trimmed
            case "uncertain_date": day(item.detail).map { session.speech.formats.day($0, today) }
            default: nil
            }
        let acts: [ReviewAct] =
            switch item.what {
            case "refused": [.retry, .discard]
            case "conflict", "orphan": []
            case "uncertain_date": [.confirmDate, .dismiss]
            default: [.dismiss]
            }
        return ReviewItem(
            key: item.key,
            client: item.clientName == nil ? nil : item.client,
            title: words.of("attention-\(item.what)") ?? item.what,
            clientName: item.clientName,
            reason: reason,
            advice: words.of("attention-\(item.what).advice"),
            since: item.since.map { session.speech.formats.moment($0, today) },
            acts: (item.clientName == nil ? [] : [.open]) + acts)
    }

    /// As `2026-11-25`.
    private func day(_ text: String) -> BusinessDate? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        return BusinessDate(DateComponents(year: parts[0], month: parts[1], day: parts[2]))
    }

    private func item(_ key: String) -> AttentionItem? {
        found.load.value?.items.first { $0.key == key }
    }

    private func pair(_ key: String) -> LikelyPair? {
        found.load.value?.pairs.first { $0.key == key }
    }

    public func retry(_ key: String) {
        guard let item = item(key) else { return }
        session.act { [session] in
            try await session.database.ask { try $0.attention.retryRefused(subject: item.subject) }
            session.saved()
        }
    }

    /// For good: so it is said first, and can be taken back until it was said.
    public func discard(_ key: String) {
        guard let item = item(key) else { return }
        hidden.insert(key)
        session.tellFirst(words.appReviewDiscarded, undone: { self.hidden.remove(key) }) { [session] in
            _ = try await session.database.ask { try $0.attention.dropRefused(subject: item.subject) }
        }
    }

    /// The day that the phone's clock said, though it could not be trusted.
    public func confirmDate(_ key: String) {
        guard let item = item(key), let date = day(item.detail), let client = item.client else { return }
        let parts = item.subject.split(separator: "/")
        guard parts.count == 2, let kind = Self.kinds[String(parts[0])] else { return }
        let record = RecordId(ulid: String(parts[1]))
        session.act { [session] in
            _ = try await session.database.ask {
                try $0.visits.confirmDate(client: client, kind: kind, record: record, date: date)
            }
            session.saved()
        }
    }

    public func dismiss(_ key: String) {
        guard let item = item(key) else { return }
        session.act { [session] in
            try await session.database.ask { try $0.attention.dismiss(what: item.what, subject: item.subject) }
        }
    }

    /// Proposed to the office: the first is kept.
    public func merge(_ key: String) {
        guard let pair = pair(key) else { return }
        hidden.insert(key)
        session.tellFirst(words.kindMergeProposal, undone: { self.hidden.remove(key) }) { [session] in
            _ = try await session.database.ask {
                try $0.clients.proposeMerge(client: pair.other, other: pair.one, keepOther: true, likeness: pair.reasons)
            }
            session.saved()
        }
    }

    /// They are two: not asked again.
    public func notTheSame(_ key: String) {
        guard let pair = pair(key) else { return }
        session.act { [session] in
            _ = try await session.database.ask {
                try $0.today.putOff(client: pair.one, subject: .duplicate, key: pair.other.ulid, until: nil, reason: nil)
            }
            session.saved()
        }
    }

    private nonisolated static let most: UInt32 = 200
    private nonisolated static let pairsMost: UInt32 = 20

    /// Kinds by the letters that a record's key begins with.
    private static let kinds: [String: RecordKind] = ["v": .visit, "p": .purchase, "c": .contact, "n": .note, "t": .task]
}

extension AttentionItem {
    fileprivate var key: String { "\(what) \(subject)" }
}

extension LikelyPair {
    fileprivate var key: String { "\(one.ulid) \(other.ulid)" }
}
