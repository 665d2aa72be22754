import Cartera
import Foundation

/// How a person is spoken to: in the words of their language, with numbers and days as they write them.
public struct Speech: Sendable {
    public let words: Words
    public let formats: Formats

    public init(_ language: Language, _ formats: Formats) {
        words = Words(language, formats)
        self.formats = formats
    }

    public var language: Language { words.language }

    func failure(_ error: CarteraError) -> Failure {
        if case .Invalid(_, _, let problems) = error, let problem = problems.first {
            return Failure(text: self.problem(problem), advice: words.of("problem-\(problem.code).advice"))
        }
        return failure(error.code)
    }

    func failure(_ code: String) -> Failure {
        let said = errorWords(code: code, language: language)
        return Failure(text: said.text, advice: said.advice)
    }

    /// Which field, and what is wrong with it.
    func problem(_ problem: Problem) -> String {
        let arguments = problem.limit.map { ["limit": formats.whole(Int($0))] } ?? [:]
        let text = CarteraFFI.words(id: "problem-\(problem.code)", language: language, args: arguments)
        guard let field = field(String(problem.field.prefix { $0 != "." })) else { return text }
        return "\(field): \(text.prefix(1).lowercased())\(text.dropFirst())"
    }

    /// The words of a profile's field; nil where this version has none.
    func field(_ key: String) -> String? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        return switch parts.count {
        case 1: words.of("client-\(key)")
        case 2: words.of("profile-\(parts[0])").map { "\($0) \(parts[1])" }
        default: words.of("\(parts[0])-\(parts[2])")
        }
    }

    func money(_ money: Money) -> String {
        formats.money(money.value ?? Foundation.Decimal(money.minor), money.currency)
    }

    func money(_ price: CarteraFFI.Decimal, _ currency: String) -> String {
        formats.money(price.value ?? 0, currency, mostDecimals: 4)
    }

    func quantity(_ quantity: CarteraFFI.Decimal) -> String {
        formats.quantity(quantity.value ?? 0)
    }
}

extension Problem {
    /// The field of a form that it is about: of an address its part, of any other value the whole of it.
    var entry: String {
        let path = field.hasPrefix("address.") ? field.dropFirst("address.".count) : field[...]
        return String(path.prefix { $0 != "." })
    }
}
