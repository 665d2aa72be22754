/// What a screen shows of something that is read from the phone.
public enum Load<Value> {
    /// Not read yet; a few milliseconds, so nothing turns.
    case reading
    case failed(Failure)
    case ready(Value)

    public var value: Value? {
        if case .ready(let value) = self { value } else { nil }
    }

    public func map<Other>(_ change: (Value) -> Other) -> Load<Other> {
        switch self {
        case .reading: .reading
        case .failed(let failure): .failed(failure)
        case .ready(let value): .ready(change(value))
        }
    }
}

extension Load: Equatable where Value: Equatable {}
extension Load: Sendable where Value: Sendable {}

/// What went wrong, and what to do.
public struct Failure: Equatable, Sendable {
    public let text: String
    public let advice: String?
}

/// How something is to be seen at a glance. Never by colour alone: each has a symbol or a word beside it.
public enum Weight: Equatable, Sendable {
    case plain, good, notice, warning, danger
}

/// A mark on a row, for what is not as usual.
public struct Mark: Hashable, Sendable {
    public let text: String
    public let weight: Weight

    public init(text: String, weight: Weight) {
        self.text = text
        self.weight = weight
    }
}

/// A value under what it is called.
public struct Labelled: Hashable, Sendable {
    public let label: String
    public let value: String

    public init(label: String, value: String) {
        self.label = label
        self.value = value
    }
}

/// One of several; `id` is the code that travels.
public struct Choice: Hashable, Identifiable, Sendable {
    public let id: String
    public let text: String
    public let chosen: Bool
}
