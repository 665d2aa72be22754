import CarteraState
import SwiftUI

/// Where the work is: on this phone alone, at the office, in the ERP; or not taken, and why.
struct SyncScreen: View {
    @State private var model: SyncModel
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session) {
        _model = State(initialValue: SyncModel(session))
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                Section {
                    CardView(state.weight) {
                        Text(state.headline).font(.headline)
                        if let why = state.why { Text(why) }
                        Quiet(state.lastContact)
                    }
                }
                Section {
                    SumView(sum: Labelled(label: words.appSyncOnPhone, value: "\(state.onPhone)"))
                    SumView(sum: Labelled(label: words.appSyncUnderWay, value: "\(state.underWay)"))
                    SumView(sum: Labelled(label: words.appSyncRefused, value: "\(state.refused)"))
                } footer: {
                    if state.onPhone > 0 { Text(words.appSyncOnPhoneAdvice) }
                }
                Section {
                    if state.items.isEmpty { MessageView(words.appSyncNone, words.appSyncNoneAdvice) }
                    ForEach(state.items) { item($0) }
                }
                if state.canSeal {
                    Section(words.appSyncSealedAdvice) { QuietButton(words.appSyncSealed) { model.seal() } }
                }
            }
            .bottomActions { PrimaryButton(words.actionSync) { model.syncNow() } }
        }
        .navigationTitle(words.appSyncTitle)
        .task { await model.run() }
    }

    @ViewBuilder
    private func item(_ item: SyncItem) -> some View {
        let row = VStack(alignment: .leading, spacing: 2) {
            Text(item.title).font(.headline)
            if let client = item.client { Quiet(client) }
            MarkView(mark: item.state)
            if let reason = item.reason { Text(reason) }
        }
        // Only what was not taken leads anywhere: to where it is mended.
        if item.state.weight == .danger {
            Button { navigation.go(.review) } label: { row }.buttonStyle(.plain)
        } else {
            row
        }
    }
}
