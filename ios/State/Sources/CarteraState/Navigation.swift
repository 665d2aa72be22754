import Cartera
import Observation

/// Where in the app somebody can be.
public enum Place: Hashable, Sendable {
    case today, clients, review, month, settings
    case sync
    case newClient
    case client(ClientId)
    case visit(ClientId, name: String, planned: PlannedVisit? = nil, corrected: CorrectedVisit? = nil)
    case order(ClientId, visit: RecordId? = nil)
    /// What became of an order.
    case orderState(RecordId)

    /// One of the main places.
    public var isMain: Bool {
        switch self {
        case .today, .clients, .review, .month, .settings: true
        default: false
        }
    }
}

/// The way from the start to where somebody is; the last is shown.
@MainActor
@Observable
public final class Navigation {
    public private(set) var places: [Place] = [.today]

    public init() {}

    /// A main place has nothing behind it but the day; where somebody is already, nothing happens.
    public func go(_ place: Place) {
        if place == places.last { return }
        if place.isMain {
            places = place == .today ? [.today] : [.today, place]
        } else {
            places.append(place)
        }
    }

    /// Instead of where somebody is: what was done there is not come back to.
    public func replace(_ place: Place) {
        places[places.count - 1] = place
    }

    /// False where there is nothing to go back to.
    @discardableResult
    public func back() -> Bool {
        if places.count == 1 { return false }
        places.removeLast()
        return true
    }

    /// The main place where somebody is.
    public var main: Place { places.last(where: \.isMain) ?? .today }

    /// What lies on top of the main place; the system's own way back shortens it.
    public var pushed: [Place] {
        get { places.suffix(from: (places.lastIndex(where: \.isMain) ?? -1) + 1).map { $0 } }
        set { places = places.prefix((places.lastIndex(where: \.isMain) ?? -1) + 1) + newValue }
    }
}
