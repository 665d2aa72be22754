@_exported import CarteraFFI
import Foundation

/// An open database, for structured concurrency. Whoever opened it closes it; it closes all that it opened.
///
/// `ask` makes any calls of the engine off the caller's thread; `watch` makes them again whenever their answer may have
/// changed. Nothing but `sync.now` and `enrolment.enrol` waits for the network.
public actor CarteraDatabase {
    private let nouns: Nouns
    private let queue: DispatchQueue
    private var isClosed = false

    private init(_ cartera: Cartera, on queue: DispatchQueue) {
        nouns = Nouns(cartera)
        self.queue = queue
    }

    /// Opens a database, or makes it.
    ///
    /// Throws `CarteraError.Storage` with a remedy: the key, room, an update, recovery.
    public static func open(_ options: OpenOptions) async throws -> CarteraDatabase {
        // Calls block; a queue of its own keeps them off the threads that all tasks share.
        let queue = DispatchQueue(label: "cartera", qos: .userInitiated, attributes: .concurrent)
        return CarteraDatabase(try await queue.answer { try Cartera.open(options: options) }, on: queue)
    }

    /// Sets a damaged database aside and puts what can be read of it in its place. Nobody may have it open.
    public static func rescue(_ options: OpenOptions) async throws -> RecoveryReport {
        try await DispatchQueue(label: "cartera.recovery").answer { try recover(options: options) }
    }

    /// Makes calls of the engine: `try await phone.ask { try $0.clients.page(after: nil, most: 50) }`.
    public nonisolated func ask<T: Sendable>(_ calls: @escaping @Sendable (Nouns) throws -> T) async throws -> T {
        let nouns = nouns
        return try await queue.answer { try calls(nouns) }
    }

    /// What may read differently; everything at first. What changes while the loop is busy comes as one.
    public nonisolated func changes() -> ChangeSequence {
        ChangeSequence(nouns.cartera)
    }

    /// The answer of some calls, now and whenever it is another one. Of what is about one client alone, `about` names the
    /// client, so that other clients' changes ask nothing.
    public nonisolated func watch<T: Sendable & Equatable>(
        about client: ClientId? = nil, _ calls: @escaping @Sendable (Nouns) throws -> T
    ) -> AsyncThrowingStream<T, any Error> {
        // Only the latest answer is worth drawing.
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let watching = Task {
                do {
                    var known: T?
                    for try await changes in changes() {
                        if let client, !changes.everything, !changes.clients.contains(client) { continue }
                        let answer = try await ask(calls)
                        if answer != known {
                            known = answer
                            continuation.yield(answer)
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in watching.cancel() }
        }
    }

    /// Where work stands, now and whenever that changes; the latest, however many changes came since.
    public nonisolated func syncState() -> AsyncThrowingStream<SyncState, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            do {
                let listening = try nouns.sync.listen(listener: Stands { continuation.yield($0) })
                continuation.onTermination = { _ in listening.end() }
            } catch {
                continuation.finish(throwing: error)
            }
        }
    }

    /// Ends the background sync, waits for calls under way, and closes the database: before suspension, so that no lock is
    /// held, and at the end. Closing again does nothing.
    public func close() async {
        if isClosed { return }
        isClosed = true
        let cartera = nouns.cartera
        await queue.answer { cartera.shut() }
    }
}

/// The engine's objects.
public struct Nouns: Sendable {
    let cartera: Cartera
    public let clients: Clients
    public let segments: Segments
    public let visits: Visits
    public let orders: Orders
    public let catalogue: Catalogue
    public let offers: Offers
    public let sales: Sales
    public let today: Today
    public let search: Search
    public let attention: Attention
    public let sync: CarteraFFI.Sync
    public let figures: Figures
    public let people: People
    public let settings: Settings
    public let enrolment: Enrolment

    init(_ cartera: Cartera) {
        self.cartera = cartera
        clients = cartera.clients()
        segments = cartera.segments()
        visits = cartera.visits()
        orders = cartera.orders()
        catalogue = cartera.catalogue()
        offers = cartera.offers()
        sales = cartera.sales()
        today = cartera.today()
        search = cartera.search()
        attention = cartera.attention()
        sync = cartera.sync()
        figures = cartera.figures()
        people = cartera.people()
        settings = cartera.settings()
        enrolment = cartera.enrolment()
    }

    /// The business date that work saved now would get.
    public func businessDate() throws -> BusinessDate {
        try cartera.businessDate()
    }
}

private final class Stands: SyncListener {
    private let tell: @Sendable (SyncState) -> Void

    init(_ tell: @escaping @Sendable (SyncState) -> Void) {
        self.tell = tell
    }

    func stands(state: SyncState) {
        tell(state)
    }
}

extension DispatchQueue {
    /// Waits for work on this queue without holding a thread.
    fileprivate func answer<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Result(catching: work)) }
        }
    }

    fileprivate func answer(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            async {
                work()
                continuation.resume()
            }
        }
    }
}
