import Foundation

/// Where the database lies: in no backup, and readable once the device was unlocked since it started, so that syncs in the
/// background find it. Not in a folder that apps share: the system ends an app that sleeps with a lock in one of those.
enum DataFolder {
    static let database: String = {
        let files = FileManager.default
        var folder = URL.applicationSupportDirectory.appending(path: "Cartera", directoryHint: .isDirectory)
        try? files.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try? folder.setResourceValues(values)
        return folder.appending(path: "cartera.db").path(percentEncoded: false)
    }()
}
