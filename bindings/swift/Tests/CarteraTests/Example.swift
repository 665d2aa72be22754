import Cartera

/// The example of the README.
func example(invitation: String, path: String, say: @escaping @Sendable (String) -> Void) async throws {
    let phone = try await CarteraDatabase.open(OpenOptions(path: path, zone: "Europe/Madrid"))
    if try await phone.ask({ try $0.enrolment.identity() }) == nil {
        _ = try await phone.ask { try $0.enrolment.enrol(invitation: invitation, deviceName: "Example") }
    }
    _ = try await phone.ask { try $0.sync.now() }
    let shown = Task {
        for try await state in phone.syncState() {
            say("unsent: \(state.unsent), refused: \(state.refused), \(state.activity)")
        }
    }
    let bar = try await phone.ask { try $0.clients.create(new: NewClient(fields: [Edit("name", "Bar Ñandú")])) }
    _ = try await phone.ask {
        try $0.visits.log(client: bar, visit: Visit(outcome: .order, notes: "Volver en marzo"))
    }
    for row in try await phone.ask({ try $0.clients.page(after: nil, most: 50).rows }) {
        say("\(row.name) \(row.city ?? "") \(row.lastVisit.map { "\($0.components)" } ?? "")")
    }
    do {
        _ = try await phone.ask { try $0.sync.now() }
    } catch let offline as CarteraError {
        say(offline.words(.english).text)
    }
    shown.cancel()
    await phone.close()
}
