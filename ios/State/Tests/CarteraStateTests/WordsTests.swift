import Cartera
import CarteraState
import Foundation
import Rehearsal
import XCTest

final class WordsTests: XCTestCase {
    private func speaking(_ language: Language) -> Words { Words(language, Phone.formats(language)) }

    /// Against what the engine's own Fluent library says of each message, with several numbers.
    func testEveryTextIsWhatTheEngineSaysInBothLanguagesAndWithEveryPlural() throws {
        let examples = try XCTUnwrap(ProcessInfo.processInfo.environment["CARTERA_WORDS_EXAMPLES"])
        let speakers = ["es": speaking(.spanish), "en": speaking(.english)]
        var counted = 0
        for line in try String(contentsOfFile: examples, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let (words, id) = (try XCTUnwrap(speakers[parts[0]]), parts[1])
            let arguments = parts[2].isEmpty ? [] : parts[2].split(separator: "|").map(String.init)
            let said = words.said(id, arguments)?.replacingOccurrences(of: "\n", with: "\\n")
            XCTAssertEqual(said, parts[3], "\(parts[0]) \(id)")
            if arguments.isEmpty { XCTAssertEqual(words.of(id), words.said(id, []), id) }
            if arguments.contains(where: { Int($0) != nil }) { counted += 1 }
        }
        XCTAssertGreaterThan(counted, 50)
    }

    func testAnIdWithoutWordsIsNothing() {
        XCTAssertNil(speaking(.spanish).of("outcome-nonesuch"))
    }

    func testAPhoneInAThirdLanguageSpeaksSpanish() {
        XCTAssertEqual(Language(tag: "en-GB"), .english)
        XCTAssertEqual(Language(tag: "ca-ES"), .spanish)
        XCTAssertEqual(Language(tag: ""), .spanish)
    }
}
