import Foundation
import Observation

/// Kept on the phone alone.
@MainActor
@Observable
public final class StoredPreferences: Preferences {
    @ObservationIgnored private let kept: UserDefaults

    public var language: String? {
        didSet { kept.set(language, forKey: "language") }
    }

    public var theme: Theme {
        didSet { kept.set(theme.rawValue, forKey: "theme") }
    }

    public var lockAfterMinutes: Int {
        didSet { kept.set(lockAfterMinutes, forKey: "lockAfterMinutes") }
    }

    public init(_ kept: UserDefaults) {
        self.kept = kept
        language = kept.string(forKey: "language")
        theme = kept.string(forKey: "theme").flatMap(Theme.init) ?? .system
        lockAfterMinutes = kept.object(forKey: "lockAfterMinutes") as? Int ?? Self.lockAfterAtFirst
    }

    private static let lockAfterAtFirst = 5
}
