import CarteraState
import SwiftUI

/// A few milliseconds: nothing turns.
struct ReadingView: View {
    var body: some View {
        Color.clear.frame(maxWidth: .infinity, maxHeight: .infinity)
    }
}

/// What is said when there is nothing to show, or it could not be read: always with what to do.
struct MessageView<Actions: View>: View {
    private let title: String
    private let advice: String?
    private let actions: Actions

    init(_ title: String, _ advice: String?, @ViewBuilder _ actions: () -> Actions = { EmptyView() }) {
        self.title = title
        self.advice = advice
        self.actions = actions()
    }

    var body: some View {
        VStack(spacing: 12) {
            Text(title).font(.headline)
            if let advice { Text(advice).foregroundStyle(.secondary) }
            actions
        }
        .multilineTextAlignment(.center)
        .padding(32)
        .frame(maxWidth: .infinity)
    }
}

/// The same as a whole screen.
struct MessagePage<Actions: View>: View {
    private let message: MessageView<Actions>

    init(_ title: String, _ advice: String?, @ViewBuilder _ actions: () -> Actions = { EmptyView() }) {
        message = MessageView(title, advice, actions)
    }

    var body: some View {
        ScrollView { message }
    }
}

/// What was read, or why it could not be.
struct LoadView<Value, Content: View>: View {
    private let load: Load<Value>
    private let content: (Value) -> Content

    init(_ load: Load<Value>, @ViewBuilder _ content: @escaping (Value) -> Content) {
        self.load = load
        self.content = content
    }

    var body: some View {
        switch load {
        case .reading: ReadingView()
        case .failed(let failure): MessagePage(failure.text, failure.advice)
        case .ready(let value): content(value)
        }
    }
}

/// Where work stands; leads to all of it.
struct SyncLineView: View {
    let line: SyncLine
    @Environment(Navigation.self) private var navigation

    var body: some View {
        Button {
            navigation.go(.sync)
        } label: {
            Label(line.text, systemImage: line.weight.symbol).font(.footnote).foregroundStyle(line.weight.color)
        }
    }
}

/// The actions of a screen, where a thumb is.
extension View {
    func bottomActions(@ViewBuilder _ actions: () -> some View) -> some View {
        let bar = HStack(spacing: 10) { actions() }.padding().background(.bar)
        return safeAreaInset(edge: .bottom) { bar }
    }

    /// Shows what was done, for some seconds: long enough to be read and thought about, with gloves on.
    func telling(_ session: Session) -> some View {
        overlay(alignment: .bottom) { ToldView(session: session) }
    }
}

private struct ToldView: View {
    let session: Session

    var body: some View {
        if let told = session.told {
            HStack {
                Text(told.text).frame(maxWidth: .infinity, alignment: .leading)
                if let action = told.action { Button(action) { session.answer() } }
            }
            .padding()
            .background(.regularMaterial, in: .rect(cornerRadius: 14))
            .padding(.horizontal)
            .padding(.bottom, 70)
            .task(id: told) {
                AccessibilityNotification.Announcement(told.text).post()
                try? await Task.sleep(for: .seconds(8))
                if !Task.isCancelled { session.toldEnough() }
            }
        }
    }
}

/// One of several, in as many lines as it takes.
struct ChoicesView: View {
    let choices: [Choice]
    let onChoose: (String) -> Void

    var body: some View {
        Lines {
            ForEach(choices) { choice in
                ChipButton(text: choice.text, chosen: choice.chosen) { onChoose(choice.id) }
            }
        }
    }
}

struct FiltersView: View {
    let filters: [Filter]
    let onChoose: (String) -> Void

    var body: some View {
        ScrollView(.horizontal, showsIndicators: false) {
            HStack {
                ForEach(filters) { filter in
                    ChipButton(text: filter.text, chosen: filter.chosen) { onChoose(filter.key) }
                }
            }
        }
    }
}

private struct ChipButton: View {
    let text: String
    let chosen: Bool
    let act: @MainActor () -> Void

    var body: some View {
        Button(action: act) {
            HStack(spacing: 4) {
                if chosen { Image(systemName: "checkmark") }
                Text(text)
            }
            .padding(.horizontal, 14)
            .frame(minHeight: 44)
            .background(chosen ? Color.accentColor.opacity(0.2) : Color.secondary.opacity(0.12), in: .capsule)
        }
        .buttonStyle(.borderless)
        .accessibilityAddTraits(chosen ? .isSelected : [])
    }
}

/// Side by side as long as they fit, then below.
struct Lines: Layout {
    private let gap: CGFloat = 8

    func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout ()) -> CGSize {
        let places = places(subviews, width: proposal.width ?? .infinity)
        return CGSize(width: places.map(\.maxX).max() ?? 0, height: places.map(\.maxY).max() ?? 0)
    }

    func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout ()) {
        for (view, place) in zip(subviews, places(subviews, width: bounds.width)) {
            view.place(
                at: CGPoint(x: bounds.minX + place.minX, y: bounds.minY + place.minY), proposal: ProposedViewSize(place.size))
        }
    }

    private func places(_ subviews: Subviews, width: CGFloat) -> [CGRect] {
        var (x, y, height): (CGFloat, CGFloat, CGFloat) = (0, 0, 0)
        return subviews.map { view in
            var size = view.sizeThatFits(.unspecified)
            if size.width > width { size = view.sizeThatFits(ProposedViewSize(width: width, height: nil)) }
            if x > 0, x + size.width > width { (x, y, height) = (0, y + height + gap, 0) }
            defer { (x, height) = (x + size.width + gap, max(height, size.height)) }
            return CGRect(origin: CGPoint(x: x, y: y), size: size)
        }
    }
}

/// A day with its neighbours.
struct DayStepper: View {
    let day: String
    let onMove: (Int) -> Void
    @Environment(\.words) private var words

    var body: some View {
        HStack {
            SymbolButton(symbol: "minus", label: words.appOrderEarlier) { onMove(-1) }
            Text(day).frame(maxWidth: .infinity)
            SymbolButton(symbol: "plus", label: words.appOrderLater) { onMove(1) }
        }
    }
}
