import Cartera
import Foundation
import XCTest

/// Runs the stories of bindings/stories, and writes down what came of each step.
final class StoriesTests: XCTestCase {
    func testStories() async throws {
        let environment = ProcessInfo.processInfo.environment
        let stories = URL(fileURLWithPath: try XCTUnwrap(environment["CARTERA_STORIES"]))
        let transcripts = URL(fileURLWithPath: try XCTUnwrap(environment["CARTERA_TRANSCRIPTS"]))
        let files = try FileManager.default.contentsOfDirectory(at: stories, includingPropertiesForKeys: nil)
        let found = files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
        XCTAssertFalse(found.isEmpty)
        for story in found {
            let name = story.deletingPathExtension().lastPathComponent
            let folder = try temporaryFolder()
            let transcript = try await Story(folder).run(story)
            try transcript.write(
                to: transcripts.appendingPathComponent("\(name).swift"), atomically: true, encoding: .utf8)
            try FileManager.default.removeItem(at: folder)
        }
    }
}

func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cartera-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

typealias Step = [String: Any]

private final class Story {
    private let folder: URL
    private var names: [String: String]
    private var phones: [String: StoryPhone] = [:]

    init(_ folder: URL) {
        self.folder = folder
        names = ["folder": folder.path]
    }

    func run(_ story: URL) async throws -> String {
        let relay = try Relay(folder)
        defer { relay.stop() }
        let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: story)) as? [String: Any]
        var lines = ""
        do {
            for (index, step) in try XCTUnwrap(parsed?["steps"] as? [Step]).enumerated() {
                lines += "\(index + 1) \(try await run(relay, step, index + 1))\n"
            }
        } catch {
            for phone in phones.values { await phone.close() }
            throw error
        }
        for phone in phones.values { await phone.close() }
        return lines
    }

    private func run(_ relay: Relay, _ step: Step, _ number: Int) async throws -> String {
        if let file = step["file"] as? String, let lines = step["lines"] as? [String] {
            let text = lines.map { filled($0) + "\n" }.joined()
            try text.write(to: folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
            return "\(file) null"
        }
        if let command = step["relay"] as? String {
            switch command {
            case "start": try relay.start()
            case "stop": relay.stop()
            default:
                let out = try relay.run(filled(command))
                if let name = step["as"] as? String, let pattern = step["find"] as? String {
                    names[name] = try found(pattern, in: out)
                }
            }
            return "\(command) null"
        }
        let (name, call) = (try XCTUnwrap(step["phone"] as? String), try XCTUnwrap(step["call"] as? String))
        let phone = phones[name] ?? StoryPhone(folder, name)
        phones[name] = phone
        let told = named(canonical(try await outcome(phone, call, step)))
        let expected = canonical((step["error"] as? String).map { ["error": $0] } ?? step["expect"])
        guard told == expected else { throw Failed("step \(number) \(step): came \(told) for \(expected)") }
        return "\(name) \(call) \(told)"
    }

    private func outcome(_ phone: StoryPhone, _ call: String, _ step: Step) async throws -> Any? {
        do {
            let with = (step["with"] as? Step ?? [:]).mapValues { value -> Any in
                if let text = value as? String { return filled(text) }
                return (value as? [String: String])?.mapValues(filled) ?? value
            }
            let (outcome, made) = try await phone.call(call, Arguments(with))
            if let name = step["as"] as? String { names[name] = try XCTUnwrap(made) }
            return outcome
        } catch let error as CarteraError {
            return ["error": error.code]
        }
    }

    private func filled(_ text: String) -> String {
        let named = names.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
        // `ago_30` and `in_30`, as ISO 8601.
        return named.replacing(/\{(ago|in)_(\d+)\}/) { found in
            let days = (found.1 == "ago" ? -1 : 1) * (Int(found.2) ?? 0)
            let day = Calendar.current.date(byAdding: .day, value: days, to: Date()) ?? Date()
            return day.formatted(.iso8601.year().month().day().dateSeparator(.dash))
        }
    }

    private func named(_ text: String) -> String {
        names.filter { $0.key != "folder" }.reduce(text) {
            $0.replacingOccurrences(of: $1.value, with: "{\($1.key)}")
        }
    }
}

/// Keys in order, no blanks.
private func canonical(_ value: Any?) -> String {
    guard let value, !(value is NSNull) else { return "null" }
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]
    let data = (try? JSONSerialization.data(withJSONObject: value, options: options)) ?? Data()
    return String(decoding: data, as: UTF8.self)
}

struct Arguments: @unchecked Sendable {
    fileprivate let all: Step

    init(_ all: Step) {
        self.all = all
    }

    subscript(_ key: String) -> String {
        all[key] as? String ?? ""
    }

    func optional(_ key: String) -> String? {
        all[key] as? String
    }

    var client: ClientId { ClientId(ulid: self["client"]) }

    var fields: [Edit] {
        (all["fields"] as? [String: String] ?? [:]).sorted { $0.key < $1.key }.map { Edit($0.key, $0.value) }
    }

    var visit: Visit {
        get throws {
            Visit(
                outcome: try of(Outcome.self, self["outcome"]),
                noOrder: try optional("no_order").map { try of(NoOrderReason.self, $0) },
                notes: optional("notes"))
        }
    }

    var purchase: Purchase {
        let line = OrderLine(
            article: self["article"], quantity: CarteraFFI.Decimal(text: self["quantity"]), unit: self["unit"],
            price: CarteraFFI.Decimal(text: self["price"]),
            taxes: [Tax(code: "T", percent: CarteraFFI.Decimal(text: self["tax"]))])
        return Purchase(sort: .order, currency: self["currency"], lines: [line])
    }
}

/// The stable word of a value from a fixed list.
func word(_ value: some Any) -> String {
    "\(value)".reduce(into: "") { word, letter in
        if letter.isUppercase { word.append("_") }
        word.append(letter.lowercased())
    }
}

func of<E: CaseIterable>(_ list: E.Type, _ text: String) throws -> E {
    guard let value = E.allCases.first(where: { word($0) == text }) else { throw Failed("no such word: \(text)") }
    return value
}

func money(_ amount: Money) -> String {
    "\(moneyText(money: amount) ?? "") \(amount.currency)"
}

private func text(_ value: FieldValue) -> String {
    switch value {
    case .text(let text): text
    case .phone(let raw, _): raw
    default: "other"
    }
}

func text(_ body: RecordBody) -> String {
    switch body {
    case .visit(let visit): [word(visit.outcome), visit.notes].compactMap { $0 }.joined(separator: " ")
    case .purchase(_, _, _, let total): money(total)
    case .note(let text, _): text
    case .task(let what, _, _, _): what
    case .taskSettled(_, let state, _): word(state)
    case .agreement(let agreement): agreement.title
    case .survey(let answer): "\(word(answer.survey)) \(answer.answers.first?.score ?? 0)"
    case .notNow(let subject, _, _, let reason): "\(word(subject)) \(reason.map { word($0) } ?? "")"
    case .closed(let reason, _, _): word(reason)
    default: "other"
    }
}

/// What a call answered, handed over between threads once.
private struct Answer: @unchecked Sendable {
    let value: (Any?, String?)?

    init(_ value: (Any?, String?)?) {
        self.value = value
    }
}

/// The calls of a story on one phone. Each gives its outcome, and the id that it made.
private final class StoryPhone {
    private let options: OpenOptions
    private let name: String
    private var phone: CarteraDatabase?

    init(_ folder: URL, _ name: String) {
        options = OpenOptions(path: folder.appendingPathComponent("\(name).db").path, zone: "Europe/Madrid")
        self.name = name
    }

    func close() async {
        await phone?.close()
    }

    private func ask<T: Sendable>(_ calls: @escaping @Sendable (Nouns) throws -> T) async throws -> T {
        guard let phone else { throw Failed("\(name) is not open") }
        return try await phone.ask(calls)
    }

    func call(_ call: String, _ with: Arguments) async throws -> (Any?, String?) {
        switch call {
        case "open":
            phone = try await CarteraDatabase.open(options)
            return (nil, nil)
        case "shut":
            await phone?.close()
            return (nil, nil)
        case "enrolment.identity":
            return (try await linked(), nil)
        case "enrolment.device":
            return (nil, try await ask { try $0.enrolment.identity()?.device.ulid })
        case "enrolment.enrol":
            let name = name
            _ = try await ask { try $0.enrolment.enrol(invitation: with["invitation"], deviceName: name) }
            return (try await linked(), nil)
        case "clients.create":
            return (nil, try await ask { try $0.clients.create(new: NewClient(fields: with.fields)).ulid })
        case "clients.edit":
            _ = try await ask { try $0.clients.edit(client: with.client, edits: with.fields) }
            return (nil, nil)
        case "clients.page":
            let rows = try await paged { after in
                let page = try await self.ask { try $0.clients.page(after: after, most: 2) }
                return (page.rows.map(\.name), page.next)
            }
            return (rows, nil)
        case "clients.profile":
            let fields = try await ask { try $0.clients.profile(client: with.client) }
            return (Dictionary(uniqueKeysWithValues: fields.map { ($0.key, text($0.value)) }), nil)
        case "clients.conflicts":
            let conflicts = try await ask { try $0.clients.conflicts(client: with.client) }
            let values = conflicts.map { ($0.key, $0.values.compactMap(\.value).map { text($0) }.sorted()) }
            return (Dictionary(uniqueKeysWithValues: values), nil)
        case "clients.timeline":
            let lines = try await paged { after in
                let page = try await self.ask { try $0.clients.timeline(client: with.client, after: after, most: 2) }
                return (page.entries.map { "\($0.kind) \(word($0.standing)): \(text($0.body))" }, page.next)
            }
            return (lines.sorted(), nil)
        case "visits.log":
            let visit = try with.visit
            return (nil, try await ask { try $0.visits.log(client: with.client, visit: visit).id.ulid })
        case "visits.correct":
            let visit = try with.visit
            let record = RecordId(ulid: with["record"])
            let saved = try await ask { try $0.visits.correct(client: with.client, record: record, visit: visit) }
            return (nil, saved.id.ulid)
        case "visits.void":
            let (kind, reason) = (try of(RecordKind.self, with["kind"]), try of(VoidReason.self, with["reason"]))
            let record = RecordId(ulid: with["record"])
            let saved = try await ask {
                try $0.visits.void(client: with.client, kind: kind, record: record, reason: reason)
            }
            return (nil, saved.id.ulid)
        case "visits.note":
            let saved = try await ask {
                try $0.visits.addNote(client: with.client, text: with["text"], pinned: false)
            }
            return (nil, saved.id.ulid)
        case "visits.task":
            let saved = try await ask { try $0.visits.addTask(client: with.client, task: NewTask(what: with["what"])) }
            return (nil, saved.id.ulid)
        case "visits.settle":
            let state = try of(TaskState.self, with["state"])
            let task = RecordId(ulid: with["task"])
            _ = try await ask { try $0.visits.settleTask(client: with.client, task: task, state: state) }
            return (nil, nil)
        case "visits.tasks":
            let tasks = try await ask { try $0.visits.tasks(client: with.client) }
            return (tasks.map { "\(word($0.state)) \($0.what)" }, nil)
        default:
            return try await orders(call, with)
        }
    }

    private func orders(_ call: String, _ with: Arguments) async throws -> (Any?, String?) {
        switch call {
        case "catalogue.quote":
            let quote = try await ask {
                try $0.catalogue.quote(
                    client: with.client, article: with["article"], quantity: .init(text: with["quantity"]),
                    currency: with["currency"])
            }
            let told: [String: Any] = [
                "name": quote.article.name, "unit": quote.article.unit ?? NSNull(),
                "price": quote.price?.text ?? NSNull(), "origin": word(quote.origin),
            ]
            return (told, nil)
        case "orders.new_id":
            return (nil, try await ask { try $0.orders.newId().ulid })
        case "orders.amounts":
            let amounts = try await ask { try $0.orders.amounts(purchase: with.purchase) }
            let told = ["net": money(amounts.net), "tax": money(amounts.tax), "total": money(amounts.total)]
            return (told, nil)
        case "orders.place":
            let saved = try await ask {
                try $0.orders.place(client: with.client, id: RecordId(ulid: with["id"]), purchase: with.purchase)
            }
            return (["saved": saved.id.ulid], nil)
        case "orders.life":
            let life = try await ask { try $0.orders.life(order: RecordId(ulid: with["order"])) }
            let steps = life.steps.map { $0.stage.map { word($0) } ?? "saved" }
            return (["number": life.number ?? NSNull(), "steps": steps] as [String: Any], nil)
        case "search.clients":
            return (try await ask { try $0.search.clients(typed: with["typed"], most: 10).map(\.name) }, nil)
        case "search.articles":
            let found = try await ask { try $0.search.articles(typed: with["typed"], most: 10) }
            return (found.map { "\($0.code) \($0.name)" }, nil)
        case "attention.list":
            let items = try await ask { try $0.attention.list(offset: 0, most: 50) }
            return (items.map { "\($0.what) \($0.detail)" }.sorted(), nil)
        case "attention.retry":
            let subject = try await refused()
            try await ask { try $0.attention.retryRefused(subject: subject) }
            return (nil, nil)
        case "attention.drop":
            let subject = try await refused()
            return (["code": try await ask { try $0.attention.dropRefused(subject: subject).code }], nil)
        case "sync.now":
            let report = try await ask { try $0.sync.now() }
            return (["sent": report.sent, "refused": report.refused, "conflicts": report.conflicts], nil)
        case "sync.state":
            let state = try await ask { try $0.sync.state() }
            let told: [String: Any] = ["linked": state.linked, "unsent": state.unsent, "refused": state.refused]
            return (told, nil)
        default:
            let answer = try await ask { try Answer($0.portfolioCall(call, with)) }
            guard let told = answer.value else { throw Failed("no such call: \(call)") }
            return told
        }
    }

    private func linked() async throws -> [String: Bool] {
        ["linked": try await ask { try $0.enrolment.identity() } != nil]
    }

    private func refused() async throws -> String {
        let items = try await ask { try $0.attention.list(offset: 0, most: 50) }
        return items.first { $0.what == "refused" }?.subject ?? ""
    }
}

private func paged<T>(_ page: (String?) async throws -> ([T], String?)) async throws -> [T] {
    var (all, after): ([T], String?) = ([], nil)
    repeat {
        let (items, next) = try await page(after)
        all += items
        after = next
    } while after != nil
    return all
}
