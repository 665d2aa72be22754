import Cartera
import CarteraState
import SwiftUI

struct ClientScreen: View {
    @State private var model: ClientModel
    @State private var open: RecordId?
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session, _ client: ClientId) {
        _model = State(initialValue: ClientModel(session, client))
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                Section {
                    Quiet(state.subtitle)
                    ForEach(state.marks, id: \.self) { MarkView(mark: $0) }
                    reach(state.reach)
                    if let warning = state.warning { CardView(.warning) { Text(warning) } }
                    if let colleague = state.colleague { CardView(.notice) { Text(colleague) } }
                    ForEach(state.conflicts) { ConflictView(conflict: $0, model: model) }
                }
                if !state.figures.isEmpty {
                    Section(words.appClientFigures) { ForEach(state.figures, id: \.self) { Text($0) } }
                }
                if let account = state.account { self.account(account) }
                if !state.basket.isEmpty {
                    Section(words.wordUsualBasket) { ForEach(state.basket, id: \.self) { basket($0) } }
                }
                ForEach(state.profile) { section($0) }
                timeline(state)
            }
            .navigationTitle(state.name)
            .bottomActions {
                SecondaryButton(words.actionTakeOrder) { navigation.go(.order(model.client)) }
                PrimaryButton(words.actionLogVisit) { navigation.go(.visit(model.client, name: state.name)) }
            }
        }
        .task { await model.run() }
    }

    private func reach(_ reach: Reach) -> some View {
        HStack {
            if reach.phone != nil { SecondaryButton(words.appClientCall) { model.call() } }
            if reach.email != nil { SecondaryButton(words.appClientWrite) { model.write() } }
            if reach.point != nil { SecondaryButton(words.appClientNavigate) { model.navigate() } }
        }
    }

    private func account(_ account: AccountSection) -> some View {
        Section(words.appClientAccount) {
            if let blocked = account.blocked { CardView(.danger) { Text(blocked) } }
            if let credit = account.credit { Text(credit) }
            ForEach(account.due, id: \.self) { due in
                HStack {
                    VStack(alignment: .leading) {
                        Text(due.due)
                        Quiet(due.document)
                        if let mark = due.mark { MarkView(mark: mark) }
                    }
                    .frame(maxWidth: .infinity, alignment: .leading)
                    Text(due.amount).font(.headline)
                }
                .accessibilityElement(children: .combine)
            }
            if let asOf = account.asOf { Quiet(asOf) }
        }
    }

    private func basket(_ line: BasketLine) -> some View {
        VStack(alignment: .leading) {
            Text(line.article)
            Quiet(line.last)
            if line.stopped { MarkView(mark: Mark(text: words.appClientStopped, weight: .warning)) }
        }
    }

    private func section(_ card: ProfileCard) -> some View {
        Section(card.title) {
            ForEach(card.lines, id: \.self) { FactView(fact: $0) }
            HStack {
                MarkView(mark: Mark(text: card.confirmed, weight: card.stale ? .warning : .plain))
                    .frame(maxWidth: .infinity, alignment: .leading)
                QuietButton(words.appClientStillRight) { model.stillRight(card.section) }
            }
        }
    }

    private func timeline(_ state: ClientState) -> some View {
        Section(words.appClientTimeline) {
            if state.timeline.isEmpty { Quiet(words.appClientTimelineEmpty) }
            ForEach(state.timeline) { happened($0, state.name) }
            if state.moreTimeline { QuietButton(words.appMore) { model.more() } }
        }
    }

    @ViewBuilder
    private func happened(_ line: TimelineLine, _ name: String) -> some View {
        Button {
            open = open == line.record ? nil : line.record
        } label: {
            VStack(alignment: .leading, spacing: 2) {
                Label(line.title, systemImage: line.kind.symbol)
                if let detail = line.detail { Quiet(detail).lineLimit(open == line.record ? nil : 3) }
                Text(line.on).font(.footnote).foregroundStyle(.secondary)
                if let state = line.state { MarkView(mark: state) }
            }
            .frame(maxWidth: .infinity, alignment: .leading)
        }
        .buttonStyle(.plain)
        if open == line.record {
            HStack {
                if line.kind == .order { QuietButton(words.appOrderState) { navigation.go(.orderState(line.record)) } }
                if line.correctable, let corrected = model.corrected(line) {
                    QuietButton(words.appCorrect) {
                        navigation.go(.visit(model.client, name: name, corrected: corrected))
                    }
                }
                if line.version != nil { QuietButton(words.appTakeBack) { model.takeBack(line) } }
            }
        }
    }
}

private struct ConflictView: View {
    let conflict: ConflictCard
    let model: ClientModel
    @State private var third: String?
    @Environment(\.words) private var words

    var body: some View {
        CardView(.warning) {
            Text(conflict.title).font(.headline)
            ForEach(Array(conflict.values.enumerated()), id: \.offset) { index, value in
                HStack {
                    VStack(alignment: .leading) {
                        Text(value.value)
                        Quiet(value.from)
                    }
                    .frame(maxWidth: .infinity, alignment: .leading)
                    QuietButton(words.appClientConflictChoose) { model.choose(conflict.field, index) }
                }
            }
            if let third {
                TextField(conflict.title, text: Binding { third } set: { self.third = $0 })
                QuietButton(words.actionSave) { model.write(conflict.field, third) }
            } else {
                QuietButton(words.appClientConflictOther) { third = "" }
            }
        }
    }
}

extension TimelineKind {
    fileprivate var symbol: String {
        switch self {
        case .visit: "square.and.pencil"
        case .order: "cart"
        case .contact: "phone"
        case .note: "note.text"
        case .task: "checkmark.circle"
        case .other: "flag"
        }
    }
}
