import Cartera
import Foundation
import Observation

/// Whether the app can be worked with; if not, why, and the ways out.
@MainActor
public enum AppState {
    case opening

    /// The database could not be opened. Nothing of it was touched.
    case shut(Failure, [WayOut])

    /// Open, and not linked yet.
    case enrolling(Session)

    case working(Session)

    /// The office said stop, or nothing was heard from it for too long: what was saved stays, and stays unsent.
    case held(Session, Failure, unsent: Int, [WayOut])
}

public enum WayOut: Hashable, Sendable {
    case tryAgain

    /// What can be read is put into a new database; the damaged one is kept.
    case recover

    /// A new, empty database; the old one is set aside.
    case startAnew
    case sync
    case enrolAgain
}

/// Opens the database with the device's key, and watches whether work may go on.
@MainActor
@Observable
public final class AppModel {
    public private(set) var state = AppState.opening

    @ObservationIgnored private let path: String
    @ObservationIgnored private let zone: String
    @ObservationIgnored private let key: any DatabaseKey
    @ObservationIgnored private let speech: Speech
    @ObservationIgnored private let device: Device
    @ObservationIgnored private let turns = Turns()
    @ObservationIgnored private var session: Session?
    @ObservationIgnored private var watching: Task<Void, Never>?

    public init(path: String, zone: String, key: any DatabaseKey, speech: Speech, device: Device) {
        self.path = path
        self.zone = zone
        self.key = key
        self.speech = speech
        self.device = device
    }

    @discardableResult
    public func open() -> Task<Void, Never> {
        turns.take { await self.tryOpening() }
    }

    private func tryOpening() async {
        if session != nil { return }
        state = .opening
        switch key.get() {
        case .notYet:
            shut("store_key_not_available", [.tryAgain])
        case .lost:
            state = .shut(Failure(text: speech.words.appKeyLost, advice: speech.words.appKeyLostAdvice), [.startAnew])
        case .key(let bytes):
            await open(options(bytes))
        }
    }

    private func options(_ key: Data?) -> OpenOptions {
        OpenOptions(path: path, zone: zone, key: key)
    }

    private func open(_ options: OpenOptions, recovered: String? = nil) async {
        do {
            let database = try await CarteraDatabase.open(options)
            let session = Session(database, speech, device) { [weak self] in self?.end($0, $1) }
            self.session = session
            if let recovered { session.tell(recovered) }
            try await goOn(session)
        } catch let error as CarteraError {
            await close(session)
            shut(error.code, ways(error))
        } catch {
            await close(session)
            shut("other", [.tryAgain])
        }
    }

    /// Found out while it was worked with. What was not saved then was refused, and said so.
    private func end(_ ended: Session, _ error: CarteraError) {
        turns.take { [self] in
            guard session === ended else { return }
            await close(ended)
            if case .Broken = error { await tryOpening() } else { shut(error.code, ways(error)) }
        }
    }

    private func close(_ session: Session?) async {
        watching?.cancel()
        self.session = nil
        await session?.close()
    }

    private func ways(_ error: CarteraError) -> [WayOut] {
        guard case .Storage(let code, _, let remedy) = error else { return [.tryAgain] }
        return switch remedy {
        case .recover: code == "store_wrong_key" ? [.tryAgain, .startAnew] : [.recover, .startAnew]
        case .openAnother: [.startAnew]
        default: [.tryAgain]
        }
    }

    private func shut(_ code: String, _ ways: [WayOut]) {
        state = .shut(speech.failure(code), ways)
    }

    private func goOn(_ session: Session) async throws {
        if try await session.database.ask({ try $0.enrolment.identity() }) == nil {
            state = .enrolling(session)
            return
        }
        try await session.trySync()
        device.schedule.regularly()
        watching?.cancel()
        // Asked for, not only listened to: a database that cannot be read tells nobody anything.
        state = try await standing(session, session.database.ask { try $0.sync.state() })
        watching = Task { [weak self] in
            do {
                for try await sync in session.database.syncState() {
                    let state = try await self?.standing(session, sync)
                    if let state, !Task.isCancelled { self?.state = state }
                }
            } catch {
                _ = session.failure(error)
            }
        }
    }

    private func standing(_ session: Session, _ sync: SyncState) async throws -> AppState {
        let unsent = Int(sync.unsent)
        if case .stopped(let code) = sync.activity, Self.unlinked.contains(code) {
            return .held(session, speech.failure(code), unsent: unsent, [.enrolAgain])
        }
        if try await session.database.ask({ try $0.sync.offline().locked }) {
            let failure = Failure(text: speech.words.syncLocked, advice: speech.words.appLockedAdvice)
            return .held(session, failure, unsent: unsent, [.sync])
        }
        return .working(session)
    }

    /// The phone was linked, for the first time or again.
    @discardableResult
    public func enrolled() -> Task<Void, Never> {
        turns.take { [self] in
            guard let session else { return }
            do {
                try await goOn(session)
            } catch {
                _ = session.failure(error)
            }
        }
    }

    @discardableResult
    public func take(_ way: WayOut) -> Task<Void, Never> {
        turns.take { [self] in
            switch way {
            case .tryAgain: await tryOpening()
            case .recover: await recover()
            case .startAnew: await startAnew()
            case .sync: session?.act { [session] in try await session?.trySync() }
            case .enrolAgain:
                guard let session else { return }
                watching?.cancel()
                state = .enrolling(session)
            }
        }
    }

    private func recover() async {
        guard case .key(let bytes) = key.get() else { return await tryOpening() }
        state = .opening
        do {
            let report = try await CarteraDatabase.rescue(options(bytes))
            let said = speech.words.appRecovered(
                clients: speech.formats.whole(Int(report.clients)), unsent: speech.formats.whole(Int(report.unsent)))
            await open(options(bytes), recovered: said)
        } catch {
            shut((error as? CarteraError)?.code ?? "other", [.tryAgain, .startAnew])
        }
    }

    /// Beside the old files, which somebody may yet read: nothing is deleted.
    private func startAnew() async {
        let files = FileManager.default
        let aside = (1...).lazy.map { "\(self.path).old-\($0)" }.first { !files.fileExists(atPath: $0) }!
        do {
            for part in ["", "-wal", "-shm"] where files.fileExists(atPath: path + part) {
                try files.moveItem(atPath: path + part, toPath: aside + part)
            }
        } catch {
            return shut("store_io", [.tryAgain])
        }
        guard case .key(let bytes) = key.replace() else { return shut("store_key_not_available", [.tryAgain]) }
        await open(options(bytes))
    }

    /// One sync for a task of the system's, in sight or not: true where it is to be tried again. Of work that was not taken
    /// the person is told, unless it is a time to be left alone.
    public func syncOnce() async -> Bool {
        var again = false
        await turns.take { [self] in again = await syncOnceNow() }.value
        return again
    }

    private func syncOnceNow() async -> Bool {
        await tryOpening()
        guard let database = session?.database else {
            if case .shut(_, let ways) = state { return ways.contains(.tryAgain) }
            return false
        }
        do {
            let before = try await database.ask { try $0.notTaken() }
            if try await database.ask({ try $0.enrolment.identity() }) == nil { return false }
            _ = try await database.ask { try $0.sync.now() }
            let (after, quiet) = try await database.ask { (try $0.notTaken(), try $0.settings.isQuiet()) }
            if after > before, !quiet {
                device.notifications.notTaken(title: speech.words.attentionTitle, text: speech.words.appNotTaken)
            }
            return false
        } catch {
            if case .Offline? = error as? CarteraError { return true }
            return false
        }
    }

    /// The app is about to be suspended: it is told once nothing is being written.
    public func outOfSight() async {
        await turns.take { [self] in await session?.drain() }.value
    }

    /// It is there again: what waited goes now.
    @discardableResult
    public func inSight() -> Task<Void, Never> {
        turns.take { [self] in
            guard let session, case .working = state else { return }
            session.act { try await session.trySync() }
        }
    }

    public func close() async {
        await turns.take { [self] in await close(session) }.value
    }

    /// Only linking the phone anew helps.
    private static let unlinked: Set<String> = ["revoked", "unauthenticated", "too_many_actors"]
}

extension Nouns {
    fileprivate func notTaken() throws -> Int {
        try attention.list(offset: 0, most: 500).count { $0.what == "refused" || $0.what == "declined" }
    }
}
