import CarteraState
import UserNotifications

@MainActor
final class SystemNotifications: Notifications {
    private static let notTaken = "not_taken"

    /// The system asks the person the first time; who says no is not asked again.
    func notTaken(title: String, text: String) {
        Task {
            let center = UNUserNotificationCenter.current()
            guard (try? await center.requestAuthorization(options: [.alert, .badge])) == true else { return }
            let content = UNMutableNotificationContent()
            content.title = title
            content.body = text
            try? await center.add(UNNotificationRequest(identifier: Self.notTaken, content: content, trigger: nil))
        }
    }

    func clear() {
        UNUserNotificationCenter.current().removeDeliveredNotifications(withIdentifiers: [Self.notTaken])
    }
}
