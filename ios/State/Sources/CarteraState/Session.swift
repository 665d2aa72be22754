import Cartera
import Observation

/// An open database, and who works with it: what all screens share. Whoever made it closes it; it closes the database.
@MainActor
@Observable
public final class Session {
    @ObservationIgnored public let database: CarteraDatabase
    @ObservationIgnored public let speech: Speech
    @ObservationIgnored let device: Device

    /// How much is to be looked at.
    public private(set) var review = 0

    /// What was done last, for as long as the screen shows it: it calls `toldEnough` then.
    public private(set) var told: Told?

    /// Why the database has to be closed: it was found damaged, or the engine cannot go on with it.
    public private(set) var broken: CarteraError?

    private(set) var syncState: SyncState?

    @ObservationIgnored private let onBroken: @MainActor (Session, CarteraError) -> Void
    @ObservationIgnored private var watching: [Task<Void, Never>] = []
    @ObservationIgnored private var acts: [Int: Task<Void, Never>] = [:]
    @ObservationIgnored private var actsBegun = 0
    @ObservationIgnored private var doing: (@MainActor () async throws -> Void)?
    @ObservationIgnored private var answering: (@MainActor () async throws -> Void)?

    public init(
        _ database: CarteraDatabase, _ speech: Speech, _ device: Device,
        onBroken: @escaping @MainActor (Session, CarteraError) -> Void = { _, _ in }
    ) {
        self.database = database
        self.speech = speech
        self.device = device
        self.onBroken = onBroken
        watching = [
            watch(database.syncState()) { $0.syncState = $1 },
            watch(database.watch { try $0.attention.list(offset: 0, most: Self.reviewMost).count }) { $0.review = $1 },
        ]
    }

    private func watch<T: Sendable>(
        _ values: AsyncThrowingStream<T, any Error>, _ put: @escaping @MainActor (Session, T) -> Void
    ) -> Task<Void, Never> {
        Task { [weak self] in
            do {
                for try await value in values {
                    guard let self else { return }
                    put(self, value)
                }
            } catch {
                _ = self?.failure(error)
            }
        }
    }

    /// Where work stands, in a line.
    public var sync: SyncLine {
        guard let syncState else { return SyncLine(text: "", weight: .plain, unsent: 0) }
        return syncLine(syncState, connected: device.network.connected, speech)
    }

    /// Says what was done. `answer` is what the words in `action` do.
    func tell(_ text: String, action: String? = nil, answer: (@MainActor () async throws -> Void)? = nil) {
        carryOut()
        answering = answer
        told = Told(text: text, action: action)
    }

    /// Says what is about to be done, and does it once it was said long enough, unless the person takes it back.
    func tellFirst(_ text: String, undone: @escaping @MainActor () -> Void, act: @escaping @MainActor () async throws -> Void) {
        carryOut()
        answering = { undone() }
        doing = {
            do {
                try await act()
            } catch {
                undone()
                throw error
            }
        }
        told = Told(text: text, action: speech.words.appUndo)
    }

    /// The person touched the words.
    public func answer() {
        doing = nil
        let answer = answering
        (answering, told) = (nil, nil)
        if let answer { act(answer) }
    }

    public func toldEnough() {
        carryOut()
        told = nil
    }

    private func carryOut() {
        guard let act = doing else { return }
        doing = nil
        self.act(act)
    }

    /// Every failure of the engine passes here, so that one that ends the session is not only words on a screen.
    func failure(_ error: any Error) -> Failure {
        guard let error = error as? CarteraError else { return speech.failure("other") }
        let ends =
            switch error {
            case .Storage(_, _, let remedy): remedy == .recover
            case .Broken(_, _, let mustReopen): mustReopen
            default: false
            }
        if ends, error.code != "closed", broken == nil {
            broken = error
            onBroken(self, error)
        }
        return speech.failure(error)
    }

    /// Does something that the engine may refuse; then its reason is told. What waits for a person, such as a sheet that is
    /// open, may never end: nobody waits for that.
    @discardableResult
    func act(withPerson: Bool = false, _ work: @escaping @MainActor () async throws -> Void) -> Task<Void, Never> {
        let number = actsBegun
        actsBegun += 1
        let task = Task {
            do {
                try await work()
            } catch {
                let failure = failure(error)
                tell([failure.text, failure.advice].said(". ") ?? "")
            }
            acts[number] = nil
        }
        if !withPerson { acts[number] = task }
        return task
    }

    /// Syncs at once, even where the background sync had given up.
    func trySync() async throws {
        try await database.ask {
            try $0.sync.start()
            $0.sync.hurry()
        }
    }

    /// Something was saved: it leaves as soon as it can, in sight or not.
    func saved() {
        device.schedule.soon()
    }

    /// Takes a record back and says so; taking that back restores it.
    func takeBack(
        _ client: ClientId, _ kind: RecordKind, _ record: RecordId, _ what: String, _ reason: VoidReason
    ) async throws {
        let void = try await database.ask { try $0.visits.void(client: client, kind: kind, record: record, reason: reason) }
        saved()
        tell(speech.words.appTakenBack(what: what), action: speech.words.appUndo) { [self] in
            _ = try await database.ask { try $0.visits.void(client: client, kind: kind, record: void.id, reason: .mistake) }
            saved()
        }
    }

    /// Waits until nothing is being written: what was put off until it was told is done, what was begun is finished, and the
    /// background sync has ended. A process that is suspended in the middle of a write would lose the system's patience.
    public func drain() async {
        toldEnough()
        while let act = acts.values.first { await act.value }
        try? await database.ask { $0.sync.stop() }
    }

    public func close() async {
        await drain()
        watching.forEach { $0.cancel() }
        await database.close()
    }

    private nonisolated static let reviewMost: UInt32 = 500
}

/// What was done, for some seconds; `action` is what can be done about it, such as taking it back.
public struct Told: Equatable, Sendable {
    public let text: String
    public let action: String?
}
