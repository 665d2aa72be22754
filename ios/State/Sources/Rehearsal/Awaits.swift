import CarteraState
import Observation

public struct Stayed: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// Waits until something observed is so, as somebody who looks does.
@MainActor
public func awaits<T>(_ what: @autoclosure () -> T, _ so: (T) throws -> Bool) async throws -> T {
    let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let patience = Task {
        try await Task.sleep(for: .seconds(60))
        bell.finish()
    }
    defer { patience.cancel() }
    bell.yield()
    var last: T?
    for await _ in rings {
        let value = withObservationTracking(what) { bell.yield() }
        if try so(value) { return value }
        last = value
    }
    throw Stayed("it stayed: \(String(describing: last))")
}

/// Waits until what is read is so; what cannot be read fails.
@MainActor
public func ready<T>(_ what: @autoclosure () -> Load<T>, _ so: (T) -> Bool = { _ in true }) async throws -> T {
    let load = try await awaits(what()) {
        switch $0 {
        case .reading: false
        case .failed: true
        case .ready(let value): so(value)
        }
    }
    guard let value = load.value else { throw Stayed("it failed: \(load)") }
    return value
}
