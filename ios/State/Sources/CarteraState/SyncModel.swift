import Cartera
import Observation

public struct SyncScreenState: Equatable, Sendable {
    public let headline: String
    public let weight: Weight
    /// Why not now, and what to do.
    public let why: String?
    public let lastContact: String
    public let onPhone: Int
    public let refused: Int
    /// Orders that the office has and is not done with.
    public let underWay: Int
    public let items: [SyncItem]
    public let syncing: Bool
    /// Unsent work can be put into a file that only the office opens.
    public let canSeal: Bool
}

/// A piece of work: not taken, not sent yet, or an order under way.
public struct SyncItem: Equatable, Identifiable, Sendable {
    public let record: String
    public let title: String
    public let client: String?
    public let state: Mark
    public let reason: String?

    public var id: String { record }
}

/// Where work stands: not taken, and why; on this phone alone; under way at the office.
@MainActor
@Observable
public final class SyncModel: Model {
    struct Found: Equatable, Sendable {
        let unsent: [UnsentWork]
        let refused: [RefusedWork]
        let underWay: [OrderRow]
        let declined: [AttentionItem]
    }

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let found: Watched<Everything, Found>

    public init(_ session: Session) {
        self.session = session
        found = Watched(session) { nouns in
            Found(
                unsent: try nouns.sync.unsent(offset: 0, most: Self.most),
                refused: try nouns.attention.refused(offset: 0, most: Self.most),
                underWay: try nouns.orders.underWay(offset: 0, most: Self.most),
                declined: try nouns.attention.list(offset: 0, most: Self.most).filter { $0.what == "declined" })
        }
    }

    public func run() async {
        await found.run()
    }

    public var state: Load<SyncScreenState> {
        guard let sync = session.syncState else { return .reading }
        return found.load.map { shown($0, sync) }
    }

    private var speech: Speech { session.speech }
    private var words: Words { session.speech.words }

    private func shown(_ found: Found, _ state: SyncState) -> SyncScreenState {
        let refused =
            found.refused.map {
                SyncItem(
                    record: $0.subject, title: title($0.content), client: $0.clientName,
                    state: Mark(text: words.syncRefused, weight: .danger), reason: speech.failure($0.code).text)
            }
            + found.declined.map {
                SyncItem(
                    record: $0.subject, title: words.purchaseOrder, client: $0.clientName,
                    state: Mark(text: words.syncDeclined, weight: .danger), reason: $0.detail.trimmed)
            }
        let unsent = found.unsent.enumerated().map { index, work in
            SyncItem(
                record: "unsent \(index)", title: title(work.content), client: work.clientName,
                state: Mark(text: words.syncSaved, weight: .notice), reason: work.code.map { speech.failure($0).text })
        }
        let underWay = found.underWay.compactMap { order -> SyncItem? in
            guard let stage = order.stage else { return nil }
            let said = words.of("order-\(word(stage))") ?? words.valueUnknown
            return SyncItem(
                record: order.order.ulid, title: "\(words.purchaseOrder) · \(speech.money(order.total))",
                client: order.clientName, state: Mark(text: [said, order.number].said(" ") ?? said, weight: .good), reason: nil)
        }
        var (canSeal, syncing) = (false, false)
        switch state.activity {
        case .waiting, .stopped: canSeal = state.unsent > 0
        case .syncing: syncing = true
        case .off, .upToDate: break
        }
        return SyncScreenState(
            headline: session.sync.text,
            weight: session.sync.weight,
            why: why(state),
            lastContact: state.lastContact.map {
                words.appSyncLast(when: speech.formats.moment($0, speech.formats.today()))
            } ?? words.syncNever,
            onPhone: Int(state.unsent),
            refused: refused.count,
            underWay: underWay.count,
            items: refused + unsent + underWay,
            syncing: syncing,
            canSeal: canSeal)
    }

    private func why(_ state: SyncState) -> String? {
        switch state.activity {
        case .stopped(let code): return speech.failure(code).advice
        case _ where !session.device.network.connected: return state.unsent > 0 ? words.appSyncOnPhoneAdvice : nil
        case .waiting(let code, _):
            let failure = speech.failure(code)
            return [failure.text, failure.advice].said(". ")
        case .off, .upToDate, .syncing: return nil
        }
    }

    /// What a piece of work does, by the first thing that it does.
    private func title(_ content: WorkContent) -> String {
        if let record = content.records.first {
            if record.voids == nil { return speech.title(record.kind, record.body) }
            return words.appTakenBack(what: words.of("kind-\(record.kind)") ?? words.kindUnknown)
        }
        if content.newClient { return words.wordNewClient }
        return content.fields.map { speech.field($0.key) }.said(", ") ?? words.wordClientPage
    }

    public func syncNow() {
        session.act { [session] in try await session.trySync() }
    }

    /// Unsent work as files that only the office opens, handed to whatever app can carry them.
    @discardableResult
    public func seal() -> Task<Void, Never> {
        session.act(withPerson: true) { [self] in
            var skip: UInt32 = 0
            var left = true
            while left {
                let sealed = try await session.database.ask { [skip] in try $0.sync.sealUnsent(skip: skip) }
                skip += UInt32(sealed.pieces)
                guard await session.device.handOver.shareFile(name: "cartera-\(skip).sealed", bytes: sealed.bytes) else {
                    return session.tell(words.appClientNoApp)
                }
                left = sealed.left > 0 && sealed.pieces > 0
            }
        }
    }

    private nonisolated static let most: UInt32 = 500
}
