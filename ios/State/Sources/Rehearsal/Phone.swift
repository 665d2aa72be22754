import Cartera
import CarteraState
import Foundation

/// A phone with its own database and nothing on its screen.
@MainActor
public final class Phone {
    public nonisolated static let zone = "Europe/Madrid"

    public let device = TestDevice()
    public private(set) var session: Session!
    public let path: String
    private let name: String
    private var shown: [Task<Void, Never>] = []

    public init(_ folder: URL, _ name: String) {
        self.name = name
        path = folder.appendingPathComponent("\(name).db").path
    }

    public nonisolated static func formats(_ language: Language) -> Formats {
        Formats(locale: Locale(identifier: language == .spanish ? "es_ES" : "en_GB"), zone: TimeZone(identifier: zone)!)
    }

    public nonisolated static func speech(_ language: Language = .spanish) -> Speech {
        Speech(language, formats(language))
    }

    public var words: Words { session.speech.words }

    @discardableResult
    public func open() async throws -> Phone {
        let database = try await CarteraDatabase.open(OpenOptions(path: path, zone: Self.zone))
        session = Session(database, Self.speech(), device.device)
        return self
    }

    /// The whole app, as its first screen sees it.
    public func start(_ key: TestKey = TestKey()) -> AppModel {
        let app = AppModel(path: path, zone: Self.zone, key: key, speech: Self.speech(), device: device.device)
        app.open()
        return app
    }

    /// As long as the phone is open, somebody looks at it.
    public func show<M: Model>(_ model: M) -> M {
        shown.append(Task { await model.run() })
        return model
    }

    @discardableResult
    public func enrol(_ invitation: String) async throws -> Phone {
        let enrolling = EnrolModel(session, deviceName: name)
        enrolling.invitation(invitation)
        _ = try await awaits(enrolling.state) { $0.canLink }
        enrolling.link()
        _ = try await awaits(enrolling.linked) { $0 }
        try await synced()
        return self
    }

    /// Everything that the relay has is here, and everything of this phone there.
    public func synced() async throws {
        _ = try await ask { try $0.sync.now() }
    }

    public func ask<T: Sendable>(_ calls: @escaping @Sendable (Nouns) throws -> T) async throws -> T {
        try await session.database.ask(calls)
    }

    public func client(_ named: String) async throws -> ClientId {
        let rows = try await ask { try $0.clients.page(after: nil, most: 500).rows }
        guard let row = rows.first(where: { $0.name == named }) else { throw Stayed("there is no \(named)") }
        return row.id
    }

    /// The app is closed as the system closes it.
    public func shut() async {
        shown.forEach { $0.cancel() }
        for task in shown { await task.value }
        shown = []
        await session?.close()
        session = nil
    }
}
