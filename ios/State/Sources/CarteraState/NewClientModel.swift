import Cartera
import Observation

public struct NewClientState: Equatable, Sendable {
    public let fields: [EntryField]
    /// Who may be the one, the likeliest first.
    public let likely: [LikelyLine]
    public let canSave: Bool
    public let problem: Failure?
}

/// Something to type; `problem` is what is wrong with what was typed.
public struct EntryField: Equatable, Identifiable, Sendable {
    public let key: String
    public let label: String
    public let text: String
    public let problem: String?

    public var id: String { key }
}

public struct LikelyLine: Equatable, Identifiable, Sendable {
    public let client: ClientId
    public let name: String
    public let why: String

    public var id: ClientId { client }
}

/// A client that nobody knew yet (*alta*). Who may be the same is shown while it is typed; orders are possible at once.
@MainActor
@Observable
public final class NewClientModel: Model {
    private var problems: [String: String] = [:]
    private var problem: Failure?
    private var saving = false

    /// It is durable on this phone.
    public private(set) var created: ClientId?

    @ObservationIgnored private let session: Session
    /// What was typed, by field.
    @ObservationIgnored private let likely: Watched<[String: String], [LikelyDuplicate]>

    public init(_ session: Session) {
        self.session = session
        likely = Watched(session, asking: [:]) { nouns, typed in
            let looks = Looks(
                name: typed["name"]?.trimmed ?? "", taxId: typed["tax_id"]?.trimmed, phone: typed["phone"]?.trimmed,
                email: typed["email"]?.trimmed, city: typed["city"]?.trimmed)
            let enough = looks.name.count >= 3 || looks.taxId != nil || looks.phone != nil || looks.email != nil
            return enough ? try nouns.search.like(looks: looks, most: 3) : []
        }
    }

    public func run() async {
        await likely.run()
    }

    private var words: Words { session.speech.words }
    private var named: Bool { likely.asked["name"]?.trimmed != nil }

    public var state: Load<NewClientState> {
        likely.load.map { found in
            NewClientState(
                fields: Self.fields.map {
                    EntryField(key: $0, label: label($0), text: likely.asked[$0] ?? "", problem: problems[$0])
                },
                likely: found.map { like in
                    let why = like.reasons.map { words.of("likeness-\(word($0))") }.said(", ") ?? ""
                    return LikelyLine(client: like.client, name: like.name, why: why)
                },
                canSave: named && !saving,
                problem: problem)
        }
    }

    private func label(_ key: String) -> String {
        switch key {
        case "street": words.appNewClientStreet
        case "postcode": words.appNewClientPostcode
        case "city": words.appNewClientCity
        default: session.speech.field(key) ?? key
        }
    }

    public func type(_ key: String, _ text: String) {
        likely.asked[key] = text
        (problems[key], problem) = (nil, nil)
    }

    public func save() {
        guard named, !saving else { return }
        (saving, problem) = (true, nil)
        let fields = edits(likely.asked)
        session.act { [self] in
            do {
                let client = try await session.database.ask { try $0.clients.create(new: NewClient(fields: fields)) }
                session.saved()
                session.tell(words.appNewClientSaved)
                created = client
            } catch {
                if case .Invalid(_, _, let wrong)? = error as? CarteraError {
                    problems = wrong.reduce(into: [:]) { $0[$1.entry] = session.speech.problem($1) }
                }
                (saving, problem) = (false, session.failure(error))
            }
        }
    }

    private func edits(_ typed: [String: String]) -> [Edit] {
        func text(_ key: String) -> String? { typed[key]?.trimmed }
        var edits = ["name", "legal_name", "phone", "email", "sector"].compactMap { key in text(key).map { Edit(key, $0) } }
        if let number = text("tax_id") {
            edits.append(Edit(key: "tax_id", value: .taxId(country: Self.country, number: number)))
        }
        let address = Address(street: text("street"), postcode: text("postcode"), city: text("city"))
        if address != Address() { edits.append(Edit(key: "address", value: .address(address: address))) }
        return edits
    }

    private static let fields = [
        "name", "legal_name", "tax_id", "phone", "email", "sector", "street", "postcode", "city",
    ]
    private static let country = "ES"
}
