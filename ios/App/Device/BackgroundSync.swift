@preconcurrency import BackgroundTasks
import CarteraState
import Foundation

/// Syncs by the system's scheduler: `refresh` now and then, `send` as soon as there is a network.
@MainActor
final class BackgroundSync: SyncSchedule {
    private static let refresh = "app.cartera.refresh"
    private static let send = "app.cartera.send"
    private static let periodSeconds: Double = 4 * 60 * 60

    /// `sync` says whether it is to be tried again.
    func register(_ sync: @escaping @MainActor () async -> Bool) {
        for identifier in [Self.refresh, Self.send] {
            BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: .main) { task in
                MainActor.assumeIsolated { self.run(task, sync) }
            }
        }
    }

    private func run(_ task: BGTask, _ sync: @escaping @MainActor () async -> Bool) {
        let work = Task {
            let again = await sync()
            if task.identifier == Self.refresh { regularly() } else if again { soon() }
            if !Task.isCancelled { task.setTaskCompleted(success: !again) }
        }
        // The time is up: what was sent is sent, and the rest goes with the next.
        task.expirationHandler = {
            work.cancel()
            task.setTaskCompleted(success: false)
        }
    }

    func regularly() {
        let request = BGAppRefreshTaskRequest(identifier: Self.refresh)
        request.earliestBeginDate = Date(timeIntervalSinceNow: Self.periodSeconds)
        try? BGTaskScheduler.shared.submit(request)
    }

    func soon() {
        let request = BGProcessingTaskRequest(identifier: Self.send)
        request.requiresNetworkConnectivity = true
        try? BGTaskScheduler.shared.submit(request)
    }

    func never() {
        BGTaskScheduler.shared.cancelAllTaskRequests()
    }
}
