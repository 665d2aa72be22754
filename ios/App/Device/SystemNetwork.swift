import CarteraState
import Network
import Observation

@MainActor
@Observable
final class SystemNetwork: CarteraState.Network {
    private(set) var connected = true
    @ObservationIgnored private let monitor = NWPathMonitor()

    init() {
        monitor.pathUpdateHandler = { path in
            let connected = path.status == .satisfied
            Task { @MainActor [weak self] in self?.connected = connected }
        }
        monitor.start(queue: .global(qos: .utility))
    }
}
