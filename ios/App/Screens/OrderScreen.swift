import Cartera
import CarteraState
import SwiftUI

/// The catalogue, with a thumb's quantities beside it. Each change is saved as a draft.
struct OrderScreen: View {
    @State private var model: OrderModel
    @State private var reviewing = false
    @Environment(CodeScanner.self) private var scanner
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session, _ client: ClientId, visit: RecordId?) {
        _model = State(initialValue: OrderModel(session, client, visit: visit))
    }

    var body: some View {
        LoadView(model.state) { state in
            if reviewing, !state.ordered.isEmpty { review(state) } else { catalogue(state) }
        }
        .navigationTitle(reviewing ? words.appOrderReview : words.appOrderTitle)
        .task { await model.run() }
        .onChange(of: model.placed) { _, placed in
            if placed != nil { navigation.back() }
        }
    }

    private var search: Binding<String> {
        Binding { model.state.value?.search ?? "" } set: { model.search($0) }
    }

    private func catalogue(_ state: OrderState) -> some View {
        List {
            Section {
                Quiet(state.client)
                if let problem = state.problem { ProblemView(problem: problem) }
                HStack {
                    TextField(words.appOrderSearch, text: search)
                    SymbolButton(symbol: "barcode.viewfinder", label: words.appOrderScan) {
                        scanner.scan(onRead: { model.scanned($0) }, onDenied: {})
                    }
                }
                FiltersView(filters: state.families) { model.family($0) }
                if state.canRepeat { QuietButton(words.appOrderRepeat) { model.repeatLast() } }
            }
            Section {
                ForEach(state.lines) { ArticleView(line: $0, model: model) }
                if state.lines.isEmpty { MessageView(words.appOrderEmpty, words.appOrderEmptyAdvice) }
            }
        }
        .bottomActions {
            if state.summary.lines > 0 { total(state.summary, words.appOrderReview) { reviewing = true } }
        }
    }

    /// The whole order once more, before it is placed.
    private func review(_ state: OrderState) -> some View {
        List {
            Section {
                if let problem = state.problem { ProblemView(problem: problem) }
                if let unpriced = state.summary.unpriced { CardView(.warning) { Text(unpriced) } }
                HStack {
                    FactView(fact: Labelled(label: words.appOrderDeliverTo, value: state.summary.deliverTo))
                        .frame(maxWidth: .infinity, alignment: .leading)
                    QuietButton(words.appOrderOtherPlace) { model.nextPlace() }
                }
                Text(words.appOrderDeliverOn).font(.caption).foregroundStyle(.secondary)
                DayStepper(day: state.summary.deliverOn) { model.moveDelivery($0) }
            }
            Section { ForEach(state.ordered) { ArticleView(line: $0, model: model) } }
            Section {
                SumView(sum: Labelled(label: words.appOrderNet, value: state.summary.net))
                ForEach(state.summary.taxes, id: \.self) { SumView(sum: $0) }
                SumView(sum: Labelled(label: words.appOrderTotal, value: state.summary.total)).bold()
                QuietButton(words.appOrderShare) { model.share() }
            } footer: {
                Text(words.appOrderDraft)
            }
        }
        .toolbar { Button(words.appBack) { reviewing = false } }
        .bottomActions { total(state.summary, words.appOrderPlace) { model.place() } }
    }

    @ViewBuilder
    private func total(_ summary: OrderSummary, _ action: String, _ act: @escaping @MainActor () -> Void) -> some View {
        VStack(alignment: .leading) {
            Text(summary.total).font(.title2)
            Quiet(words.appOrderLines(count: summary.lines))
        }
        PrimaryButton(action, act)
    }
}

private struct ArticleView: View {
    let line: ArticleLine
    let model: OrderModel
    @Environment(\.words) private var words

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(line.name).font(.headline)
            Text("\(line.price) · \(line.unit)")
            if let origin = line.origin { Quiet(origin) }
            if let mark = line.mark { MarkView(mark: mark) }
            HStack {
                if let quantity = line.quantity {
                    SymbolButton(symbol: "minus.circle", label: words.appOrderTake(article: line.name)) { model.less(line.article) }
                    Text(quantity).monospacedDigit()
                        .accessibilityLabel(words.appOrderQuantity(article: line.name, quantity: quantity))
                }
                SymbolButton(symbol: "plus.circle", label: words.appOrderAdd(article: line.name)) { model.more(line.article) }
                if let units = line.perCase {
                    QuietButton("+ \(words.appOrderCase(units: units))") { model.addCase(line.article) }
                        .accessibilityLabel(words.appOrderCaseAdd(article: line.name, units: units))
                }
                Spacer()
                if let amount = line.amount { Text(amount).font(.headline) }
            }
        }
    }
}
