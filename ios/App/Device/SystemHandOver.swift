import CarteraState
import UIKit

/// Other apps, by their addresses and by the system's sheet.
@MainActor
final class SystemHandOver: HandOver {
    func call(_ number: String) async -> Bool {
        await open("tel", number)
    }

    func write(_ address: String) async -> Bool {
        await open("mailto", address)
    }

    func navigate(latitude: Double, longitude: Double, label: String) async -> Bool {
        var place = URLComponents(string: "https://maps.apple.com/")
        place?.queryItems = [
            URLQueryItem(name: "daddr", value: "\(latitude),\(longitude)"), URLQueryItem(name: "q", value: label),
        ]
        guard let url = place?.url else { return false }
        return await UIApplication.shared.open(url)
    }

    func share(_ text: String) async -> Bool {
        await show([text])
    }

    func shareFile(name: String, bytes: Data) async -> Bool {
        let file = URL.temporaryDirectory.appending(path: name)
        do {
            try bytes.write(to: file, options: [.atomic, .completeFileProtection])
        } catch {
            return false
        }
        return await show([file])
    }

    private func open(_ scheme: String, _ what: String) async -> Bool {
        var address = URLComponents()
        address.scheme = scheme
        address.path = what
        guard let url = address.url else { return false }
        return await UIApplication.shared.open(url)
    }

    /// True once the sheet was closed, whatever became of it.
    private func show(_ items: [Any]) async -> Bool {
        let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
        guard var top = scenes.first?.keyWindow?.rootViewController else { return false }
        while let over = top.presentedViewController { top = over }
        let sheet = UIActivityViewController(activityItems: items, applicationActivities: nil)
        sheet.popoverPresentationController?.sourceView = top.view
        await withCheckedContinuation { closed in
            sheet.completionWithItemsHandler = { _, _, _, _ in closed.resume() }
            top.present(sheet, animated: true)
        }
        return true
    }
}
