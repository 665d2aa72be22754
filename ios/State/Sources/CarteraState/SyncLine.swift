import Cartera

/// The line about syncing that stands on every main screen.
public struct SyncLine: Equatable, Sendable {
    public let text: String
    public let weight: Weight
    public let unsent: Int
}

/// No network is nobody's fault and changes nothing; a relay that does not answer is another thing, and is said so.
func syncLine(_ state: SyncState, connected: Bool, _ speech: Speech) -> SyncLine {
    let words = speech.words
    let unsent = Int(state.unsent)
    func line(_ text: String, _ weight: Weight) -> SyncLine { SyncLine(text: text, weight: weight, unsent: unsent) }
    return switch state.activity {
    case .stopped(let code): line(speech.failure(code).text, .danger)
    case _ where !connected: line(words.syncNoNetwork, .plain)
    case .waiting(let code, _): line(whyWaiting(code, speech), .warning)
    case _ where state.fetching: line(words.appSyncFetching, .notice)
    case .syncing: line(words.syncRunning, .notice)
    case _ where unsent > 0: line(words.syncWaiting(count: unsent), .notice)
    case _ where state.lastContact == nil: line(words.syncNever, .plain)
    case .off:
        line(words.syncLast(when: speech.formats.moment(state.lastContact!, speech.formats.today())), .plain)
    case .upToDate: line(words.syncUpToDate, .good)
    }
}

func whyWaiting(_ code: String, _ speech: Speech) -> String {
    switch code {
    case "relay_unreachable", "relay_timed_out", "connection_broken", "unavailable": speech.words.syncNoAnswer
    default: speech.failure(code).text
    }
}
