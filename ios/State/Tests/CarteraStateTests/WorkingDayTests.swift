import Cartera
import CarteraState
import Foundation
import Rehearsal
import XCTest

/// A rep's day through the view models, the real engine and a real relay.
final class WorkingDayTests: XCTestCase {
    func testAPhoneIsLinkedByItsInvitationAndByNothingElseAndTheListIsThere() async throws {
        try await company { company in
            let phone = try await company.phone("Ana").open()
            let enrol = EnrolModel(phone.session, deviceName: "Ana")
            enrol.link()
            XCTAssertFalse(enrol.state.working, "without an invitation nothing is asked")
            enrol.invitation("https://example.org/")
            let problem = try await awaits(enrol.state.problem) { $0 != nil }
            XCTAssertEqual(problem?.text, phone.words.errorNoInvitation)
            XCTAssertFalse(enrol.state.canLink)

            enrol.invitation("  \(try company.relay.invitation("Ana")) \n")
            let from = try await awaits(enrol.state.from) { $0 != nil }!
            XCTAssertNil(enrol.state.problem)
            XCTAssertTrue(from.contains("127.0.0.1"), from)
            enrol.link()
            _ = try await awaits(enrol.linked) { $0 }

            let clients = phone.show(ClientsModel(phone.session))
            // Names come first, the rest with the documents.
            let list = try await ready(clients.state) { $0.rows.count == 3 && $0.rows[0].place == "Gijón · Bar" }
            XCTAssertEqual(list.rows.map(\.name), ["Bar Ñandú", "Café Dindurra", "Hotel Asturias"])
            XCTAssertEqual(list.rows[0].bought, phone.words.appClientsNeverBought)
            clients.search("nandu")
            let found = try await ready(clients.state) { $0.search == "nandu" && $0.rows.count == 1 }
            XCTAssertEqual(found.rows.map(\.name), ["Bar Ñandú"])
            clients.search("zzz")
            let none = try await ready(clients.state) { $0.rows.isEmpty }
            XCTAssertEqual(none.count, 3)
        }
    }

    func testAVisitLoggedWithoutANetworkOutlivesAKilledAppAndArrives() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            company.relay.stop()
            await phone.shut()

            try company.killed(phone, "visit", bar, says: ["saved"])

            try await phone.open()
            phone.device.connected = false
            let page = phone.show(ClientModel(phone.session, bar))
            let kept = try await ready(page.state) { !$0.timeline.isEmpty }.timeline
            XCTAssertEqual(kept.map(\.title), ["Visita · Sin pedido"])
            XCTAssertEqual(kept[0].detail, "Le queda género. Volver en marzo")
            XCTAssertEqual(kept[0].state?.text, phone.words.syncSaved)

            let sync = phone.show(SyncModel(phone.session))
            let offline = try await ready(sync.state) { $0.onPhone == 1 }
            XCTAssertEqual(offline.headline, phone.words.syncNoNetwork)
            XCTAssertEqual(offline.why, phone.words.appSyncOnPhoneAdvice)

            try company.relay.start()
            phone.device.connected = true
            sync.syncNow()
            let done = try await ready(sync.state) { $0.onPhone == 0 && $0.weight == .good }
            XCTAssertEqual(done.headline, phone.words.syncUpToDate)
            _ = try await ready(page.state) { $0.timeline[0].state == nil }
            XCTAssertTrue(try company.relay.run("export visits").contains("Volver en marzo"))
        }
    }

    func testAVisitIsHowItWentAndSaveAndCanBeTakenBackAndBackAgain() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            let page = phone.show(ClientModel(phone.session, bar))
            let visit = phone.show(VisitModel(phone.session, bar, name: "Bar Ñandú"))

            visit.save()
            XCTAssertFalse(visit.state.canSave, "without an outcome there is nothing to save")
            visit.outcome("order")
            XCTAssertTrue(visit.state.reasons.isEmpty)
            visit.outcome("no_order")
            XCTAssertEqual(visit.state.reasons.count, 9)
            visit.reason("price")
            visit.reason("price")
            XCTAssertFalse(visit.state.reasons.contains(where: \.chosen), "touched again, it is taken away")
            visit.reason("price")
            visit.outcome("order")
            visit.save()
            XCTAssertFalse(visit.state.canSave, "it is being saved")
            visit.save()
            _ = try await awaits(visit.saved) { $0 != nil }
            XCTAssertEqual(phone.device.hurried, 1, "a task was asked for, once")
            _ = try await ready(page.state) { $0.timeline.count == 1 }

            XCTAssertEqual(phone.session.told?.text, phone.words.appVisitSaved)
            XCTAssertEqual(phone.session.told?.action, phone.words.appUndo)
            phone.session.answer()
            _ = try await ready(page.state) { $0.timeline.isEmpty }
            let taken = phone.words.appTakenBack(what: phone.words.kindVisit)
            _ = try await awaits(phone.session.told) { $0?.text == taken }
            phone.session.answer()
            let again = try await ready(page.state) { $0.timeline.count == 1 }.timeline
            XCTAssertNil(again[0].detail, "a reason for no order went with the outcome")
        }
    }

    func testTheNextStepAndWhereItWasGoWithTheVisit() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            let visit = phone.show(VisitModel(phone.session, bar, name: "Bar Ñandú"))
            phone.device.fix = Fix(latitude: 43.5453, longitude: -5.6619, accuracyM: 12.4)
            _ = try await awaits(visit.state.nextSteps) { $0.count == 4 }
            visit.outcome("attended")
            visit.notes("Encargado nuevo")
            visit.addPlace()
            _ = try await awaits(visit.state.place) { $0 == .added }
            visit.nextStep("tomorrow")
            visit.moveNext(-3)
            let today = try await phone.ask { try $0.businessDate() }
            let formats = phone.session.speech.formats
            XCTAssertEqual(visit.state.nextOn, formats.day(today.adding(1, .day), today), "never before tomorrow")
            visit.nextStep("week")
            visit.moveNext(1)
            visit.nextWhat("Llevar tarifa")
            let day = try XCTUnwrap(visit.state.nextOn)
            XCTAssertEqual(day, formats.day(today.adding(8, .day), today))
            visit.save()
            let record = try await awaits(visit.saved) { $0 != nil }
            let page = phone.show(ClientModel(phone.session, bar))
            let timeline = try await ready(page.state) { $0.timeline.count == 1 }.timeline
            XCTAssertEqual(timeline[0].detail, "Encargado nuevo. Próxima acción: Llevar tarifa, \(day)")
            let entry = try await phone.ask { try $0.clients.timeline(client: bar, after: nil, most: 5).entries[0] }
            XCTAssertEqual(entry.id, record)
            guard case .visit(let said) = entry.body else { return XCTFail("\(entry.body)") }
            XCTAssertEqual(said.place, Point(latitude: 43.5453, longitude: -5.6619, accuracyM: 12))
        }
    }

    func testWithoutPermissionOrAFixTheVisitIsSavedWithoutAPlaceAndSaysSo() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let visit = phone.show(VisitModel(phone.session, try await phone.client("Bar Ñandú"), name: "Bar Ñandú"))
            visit.addPlace()
            _ = try await awaits(phone.session.told) { $0?.text == phone.words.appVisitPlaceNone }
            XCTAssertEqual(visit.state.place, .offered)
            phone.device.permission = .denied
            visit.addPlace()
            _ = try await awaits(visit.state.place) { $0 == .denied }
            visit.outcome("shut")
            visit.save()
            _ = try await awaits(visit.saved) { $0 != nil }
        }
    }

    func testAClientIsCalledByAnotherAppAndWhetherItCameToSomethingThePersonSays() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let page = phone.show(ClientModel(phone.session, try await phone.client("Bar Ñandú")))
            let reach = try await ready(page.state).reach
            XCTAssertEqual(reach.phone, "+34985123456")
            await page.call().value
            XCTAssertEqual(phone.device.handed, ["call +34985123456"])
            XCTAssertEqual(phone.session.told?.action, phone.words.appClientNote)
            XCTAssertEqual(page.state.value?.timeline, [], "nothing is noted unasked")
            phone.session.answer()
            let timeline = try await ready(page.state) { !$0.timeline.isEmpty }.timeline
            XCTAssertEqual(timeline.map(\.title), ["Contacto · Teléfono"])
            _ = try await awaits(phone.session.told) { $0?.text == phone.words.appClientNoted }
            let noted = try await phone.ask { [client = page.client] in
                try $0.clients.timeline(client: client, after: nil, most: 5).entries.count
            }
            XCTAssertEqual(noted, 1, "once, when the person said so")
            phone.device.takes = false
            await page.write().value
            XCTAssertEqual(phone.session.told?.text, phone.words.appClientNoApp)
            func contact(_ state: ClientState) -> ProfileCard { state.profile.first { $0.section == .contact }! }
            let before = contact(try await ready(page.state))
            XCTAssertTrue(before.stale)
            XCTAssertEqual(before.confirmed, phone.words.appClientNeverConfirmed)
            XCTAssertEqual(before.lines.first { $0.label == phone.words.clientPhone }?.value, "985 123 456")
            page.stillRight(.contact)
            _ = try await ready(page.state) { !contact($0).stale }
            _ = try await awaits(phone.session.told) { $0?.text == phone.words.appClientConfirmedNow }
            phone.session.answer()
            _ = try await ready(page.state) { contact($0).stale }
        }
    }

    func testNoNetworkAndARelayThatDoesNotAnswerAreToldApart() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            phone.device.connected = false
            let clients = phone.show(ClientsModel(phone.session))
            _ = try await ready(clients.state) { $0.sync.text == phone.words.syncNoNetwork }
            phone.device.connected = true
            company.relay.stop()
            try await phone.ask { $0.sync.hurry() }
            let line = try await ready(clients.state) { $0.sync.text == phone.words.syncNoAnswer }.sync
            XCTAssertEqual(line.weight, .warning)
            try company.relay.start()
            try await phone.ask { $0.sync.hurry() }
            let up = try await ready(clients.state) { $0.sync.weight == .good }.sync
            XCTAssertEqual(up.text, phone.words.syncUpToDate)
        }
    }

    func testAVisitIsCorrectedWhatTheScreenDoesNotAskForStaysAndTheFirstVersionIsRestoredByAnUndo() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            _ = try await phone.ask {
                let visit = Visit(outcome: .noOrder, noOrder: .price, purpose: .sell, notes: "Caro")
                return try $0.visits.log(client: bar, visit: visit)
            }
            let page = phone.show(ClientModel(phone.session, bar))
            let line = try await ready(page.state) { !$0.timeline.isEmpty }.timeline[0]
            XCTAssertTrue(line.correctable)
            let corrected = try XCTUnwrap(page.corrected(line))
            let visit = phone.show(VisitModel(phone.session, bar, name: "Bar Ñandú", corrected: corrected))
            XCTAssertEqual(visit.state.title, phone.words.appVisitCorrect)
            XCTAssertEqual(visit.state.notes, "Caro")
            XCTAssertEqual(visit.state.reasons.filter(\.chosen).map(\.id), ["price"])
            visit.outcome("order")
            visit.notes("Al final pidió")
            visit.save()
            _ = try await awaits(visit.saved) { $0 != nil }
            let now = try await ready(page.state) { $0.timeline[0].detail == "Al final pidió" }.timeline
            XCTAssertEqual(now.map(\.record), [line.record], "no second visit")
            XCTAssertEqual(now[0].title, "Visita · Pedido")
            let entry = try await phone.ask { try $0.clients.timeline(client: bar, after: nil, most: 5).entries[0] }
            guard case .visit(let said) = entry.body else { return XCTFail("\(entry.body)") }
            XCTAssertEqual(said.purpose, .sell)
            phone.session.answer()
            _ = try await ready(page.state) { $0.timeline[0].title == "Visita · Sin pedido" }
            page.takeBack(try await ready(page.state).timeline[0])
            _ = try await ready(page.state) { $0.timeline.isEmpty }
        }
    }

    func testAnOrdersStepsAndLinesReadBackAsTheOfficeHasThem() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            let order = phone.show(OrderModel(phone.session, bar))
            _ = try await ready(order.state)
            order.scanned("000")
            _ = try await awaits(phone.session.told) { $0?.text == phone.words.appOrderUnknownBarcode(code: "000") }
            order.more("A1")
            order.more("A2")
            order.quantity("A1", "dos")
            order.quantity("A1", "-1")
            order.moveDelivery(-5)
            let written = try await ready(order.state) { $0.ordered.count == 2 && $0.summary.deliverOn != phone.words.appOrderDeliverSoon }
            XCTAssertEqual(written.ordered.map(\.quantity), ["1", "1"])
            let today = try await phone.ask { try $0.businessDate() }
            XCTAssertEqual(written.summary.deliverOn, phone.session.speech.formats.day(today.adding(1, .day), today))
            order.search("grano")
            let searched = try await ready(order.state) { $0.search == "grano" && $0.lines.count == 1 }
            XCTAssertEqual(searched.lines[0].name, "Café en grano")
            XCTAssertEqual(searched.ordered.count, 2)
            order.family("Azúcar")
            let family = try await ready(order.state) { $0.search.isEmpty && $0.lines.map(\.name) == ["Azúcar"] }
            XCTAssertEqual(family.lines[0].quantity, "1", "what is ordered of it stands beside it")
            await order.share().value
            let text = try XCTUnwrap(phone.device.handed.last)
            XCTAssertTrue(text.contains("1 caja · Café molido") && text.contains("Bar Ñandú"), text)
            order.place()
            order.place()
            let placed = try await awaits(order.placed) { $0 != nil }!
            let became = phone.show(OrderStateModel(phone.session, placed))
            let first = try await ready(became.state)
            XCTAssertEqual(first.steps.first?.label, phone.words.syncSaved)
            try await phone.synced()
            _ = try company.relay.run("order registered \(placed.ulid) P-7")
            try await phone.synced()
            let now = try await ready(became.state) { $0.now.weight == .good }
            XCTAssertEqual(now.now.text, "\(phone.words.orderRegistered) P-7")
            XCTAssertTrue(now.steps.contains { $0.label == "\(phone.words.orderRegistered) P-7" }, "\(now.steps)")
            XCTAssertEqual(now.lines.map(\.name), ["Café molido", "Azúcar"])
            let sync = phone.show(SyncModel(phone.session))
            let items = try await ready(sync.state) { $0.underWay == 1 }.items
            XCTAssertTrue(items[0].state.text.contains("P-7"), items[0].state.text)
        }
    }

    func testASegmentNarrowsTheListAndTheListGoesOnPastItsFirstPage() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            try await phone.ask { nouns in
                _ = try nouns.segments.save(segment: Segment(name: "Ovetenses", filter: "city = \"Oviedo\"", clients: []))
                for number in 100..<200 {
                    _ = try nouns.clients.create(new: NewClient(fields: [Edit("name", "Cliente \(number)")]))
                }
            }
            let clients = phone.show(ClientsModel(phone.session))
            let first = try await ready(clients.state) { $0.count == 103 }
            XCTAssertEqual(first.rows.count, 60)
            XCTAssertTrue(first.more)
            clients.more()
            let all = try await ready(clients.state) { $0.rows.count == 103 }
            XCTAssertFalse(all.more)
            let segment = try XCTUnwrap(all.filters.last)
            XCTAssertEqual(segment.text, "Ovetenses")
            clients.filter(segment.key)
            let narrowed = try await ready(clients.state) { $0.rows.count == 1 }
            XCTAssertEqual(narrowed.rows.map(\.name), ["Hotel Asturias"])
            XCTAssertEqual(narrowed.filters.filter(\.chosen).map(\.key), [segment.key])
            clients.filter("all")
            _ = try await ready(clients.state) { $0.rows.count == 60 }
            clients.filter("dormant")
            _ = try await ready(clients.state) { $0.rows.isEmpty }
        }
    }

    func testWhatIsNearIsFoundFromWhereThePhoneIsAndOnlyWhereItSaysSo() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            _ = try await phone.ask {
                let point = FieldValue.point(point: Point(latitude: 43.5453, longitude: -5.6619))
                return try $0.clients.edit(client: bar, edits: [Edit(key: "point", value: point)])
            }
            let clients = phone.show(ClientsModel(phone.session))
            _ = try await ready(clients.state)
            clients.filter("near")
            _ = try await awaits(phone.session.told) { $0?.text == phone.words.appClientsNoPlace }
            phone.device.fix = Fix(latitude: 43.5500, longitude: -5.6619, accuracyM: 10)
            clients.filter("near")
            let near = try await ready(clients.state) { state in
                state.filters.contains { $0.key == "near" && $0.chosen } && state.rows.count == 1
            }
            XCTAssertEqual(near.rows[0].name, "Bar Ñandú")
            XCTAssertEqual(near.rows[0].distance, "520 m")
            let page = phone.show(ClientModel(phone.session, bar))
            _ = try await ready(page.state) { $0.reach.point != nil }
            await page.navigate().value
            XCTAssertEqual(phone.device.handed, ["navigate Bar Ñandú"])
        }
    }

    func testANewClientIsSavedWithWhatWasTypedWhoMayBeTheSameIsShownAndWhatIsWrongIsSaidAtItsField() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let new = phone.show(NewClientModel(phone.session))
            let empty = try await ready(new.state)
            XCTAssertFalse(empty.canSave)
            new.type("name", "  ")
            new.save()
            new.type("name", "Bar Nandu")
            new.type("phone", "985 123 456")
            let likely = try await ready(new.state) { !$0.likely.isEmpty }.likely
            XCTAssertEqual(likely.map(\.name), ["Bar Ñandú"])
            XCTAssertFalse(likely[0].why.isEmpty)
            new.type("email", "bar.example.org")
            new.type("street", String(repeating: "s", count: 1_000))
            new.save()
            let wrong = try await ready(new.state) { $0.problem != nil }
            XCTAssertEqual(wrong.fields.filter { $0.problem != nil }.map(\.key), ["email", "street"])
            XCTAssertTrue(wrong.problem?.text.hasPrefix("Correo electrónico: ") == true, wrong.problem?.text ?? "")
            XCTAssertTrue(wrong.canSave, "what was typed stays")
            XCTAssertNil(new.created)
            new.type("email", "")
            new.type("street", "")
            new.type("city", "Avilés")
            let mended = try await ready(new.state) { $0.problem == nil }
            XCTAssertNil(mended.fields.first { $0.key == "street" }?.problem)
            new.save()
            let client = try await awaits(new.created) { $0 != nil }!
            let row = try await phone.ask { try $0.clients.get(client: client) }
            XCTAssertEqual(row.name, "Bar Nandu")
            XCTAssertEqual(row.city, "Avilés")
            let order = phone.show(OrderModel(phone.session, client))
            order.more("A1")
            _ = try await ready(order.state) { $0.ordered.count == 1 }
        }
    }

    func testTheDayShowsWhoNeedsAttentionAndWhatIsPutOffComesBackUntouchedWhereItIsTakenBack() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            let today = try await phone.ask { try $0.businessDate() }
            _ = try await phone.ask { nouns in
                try nouns.visits.addTask(client: bar, task: NewTask(what: "Llevar muestras", dueOn: today))
            }
            let day = phone.show(TodayModel(phone.session))
            let due = try await ready(day.state) { state in state.attention.contains { $0.client == bar } }
            let row = due.attention.first { $0.client == bar }!
            XCTAssertTrue(row.reasons[0].text.contains("Llevar muestras"), row.reasons[0].text)
            XCTAssertEqual(row.place, "Gijón")
            XCTAssertEqual(due.date, phone.session.speech.formats.day(today, today))
            day.putOff(bar)
            _ = try await ready(day.state) { state in !state.attention.contains { $0.client == bar } }
            XCTAssertEqual(phone.session.told?.text, phone.words.appTodayPutOffDone(client: "Bar Ñandú"))
            phone.session.answer()
            _ = try await ready(day.state) { state in state.attention.contains { $0.client == bar } }
            let written = try await phone.ask { try $0.clients.timeline(client: bar, after: nil, most: 9).entries.count }
            XCTAssertEqual(written, 1, "taken back, nothing was written")
            day.putOff(bar)
            phone.session.toldEnough()
            let fresh = phone.show(TodayModel(phone.session))
            _ = try await ready(fresh.state) { state in !state.attention.contains { $0.client == bar } }
        }
    }

    func testTheMonthSaysWhatWasDoneAndWordsWhereNothingCanBeSaid() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let bar = try await phone.client("Bar Ñandú")
            _ = try await phone.ask { try $0.visits.log(client: bar, visit: Visit(outcome: .order)) }
            _ = try await phone.ask { try $0.visits.log(client: bar, visit: Visit(outcome: .shut)) }
            let month = phone.show(MonthModel(phone.session))
            let work = try await ready(month.state) { $0.work[0].value == "2" }.work
            XCTAssertEqual(work.map(\.label)[0], phone.words.measureVisits)
            XCTAssertEqual(work[2].value, phone.words.withheldNoData)
        }
    }

    func testSettingsAreKeptAndDiagnosticsNameNobody() async throws {
        try await company { company in
            let phone = try await company.working("Ana")
            let preferences = StoredPreferences(UserDefaults(suiteName: "cartera-\(UUID().uuidString)")!)
            let settings = phone.show(SettingsModel(phone.session, preferences))
            let before = try await ready(settings.state)
            XCTAssertEqual(before.quiet.filter(\.chosen).map(\.id), ["0"])
            settings.quiet("1200")
            _ = try await ready(settings.state) { $0.quiet.filter(\.chosen).map(\.id) == ["1200"] }
            settings.language("en")
            settings.theme("dark")
            settings.lock("30")
            let now = try await ready(settings.state)
            XCTAssertEqual(now.languages.filter(\.chosen).map(\.id), ["en"])
            XCTAssertEqual(now.themes.filter(\.chosen).map(\.id), ["dark"])
            XCTAssertEqual(now.locks.filter(\.chosen).map(\.id), ["30"])
            XCTAssertEqual(now.holdings.first?.value, "3")
            await settings.shareDiagnostics("0.1.0").value
            let shared = try XCTUnwrap(phone.device.handed.last)
            XCTAssertTrue(shared.contains("Cartera 0.1.0"))
            for secret in ["Ñandú", "Ana", "985", "Gijón", "example.com"] { XCTAssertFalse(shared.contains(secret), secret) }
        }
    }

    func testUnsentWorkIsHandedOverSealedWhereNothingElseWorks() async throws {
        try await company { company in
            let phone = try await company.withUnsent()
            company.relay.stop()
            try await phone.open()
            let sync = phone.show(SyncModel(phone.session))
            sync.syncNow()
            _ = try await ready(sync.state) { $0.canSeal }
            await sync.seal().value
            XCTAssertEqual(phone.device.files.count, 1)
            let sealed = try XCTUnwrap(phone.device.files.first)
            XCTAssertNil(sealed.value.range(of: Data("por enviar".utf8)), "only the office reads it")
        }
    }
}
