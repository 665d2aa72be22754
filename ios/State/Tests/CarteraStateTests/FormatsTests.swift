import Cartera
import Foundation
import Rehearsal
import XCTest

@testable import CarteraState

final class FormatsTests: XCTestCase {
    private let spanish = Phone.formats(.spanish)
    private let english = Phone.formats(.english)
    private let today = BusinessDate(year: 2026, month: 11, day: 25)

    private func plain(_ text: String) -> String {
        text.replacingOccurrences(of: "\u{a0}", with: " ").replacingOccurrences(of: "\u{202f}", with: " ")
    }

    private func number(_ text: String) -> Foundation.Decimal { Foundation.Decimal(string: text)! }

    func testAmountsAreWrittenAsTheLocaleDoesWithTheCurrencysOwnDecimals() {
        XCTAssertEqual(plain(spanish.money(number("1234.5"), "EUR")), "1234,50 €")
        XCTAssertEqual(plain(spanish.money(number("12345.5"), "EUR")), "12.345,50 €")
        XCTAssertEqual(plain(english.money(number("1234.5"), "EUR")), "€1,234.50")
        XCTAssertEqual(plain(spanish.money(number("1234"), "CLP")), "1234 CLP")
        XCTAssertEqual(plain(spanish.money(number("0.12341"), "EUR", mostDecimals: 4)), "0,1234 €")
        XCTAssertEqual(plain(spanish.money(number("12.5"), "???")), "12,5 ???")
        XCTAssertEqual(spanish.quantity(number("3.5")), "3,5")
        XCTAssertEqual(plain(spanish.percent(0.256)), "26 %")
    }

    func testADayHasItsWeekdayWhileItIsNearAndItsYearOnceItIsNot() {
        XCTAssertEqual(spanish.day(today, today), "mié, 25 nov")
        XCTAssertEqual(english.day(today, today), "Wed, 25 Nov")
        XCTAssertEqual(spanish.day(today.adding(-180, .day), today), "vie, 29 may")
        XCTAssertEqual(spanish.day(today.adding(-181, .day), today), "28 may 2026")
        XCTAssertEqual(spanish.day(BusinessDate(year: 2024, month: 2, day: 1), today), "1 feb 2024")
        XCTAssertEqual([Weekday.monday, .sunday].map(spanish.weekday), ["lun", "dom"])
    }

    func testAMomentOfTodayIsItsTimeAlone() {
        let moment = Timestamp(unixMs: 1795586700000)  // 2026-11-25 06:05 UTC
        XCTAssertEqual(spanish.moment(moment, today), "7:05")
        XCTAssertEqual(english.moment(moment, today), "7:05")
        XCTAssertEqual(spanish.moment(moment, today.adding(1, .day)), "mié, 25 nov, 7:05")
        XCTAssertEqual(spanish.time(570), "9:30")
        XCTAssertEqual(spanish.time(20 * 60), "20:00")
    }

    func testADistanceIsInMetresByTensThenInKilometres() {
        XCTAssertEqual(spanish.distance(523), "520 m")
        XCTAssertEqual(spanish.distance(994.9), "990 m")
        XCTAssertEqual(spanish.distance(995), "1 km")
        XCTAssertEqual(spanish.distance(1_240), "1,2 km")
    }
}
