import XCTest

/// What only the system can say: the app starts, opens its encrypted database, and asks to be linked.
final class LaunchTests: XCTestCase {
    @MainActor
    func testANewPhoneIsAskedToBeLinkedAndSaysWhatIsNoInvitation() {
        let app = XCUIApplication()
        app.launchArguments = ["-language", "es"]
        app.launch()
        let title = app.navigationBars["Vincular este móvil"]
        XCTAssertTrue(title.waitForExistence(timeout: 30))
        let field = app.textViews.firstMatch.exists ? app.textViews.firstMatch : app.textFields.firstMatch
        field.tap()
        field.typeText("https://example.org/")
        XCTAssertTrue(app.staticTexts["Esto no es un código para vincular un móvil"].waitForExistence(timeout: 10))
        XCTAssertFalse(app.buttons["Vincular"].isEnabled)
    }
}
