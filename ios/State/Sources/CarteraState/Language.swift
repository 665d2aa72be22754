import Cartera

extension Language {
    /// By the primary part of a BCP 47 tag; Spanish for all others, as the company speaks it.
    public init(tag: String) {
        self = tag.prefix { $0 != "-" && $0 != "_" }.lowercased() == "en" ? .english : .spanish
    }

    public var tag: String {
        switch self {
        case .spanish: "es"
        case .english: "en"
        }
    }
}

/// How whole numbers are written, and which plural is taken for one.
public protocol Numbers: Sendable {
    func whole(_ number: Int) -> String

    /// A category of CLDR: `one`, `other`, …
    func plural(_ number: Int) -> String
}

extension Words {
    public init(_ language: Language, _ numbers: any Numbers) {
        self.language = language
        self.numbers = numbers
    }
}
