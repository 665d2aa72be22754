import CarteraState
import Foundation
import Observation

/// What a person's phone is to the app, as a test says.
@MainActor
@Observable
public final class TestDevice: Network, SyncSchedule, Whereabouts, HandOver, Notifications {
    public var connected = true
    public var permission = Permission.askable
    public var fix: Fix?
    public private(set) var handed: [String] = []
    public private(set) var files: [String: Data] = [:]
    public var takes = true
    public private(set) var hurried = 0
    public private(set) var notified = 0

    public init() {}

    public var device: Device {
        Device(network: self, schedule: self, whereabouts: self, handOver: self, notifications: self)
    }

    public func here() async -> Fix? { fix }

    private func hand(_ what: String) -> Bool {
        if takes { handed.append(what) }
        return takes
    }

    public func call(_ number: String) async -> Bool { hand("call \(number)") }

    public func write(_ address: String) async -> Bool { hand("write \(address)") }

    public func navigate(latitude: Double, longitude: Double, label: String) async -> Bool { hand("navigate \(label)") }

    public func share(_ text: String) async -> Bool { hand("share \(text)") }

    public func shareFile(name: String, bytes: Data) async -> Bool {
        files[name] = bytes
        return hand("file \(name)")
    }

    public func regularly() {}

    public func soon() { hurried += 1 }

    public func never() {}

    public func notTaken(title: String, text: String) { notified += 1 }

    public func clear() {}
}

/// The key store's answer, as a test says. Tests use the library without SQLCipher: no bytes are no key.
public final class TestKey: DatabaseKey, @unchecked Sendable {
    private let lock = NSLock()
    private var said: KeyAnswer

    public init(_ said: KeyAnswer = .key(nil)) {
        self.said = said
    }

    public func get() -> KeyAnswer { lock.withLock { said } }

    public func replace() -> KeyAnswer {
        answers(.key(nil))
        return .key(nil)
    }

    public func answers(_ answer: KeyAnswer) {
        lock.withLock { said = answer }
    }
}
