import CarteraState
import SwiftUI

struct TodayScreen: View {
    @State private var model: TodayModel
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session) {
        _model = State(initialValue: TodayModel(session))
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                Section {
                    Quiet(state.date)
                    SyncLineView(line: state.sync)
                    ForEach(state.notices) { notice($0) }
                }
                if state.visits.isEmpty, state.attention.isEmpty {
                    MessageView(words.appTodayEmpty, words.appTodayEmptyAdvice)
                } else {
                    Section(words.appTodayVisits(count: state.visits.count)) {
                        ForEach(state.visits) { entry($0, planned: true) }
                    }
                    Section(words.appTodayAttention) {
                        ForEach(state.attention) { entry($0, planned: false) }
                    }
                }
            }
        }
        .task { await model.run() }
    }

    private func notice(_ notice: NoticeCard) -> some View {
        CardView(notice.mustRead ? .warning : .notice) {
            Text(notice.title).font(.headline)
            Text(notice.text)
            QuietButton(words.appNoticeRead) { model.markRead(notice.key) }
        }
    }

    private func entry(_ row: TodayRow, planned: Bool) -> some View {
        HStack {
            Button {
                navigation.go(.client(row.client))
            } label: {
                VStack(alignment: .leading, spacing: 2) {
                    Text(row.name).font(.headline)
                    Quiet(place(row))
                    // Of a planned visit the two most pressing; who only needs attention is here for one of them.
                    ForEach(row.reasons.prefix(planned ? 2 : 1), id: \.self) { why($0, withAdvice: !planned) }
                }
                .frame(maxWidth: .infinity, alignment: .leading)
            }
            .buttonStyle(.plain)
            if !planned {
                SymbolButton(symbol: "clock", label: words.appTodayPutOff(client: row.name)) { model.putOff(row.client) }
            }
            SymbolButton(symbol: "square.and.pencil", label: words.appTodayStartVisit(client: row.name)) {
                navigation.go(.visit(row.client, name: row.name, planned: model.planned(row.client)))
            }
        }
    }

    private func place(_ row: TodayRow) -> String {
        let parts = [row.time.map { words.appTodayAt(time: $0) }, row.place, row.byPhone ? words.appTodayCall : nil]
        return parts.compactMap { $0 }.joined(separator: " · ")
    }

    @ViewBuilder
    private func why(_ reason: TodayReason, withAdvice: Bool) -> some View {
        MarkView(mark: Mark(text: reason.text, weight: reason.weight))
        if withAdvice, let advice = reason.advice { Text(advice).font(.footnote).foregroundStyle(.secondary) }
        if let stake = reason.stake {
            Text(words.appTodayStake(money: stake)).font(.footnote).foregroundStyle(.secondary)
        }
    }
}
