import Cartera
import Foundation

/// Amounts, quantities and dates as people of a locale write them.
public struct Formats: Numbers {
    public let locale: Locale
    public let zone: TimeZone
    /// Days and times of day have no zone: they are those of the place where the work is done.
    private let nearDay: Date.FormatStyle
    private let farDay: Date.FormatStyle
    private let clock: Date.FormatStyle

    public init(locale: Locale, zone: TimeZone) {
        self.locale = locale
        self.zone = zone
        var style = Date.FormatStyle(locale: locale, calendar: .civil, timeZone: Calendar.civil.timeZone)
        nearDay = style.weekday(.abbreviated).day().month(.abbreviated)
        farDay = style.day().month(.abbreviated).year()
        var hours = Locale.Components(locale: locale)
        hours.hourCycle = .zeroToTwentyThree
        style.locale = Locale(components: hours)
        clock = style.hour(.defaultDigits(amPM: .omitted)).minute(.twoDigits)
    }

    public func whole(_ number: Int) -> String { number.formatted(.number.locale(locale)) }

    /// Foundation chooses plurals within its own resources only. Of whole numbers, both languages say one thing of one.
    public func plural(_ number: Int) -> String { number == 1 ? "one" : "other" }

    public func quantity(_ amount: Foundation.Decimal) -> String {
        amount.formatted(.number.locale(locale).precision(.fractionLength(0...Self.quantityDecimals)))
    }

    public func percent(_ ratio: Double) -> String {
        ratio.formatted(.percent.locale(locale).precision(.fractionLength(0)))
    }

    /// Whole currency units; unit prices keep up to four decimals. An unknown currency is shown by its code.
    public func money(_ amount: Foundation.Decimal, _ currency: String, mostDecimals: Int? = nil) -> String {
        guard let nothing = moneyText(money: Money(minor: 0, currency: currency)) else { return "\(quantity(amount)) \(currency)" }
        let decimals = nothing.split(separator: ".").dropFirst().first?.count ?? 0
        let style = Foundation.Decimal.FormatStyle.Currency(code: currency, locale: locale)
        return amount.formatted(style.precision(.fractionLength(decimals...max(decimals, mostDecimals ?? 0))))
    }

    /// With its weekday while it is near, with its year once it is not.
    public func day(_ day: BusinessDate, _ today: BusinessDate) -> String {
        abs(today.days(until: day)) <= Self.nearDays ? day.date.formatted(nearDay) : day.date.formatted(farDay)
    }

    public func time(_ minuteOfDay: Int) -> String {
        Date(timeIntervalSince1970: Double(minuteOfDay * 60)).formatted(clock)
    }

    /// The time alone where it was today.
    public func moment(_ moment: Timestamp, _ today: BusinessDate) -> String {
        let local = moment.date.addingTimeInterval(Double(zone.secondsFromGMT(for: moment.date)))
        let (day, time) = (BusinessDate(local), local.formatted(clock))
        return day == today ? time : "\(self.day(day, today)), \(time)"
    }

    /// The day that it is here, for what happened at some moment.
    public func today() -> BusinessDate {
        let now = Date()
        return BusinessDate(now.addingTimeInterval(Double(zone.secondsFromGMT(for: now))))
    }

    /// As the crow flies: metres by tens, and kilometres from one on.
    public func distance(_ metres: Double) -> String {
        if metres < Self.metresMost { return "\(whole(Int((metres / 10).rounded()) * 10)) m" }
        return "\((metres / 1000).formatted(.number.locale(locale).precision(.fractionLength(0...1)))) km"
    }

    /// Five decimals are a metre.
    func degrees(_ value: Double) -> String {
        value.formatted(.number.locale(locale).precision(.fractionLength(5)))
    }

    func weekday(_ weekday: Weekday) -> String {
        // The first of January of 1970 was a Thursday.
        let days = (weekday.number + 3) % 7
        let style = Date.FormatStyle(locale: locale, calendar: .civil, timeZone: Calendar.civil.timeZone)
        return Date(timeIntervalSince1970: Double(days * 86_400)).formatted(style.weekday(.abbreviated))
    }

    private static let metresMost = 995.0
    private static let quantityDecimals = 3
    private static let nearDays = 180
}
