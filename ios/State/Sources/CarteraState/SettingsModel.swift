import Cartera
import Foundation
import Observation

public struct SettingsState: Equatable, Sendable {
    public let languages: [Choice]
    public let themes: [Choice]
    public let locks: [Choice]
    public let quiet: [Choice]
    public let holdings: [Labelled]
    public let freshness: [Labelled]
}

/// Settings and help: how the app looks and locks, and what this phone holds.
@MainActor
@Observable
public final class SettingsModel: Model {
    struct Held: Equatable, Sendable {
        let holdings: Holdings
        let freshness: [Freshness]
        let quiet: QuietHours?
    }

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let preferences: any Preferences
    @ObservationIgnored private let held: Watched<Everything, Held>

    public init(_ session: Session, _ preferences: any Preferences) {
        (self.session, self.preferences) = (session, preferences)
        held = Watched(session) { nouns in
            Held(
                holdings: try nouns.settings.holdings(), freshness: try nouns.settings.freshness(),
                quiet: try nouns.settings.quietHours())
        }
    }

    public func run() async {
        await held.run()
    }

    private var words: Words { session.speech.words }
    private var formats: Formats { session.speech.formats }

    public var state: Load<SettingsState> {
        held.load.map { held in
            SettingsState(
                languages: [
                    Choice(id: "", text: words.appSettingsSystem, chosen: preferences.language == nil),
                    Choice(id: "es", text: "Español", chosen: preferences.language == "es"),
                    Choice(id: "en", text: "English", chosen: preferences.language == "en"),
                ],
                themes: Theme.allCases.map {
                    let text = words.of("app-settings-theme_\($0.rawValue)") ?? $0.rawValue
                    return Choice(id: $0.rawValue, text: text, chosen: $0 == preferences.theme)
                },
                locks: Self.locks.map {
                    let text = $0 == 0 ? words.appSettingsLockAlways : words.appSettingsLockAfter(minutes: $0)
                    return Choice(id: "\($0)", text: text, chosen: $0 == preferences.lockAfterMinutes)
                },
                quiet: Self.quiet.map { choice($0, held.quiet) },
                holdings: [
                    Labelled(label: words.appTabClients, value: formats.whole(Int(held.holdings.clients))),
                    Labelled(label: words.appSettingsRecords, value: formats.whole(Int(held.holdings.records))),
                    Labelled(label: words.officeFeed, value: formats.whole(Int(held.holdings.office))),
                    Labelled(label: words.appSettingsStorage, value: megabytes(held.holdings.databaseBytes)),
                ],
                freshness: held.freshness.map {
                    let label = words.of("office-\($0.what)") ?? words.appTabClients
                    return Labelled(label: label, value: formats.moment($0.at, formats.today()))
                })
        }
    }

    private func choice(_ hours: Hours, _ chosen: QuietHours?) -> Choice {
        let never = hours.from == hours.to
        let text =
            never
            ? words.appSettingsQuietNever
            : words.appSettingsQuietHours(from: formats.time(hours.from), to: formats.time(hours.to))
        let isChosen = chosen.map { Int($0.from) == hours.from && Int($0.to) == hours.to } ?? never
        return Choice(id: "\(hours.from)", text: text, chosen: isChosen)
    }

    private func megabytes(_ bytes: UInt64) -> String {
        let tenths = (Foundation.Decimal(bytes) / 100_000).rounded
        return "\(formats.quantity(tenths / 10)) MB"
    }

    public func language(_ id: String) {
        preferences.language = id.isEmpty ? nil : id
    }

    public func theme(_ id: String) {
        if let theme = Theme(rawValue: id) { preferences.theme = theme }
    }

    public func lock(_ id: String) {
        if let minutes = Int(id) { preferences.lockAfterMinutes = minutes }
    }

    /// When nobody is told of anything.
    public func quiet(_ id: String) {
        guard let hours = Self.quiet.first(where: { "\($0.from)" == id }) else { return }
        let chosen =
            hours.from == hours.to ? nil : QuietHours(from: UInt32(hours.from), to: UInt32(hours.to), weekdays: [])
        session.act { [session] in
            try await session.database.ask { try $0.settings.setQuietHours(hours: chosen) }
        }
    }

    /// For whoever helps: counts and times, nobody's name.
    @discardableResult
    public func shareDiagnostics(_ version: String) -> Task<Void, Never> {
        session.act(withPerson: true) { [self] in
            let told = try await session.database.ask { try $0.settings.diagnostics() }
            let text = (["Cartera \(version)"] + told.map { "\($0.name) \($0.value)" }).joined(separator: "\n")
            if await !session.device.handOver.share(text) { session.tell(words.appClientNoApp) }
        }
    }

    /// Minutes after midnight.
    private struct Hours {
        let from: Int
        let to: Int
    }

    private static let locks = [0, 5, 30]
    /// The first is never.
    private static let quiet = [Hours(from: 0, to: 0), Hours(from: 20 * 60, to: 8 * 60), Hours(from: 18 * 60, to: 9 * 60)]
}

extension Foundation.Decimal {
    /// To a whole number.
    fileprivate var rounded: Foundation.Decimal {
        var (value, rounded) = (self, Foundation.Decimal())
        NSDecimalRound(&rounded, &value, 0, .plain)
        return rounded
    }
}
