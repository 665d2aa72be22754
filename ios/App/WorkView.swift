import CarteraState
import SwiftUI

/// The places of a linked phone: main ones as tabs, what is opened from them on top.
struct WorkView: View {
    let session: Session
    let process: AppProcess
    @Environment(\.words) private var words

    var body: some View {
        TabView(selection: main) {
            tab(.today, words.appTabToday, "calendar") { TodayScreen(session) }
            tab(.clients, words.appTabClients, "person.2") { ClientsScreen(session) }
            tab(.review, words.appTabReview, "flag") { ReviewScreen(session) }.badge(session.review)
            tab(.month, words.appTabMonth, "chart.bar") { MonthScreen(session) }
            tab(.settings, words.appTabMore, "ellipsis") { SettingsScreen(session, process.preferences) }
        }
        .environment(process.navigation)
    }

    private var navigation: Navigation { process.navigation }

    private var main: Binding<Place> {
        Binding { navigation.main } set: { navigation.go($0) }
    }

    private func tab(_ place: Place, _ title: String, _ symbol: String, @ViewBuilder _ screen: () -> some View) -> some View {
        let path = Binding { navigation.main == place ? navigation.pushed : [] } set: { (pushed: [Place]) in
            if navigation.main == place { navigation.pushed = pushed }
        }
        return NavigationStack(path: path) {
            screen().navigationTitle(title).navigationDestination(for: Place.self, destination: pushed)
        }
        .tabItem { Label(title, systemImage: symbol) }
        .tag(place)
    }

    @ViewBuilder
    private func pushed(_ place: Place) -> some View {
        switch place {
        case .sync: SyncScreen(session)
        case .newClient: NewClientScreen(session)
        case .client(let client): ClientScreen(session, client)
        case .visit(let client, let name, let planned, let corrected):
            VisitScreen(session, client, name: name, planned: planned, corrected: corrected)
        case .order(let client, let visit): OrderScreen(session, client, visit: visit)
        case .orderState(let order): OrderStateScreen(session, order)
        case .today, .clients, .review, .month, .settings: EmptyView()
        }
    }
}
