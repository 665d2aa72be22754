import CarteraState
import SwiftUI

private struct WordsKey: EnvironmentKey {
    static let defaultValue = Words(.spanish, Formats(locale: .current, zone: .current))
}

extension EnvironmentValues {
    var words: Words {
        get { self[WordsKey.self] }
        set { self[WordsKey.self] = newValue }
    }
}

extension Weight {
    /// In its place stands always a symbol or a word too.
    var color: Color {
        switch self {
        case .plain, .notice: .secondary
        case .good: .green
        case .warning: .orange
        case .danger: .red
        }
    }

    var symbol: String {
        switch self {
        case .plain, .notice: "info.circle"
        case .good: "checkmark.circle"
        case .warning: "exclamationmark.triangle"
        case .danger: "exclamationmark.octagon"
        }
    }
}

/// What accompanies the text above it.
struct Quiet: View {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    var body: some View {
        Text(text).font(.subheadline).foregroundStyle(.secondary)
    }
}

/// What is not as usual: a symbol and a word.
struct MarkView: View {
    let mark: Mark

    var body: some View {
        Label(mark.text, systemImage: mark.weight.symbol)
            .font(.footnote)
            .foregroundStyle(mark.weight.color)
    }
}

/// A card that wants to be read.
struct CardView<Content: View>: View {
    private let weight: Weight
    private let content: Content

    init(_ weight: Weight, @ViewBuilder _ content: () -> Content) {
        self.weight = weight
        self.content = content()
    }

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: 12) {
            Image(systemName: weight.symbol).foregroundStyle(weight.color).accessibilityHidden(true)
            VStack(alignment: .leading, spacing: 4) { content }
        }
    }
}

/// What went wrong on this screen, and what to do.
struct ProblemView: View {
    let problem: Failure

    var body: some View {
        CardView(.danger) {
            Text(problem.text).font(.headline)
            if let advice = problem.advice { Text(advice) }
        }
    }
}

struct FactView: View {
    let fact: Labelled

    var body: some View {
        VStack(alignment: .leading) {
            Text(fact.label).font(.caption).foregroundStyle(.secondary)
            Text(fact.value)
        }
        .accessibilityElement(children: .combine)
    }
}

/// A label and its value at the other edge; below each other where both do not fit.
struct SumView: View {
    let sum: Labelled

    var body: some View {
        LabeledContent(sum.label, value: sum.value).accessibilityElement(children: .combine)
    }
}

/// The one thing that a screen is for.
struct PrimaryButton: View {
    private let text: String
    private let act: @MainActor () -> Void

    init(_ text: String, _ act: @escaping @MainActor () -> Void) {
        self.text = text
        self.act = act
    }

    var body: some View {
        Button(action: act) { Text(text).frame(maxWidth: .infinity, minHeight: 34) }
            .buttonStyle(.borderedProminent)
    }
}

struct SecondaryButton: View {
    private let text: String
    private let act: @MainActor () -> Void

    init(_ text: String, _ act: @escaping @MainActor () -> Void) {
        self.text = text
        self.act = act
    }

    var body: some View {
        Button(action: act) { Text(text).frame(maxWidth: .infinity, minHeight: 34) }
            .buttonStyle(.bordered)
    }
}

/// One of several in a row, each touched by itself.
struct QuietButton: View {
    private let text: String
    private let act: @MainActor () -> Void

    init(_ text: String, _ act: @escaping @MainActor () -> Void) {
        self.text = text
        self.act = act
    }

    var body: some View {
        Button(text, action: act).buttonStyle(.borderless).frame(minHeight: 44)
    }
}

/// A symbol to touch; `label` is what a screen reader says.
struct SymbolButton: View {
    let symbol: String
    let label: String
    let act: @MainActor () -> Void

    var body: some View {
        Button(action: act) { Image(systemName: symbol).frame(minWidth: 44, minHeight: 44) }
            .buttonStyle(.borderless)
            .accessibilityLabel(label)
    }
}
