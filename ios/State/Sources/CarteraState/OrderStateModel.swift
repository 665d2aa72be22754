import Cartera
import Observation

/// What became of an order: its steps, then line by line.
public struct OrderNowState: Equatable, Sendable {
    public let now: Mark
    public let steps: [Labelled]
    /// What the office looks at in the whole of it.
    public let flags: [Mark]
    public let lines: [OrderedLine]
}

public struct OrderedLine: Hashable, Sendable {
    public let name: String
    public let quantity: String
    public let amount: String
    public let marks: [Mark]
}

/// An order after it was placed.
@MainActor
@Observable
public final class OrderStateModel: Model {
    struct Found: Equatable, Sendable {
        let life: OrderLife
        let lines: [OrderLineNow]
        let today: BusinessDate
    }

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let found: Watched<Everything, Found>

    public init(_ session: Session, _ order: RecordId) {
        self.session = session
        found = Watched(session) { nouns in
            Found(
                life: try nouns.orders.life(order: order), lines: try nouns.orders.lines(order: order),
                today: try nouns.businessDate())
        }
    }

    public func run() async {
        await found.run()
    }

    public var state: Load<OrderNowState> {
        found.load.map(shown)
    }

    private var speech: Speech { session.speech }
    private var words: Words { session.speech.words }

    private func shown(_ found: Found) -> OrderNowState {
        OrderNowState(
            now: orderMark(found.life, words),
            steps: found.life.steps.map { step in
                let text = step.stage.map { words.of("order-\(word($0))") ?? words.valueUnknown } ?? words.syncSaved
                let number = step.stage == .registered ? found.life.number : nil
                return Labelled(
                    label: [text, number].said(" ") ?? text,
                    value: step.at.map { speech.formats.moment($0, found.today) } ?? "")
            },
            flags: found.life.flags.filter { $0.line == nil }.map(mark),
            lines: found.lines.map { now in
                let missing = now.missing.map {
                    Mark(text: words.appOrderMissing(quantity: speech.quantity($0)), weight: .warning)
                }
                return OrderedLine(
                    name: now.line.description ?? now.line.article,
                    quantity: "\(speech.quantity(now.line.quantity)) \(now.line.unit)",
                    amount: now.line.price == nil ? words.appOrderPriceNone : speech.money(now.net),
                    marks: [missing].compactMap { $0 } + now.flags.map(mark))
            })
    }

    private func mark(_ flag: Flag) -> Mark {
        let text = words.of("flag-\(word(flag.flag))") ?? words.valueUnknown
        return Mark(text: [text, flag.expected.map { words.appOrderExpected(value: $0) }].said(". ") ?? text, weight: .warning)
    }
}
