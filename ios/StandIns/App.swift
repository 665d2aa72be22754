// In the place of what only iOS has, where the screens are held against the view models.
import CarteraState
import SwiftUI

@MainActor
final class AppProcess {
    let preferences = StoredPreferences(.standard)
    let navigation = Navigation()
    let scanner = CodeScanner()
    let speech: Speech
    let lock: LockModel
    let app: AppModel

    init(_ speech: Speech, _ lock: LockModel, _ app: AppModel) {
        (self.speech, self.lock, self.app) = (speech, lock, app)
    }
}

@MainActor
@Observable
final class CodeScanner {
    var scanning = false

    func scan(onRead: @escaping (String) -> Void, onDenied: @escaping () -> Void) {}

    func read(_ text: String) {}
}

struct CameraView: Primitive {
    let onRead: @MainActor (String) -> Void
}

enum DeviceOwner {
    @MainActor
    static func isHere(_ why: String) async -> Bool { true }
}

@MainActor
enum UIDevice {
    static let current = Current()

    struct Current { let model = "" }
}
