import Cartera
import CarteraState
import Foundation
import Rehearsal
import XCTest

/// A company with a relay, a territory, two reps and a manager, a few clients and a small catalogue.
@MainActor
final class Company {
    let folder: URL
    let relay: Relay
    private var phones: [Phone] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("cartera-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        relay = try Relay(folder)
        let north = try found("^\\S+", in: try relay.run("territory add Norte"))
        for rep in ["Ana", "Luis"] { _ = try relay.run("people add \(rep) --role rep --territory \(north)") }
        _ = try relay.run("people add Marta --role manager --all-territories")
        try imports(
            "clients",
            """
            codigo;nombre;sector;poblacion;telefono;email;zona
            C1;Bar Ñandú;Bar;Gijón;985 123 456;bar@example.org;Norte
            C2;Café Dindurra;Cafetería;Gijón;985 222 333;;Norte
            C3;Hotel Asturias;Hotel;Oviedo;;;Norte

            """)
        try imports(
            "articles",
            """
            referencia;descripcion;familia;unidad;precio;moneda
            A1;Café molido;Café;caja;12,50;EUR
            A2;Azúcar;Azúcar;saco;8,00;EUR
            A3;Café en grano;Café;caja;14,00;EUR

            """)
    }

    func imports(_ kind: String, _ lines: String) throws {
        let file = folder.appendingPathComponent("\(kind).csv")
        try lines.write(to: file, atomically: true, encoding: .utf8)
        _ = try relay.run("import --kind \(kind) --language es \(file.path)")
    }

    func phone(_ name: String) -> Phone {
        let phone = Phone(folder, name)
        phones.append(phone)
        return phone
    }

    /// A phone that is linked and has everything.
    func working(_ name: String) async throws -> Phone {
        try await phone(name).open().enrol(relay.invitation(name))
    }

    /// A linked phone with a visit that was not sent, closed.
    func withUnsent() async throws -> Phone {
        let phone = try await working("Ana")
        try await phone.ask { $0.sync.stop() }
        let visit = phone.show(VisitModel(phone.session, try await phone.client("Bar Ñandú"), name: "Bar Ñandú"))
        visit.outcome("attended")
        visit.notes("por enviar")
        visit.save()
        _ = try await awaits(visit.saved) { $0 != nil }
        await phone.shut()
        return phone
    }

    /// Made before more than the quarter of an hour for which a code is good.
    func expiredInvitation(_ person: String) throws -> String {
        try relay.invitation(person, environment: try atOtherTime("-20m"))
    }

    /// The app in a process of its own, which is killed as the system or a dead battery kills it: without a word.
    func killed(
        _ phone: Phone, _ what: String, _ client: ClientId, environment: [String: String] = [:], says: [String]
    ) throws {
        try killed(Self.app, [], told(phone.path, what, client).merging(environment) { $1 }, says)
    }

    private func told(_ path: String, _ what: String, _ client: ClientId) -> [String: String] {
        ["KILLED_APP_DATABASE": path, "KILLED_APP_DOES": what, "KILLED_APP_CLIENT": client.ulid]
    }

    private func killed(_ binary: String, _ words: [String], _ environment: [String: String], _ says: [String]) throws {
        let app = try Child(binary, words, environment, into: folder.appendingPathComponent("app.log"))
        defer { app.end(SIGKILL) }
        for text in says { try app.waitsFor(text, seconds: 60) }
    }

    /// The same on a copy of the database that has little room to grow.
    func killedOnSmallDisk(_ phone: Phone, _ what: String, _ client: ClientId, says: [String]) throws {
        let script =
            "mount -t tmpfs -o size=$(($(du -k '\(phone.path)' | cut -f1) + 256))k none /mnt && cp '\(phone.path)' /mnt/small.db && exec \"$@\""
        try killed(
            "/usr/bin/unshare", Self.mounting + ["sh", "-c", script, "small", Self.app], told("/mnt/small.db", what, client), says)
    }

    nonisolated static func skipUnlessSmallDisksCanBeMounted() throws {
        let words = mounting + ["sh", "-c", "mount -t tmpfs none /mnt"]
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("mount-\(UUID().uuidString)")
        let mounted = (try? Child("/usr/bin/unshare", words, [:], into: log).status()) == 0
        try? FileManager.default.removeItem(at: log)
        try XCTSkipUnless(mounted, "a small disk cannot be mounted here")
    }

    /// What is mounted is gone with the process; a root that is no mount of its own has nothing to propagate.
    private nonisolated static let mounting = ["--mount", "--propagation", "unchanged"]

    private static var app: String {
        #if os(Linux)
        let built = Bundle.main.bundleURL
        #else
        let built = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL.deletingLastPathComponent()
        #endif
        return built.appendingPathComponent("KilledApp").path
    }

    fileprivate func close() async {
        for phone in phones { await phone.shut() }
        relay.stop()
        try? FileManager.default.removeItem(at: folder)
    }
}

@MainActor
func company(_ work: @MainActor (Company) async throws -> Void) async throws {
    let company = try Company()
    do {
        try await work(company)
    } catch {
        await company.close()
        throw error
    }
    await company.close()
}

/// A clock that somebody set, such as `+730d`; the time since boot nobody sets. Skips where libfaketime is not there.
func atOtherTime(_ shift: String) throws -> [String: String] {
    let library = try XCTUnwrap(ProcessInfo.processInfo.environment["CARTERA_FAKETIME"] ?? "")
    try XCTSkipIf(library.isEmpty, "libfaketime is not there")
    return ["LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"]
}

extension AppState {
    var isOpening: Bool { if case .opening = self { true } else { false } }
    var shut: (Failure, [WayOut])? { if case .shut(let failure, let ways) = self { (failure, ways) } else { nil } }
    var enrolling: Session? { if case .enrolling(let session) = self { session } else { nil } }
    var working: Session? { if case .working(let session) = self { session } else { nil } }
    var held: (Session, Failure, Int, [WayOut])? {
        if case .held(let session, let failure, let unsent, let ways) = self { (session, failure, unsent, ways) } else { nil }
    }
}
