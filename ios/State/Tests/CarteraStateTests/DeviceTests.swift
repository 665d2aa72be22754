import Cartera
import Foundation
import XCTest

@testable import CarteraState

/// The lock, the key, preferences, the way through the app: what needs no database.
final class DeviceTests: XCTestCase {
    func testItIsLockedAtFirstAndAgainAfterTheTimeThatWasChosenOutOfSight() async {
        await MainActor.run {
            var now = Duration.seconds(1_000)
            let preferences = StoredPreferences(UserDefaults(suiteName: "cartera-\(UUID().uuidString)")!)
            let lock = LockModel(preferences) { now }
            XCTAssertTrue(lock.locked)
            lock.unlocked()
            lock.inSight()
            XCTAssertFalse(lock.locked, "who never left is not asked")

            lock.outOfSight()
            now += .seconds(5 * 60) - .milliseconds(1)
            lock.inSight()
            XCTAssertFalse(lock.locked)
            lock.outOfSight()
            now += .seconds(5 * 60)
            lock.inSight()
            XCTAssertTrue(lock.locked)

            lock.unlocked()
            preferences.lockAfterMinutes = 0
            lock.outOfSight()
            lock.inSight()
            XCTAssertTrue(lock.locked, "always")
        }
    }

    func testPreferencesOutliveTheProcess() async {
        await MainActor.run {
            let kept = UserDefaults(suiteName: "cartera-\(UUID().uuidString)")!
            let first = StoredPreferences(kept)
            XCTAssertNil(first.language)
            XCTAssertEqual(first.theme, .system)
            XCTAssertEqual(first.lockAfterMinutes, 5)
            (first.language, first.theme, first.lockAfterMinutes) = ("en", .dark, 0)
            let second = StoredPreferences(kept)
            XCTAssertEqual(second.language, "en")
            XCTAssertEqual(second.theme, .dark)
            XCTAssertEqual(second.lockAfterMinutes, 0)
            second.language = nil
            XCTAssertNil(StoredPreferences(kept).language)
        }
    }

    func testAKeyIsMadeOnceAndFoundAgain() throws {
        let (store, path) = (Secrets(), try path())
        guard case .key(let made?) = KeptKey(store, databaseAt: path).get() else { return XCTFail("no key") }
        XCTAssertEqual(made.count, 32)
        XCTAssertGreaterThan(Set(made).count, 8, "random")
        try Data().write(to: URL(fileURLWithPath: path))
        XCTAssertEqual(KeptKey(store, databaseAt: path).get(), .key(made))
    }

    func testAKeyThatIsMissingBesideADatabaseIsLostAndNoneIsMadeUnasked() throws {
        let (store, path) = (Secrets(), try path())
        try Data().write(to: URL(fileURLWithPath: path))
        XCTAssertEqual(KeptKey(store, databaseAt: path).get(), .lost)
        XCTAssertEqual(store.kept, [:])
        guard case .key(let made?) = KeptKey(store, databaseAt: path).replace() else { return XCTFail("no key") }
        XCTAssertEqual(KeptKey(store, databaseAt: path).get(), .key(made))
        XCTAssertEqual(KeptKey(Secrets(["database.key": Data([1])]), databaseAt: path).get(), .lost, "no key of ours")
    }

    func testAKeyThatIsReplacedIsSetAside() throws {
        let path = try path()
        let old = Data(repeating: 7, count: 32)
        let store = Secrets(["database.key": old, "database.key.old-1": Data([1])])
        guard case .key(let made?) = KeptKey(store, databaseAt: path).replace() else { return XCTFail("no key") }
        XCTAssertNotEqual(made, old)
        XCTAssertEqual(store.kept, ["database.key": made, "database.key.old-1": Data([1]), "database.key.old-2": old])
    }

    func testBeforeTheDeviceWasUnlockedNothingIsSaidOfTheKeyAndNothingDone() throws {
        let store = Secrets()
        store.answers = false
        XCTAssertEqual(KeptKey(store, databaseAt: try path()).get(), .notYet)
        XCTAssertEqual(KeptKey(store, databaseAt: try path()).replace(), .notYet)
        store.answers = true
        store.full = true
        XCTAssertEqual(KeptKey(store, databaseAt: try path()).get(), .notYet, "a key that was not kept is used for nothing")
    }

    private func path() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cartera-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        return folder.appendingPathComponent("phone.db").path
    }

    func testBackLeadsWhereSomebodyCameFromFromAMainPlaceToTheDayAndFromThereOut() async {
        await MainActor.run {
            let (bar, navigation) = (ClientId(ulid: "01ARZ3NDEKTSV4RRFFQ69G5FAV"), Navigation())
            navigation.go(.clients)
            navigation.go(.client(bar))
            navigation.go(.client(bar))
            navigation.go(.order(bar))
            XCTAssertEqual(navigation.places, [.today, .clients, .client(bar), .order(bar)])
            XCTAssertEqual(navigation.main, .clients)
            XCTAssertEqual(navigation.pushed, [.client(bar), .order(bar)])
            navigation.pushed = [.client(bar)]
            XCTAssertEqual(navigation.places, [.today, .clients, .client(bar)])
            navigation.go(.month)
            XCTAssertEqual(navigation.places, [.today, .month])
            XCTAssertTrue(navigation.back())
            XCTAssertFalse(navigation.back())
            navigation.go(.today)
            XCTAssertEqual(navigation.places, [.today])
        }
    }

    func testWhatWasDoneIsNotComeBackTo() async {
        await MainActor.run {
            let (bar, navigation) = (ClientId(ulid: "01ARZ3NDEKTSV4RRFFQ69G5FAV"), Navigation())
            navigation.go(.newClient)
            navigation.replace(.client(bar))
            XCTAssertEqual(navigation.places, [.today, .client(bar)])
        }
    }
}

/// A key store, as a test says.
private final class Secrets: SecretStore, @unchecked Sendable {
    var kept: [String: Data]
    var answers = true
    var full = false

    init(_ kept: [String: Data] = [:]) {
        self.kept = kept
    }

    func read(_ name: String) -> SecretAnswer {
        answers ? kept[name].map { .secret($0) } ?? .missing : .notYet
    }

    func add(_ name: String, _ secret: Data) -> Bool {
        if full || kept[name] != nil { return false }
        kept[name] = secret
        return true
    }

    func rename(_ name: String, to other: String) -> Bool {
        guard let secret = kept[name], add(other, secret) else { return false }
        kept[name] = nil
        return true
    }
}
