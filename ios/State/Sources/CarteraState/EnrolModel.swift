import Cartera
import Foundation
import Observation

public struct EnrolState: Equatable, Sendable {
    public var invitation = ""
    /// Whose relay the invitation names, and how it is known; nil while there is no invitation.
    public var from: String?
    public var pinned = false
    public var working = false
    public var problem: Failure?
    public var canScan = true

    public var canLink: Bool { from != nil && !working }
}

/// Linking this phone: a code is scanned or pasted, shown for what it is, and traded for an identity.
@MainActor
@Observable
public final class EnrolModel: Model {
    public private(set) var state = EnrolState()

    /// The phone is linked.
    public private(set) var linked = false

    @ObservationIgnored private let session: Session
    @ObservationIgnored private let deviceName: String

    public init(_ session: Session, deviceName: String) {
        self.session = session
        self.deviceName = deviceName
    }

    public func run() async {}

    /// What was scanned or pasted: said at once to be an invitation, or not.
    @discardableResult
    public func invitation(_ text: String) -> Task<Void, Never> {
        let typed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        state = EnrolState(invitation: text, canScan: state.canScan)
        return session.act { [self] in
            if typed.isEmpty { return }
            do {
                let read = try await session.database.ask { try $0.enrolment.inspect(invitation: typed) }
                if state.invitation == text { (state.from, state.pinned) = (read.address, read.pinned) }
            } catch {
                if state.invitation == text { state.problem = session.failure(error) }
            }
        }
    }

    /// The camera may not be used: the code can be pasted.
    public func cameraDenied() {
        state.canScan = false
    }

    /// Asking again with the same invitation is harmless.
    public func link() {
        guard state.canLink else { return }
        let invitation = state.invitation.trimmingCharacters(in: .whitespacesAndNewlines)
        (state.working, state.problem) = (true, nil)
        session.act { [self] in
            do {
                _ = try await session.database.ask { [deviceName] in
                    try $0.enrolment.enrol(invitation: invitation, deviceName: deviceName)
                }
                try await session.trySync()
                linked = true
            } catch {
                state.problem = session.failure(error)
            }
            state.working = false
        }
    }
}
