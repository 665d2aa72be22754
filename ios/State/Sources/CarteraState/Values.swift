import Cartera
import Foundation

// What the engine's values look like to a person.

/// The word that a code of the engine has in the strings: `noOrder` is `no_order`.
func word<Code>(_ code: Code) -> String {
    "\(code)".reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
}

extension Collection where Element == String? {
    /// What is there of it, in one line.
    func said(_ separator: String) -> String? {
        let parts = compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: separator)
    }
}

extension Weekday {
    /// 1 Monday to 7 Sunday.
    var number: Int { 1 + (Self.allCases.firstIndex(of: self) ?? 0) }
}

extension Speech {
    func say(_ value: FieldValue, _ today: BusinessDate) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): formats.whole(Int(number))
        case .bool(let yes): yes ? words.wordYes : words.wordNo
        case .date(let date): formats.day(date, today)
        case .address(let address): said(address)
        case .point(let point): "\(formats.degrees(point.latitude)), \(formats.degrees(point.longitude))"
        case .taxId(_, let number): number
        case .phone(let raw, _): raw
        case .hours(let spans): spans.map(said).joined(separator: "; ")
        case .shutDays(let weekdays, let spans):
            (weekdays.map(formats.weekday) + spans.map { span($0, today) }).joined(separator: "; ")
        }
    }

    private func said(_ span: OpenSpan) -> String {
        let minutesADay: UInt32 = 24 * 60
        return "\(formats.weekday(span.weekday)) \(formats.time(Int(span.from)))–\(formats.time(Int(span.to % minutesADay)))"
    }

    private func span(_ span: ShutSpan, _ today: BusinessDate) -> String {
        (span.from == span.to ? [span.from] : [span.from, span.to]).map { formats.day($0, today) }.joined(separator: " – ")
    }

    private func said(_ address: Address) -> String {
        [address.street, address.detail, [address.postcode, address.city].said(" "), address.region].said(", ") ?? ""
    }

    /// What a record is, in a few words.
    func title(_ kind: String, _ body: RecordBody) -> String {
        let name = words.of("kind-\(kind)") ?? words.kindUnknown
        if case .purchase(let purchase, _, _, let total) = body {
            return "\(words.of("purchase-\(word(purchase.sort))") ?? name) · \(money(total))"
        }
        let more: String? =
            switch body {
            case .visit(let visit): words.of("outcome-\(word(visit.outcome))")
            case .plannedVisit(let state, _, _, _): words.of("visit-\(word(state))")
            case .contact(let contact): words.of("channel-\(word(contact.channel))")
            case .task(_, let state, _, _): words.of("task-\(word(state))")
            case .taskSettled(_, let state, _): words.of("task-\(word(state))")
            case .closed(let reason, _, _): words.of("loss-\(word(reason))")
            case .agreement(let agreement): agreement.title
            case .survey(let answer): words.of("survey-\(word(answer.survey))")
            case .consent(let consent): words.of("consent-\(word(consent.decision))")
            case .notNow(let subject, _, _, _): words.of("not_now-\(word(subject))")
            case .modeChosen(let mode, _): mode.flatMap { words.of("mode-\(word($0))") }
            case .changeRequest(let field, _, let decision, _):
                [self.field(field), decision.flatMap { words.of("request-\(word($0))") }].said(", ")
            default: nil
            }
        return [name, more].said(" · ") ?? name
    }

    /// What it says beside.
    func detail(_ body: RecordBody, _ today: BusinessDate) -> String? {
        func on(_ day: BusinessDate?) -> String? { day.map { formats.day($0, today) } }
        return switch body {
        case .visit(let visit):
            [
                visit.noOrder.flatMap { words.of("no_order-\(word($0))") },
                visit.notes,
                visit.next.map { "\(words.wordNextStep): \([$0.what, on($0.on)].said(", ") ?? "")" },
            ].said(". ")
        case .plannedVisit(_, let dueOn, _, _): on(dueOn)
        case .purchase(let purchase, _, _, _): words.appOrderLines(count: purchase.lines.count)
        case .contact(let contact): contact.notes
        case .note(let text, _): text
        case .task(let what, _, let dueOn, _): [what, on(dueOn)].said(", ")
        case .taskSettled(_, _, let note): note
        case .closed(_, let note, _): note
        case .dataConfirmed(let fields): fields.map(field).said(", ")
        case .agreement(let agreement): on(agreement.until)
        case .survey(let answer): [answer.answers.map { "\($0.score)" as String? }.said(", "), answer.comment].said(". ")
        case .consent(let consent): consent.channel.flatMap { words.of("channel-\(word($0))") }
        case .notNow(_, _, let until, _): on(until)
        case .modeChosen(_, let reason): reason
        case .mergeProposed(_, _, let likeness): likeness.map { words.of("likeness-\(word($0))") }.said(", ")
        case .changeRequest(_, let reason, _, let answer): answer ?? reason
        case .other: nil
        }
    }
}
