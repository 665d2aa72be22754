import Cartera
import Foundation
import Rehearsal
import XCTest

@testable import CarteraState

/// What a phone, a network or a person can get wrong: each has words and a way out, and nothing is lost by it.
final class AppModelTests: XCTestCase {
    private let words = Phone.speech().words

    func testANewPhoneIsAskedToBeLinked() async throws {
        try await company { company in
            let app = company.phone("Ana").start()
            _ = try await awaits(app.state.enrolling) { $0 != nil }
            await app.close()
        }
    }

    func testWhileTheKeyIsNotToBeHadItIsTriedAgainAndNothingIsTouched() async throws {
        try await company { [words] company in
            let (phone, key) = (try await company.withUnsent(), TestKey(.notYet))
            let app = phone.start(key)
            let shut = try await awaits(app.state.shut) { $0 != nil }!
            XCTAssertEqual(shut.0.text, words.errorStoreKeyNotAvailable)
            XCTAssertEqual(shut.1, [.tryAgain])
            key.answers(.key(nil))
            app.take(.tryAgain)
            _ = try await awaits(app.state.working) { $0 != nil }
            await app.close()
        }
    }

    func testWithItsKeyLostAPhoneStartsAnewAndTheOldDataLiesBeside() async throws {
        try await company { [words] company in
            let phone = try await company.withUnsent()
            let before = try bytes(phone.path)
            let app = phone.start(TestKey(.lost))
            let shut = try await awaits(app.state.shut) { $0 != nil }!
            XCTAssertEqual(shut.0, Failure(text: words.appKeyLost, advice: words.appKeyLostAdvice))
            XCTAssertEqual(shut.1, [.startAnew])
            app.take(.startAnew)
            _ = try await awaits(app.state.enrolling) { $0 != nil }
            XCTAssertEqual(try bytes(phone.path + ".old-1"), before)
            await app.close()
        }
    }

    func testADatabaseWhoseTablesCannotBeFoundAnyMoreIsSetAsideAndThePhoneIsLinkedAnew() async throws {
        try await company { [words] company in
            let phone = try await company.withUnsent()
            var damaged = try bytes(phone.path)
            damaged.replaceSubrange(100..<page, with: [UInt8](repeating: 0x5a, count: page - 100))
            try damaged.write(to: URL(fileURLWithPath: phone.path))
            let app = phone.start()
            let shut = try await awaits(app.state.shut) { $0 != nil }!
            XCTAssertEqual(shut.1, [.recover, .startAnew])
            app.take(.recover)
            let session = try await awaits(app.state.enrolling) { $0 != nil }!
            XCTAssertEqual(session.told?.text, words.appRecovered(clients: "0", unsent: "0"))
            XCTAssertFalse(try setAside(phone.path).isEmpty)
            await app.close()
        }
    }

    func testDamageThatIsFoundOnlyAsItIsReadClosesTheDatabaseAndWhatCanBeReadIsThereAgainUnsentWorkToo() async throws {
        try await company { [words] company in
            let phone = try await company.working("Ana")
            try await phone.ask { nouns in
                nouns.sync.stop()
                for number in 0..<300 {
                    let client = try nouns.clients.create(new: NewClient(fields: [Edit("name", "Cliente \(number)")]))
                    let notes = String(repeating: "nota \(number) ", count: 20)
                    _ = try nouns.visits.log(client: client, visit: Visit(outcome: .attended, notes: notes))
                }
            }
            await phone.shut()
            company.relay.stop()
            var damaged = [UInt8](try bytes(phone.path))
            let schema = schemaPages(damaged)
            for at in 1..<damaged.count / page where at % 6 == 5 && !schema.contains(at) {
                damaged.replaceSubrange(at * page..<(at + 1) * page, with: [UInt8](repeating: 0x5a, count: page))
            }
            try Data(damaged).write(to: URL(fileURLWithPath: phone.path))

            let app = phone.start()
            _ = try await awaits(app.state) { $0.shut != nil || $0.working != nil }
            if let session = app.state.working {
                let list = phone.show(ClientsModel(session))
                for _ in 0..<5 { list.more() }
                _ = try await awaits((list.state, app.state)) {
                    if case .failed = $0.0 { return true }
                    return $0.1.shut != nil
                }
            }
            let shut = try await awaits(app.state.shut) { $0 != nil }!
            XCTAssertTrue([words.errorStoreDamaged, words.errorDatabaseCorrupt].contains(shut.0.text), shut.0.text)
            XCTAssertEqual(shut.1, [.recover, .startAnew])
            app.take(.recover)
            let session = try await awaits(app.state.working) { $0 != nil }!
            let (clients, unsent) = try await session.database.ask { (try $0.clients.count(), try $0.sync.state().unsent) }
            XCTAssertGreaterThan(clients, 100)
            XCTAssertGreaterThan(unsent, 100)
            XCTAssertFalse(try setAside(phone.path).isEmpty)
            await app.close()
        }
    }

    func testAFileThatIsNoDatabaseCanBeRecoveredFromOrSetAsideAndIsNeverDeleted() async throws {
        try await company { company in
            let phone = company.phone("Ana")
            let text = Data(String(repeating: "esto no es una base de datos, sino una nota\n", count: 200).utf8)
            try text.write(to: URL(fileURLWithPath: phone.path))
            let app = phone.start()
            let shut = try await awaits(app.state.shut) { $0 != nil }!
            XCTAssertTrue(shut.1.contains(.startAnew))
            app.take(.startAnew)
            _ = try await awaits(app.state.enrolling) { $0 != nil }
            XCTAssertEqual(try bytes(phone.path + ".old-1"), text)
            await app.close()
        }
    }

    func testWhatAnswersAndIsNotTheCompanysRelayIsSaidSo() async throws {
        try await company { [words] company in
            let portal = try Portal()
            defer { portal.stop() }
            let phone = try await company.phone("Ana").open()
            let enrol = EnrolModel(phone.session, deviceName: "Ana")
            let invitation = try company.relay.invitation("Ana")
            enrol.invitation(
                invitation.replacingOccurrences(
                    of: "//[^/]+/", with: "//127.0.0.1:\(portal.port)/", options: .regularExpression))
            _ = try await awaits(enrol.state) { $0.canLink }
            enrol.link()
            let problem = try await awaits(enrol.state.problem) { $0 != nil }
            XCTAssertEqual(problem, Failure(text: words.errorNotTheRelay, advice: words.errorNotTheRelayAdvice))
            _ = try await awaits(enrol.state) { $0.canLink }  // it can be tried again
        }
    }

    func testACodeThatAnotherPhoneUsedAndARelayThatIsAwayHaveWordsAndANewCodeHelps() async throws {
        try await company { [words] company in
            let invitation = try company.relay.invitation("Ana")
            try await company.phone("Ana").open().enrol(invitation)
            let phone = try await company.phone("Luis").open()
            let enrol = EnrolModel(phone.session, deviceName: "Luis")
            @MainActor
            func link(_ invitation: String) async throws {
                enrol.invitation(invitation)
                _ = try await awaits(enrol.state) { $0.canLink }
                enrol.link()
            }
            try await link(invitation)
            let used = try await awaits(enrol.state.problem) { $0 != nil }!
            XCTAssertTrue([words.errorExpired, words.errorConflict, words.errorUnauthenticated].contains(used.text), used.text)
            XCTAssertNotNil(used.advice)

            let fresh = try company.relay.invitation("Luis")
            company.relay.stop()
            try await link(fresh)
            let away = try await awaits(enrol.state.problem) { $0 != nil }
            XCTAssertEqual(away?.text, words.errorRelayUnreachable)
            try company.relay.start()
            try await link(fresh)
            _ = try await awaits(enrol.linked) { $0 }
        }
    }

    func testAnExpiredCodeIsSaidToBeOneAndANewOneHelps() async throws {
        try await company { [words] company in
            let old = try company.expiredInvitation("Ana")
            let phone = try await company.phone("Ana").open()
            let enrol = EnrolModel(phone.session, deviceName: "Ana")
            enrol.invitation(old)
            _ = try await awaits(enrol.state) { $0.canLink }
            enrol.link()
            let problem = try await awaits(enrol.state.problem) { $0 != nil }
            XCTAssertEqual(problem, Failure(text: words.errorExpired, advice: words.errorExpiredAdvice))
            enrol.invitation(try company.relay.invitation("Ana"))
            _ = try await awaits(enrol.state) { $0.canLink }
            enrol.link()
            _ = try await awaits(enrol.linked) { $0 }
        }
    }

    func testWithTheClockTwoYearsAheadAVisitStillHasTheRightDayAndGoesThrough() async throws {
        try await company { company in
            let ahead = try atOtherTime("+730d")
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            let today = try await phone.ask { try $0.businessDate() }
            await phone.shut()
            try company.killed(phone, "visit", bar, environment: ahead, says: ["saved"])
            try await phone.open()
            let entries = try await phone.ask { try $0.clients.timeline(client: bar, after: nil, most: 5).entries }
            XCTAssertEqual(entries.count, 1)
            XCTAssertGreaterThan(entries[0].at.date, Date(timeIntervalSinceNow: 700 * 86_400), "the clock was ahead")
            XCTAssertEqual(entries[0].date, today)
            try await phone.synced()
            let unsent = try await phone.ask { try $0.sync.state().unsent }
            XCTAssertEqual(unsent, 0)
            XCTAssertTrue(try company.relay.run("export visits").contains("Volver en marzo"))
        }
    }

    func testWithoutTheCameraTheCodeIsPasted() async throws {
        try await company { company in
            let phone = try await company.phone("Ana").open()
            let enrol = EnrolModel(phone.session, deviceName: "Ana")
            enrol.cameraDenied()
            XCTAssertFalse(enrol.state.canScan)
            enrol.invitation(try company.relay.invitation("Ana"))
            _ = try await awaits(enrol.state) { $0.canLink }
            XCTAssertFalse(enrol.state.canScan, "it stays said")
        }
    }

    func testATaskOfTheSystemsSendsWhatIsUnsentAndIsTriedAgainWhileTheRelayIsAway() async throws {
        try await company { company in
            let phone = try await company.withUnsent()
            company.relay.stop()
            let app = phone.start()
            let again = await app.syncOnce()
            XCTAssertTrue(again)
            try company.relay.start()
            let done = await app.syncOnce()
            XCTAssertFalse(done)
            XCTAssertTrue(try company.relay.run("export visits").contains("por enviar"))
            XCTAssertEqual(phone.device.notified, 0)
            await app.close()
        }
    }

    func testOfWorkThatATaskOfTheSystemsCouldNotDeliverThePersonIsToldOnce() async throws {
        try await company { company in
            let ana = try await company.working("Ana")
            let bar = try await ana.client("Bar Ñandú")
            let record = try await ana.ask { try $0.visits.log(client: bar, visit: Visit(outcome: .attended)).id }
            try await ana.synced()
            let marta = try await company.working("Marta")
            _ = try await marta.ask {
                $0.sync.stop()
                _ = try $0.visits.void(client: bar, kind: .visit, record: record, reason: .mistake)
            }
            _ = try company.relay.run("people change Marta --role rep")
            await marta.shut()
            let app = marta.start()
            _ = await app.syncOnce()
            _ = await app.syncOnce()
            XCTAssertLessThanOrEqual(marta.device.notified, 1)
            let session = try await awaits(app.state.working) { $0 != nil }!
            _ = try await awaits(session.review) { $0 == 1 }
            await app.close()
        }
    }

    func testOutOfSightWhatWasPutOffIsDoneAndNothingIsWrittenAnyMoreAndInSightItGoesOn() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            await phone.shut()
            let app = phone.start()
            let session = try await awaits(app.state.working) { $0 != nil }!
            let bar = try await session.database.ask { try $0.clients.page(after: nil, most: 1).rows[0].id }
            let visit = VisitModel(session, bar, name: "Bar Ñandú")
            visit.outcome("shut")
            visit.notes("antes de dormir")
            visit.save()
            var finished = false
            session.act {
                for _ in 0..<100_000 { await Task.yield() }
                finished = true
            }
            // A sheet that nobody closes holds nothing up.
            session.act(withPerson: true) { try await Task.sleep(for: .seconds(3600)) }
            await app.outOfSight()
            XCTAssertTrue(finished, "what was begun is finished")
            XCTAssertNotNil(visit.saved)
            let asleep = try await session.database.ask { try $0.sync.state() }
            XCTAssertEqual(asleep.activity, .off)
            app.inSight()
            _ = try await awaits(session.sync) { $0.weight == .good }
            XCTAssertTrue(try company.relay.run("export visits").contains("antes de dormir"))
            await app.close()
        }
    }

    func testOnAFullDiskWhatWasWrittenStaysOnTheScreenAndIsSavedOnceThereIsRoom() async throws {
        try Company.skipUnlessSmallDisksCanBeMounted()
        try await company { [words] company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            await phone.shut()
            try company.killedOnSmallDisk(phone, "full", bar, says: [words.errorStoreFull, "saved"])
        }
    }
}

private let page = 4096

private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
}

private func setAside(_ path: String) throws -> [String] {
    let file = URL(fileURLWithPath: path)
    let names = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
    return names.filter { $0.hasPrefix(file.lastPathComponent) && $0.contains(".damaged-") }
}

/// The pages that say which table lies where, by SQLite's file format: the first, and those that it points to.
private func schemaPages(_ bytes: [UInt8]) -> Set<Int> {
    func number(_ at: Int, _ size: Int) -> Int { bytes[at..<at + size].reduce(0) { $0 * 256 + Int($1) } }
    let interior = 5
    if number(100, 1) != interior { return [0] }
    let cells = (0..<number(103, 2)).map { number(number(112 + 2 * $0, 2), 4) }
    return Set((cells + [number(108, 4)]).map { $0 - 1 } + [0])
}
