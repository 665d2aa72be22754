import CarteraState
import SwiftUI

struct SettingsScreen: View {
    @State private var model: SettingsModel
    private let session: Session
    @Environment(\.words) private var words

    init(_ session: Session, _ preferences: any Preferences) {
        _model = State(initialValue: SettingsModel(session, preferences))
        self.session = session
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                SyncLineView(line: session.sync)
                Section(words.appSettingsLanguage) { ChoicesView(choices: state.languages) { model.language($0) } }
                Section(words.appSettingsTheme) { ChoicesView(choices: state.themes) { model.theme($0) } }
                Section(words.appSettingsLock) { ChoicesView(choices: state.locks) { model.lock($0) } }
                Section(words.appSettingsQuiet) { ChoicesView(choices: state.quiet) { model.quiet($0) } }
                Section(words.appSettingsHolds) { ForEach(state.holdings, id: \.self) { FactView(fact: $0) } }
                if !state.freshness.isEmpty {
                    Section(words.appSettingsFresh) { ForEach(state.freshness, id: \.self) { FactView(fact: $0) } }
                }
                Section {
                    QuietButton(words.appSettingsDiagnostics) { model.shareDiagnostics(version) }
                } footer: {
                    Text(words.appSettingsDiagnosticsAdvice)
                }
            }
        }
        .task { await model.run() }
    }

    private var version: String {
        Bundle.main.object(forInfoDictionaryKey: "CFBundleShortVersionString") as? String ?? ""
    }
}
