import CarteraState
import SwiftUI

@main
struct CarteraApp: App {
    @UIApplicationDelegateAdaptor(AppProcess.self) private var process
    @Environment(\.scenePhase) private var phase

    var body: some Scene {
        WindowGroup {
            RootView(process: process, isCovered: phase != .active)
        }
        .onChange(of: phase) { _, now in
            switch now {
            case .active: process.inSight()
            case .background: process.outOfSight()
            default: break
            }
        }
    }
}
