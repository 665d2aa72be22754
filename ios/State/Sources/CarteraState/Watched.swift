import Cartera
import Observation

/// What stands behind a screen. `run` is called while the screen is in sight, and cancelled once it is not: so what nobody
/// looks at is not read.
@MainActor
public protocol Model: AnyObject {
    func run() async
}

/// What the database says now, and whenever it may say something else, or the person asks for something else. It never shows
/// what was saved, only what is read back. Of what is about one client, `about` names the client.
@MainActor
@Observable
final class Watched<Asked: Equatable & Sendable, Answer: Equatable & Sendable> {
    private(set) var load = Load<Answer>.reading
    var asked: Asked {
        didSet { if asked != oldValue { ring() } }
    }

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let about: ClientId?
    @ObservationIgnored private let calls: @Sendable (Nouns, Asked) throws -> Answer
    @ObservationIgnored private var ring: () -> Void = {}

    init(
        _ session: Session, about: ClientId? = nil, asking asked: Asked,
        _ calls: @escaping @Sendable (Nouns, Asked) throws -> Answer
    ) {
        self.session = session
        self.about = about
        self.asked = asked
        self.calls = calls
    }

    func run() async {
        // What comes while the database is read comes as one.
        let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        ring = { bell.yield() }
        let listening = Task { [about, database = session.database] in
            for try await changes in database.changes() where changes.concern(about) { bell.yield() }
        }
        await withTaskCancellationHandler {
            bell.yield()
            for await _ in rings {
                let answer = await read()
                if Task.isCancelled { break }
                if answer != load { load = answer }
            }
        } onCancel: {
            bell.finish()
        }
        listening.cancel()
    }

    private func read() async -> Load<Answer> {
        do {
            return .ready(try await session.database.ask { [calls, asked] in try calls($0, asked) })
        } catch {
            return .failed(session.failure(error))
        }
    }
}

extension Watched where Asked == Everything {
    convenience init(_ session: Session, about: ClientId? = nil, _ calls: @escaping @Sendable (Nouns) throws -> Answer) {
        self.init(session, about: about, asking: Everything()) { nouns, _ in try calls(nouns) }
    }
}

/// There is nothing to ask for but all of it.
struct Everything: Equatable, Sendable {}

extension Changes {
    fileprivate func concern(_ client: ClientId?) -> Bool {
        guard let client else { return true }
        return everything || clients.contains(client)
    }
}
