import Observation

/// Asks for the device's credential after the app was out of sight for a time. The time is the device's since it started,
/// which nobody can set back.
@MainActor
@Observable
public final class LockModel {
    /// At first, too: a phone that was found opens nothing.
    public private(set) var locked = true

    @ObservationIgnored private let preferences: any Preferences
    @ObservationIgnored private let sinceBoot: () -> Duration
    @ObservationIgnored private var leftAt: Duration?

    public init(_ preferences: any Preferences, sinceBoot: @escaping () -> Duration) {
        self.preferences = preferences
        self.sinceBoot = sinceBoot
    }

    public func outOfSight() {
        leftAt = sinceBoot()
    }

    public func inSight() {
        guard let left = leftAt else { return }
        leftAt = nil
        if sinceBoot() - left >= .seconds(60 * preferences.lockAfterMinutes) { locked = true }
    }

    /// The device said that it is its person, or has no lock to ask for.
    public func unlocked() {
        locked = false
    }
}
