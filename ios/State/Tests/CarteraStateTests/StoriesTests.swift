import Cartera
import CarteraState
import Foundation
import Rehearsal
import XCTest

/// What goes wrong between people, phones and the office, as a rep sees it.
final class StoriesTests: XCTestCase {
    func testTwoPhonesChangeOneFieldBothValuesAreShownWithTheirAuthorsAndOneIsChosen() async throws {
        try await company { company in
            let (ana, luis) = (try await company.working("Ana"), try await company.working("Luis"))
            for phone in [ana, luis] { try await phone.ask { $0.sync.stop() } }
            let bar = try await ana.client("Bar Ñandú")
            let (anas, luises) = (ana.show(ClientModel(ana.session, bar)), luis.show(ClientModel(luis.session, bar)))
            anas.write("mobile", "612 345 678")
            luises.write("mobile", "698 765 432")
            for phone in [ana, luis] { _ = try await awaits(phone.session.told) { $0?.text == phone.words.syncSaved } }
            try await ana.synced()
            try await luis.synced()
            try await ana.synced()

            let conflict = try await ready(luises.state) { !$0.conflicts.isEmpty }.conflicts[0]
            XCTAssertEqual(conflict.field, "mobile")
            XCTAssertEqual(
                Set(conflict.values.map { "\($0.value) \($0.from)" }),
                ["612 345 678 Ana", "698 765 432 \(luis.words.appPersonYou)"])
            let review = luis.show(ReviewModel(luis.session))
            let items = try await ready(review.state) { !$0.items.isEmpty }.items
            XCTAssertEqual(items.map(\.title), [luis.words.attentionConflict])
            XCTAssertEqual(items[0].acts, [.open], "a conflict is settled on the client's page alone")
            _ = try await awaits(luis.session.review) { $0 == 1 }

            luises.choose("mobile", 1)
            _ = try await ready(luises.state) { $0.conflicts.isEmpty }
            _ = try await ready(review.state) { $0.items.isEmpty }
            try await luis.synced()
            try await ana.synced()
            let contact = try await ready(anas.state) { $0.conflicts.isEmpty }.profile.first { $0.section == .contact }
            let chosen = contact?.lines.first { $0.label == ana.words.clientMobile }?.value
            XCTAssertEqual(chosen, conflict.values[1].value)
        }
    }

    func testAThirdValueSettlesAConflictToo() async throws {
        try await company { company in
            let (ana, luis) = (try await company.working("Ana"), try await company.working("Luis"))
            for phone in [ana, luis] { try await phone.ask { $0.sync.stop() } }
            let bar = try await ana.client("Bar Ñandú")
            let (anas, luises) = (ana.show(ClientModel(ana.session, bar)), luis.show(ClientModel(luis.session, bar)))
            anas.write("warning", "Perro")
            luises.write("warning", "Cuidado con el perro")
            for phone in [ana, luis] { _ = try await awaits(phone.session.told) { $0?.text == phone.words.syncSaved } }
            try await ana.synced()
            try await luis.synced()
            _ = try await ready(luises.state) { $0.conflicts.count == 1 }
            luises.write("warning", "El perro no muerde")
            let warning = try await ready(luises.state) { $0.conflicts.isEmpty }.warning
            XCTAssertEqual(warning, "El perro no muerde")
        }
    }

    func testRefusedWorkIsShownWithItsReasonTriedAgainAndGivenUpOnlyAfterItWasSaid() async throws {
        try await company { company in
            let ana = try await company.working("Ana")
            let bar = try await ana.client("Bar Ñandú")
            let visit = ana.show(VisitModel(ana.session, bar, name: "Bar Ñandú"))
            visit.outcome("attended")
            visit.save()
            let record = try await awaits(visit.saved) { $0 != nil }!
            try await ana.synced()
            let marta = try await company.working("Marta")
            // She may take a rep's visit back; by the time that it arrives she may not.
            _ = try await marta.ask {
                $0.sync.stop()
                _ = try $0.visits.void(client: bar, kind: .visit, record: record, reason: .mistake)
            }
            _ = try company.relay.run("people change Marta --role rep")
            let good = marta.show(VisitModel(marta.session, bar, name: "Bar Ñandú"))
            good.outcome("shut")
            good.save()
            _ = try await awaits(good.saved) { $0 != nil }
            try await marta.synced()

            let sync = marta.show(SyncModel(marta.session))
            // The rest was sent.
            let stands = try await ready(sync.state) { $0.refused == 1 && $0.onPhone == 0 }
            XCTAssertEqual(stands.items.first?.reason, marta.words.errorForbidden)
            XCTAssertEqual(stands.items.first?.title, marta.words.appTakenBack(what: marta.words.kindVisit))

            let review = marta.show(ReviewModel(marta.session))
            let item = try await ready(review.state) { !$0.items.isEmpty }.items[0]
            XCTAssertEqual(item.reason, marta.words.errorForbidden)
            XCTAssertEqual(item.acts, [.open, .retry, .discard])
            review.retry(item.key)
            _ = try await awaits(marta.session.told) { $0?.text.contains(marta.words.errorForbidden) == true }

            review.discard(item.key)
            _ = try await ready(review.state) { $0.items.isEmpty }
            marta.session.answer()
            await marta.session.drain()
            let kept = try await marta.ask { try $0.attention.refused(offset: 0, most: 5).count }
            XCTAssertEqual(kept, 1, "taken back, nothing was given up")
            _ = try await ready(review.state) { $0.items.count == 1 }
            review.discard(item.key)
            _ = try await ready(review.state) { $0.items.isEmpty }
            marta.session.toldEnough()
            _ = try await ready(sync.state) { $0.refused == 0 }
        }
    }

    func testARevokedPhoneKeepsItsWorkSaysSoAndIsLinkedAgain() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let device = try await phone.ask { try $0.enrolment.identity()!.device.ulid }
            let bar = try await phone.client("Bar Ñandú")
            await phone.shut()
            let app = phone.start()
            let session = try await awaits(app.state.working) { $0 != nil }!
            _ = try company.relay.run("device revoke --salvage \(device)")
            try await session.database.ask { $0.sync.stop() }
            let visit = VisitModel(session, bar, name: "Bar Ñandú")
            visit.outcome("attended")
            visit.notes("tras la baja")
            visit.save()
            _ = try await awaits(visit.saved) { $0 != nil }
            try await session.database.ask { try $0.sync.start() }

            let held = try await awaits(app.state.held) { $0?.2 == 1 }!
            XCTAssertEqual(held.1.text, Phone.speech().words.errorRevoked)
            XCTAssertEqual(held.3, [.enrolAgain])
            app.take(.enrolAgain)
            _ = try await awaits(app.state.enrolling) { $0 != nil }
            let enrol = EnrolModel(session, deviceName: "Ana")
            enrol.invitation(try company.relay.invitation("Ana"))
            _ = try await awaits(enrol.state) { $0.canLink }
            enrol.link()
            _ = try await awaits(enrol.linked) { $0 }
            app.enrolled()
            _ = try await awaits(app.state.working) { $0 != nil }
            _ = try await session.database.ask { try $0.sync.now() }
            XCTAssertTrue(try company.relay.run("export visits").contains("tras la baja"))
            await app.close()
        }
    }

    func testAnOrdersDraftSurvivesAKillAtEveryChangeAndIsPlacedOnce() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            company.relay.stop()
            await phone.shut()
            let expected = [
                ["1 caja Café molido"],
                ["2 caja Café molido"],
                ["2 caja Café molido", "1 saco Azúcar"],
                ["2 caja Café molido", "3,5 saco Azúcar"],
                ["1 caja Café molido", "3,5 saco Azúcar"],
                ["3,5 saco Azúcar"],
            ]
            for (index, lines) in expected.enumerated() {
                try company.killed(phone, "order-\(index)", bar, says: ["changed"])
                try await phone.open()
                let order = phone.show(OrderModel(phone.session, bar))
                let ordered = try await ready(order.state) { !$0.ordered.isEmpty }.ordered
                XCTAssertEqual(ordered.map { "\($0.quantity ?? "") \($0.unit) \($0.name)" }, lines, "change \(index)")
                await phone.shut()
            }
            for _ in 0..<2 { try company.killed(phone, "place", bar, says: ["placed"]) }
            try await phone.open()
            let page = phone.show(ClientModel(phone.session, bar))
            let timeline = try await ready(page.state) { !$0.timeline.isEmpty }.timeline
            XCTAssertEqual(timeline.map(\.kind), [.order])
            XCTAssertTrue(timeline[0].title.contains("28,00"), timeline[0].title)
            let again = phone.show(OrderModel(phone.session, bar))
            let empty = try await ready(again.state)
            XCTAssertTrue(empty.ordered.isEmpty, "no draft is left")
            XCTAssertTrue(empty.canRepeat)
            again.repeatLast()
            let repeated = try await ready(again.state) { !$0.ordered.isEmpty }.ordered
            XCTAssertEqual(repeated.map(\.quantity), ["3,5"])
            XCTAssertNil(again.placed)
        }
    }
}
