import Cartera
import Foundation
import XCTest

final class DatabaseTests: XCTestCase {
    private var folder = URL(fileURLWithPath: "/")

    override func setUp() async throws {
        folder = try temporaryFolder()
    }

    override func tearDown() async throws {
        try FileManager.default.removeItem(at: folder)
    }

    private var options: OpenOptions {
        OpenOptions(path: folder.appendingPathComponent("phone.db").path, zone: "Europe/Madrid")
    }

    private func named(_ name: String) -> NewClient {
        NewClient(fields: [Edit("name", name)])
    }

    private func error(of calls: () async throws -> Void) async -> CarteraError? {
        do {
            try await calls()
            return nil
        } catch {
            return error as? CarteraError
        }
    }

    func testWhatCannotBeSavedNamesItsFieldAndItsCodeHasWords() async throws {
        let phone = try await CarteraDatabase.open(options)
        let invalid = await error { _ = try await phone.ask { try $0.clients.create(new: NewClient(fields: [])) } }
        guard case .Invalid(_, _, let problems) = invalid else { return XCTFail("\(String(describing: invalid))") }
        XCTAssertEqual(problems.map(\.field), ["name"])
        XCTAssertEqual(invalid?.words(.spanish).code, "invalid")
        let unlinked = await error { _ = try await phone.ask { try $0.sync.now() } }
        XCTAssertEqual(unlinked?.code, "not_enrolled")
        await phone.close()
    }

    func testWatchingGivesThePresentAnswerFirstAndEachOtherOneAfter() async throws {
        let phone = try await CarteraDatabase.open(options)
        var seen = phone.watch { try $0.clients.page(after: nil, most: 50).rows.map(\.name) }.makeAsyncIterator()
        let first = try await seen.next()
        XCTAssertEqual(first, [])
        let bar = try await phone.ask { [new = named("Bar")] in try $0.clients.create(new: new) }
        let second = try await seen.next()
        XCTAssertEqual(second, ["Bar"])
        // The list's answer is the same: nothing is told.
        _ = try await phone.ask { try $0.visits.log(client: bar, visit: Visit(outcome: .attended)) }
        _ = try await phone.ask { [new = named("Otro")] in try $0.clients.create(new: new) }
        let third = try await seen.next()
        XCTAssertEqual(third, ["Bar", "Otro"])
        await phone.close()
    }

    func testChangesSayEverythingFirstAndThenWhoseTheyAre() async throws {
        let phone = try await CarteraDatabase.open(options)
        let changes = phone.changes().makeAsyncIterator()
        let first = try await changes.next()
        XCTAssertEqual(first?.everything, true)
        let bar = try await phone.ask { [new = named("Bar")] in try $0.clients.create(new: new) }
        let second = try await changes.next()
        XCTAssertEqual(second?.clients, [bar])
        await phone.close()
    }

    func testWhatIsClosedSaysSoAndCanBeOpenedAgain() async throws {
        let phone = try await CarteraDatabase.open(options)
        _ = try await phone.ask { [new = named("Bar")] in try $0.clients.create(new: new) }
        await phone.close()
        await phone.close()
        let closed = await error { _ = try await phone.ask { try $0.clients.count() } }
        XCTAssertEqual(closed?.code, "closed")
        let listening = await error { for try await _ in phone.changes() {} }
        XCTAssertEqual(listening?.code, "closed")
        let again = try await CarteraDatabase.open(options)
        let count = try await again.ask { try $0.clients.count() }
        XCTAssertEqual(count, 1)
        await again.close()
    }

    func testTheBackgroundSyncSendsWhatIsSavedAndSaysSo() async throws {
        let relay = try Relay(folder)
        defer { relay.stop() }
        _ = try relay.run("people add Ana --role rep --all-territories")
        let invitation = try relay.invitation("Ana")
        let phone = try await CarteraDatabase.open(options)
        _ = try await phone.ask { try $0.enrolment.enrol(invitation: invitation, deviceName: "Ana") }
        try await phone.ask { try $0.sync.start() }
        _ = try await phone.ask { [new = named("Bar")] in try $0.clients.create(new: new) }
        for try await state in phone.syncState() where state.unsent == 0 && state.lastContact != nil { break }
        try await phone.ask { $0.sync.stop() }
        let state = try await phone.ask { try $0.sync.state() }
        XCTAssertEqual(state.activity, .off)
        await phone.close()
    }

    func testTheExampleOfTheReadmeRuns() async throws {
        let relay = try Relay(folder)
        defer { relay.stop() }
        _ = try relay.run("people add Ana --role rep --all-territories")
        let said = Said()
        try await example(invitation: try relay.invitation("Ana"), path: options.path) { said.add($0) }
        XCTAssertTrue(said.lines.contains { $0.hasPrefix("Bar Ñandú") }, "\(said.lines)")
    }

    func testValuesAreThoseOfThePlatform() {
        let day = BusinessDate(year: 2024, month: 2, day: 29)
        XCTAssertEqual(BusinessDate(day.components), day)
        XCTAssertEqual(BusinessDate(day.date), day)
        XCTAssertEqual(day.adding(1, .day), BusinessDate(year: 2024, month: 3, day: 1))
        XCTAssertEqual(day.adding(12, .month), BusinessDate(year: 2025, month: 2, day: 28))
        XCTAssertEqual(day.days(until: BusinessDate(year: 2025, month: 1, day: 1)), 307)
        XCTAssertTrue(day < BusinessDate(year: 2024, month: 10, day: 1))
        XCTAssertEqual(CarteraFFI.Decimal(Foundation.Decimal(string: "-1234.50")!).text, "-1234.5")
        XCTAssertEqual(Money(minor: 1250, currency: "EUR").value, Foundation.Decimal(string: "12.5"))
        XCTAssertEqual(CarteraFFI.Decimal(text: "0.5").value, Foundation.Decimal(string: "0.5"))
    }
}

private final class Said: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [String] = []

    var lines: [String] { lock.withLock { all } }

    func add(_ line: String) {
        lock.withLock { all.append(line) }
    }
}
