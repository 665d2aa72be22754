import Cartera
import CarteraState
import SwiftUI

/// What became of an order, line by line.
struct OrderStateScreen: View {
    @State private var model: OrderStateModel
    @Environment(\.words) private var words

    init(_ session: Session, _ order: RecordId) {
        _model = State(initialValue: OrderStateModel(session, order))
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                Section {
                    CardView(state.now.weight) { Text(state.now.text).font(.headline) }
                    ForEach(state.flags, id: \.self) { MarkView(mark: $0) }
                }
                Section(words.appOrderSteps) { ForEach(state.steps, id: \.self) { SumView(sum: $0) } }
                Section(words.appOrderLinesTitle) {
                    ForEach(state.lines, id: \.self) { line in
                        VStack(alignment: .leading) {
                            Text(line.name).font(.headline)
                            Quiet("\(line.quantity) · \(line.amount)")
                            ForEach(line.marks, id: \.self) { MarkView(mark: $0) }
                        }
                        .accessibilityElement(children: .combine)
                    }
                }
            }
        }
        .navigationTitle(words.appOrderState)
        .task { await model.run() }
    }
}
