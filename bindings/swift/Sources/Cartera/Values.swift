import CarteraFFI
import Foundation

extension Calendar {
    /// In which days are counted: they have no time and no zone.
    public static let civil: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        return calendar
    }()
}

extension BusinessDate: Comparable {
    /// For calendars and formatters.
    public var components: DateComponents {
        DateComponents(year: Int(year), month: Int(month), day: Int(day))
    }

    /// Missing where the components have no year, month and day.
    public init?(_ components: DateComponents) {
        guard let year = components.year.flatMap(Int16.init(exactly:)),
            let month = components.month.flatMap(UInt8.init(exactly:)),
            let day = components.day.flatMap(UInt8.init(exactly:))
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Its first moment in `Calendar.civil`.
    public var date: Date {
        Calendar.civil.date(from: components) ?? .distantPast
    }

    /// The day of a moment in `Calendar.civil`.
    public init(_ date: Date) {
        let of = Calendar.civil.dateComponents([.year, .month, .day], from: date)
        self = BusinessDate(of) ?? BusinessDate(year: 1, month: 1, day: 1)
    }

    /// So many days, weeks or months later; the last day of a month that is too short.
    public func adding(_ count: Int, _ unit: Calendar.Component) -> BusinessDate {
        Calendar.civil.date(byAdding: unit, value: count, to: date).map(BusinessDate.init) ?? self
    }

    public func days(until other: BusinessDate) -> Int {
        Calendar.civil.dateComponents([.day], from: date, to: other.date).day ?? 0
    }

    public static func < (one: BusinessDate, other: BusinessDate) -> Bool {
        (one.year, one.month, one.day) < (other.year, other.month, other.day)
    }
}

extension Timestamp {
    public var date: Date {
        Date(timeIntervalSince1970: Double(unixMs) / 1000)
    }
}

extension CarteraFFI.Decimal {
    /// Missing for a text that is no number.
    public var value: Foundation.Decimal? {
        Foundation.Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
    }

    public init(_ value: Foundation.Decimal) {
        self.init(text: NSDecimalNumber(decimal: value).description(withLocale: Locale(identifier: "en_US_POSIX")))
    }
}

extension Money {
    /// In whole units, such as 12.50; missing for a currency that nobody knows.
    public var value: Foundation.Decimal? {
        moneyText(money: self).flatMap { Foundation.Decimal(string: $0, locale: Locale(identifier: "en_US_POSIX")) }
    }
}

extension Edit {
    /// Puts a text at a field of a profile.
    public init(_ key: String, _ text: String) {
        self.init(key: key, value: .text(text: text))
    }
}

extension CarteraError {
    /// Stable; names the words.
    public var code: String {
        switch self {
        case .Invalid(let code, _, _), .NotFound(let code, _), .NotAllowed(let code, _), .Offline(let code, _),
            .Relay(let code, _), .Storage(let code, _, _), .Broken(let code, _, _):
            code
        }
    }

    /// What went wrong, and what to do about it, for a person.
    public func words(_ language: Language) -> ErrorWords {
        errorWords(code: code, language: language)
    }
}
