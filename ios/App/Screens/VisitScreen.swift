import Cartera
import CarteraState
import SwiftUI

/// Two taps at the least: how it went, and save.
struct VisitScreen: View {
    @State private var model: VisitModel
    private let client: ClientId
    private let isCorrection: Bool
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session, _ client: ClientId, name: String, planned: PlannedVisit?, corrected: CorrectedVisit?) {
        let model = VisitModel(session, client, name: name, planned: planned, corrected: corrected)
        _model = State(initialValue: model)
        self.client = client
        isCorrection = corrected != nil
    }

    var body: some View {
        let state = model.state
        Form {
            Quiet(state.client)
            if let problem = state.problem { ProblemView(problem: problem) }
            Section(words.appVisitOutcome) { ChoicesView(choices: state.outcomes) { model.outcome($0) } }
            if !state.reasons.isEmpty {
                Section(words.appVisitReason) { ChoicesView(choices: state.reasons) { model.reason($0) } }
            }
            Section {
                TextField(words.appVisitNotes, text: Binding { state.notes } set: { model.notes($0) }, axis: .vertical)
                    .lineLimit(3...12)
            } header: {
                Text(words.appVisitNotes)
            } footer: {
                Text(words.appVisitNotesReminder)
            }
            Section(words.appVisitNext) {
                ChoicesView(choices: state.nextSteps) { model.nextStep($0) }
                if let day = state.nextOn {
                    DayStepper(day: day) { model.moveNext($0) }
                    TextField(words.appVisitNextWhat, text: Binding { state.nextWhat } set: { model.nextWhat($0) })
                }
            }
            place(state.place)
        }
        .navigationTitle(state.title)
        .bottomActions {
            PrimaryButton(state.canSave ? words.actionSave : words.appVisitChoose) { model.save() }
                .disabled(!state.canSave)
        }
        .task { await model.run() }
        .onChange(of: model.saved) { _, saved in
            guard let saved else { return }
            // An order was taken: it is written down next.
            let ordered = !isCorrection && state.outcomes.contains { $0.chosen && $0.id == "order" }
            if ordered { navigation.replace(.order(client, visit: saved)) } else { navigation.back() }
        }
    }

    /// The place is asked for by this button alone, and only now.
    @ViewBuilder
    private func place(_ place: PlaceChoice) -> some View {
        switch place {
        case .offered: QuietButton(words.appVisitPlace) { model.addPlace() }
        case .added: MarkView(mark: Mark(text: words.appVisitPlaceAdded, weight: .good))
        case .denied: Quiet(words.appVisitPlaceDenied)
        }
    }
}
