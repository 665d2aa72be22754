import CarteraState
import CoreLocation

/// One fix when the person asks for it; nothing is followed.
@MainActor
final class SystemWhereabouts: NSObject, Whereabouts, CLLocationManagerDelegate {
    private let manager = CLLocationManager()
    private var asked: CheckedContinuation<Void, Never>?
    private var waiting: CheckedContinuation<Fix?, Never>?

    override init() {
        super.init()
        manager.delegate = self
        manager.desiredAccuracy = kCLLocationAccuracyNearestTenMeters
    }

    var permission: Permission {
        switch manager.authorizationStatus {
        case .authorizedAlways, .authorizedWhenInUse: .granted
        case .notDetermined: .askable
        default: .denied
        }
    }

    func here() async -> Fix? {
        if permission == .askable {
            await withCheckedContinuation { asked in
                self.asked = asked
                manager.requestWhenInUseAuthorization()
            }
        }
        guard permission == .granted, waiting == nil else { return nil }
        return await withCheckedContinuation { waiting in
            self.waiting = waiting
            manager.requestLocation()
        }
    }

    private func answer(_ fix: Fix?) {
        waiting?.resume(returning: fix)
        waiting = nil
    }

    nonisolated func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
        Task { @MainActor in
            guard permission != .askable else { return }
            asked?.resume()
            asked = nil
        }
    }

    nonisolated func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
        let fix = locations.last.map {
            Fix(latitude: $0.coordinate.latitude, longitude: $0.coordinate.longitude, accuracyM: $0.horizontalAccuracy)
        }
        Task { @MainActor in answer(fix) }
    }

    nonisolated func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error) {
        Task { @MainActor in answer(nil) }
    }
}
