import Foundation

// What the app needs of the device it runs on. View models know these alone; ios/App implements them on an iPhone.

/// All of it.
@MainActor
public struct Device {
    let network: any Network
    let schedule: any SyncSchedule
    let whereabouts: any Whereabouts
    let handOver: any HandOver
    let notifications: any Notifications

    public init(
        network: any Network, schedule: any SyncSchedule, whereabouts: any Whereabouts, handOver: any HandOver,
        notifications: any Notifications
    ) {
        self.network = network
        self.schedule = schedule
        self.whereabouts = whereabouts
        self.handOver = handOver
        self.notifications = notifications
    }
}

/// Observed: whoever implements it is `@Observable`.
@MainActor
public protocol Network: AnyObject {
    /// Whether the system believes that the internet can be reached.
    var connected: Bool { get }
}

/// Runs syncs while the app is not in sight.
@MainActor
public protocol SyncSchedule: AnyObject {
    /// Now and then, when there is a network.
    func regularly()

    /// As soon as there is a network: something was saved.
    func soon()

    func never()
}

/// Where the phone is, asked once and only when the person asks for it.
@MainActor
public protocol Whereabouts: AnyObject {
    var permission: Permission { get }

    func here() async -> Fix?
}

public enum Permission: Sendable {
    case granted
    /// May be asked for.
    case askable
    case denied
}

public struct Fix: Equatable, Sendable {
    public let latitude: Double
    public let longitude: Double
    public let accuracyM: Double

    public init(latitude: Double, longitude: Double, accuracyM: Double) {
        self.latitude = latitude
        self.longitude = longitude
        self.accuracyM = accuracyM
    }
}

/// Hands something over to another app. False where no app takes it.
@MainActor
public protocol HandOver: AnyObject {
    func call(_ number: String) async -> Bool

    func write(_ address: String) async -> Bool

    func navigate(latitude: Double, longitude: Double, label: String) async -> Bool

    func share(_ text: String) async -> Bool

    func shareFile(name: String, bytes: Data) async -> Bool
}

@MainActor
public protocol Notifications: AnyObject {
    /// Work that the office refused or declined; one at a time, replaced by the next.
    func notTaken(title: String, text: String)

    func clear()
}

public enum Theme: String, CaseIterable, Sendable {
    case system, light, dark
}

/// How the person wants the app. Observed: whoever implements it is `@Observable`.
@MainActor
public protocol Preferences: AnyObject {
    /// A language tag; nil: as the phone.
    var language: String? { get set }
    var theme: Theme { get set }

    /// The device's credential is asked for after so long out of sight.
    var lockAfterMinutes: Int { get set }
}
