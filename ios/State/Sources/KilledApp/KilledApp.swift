import Cartera
import CarteraState
import Foundation
import Rehearsal

/// What the app does in a process that a test kills. It says what is done, and does not end by itself.
///
/// Told by the environment: Swift finds no arguments where libfaketime was loaded before it.
@main
@MainActor
struct KilledApp {
    let phone: Phone
    let client: ClientId

    static func main() async throws {
        let told = ProcessInfo.processInfo.environment
        let (what, file) = (told["KILLED_APP_DOES"]!, URL(fileURLWithPath: told["KILLED_APP_DATABASE"]!))
        let phone = Phone(file.deletingLastPathComponent(), file.deletingPathExtension().lastPathComponent)
        let app = KilledApp(phone: try await phone.open(), client: ClientId(ulid: told["KILLED_APP_CLIENT"]!))
        switch what {
        case "visit": try await app.visit()
        case "place": try await app.place()
        case "full": try await app.full()
        case let order: try await app.change(Int(order.split(separator: "-")[1])!)
        }
        try await Task.sleep(for: .seconds(3600))
    }

    private func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    private func visit() async throws {
        let visit = phone.show(VisitModel(phone.session, client, name: "Bar Ñandú"))
        visit.outcome("no_order")
        visit.reason("stock_left")
        visit.notes("Volver en marzo")
        visit.save()
        _ = try await awaits(visit.saved) { $0 != nil }
        say("saved")
    }

    /// Changes of an order, one after the other, each by an app of its own.
    private func change(_ number: Int) async throws {
        let order = phone.show(OrderModel(phone.session, client))
        let before = try await ready(order.state).ordered
        switch number {
        case 0, 1: order.more("A1")
        case 2: order.more("A2")
        case 3: order.quantity("A2", "3,5")
        default: order.less("A1")
        }
        _ = try await ready(order.state) { $0.ordered != before }
        say("changed")
    }

    private func place() async throws {
        let order = phone.show(OrderModel(phone.session, client))
        let ordered = try await ready(order.state).ordered
        order.place()
        // Where it was placed before, there is nothing left to be placed.
        if !ordered.isEmpty { _ = try await awaits(order.placed) { $0 != nil } }
        say("placed")
    }

    /// Fills what is left of the disk, and makes room once saving was refused.
    private func full() async throws {
        try await phone.ask { $0.sync.stop() }
        let filler = URL(fileURLWithPath: phone.path).deletingLastPathComponent().appendingPathComponent("filler").path
        let file = Foundation.open(filler, O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 1, count: 512)
        while write(file, bytes, bytes.count) > 0 {}
        close(file)
        let notes = String(repeating: "n", count: 2_000)
        var refused: VisitModel?
        // The first may still find a place in the log.
        for _ in 0..<500 where refused == nil {
            let visit = phone.show(VisitModel(phone.session, client, name: "Bar Ñandú"))
            visit.outcome("attended")
            visit.notes(notes)
            visit.save()
            _ = try await awaits((visit.saved, visit.state.problem)) { $0.0 != nil || $0.1 != nil }
            if visit.saved == nil { refused = visit }
        }
        guard let refused, refused.state.notes == notes, refused.state.canSave else { throw Stayed("nothing was refused") }
        say(refused.state.problem?.text ?? "")
        unlink(filler)
        refused.save()
        _ = try await awaits(refused.saved) { $0 != nil }
        say("saved")
    }
}
