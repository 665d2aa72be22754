import Foundation

/// The key of the database: 32 random bytes, kept by the device's key store.
public protocol DatabaseKey: Sendable {
    /// Made at the first call.
    func get() -> KeyAnswer

    /// A new key, for a new database: the old one is set aside, never deleted.
    func replace() -> KeyAnswer
}

public enum KeyAnswer: Equatable, Sendable {
    /// No bytes: not encrypted, for tests.
    case key(Data?)

    /// The device was not unlocked since it started. Nothing is wrong; it is tried again.
    case notYet

    /// The key is gone: the data on this device can no longer be read, and come again from the relay.
    case lost
}

/// Where secrets lie that never leave the device: the Keychain.
public protocol SecretStore: Sendable {
    func read(_ name: String) -> SecretAnswer

    /// False where it could not be kept; a name that is taken stays as it is.
    func add(_ name: String, _ secret: Data) -> Bool

    /// False where it could not be done.
    func rename(_ name: String, to other: String) -> Bool
}

public enum SecretAnswer: Equatable, Sendable {
    case secret(Data)
    case missing
    /// It does not answer; that passes.
    case notYet
}

/// The database's key as a secret. One that is missing beside a database was lost: a new one would make it look damaged.
public struct KeptKey: DatabaseKey {
    private let store: any SecretStore
    private let path: String

    public init(_ store: any SecretStore, databaseAt path: String) {
        self.store = store
        self.path = path
    }

    public func get() -> KeyAnswer {
        switch store.read(Self.name) {
        case .secret(let key): key.count == Self.bytes ? .key(key) : .lost
        case .notYet: .notYet
        case .missing: FileManager.default.fileExists(atPath: path) ? .lost : make()
        }
    }

    public func replace() -> KeyAnswer {
        switch store.read(Self.name) {
        case .notYet: return .notYet
        case .missing: break
        case .secret:
            // It may yet be of use to somebody who recovers data.
            let aside = (1...).lazy.map { "\(Self.name).old-\($0)" }.first { store.read($0) == .missing }
            guard let aside, store.rename(Self.name, to: aside) else { return .notYet }
        }
        return make()
    }

    private func make() -> KeyAnswer {
        var random = SystemRandomNumberGenerator()
        let key = Data((0..<Self.bytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        // Kept before any database is made with it.
        return store.add(Self.name, key) ? .key(key) : .notYet
    }

    private static let name = "database.key"
    private static let bytes = 32
}
