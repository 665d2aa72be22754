import CarteraState
import SwiftUI

/// What lives as long as the process: the one open database, and the way through the app.
@MainActor
final class AppProcess: NSObject, UIApplicationDelegate {
    let preferences = StoredPreferences(.standard)
    let navigation = Navigation()
    let scanner = CodeScanner()
    let speech: Speech
    let lock: LockModel
    let app: AppModel
    private let schedule: BackgroundSync

    override init() {
        let tag = preferences.language ?? Locale.preferredLanguages.first ?? "es"
        let language = Language(tag: tag)
        // In the person's own region, unless they chose another language than the phone's.
        let locale = Locale.current.language.languageCode?.identifier == language.tag ? Locale.current : Locale(identifier: tag)
        speech = Speech(language, Formats(locale: locale, zone: .current))
        lock = LockModel(preferences, sinceBoot: Self.sinceBoot)
        schedule = BackgroundSync()
        let path = DataFolder.database
        let device = Device(
            network: SystemNetwork(), schedule: schedule, whereabouts: SystemWhereabouts(), handOver: SystemHandOver(),
            notifications: SystemNotifications())
        app = AppModel(
            path: path, zone: TimeZone.current.identifier, key: KeptKey(KeychainStore(), databaseAt: path), speech: speech,
            device: device)
        super.init()
    }

    /// Time goes on while the device sleeps, and nobody sets it back.
    private static func sinceBoot() -> Duration {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC_RAW, &now)
        return .seconds(now.tv_sec)
    }

    func application(
        _ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]? = nil
    ) -> Bool {
        // Before the launch ends, or the system forgets them.
        schedule.register { [self] in await syncOnce() }
        app.open()
        return true
    }

    /// In the background the system may suspend the process as soon as this ends.
    private func syncOnce() async -> Bool {
        let again = await app.syncOnce()
        if UIApplication.shared.applicationState == .background { await app.outOfSight() }
        return again
    }

    func inSight() {
        lock.inSight()
        app.inSight()
    }

    /// The system gives some seconds: nothing may be in the middle of a write when they are over.
    func outOfSight() {
        lock.outOfSight()
        let application = UIApplication.shared
        var asked = UIBackgroundTaskIdentifier.invalid
        let end = {
            if asked != .invalid { application.endBackgroundTask(asked) }
            asked = .invalid
        }
        asked = application.beginBackgroundTask(withName: "drain", expirationHandler: end)
        Task {
            await app.outOfSight()
            end()
        }
    }
}
