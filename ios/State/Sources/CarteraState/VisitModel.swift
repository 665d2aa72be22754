import Cartera
import Foundation
import Observation

public struct VisitState: Equatable, Sendable {
    public let client: String
    public let title: String
    public let outcomes: [Choice]
    public let reasons: [Choice]
    public let notes: String
    public let place: PlaceChoice
    public let nextSteps: [Choice]
    /// The day of the next step, where there is one.
    public let nextOn: String?
    public let nextWhat: String
    public let canSave: Bool
    public let problem: Failure?
}

public enum PlaceChoice: Equatable, Sendable {
    case offered, added, denied
}

/// A visit that was written down: this version of it.
public struct CorrectedVisit: Hashable, Sendable {
    public let version: RecordId
    public let said: Visit
}

/// A visit that was made, written down: how it went, and save. Everything else is offered, nothing asked for.
@MainActor
@Observable
public final class VisitModel: Model {
    private struct Written {
        var outcome: Outcome?
        var reason: NoOrderReason?
        var notes = ""
        var place: Point?
        var placeDenied = false
        var nextOn: BusinessDate?
        var nextWhat = ""
        var saving = false
        var problem: Failure?
    }

    private enum Next: String, CaseIterable {
        case none, tomorrow, week, month

        func on(_ today: BusinessDate) -> BusinessDate? {
            switch self {
            case .none: nil
            case .tomorrow: today.adding(1, .day)
            case .week: today.adding(7, .day)
            case .month: today.adding(1, .month)
            }
        }
    }

    private var written: Written
    private var today: BusinessDate?

    /// It is durable on this phone.
    public private(set) var saved: RecordId?

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let client: ClientId
    @ObservationIgnored private let name: String
    @ObservationIgnored private let planned: PlannedVisit?
    @ObservationIgnored private let corrected: CorrectedVisit?

    /// With `corrected` it is said anew, instead of a visit more.
    public init(
        _ session: Session, _ client: ClientId, name: String, planned: PlannedVisit? = nil, corrected: CorrectedVisit? = nil
    ) {
        (self.session, self.client, self.name) = (session, client, name)
        (self.planned, self.corrected) = (planned, corrected)
        let said = corrected?.said
        written = Written(
            outcome: said?.outcome, reason: said?.noOrder, notes: said?.notes ?? "", place: said?.place,
            placeDenied: session.device.whereabouts.permission == .denied,
            nextOn: said?.next?.on, nextWhat: said?.next?.what ?? "")
    }

    /// Days are counted from the one that work saved now would get.
    public func run() async {
        do {
            today = try await session.database.ask { try $0.businessDate() }
        } catch {
            written.problem = session.failure(error)
        }
    }

    private var words: Words { session.speech.words }

    public var state: VisitState {
        VisitState(
            client: name,
            title: corrected == nil ? words.appVisitTitle : words.appVisitCorrect,
            outcomes: Self.outcomes.map { choice($0, "outcome", chosen: $0 == written.outcome) },
            reasons: written.outcome == .noOrder
                ? Self.reasons.map { choice($0, "no_order", chosen: $0 == written.reason) } : [],
            notes: written.notes,
            place: written.place != nil ? .added : written.placeDenied ? .denied : .offered,
            nextSteps: today.map { today in
                Next.allCases.map { Choice(id: $0.rawValue, text: text($0), chosen: $0.on(today) == written.nextOn) }
            } ?? [],
            nextOn: today.flatMap { today in written.nextOn.map { session.speech.formats.day($0, today) } },
            nextWhat: written.nextWhat,
            canSave: written.outcome != nil && !written.saving,
            problem: written.problem)
    }

    private func choice<Code>(_ code: Code, _ kind: String, chosen: Bool) -> Choice {
        Choice(id: word(code), text: words.of("\(kind)-\(word(code))") ?? words.valueUnknown, chosen: chosen)
    }

    private func text(_ next: Next) -> String {
        switch next {
        case .none: words.appVisitNextNone
        case .tomorrow: words.appVisitNextTomorrow
        case .week: words.appVisitNextWeek
        case .month: words.appVisitNextMonth
        }
    }

    private func write(_ change: (inout Written) -> Void) {
        change(&written)
        written.problem = nil
    }

    public func outcome(_ id: String) {
        write {
            $0.outcome = Self.outcomes.first { word($0) == id }
            if $0.outcome != .noOrder { $0.reason = nil }
        }
    }

    /// Touched again, it is taken away.
    public func reason(_ id: String) {
        write { now in
            let reason = Self.reasons.first { word($0) == id }
            now.reason = reason == now.reason ? nil : reason
        }
    }

    public func notes(_ text: String) {
        write { $0.notes = text }
    }

    public func nextStep(_ id: String) {
        guard let today, let next = Next(rawValue: id) else { return }
        write {
            $0.nextOn = next.on(today)
            if $0.nextOn == nil { $0.nextWhat = "" }
        }
    }

    /// Another day than those offered; never before tomorrow.
    public func moveNext(_ days: Int) {
        guard let today, let on = written.nextOn else { return }
        written.nextOn = max(on.adding(days, .day), today.adding(1, .day))
    }

    public func nextWhat(_ text: String) {
        write { $0.nextWhat = text }
    }

    /// The device is asked where it is now, by this alone.
    public func addPlace() {
        session.act(withPerson: true) { [self] in
            let whereabouts = session.device.whereabouts
            if let fix = await whereabouts.here() {
                let accuracy = UInt32(min(max(fix.accuracyM.rounded(), 0), 100_000))
                written.place = Point(latitude: fix.latitude, longitude: fix.longitude, accuracyM: accuracy)
            } else if whereabouts.permission == .denied {
                written.placeDenied = true
            } else {
                session.tell(words.appVisitPlaceNone)
            }
        }
    }

    public func save() {
        guard let outcome = written.outcome, !written.saving else { return }
        write { $0.saving = true }
        // What this screen does not ask for stays as it was said.
        var visit = corrected?.said ?? Visit(outcome: outcome, plan: planned?.key, carriesOut: planned?.record)
        visit.outcome = outcome
        visit.noOrder = written.reason
        visit.notes = written.notes.trimmed
        visit.place = written.place
        visit.next = written.nextOn.map { NextStep(what: written.nextWhat.trimmed ?? words.kindVisit, on: $0) }
        session.act { [self, visit] in
            do {
                let saved = try await session.database.ask { [client, corrected] in
                    guard let corrected else { return try $0.visits.log(client: client, visit: visit) }
                    return try $0.visits.correct(client: client, record: corrected.version, visit: visit)
                }
                session.saved()
                let said = corrected == nil ? words.appVisitSaved : words.appVisitCorrected
                session.tell(said, action: words.appUndo) { [self] in
                    try await session.takeBack(client, .visit, saved.id, words.kindVisit, .mistake)
                }
                self.saved = saved.id
            } catch {
                // What was written stays on the screen.
                (written.saving, written.problem) = (false, session.failure(error))
            }
        }
    }

    private static let outcomes: [Outcome] = [.order, .noOrder, .buyerAway, .shut, .attended]
    private static let reasons = NoOrderReason.allCases.filter { $0 != .unknown && $0 != .buyerAway }
}

extension String {
    /// Without the blanks around it; nil where nothing is left.
    var trimmed: String? {
        let text = trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }
}
