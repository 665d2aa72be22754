import CarteraState
import SwiftUI

struct ClientsScreen: View {
    @State private var model: ClientsModel
    @Environment(Navigation.self) private var navigation
    @Environment(\.words) private var words

    init(_ session: Session) {
        _model = State(initialValue: ClientsModel(session))
    }

    var body: some View {
        LoadView(model.state) { state in
            List {
                Section {
                    FiltersView(filters: state.filters) { model.filter($0) }
                    SyncLineView(line: state.sync)
                }
                Section(words.appClientsCount(count: state.count)) {
                    ForEach(state.rows) { row($0) }
                    if state.rows.isEmpty { empty(state) }
                    // In sight, the next rows are on their way; who cannot scroll there touches it.
                    if state.more {
                        QuietButton(words.appMore) { model.more() }.onAppear { model.more() }
                    }
                }
            }
        }
        .searchable(text: search, placement: .navigationBarDrawer(displayMode: .always), prompt: words.appClientsSearch)
        .toolbar {
            SymbolButton(symbol: "plus", label: words.wordNewClient) { navigation.go(.newClient) }
        }
        .task { await model.run() }
    }

    private var search: Binding<String> {
        Binding { model.state.value?.search ?? "" } set: { model.search($0) }
    }

    private func row(_ row: ClientLine) -> some View {
        Button {
            navigation.go(.client(row.client))
        } label: {
            VStack(alignment: .leading, spacing: 2) {
                Text(row.name).font(.headline)
                Quiet([row.place, row.distance.map { words.appClientsDistance(distance: $0) }].compactMap { $0 }.joined(separator: " · "))
                Text(row.bought).font(.footnote).foregroundStyle(.secondary)
                ForEach(row.marks, id: \.self) { MarkView(mark: $0) }
            }
            .frame(maxWidth: .infinity, alignment: .leading)
        }
        .buttonStyle(.plain)
    }

    private func empty(_ state: ClientsState) -> some View {
        let nobody = state.search.isEmpty && state.count == 0
        return MessageView(
            nobody ? words.appClientsEmpty : words.appClientsNoneFound(text: state.search),
            nobody ? words.appClientsEmptyAdvice : words.appClientsNoneFoundAdvice
        ) {
            SecondaryButton(words.wordNewClient) { navigation.go(.newClient) }
        }
    }
}
