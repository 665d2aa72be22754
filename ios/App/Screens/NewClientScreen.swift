import CarteraState
import SwiftUI

struct NewClientScreen: View {
    @State private var model: NewClientModel
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session) {
        _model = State(initialValue: NewClientModel(session))
    }

    var body: some View {
        LoadView(model.state) { state in
            Form {
                if let problem = state.problem { ProblemView(problem: problem) }
                ForEach(state.fields) { field in
                    VStack(alignment: .leading) {
                        Text(field.label).font(.caption).foregroundStyle(.secondary)
                        TextField(field.label, text: Binding { field.text } set: { model.type(field.key, $0) })
                        if let problem = field.problem { MarkView(mark: Mark(text: problem, weight: .danger)) }
                    }
                    // Right below the name, where the eyes are.
                    if field.key == state.fields.first?.key, !state.likely.isEmpty { likely(state.likely) }
                }
            }
            .bottomActions {
                PrimaryButton(state.canSave ? words.actionSave : words.appNewClientNameNeeded) { model.save() }
                    .disabled(!state.canSave)
            }
        }
        .navigationTitle(words.wordNewClient)
        .task { await model.run() }
        .onChange(of: model.created) { _, created in
            if let created { navigation.replace(.client(created)) }
        }
    }

    private func likely(_ likely: [LikelyLine]) -> some View {
        CardView(.warning) {
            Text(words.appNewClientLikely).font(.headline)
            ForEach(likely) { line in
                Text(line.name)
                Quiet(line.why)
                QuietButton(words.appReviewOpen) { navigation.go(.client(line.client)) }
            }
        }
    }
}
