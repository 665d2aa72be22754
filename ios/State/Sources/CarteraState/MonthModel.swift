import Cartera
import Observation

public struct MonthState: Equatable, Sendable {
    public let revenue: [Comparison]
    public let objectives: [Progress]
    public let work: [Labelled]
}

/// A figure beside the same days a year before; words where it cannot be said.
public struct Comparison: Hashable, Sendable {
    public let label: String
    public let now: String
    public let before: String
}

/// How far an objective is; `share` from 0 to 1, and nil where it cannot be said.
public struct Progress: Hashable, Sendable {
    public let label: String
    public let achieved: String
    public let target: String
    public let share: Double?
    public let days: String
}

/// *Mi mes*: how the month goes.
@MainActor
@Observable
public final class MonthModel: Model {
    struct Found: Equatable, Sendable {
        let month: MyMonth
        let today: BusinessDate
    }

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let found: Watched<Everything, Found>

    public init(_ session: Session) {
        self.session = session
        found = Watched(session) { Found(month: try $0.figures.myMonth(), today: try $0.businessDate()) }
    }

    public func run() async {
        await found.run()
    }

    public var state: Load<MonthState> {
        found.load.map { shown($0.month, $0.today) }
    }

    private func shown(_ month: MyMonth, _ today: BusinessDate) -> MonthState {
        let (words, formats) = (session.speech.words, session.speech.formats)
        return MonthState(
            revenue: month.byCurrency.map {
                Comparison(label: words.measureNetRevenue, now: said($0.net), before: said($0.yearBefore))
            },
            objectives: month.objectives.map { progress($0, today) },
            work: [
                Labelled(label: words.measureVisits, value: formats.whole(Int(month.visits))),
                Labelled(label: words.appMonthEffective, value: said(month.effectiveness)),
                Labelled(label: words.wordVisitPlan, value: of(month.plannedDone, month.planned)),
                Labelled(label: words.appMonthCovered, value: of(month.covered, month.toCover)),
            ])
    }

    private func said(_ figure: MoneyFigure) -> String {
        switch figure {
        case .value(let money): session.speech.money(money)
        case .withheld(let code): withheld(code)
        }
    }

    private func said(_ figure: RatioFigure) -> String {
        switch figure {
        case .value(let ratio): session.speech.formats.percent(ratio)
        case .withheld(let code): withheld(code)
        }
    }

    private func withheld(_ code: String) -> String {
        session.speech.words.of("withheld-\(code)") ?? session.speech.words.valueUnknown
    }

    private func of(_ part: UInt64, _ whole: UInt64) -> String {
        let (words, formats) = (session.speech.words, session.speech.formats)
        if whole == 0 { return words.withheldNoData }
        return words.appMonthOf(part: formats.whole(Int(part)), whole: formats.whole(Int(whole)))
    }

    private func progress(_ objective: Objective, _ today: BusinessDate) -> Progress {
        let (words, formats) = (session.speech.words, session.speech.formats)
        func said(_ amount: Int64) -> String {
            guard let currency = objective.currency else { return formats.whole(Int(amount)) }
            return session.speech.money(Money(minor: amount, currency: currency))
        }
        let share: Double? = if case .value(let ratio) = objective.ratio { min(max(ratio, 0), 1) } else { nil }
        return Progress(
            label: [words.of("measure-\(objective.measure)") ?? words.valueUnknown, objective.family].said(" · ") ?? "",
            achieved: objective.achieved.map(said) ?? words.withheldNoData,
            target: said(objective.target),
            share: share,
            days: words.appMonthUntil(date: formats.day(objective.to, today)))
    }
}
