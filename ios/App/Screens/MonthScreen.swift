import CarteraState
import SwiftUI

struct MonthScreen: View {
    @State private var model: MonthModel
    @Environment(\.words) private var words

    init(_ session: Session) {
        _model = State(initialValue: MonthModel(session))
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                ForEach(state.revenue, id: \.self) { revenue in
                    VStack(alignment: .leading) {
                        Quiet(revenue.label)
                        Text(revenue.now).font(.title)
                        Quiet(words.appMonthLastYear(money: revenue.before))
                    }
                    .accessibilityElement(children: .combine)
                }
                Section(words.appMonthObjectives) {
                    if state.objectives.isEmpty { Quiet(words.appMonthObjectivesNone) }
                    ForEach(state.objectives, id: \.self) { objective($0) }
                }
                Section(words.appMonthWork) { ForEach(state.work, id: \.self) { SumView(sum: $0) } }
            }
        }
        .task { await model.run() }
    }

    /// A bar beside the words that say the same.
    private func objective(_ of: CarteraState.Progress) -> some View {
        VStack(alignment: .leading) {
            Text(of.label).font(.headline)
            Text(words.appMonthOf(part: of.achieved, whole: of.target))
            if let share = of.share { ProgressView(value: share).accessibilityHidden(true) }
            Quiet(of.days)
        }
        .accessibilityElement(children: .combine)
    }
}
