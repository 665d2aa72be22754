import CarteraState
import SwiftUI

struct ReviewScreen: View {
    @State private var model: ReviewModel
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session) {
        _model = State(initialValue: ReviewModel(session))
    }

    var body: some View {
        LoadView(model.state) { state in
            if state.items.isEmpty, state.pairs.isEmpty {
                MessagePage(words.appReviewEmpty, words.appReviewEmptyAdvice)
            } else {
                List {
                    ForEach(state.items) { item($0) }
                    ForEach(state.pairs) { pair($0) }
                }
            }
        }
        .task { await model.run() }
    }

    private func item(_ item: ReviewItem) -> some View {
        CardView(item.reason == nil ? .warning : .danger) {
            Text(item.title).font(.headline)
            Quiet([item.clientName, item.since].compactMap { $0 }.joined(separator: " · "))
            if let reason = item.reason { Text(reason) }
            if let advice = item.advice { Quiet(advice) }
            Lines {
                ForEach(item.acts, id: \.self) { act in
                    QuietButton(text(act)) { self.act(item, act) }
                }
            }
        }
    }

    private func act(_ item: ReviewItem, _ act: ReviewAct) {
        switch act {
        case .open: if let client = item.client { navigation.go(.client(client)) }
        case .retry: model.retry(item.key)
        case .discard: model.discard(item.key)
        case .confirmDate: model.confirmDate(item.key)
        case .dismiss: model.dismiss(item.key)
        }
    }

    private func text(_ act: ReviewAct) -> String {
        switch act {
        case .open: words.appReviewOpen
        case .retry: words.actionTryAgain
        case .discard: words.actionDiscard
        case .confirmDate: words.appReviewConfirmDate
        case .dismiss: words.appReviewDismiss
        }
    }

    private func pair(_ pair: PairCard) -> some View {
        CardView(.notice) {
            Text(words.appReviewPair).font(.headline)
            Text("\(pair.oneName) · \(pair.otherName)")
            Quiet(pair.why)
            Lines {
                QuietButton(words.appReviewOpen) { navigation.go(.client(pair.one)) }
                QuietButton(words.actionMerge) { model.merge(pair.key) }
                QuietButton(words.appReviewNotSame) { model.notTheSame(pair.key) }
            }
        }
    }
}
