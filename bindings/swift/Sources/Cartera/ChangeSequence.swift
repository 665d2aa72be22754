import CarteraFFI
import Foundation

/// What may read differently: everything at first, then what changed since the last turn of the loop, gathered.
public struct ChangeSequence: AsyncSequence, Sendable {
    public typealias Element = Changes

    private let cartera: Cartera

    init(_ cartera: Cartera) {
        self.cartera = cartera
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(cartera)
    }

    /// Ends its listening when the loop ends or its task is cancelled.
    public final class Iterator: AsyncIteratorProtocol {
        private let gathered = Gathered()
        private var signals: AsyncStream<Void>.Iterator
        private let listening: Result<Listening, any Error>

        init(_ cartera: Cartera) {
            let (stream, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let gathered = gathered
            listening = Result {
                try cartera.listen(listener: Changed { changes in
                    gathered.add(changes)
                    signal.yield()
                })
            }
            signals = stream.makeAsyncIterator()
        }

        deinit {
            try? listening.get().end()
        }

        public func next() async throws -> Changes? {
            _ = try listening.get()
            while await signals.next() != nil {
                if let changes = gathered.take() { return changes }
            }
            return nil
        }
    }
}

private final class Changed: ChangeListener {
    private let tell: @Sendable (Changes) -> Void

    init(_ tell: @escaping @Sendable (Changes) -> Void) {
        self.tell = tell
    }

    func changed(changes: Changes) {
        tell(changes)
    }
}

/// Changes that wait for the loop. Bounded, since many clients are everything.
private final class Gathered: @unchecked Sendable {
    private static let namedMax = 100
    private let lock = NSLock()
    private var waiting: Changes?

    func add(_ changes: Changes) {
        lock.withLock {
            guard let known = waiting else {
                waiting = changes
                return
            }
            let clients = known.clients + changes.clients.filter { !known.clients.contains($0) }
            let everything = known.everything || changes.everything || clients.count > Self.namedMax
            waiting = Changes(everything: everything, own: known.own || changes.own, clients: everything ? [] : clients)
        }
    }

    func take() -> Changes? {
        lock.withLock {
            defer { waiting = nil }
            return waiting
        }
    }
}
