// What the screens use of SwiftUI, in its own names and shapes, and empty. With it a compiler on Linux holds the screens
// against the view models and the words: what they call is there, and takes what it is given. Of SwiftUI itself it proves
// nothing; nobody links it.
@_exported import Foundation
@_exported import Observation

@MainActor
public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View {
    public var body: Never { fatalError() }
}

public protocol Primitive: View where Body == Never {}

extension Primitive {
    public var body: Never { fatalError() }
}

public struct EmptyView: Primitive {
    public nonisolated init() {}
}

extension Optional: View where Wrapped: View {
    public var body: Never { fatalError() }
}

public struct Pair<each Content: View>: Primitive {}

public enum Either<A: View, B: View>: Primitive { case never }

@resultBuilder
public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
    public static func buildBlock<each Content: View>(_ content: repeat each Content) -> Pair<repeat each Content> { Pair() }
    public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }
    public static func buildEither<A: View, B: View>(first: A) -> Either<A, B> { fatalError() }
    public static func buildEither<A: View, B: View>(second: B) -> Either<A, B> { fatalError() }
}

// Values.

public struct Font: Sendable {
    public static let headline = Font(), footnote = Font(), subheadline = Font(), caption = Font()
    public static let title = Font(), title2 = Font()
}

public protocol ShapeStyle {}
public protocol Shape {}

public struct Color: Primitive, ShapeStyle, Sendable {
    public nonisolated static let clear = Color(), accentColor = Color(), secondary = Color(), green = Color(), orange = Color()
    public nonisolated init() {}
    public nonisolated static let red = Color()
    public func opacity(_ opacity: Double) -> Color { self }
}

extension ShapeStyle where Self == Color {
    public static var secondary: Color { Color() }
}

public struct Material: ShapeStyle {}

extension ShapeStyle where Self == Material {
    public static var thinMaterial: Material { Material() }
    public static var regularMaterial: Material { Material() }
    public static var bar: Material { Material() }
    public static var background: Material { Material() }
}

public struct AnyStandInShape: Shape {}

extension Shape where Self == AnyStandInShape {
    public static var capsule: AnyStandInShape { AnyStandInShape() }
    public static func rect(cornerRadius: CGFloat) -> AnyStandInShape { AnyStandInShape() }
}

public struct Alignment: Sendable { public static let bottom = Alignment(), leading = Alignment() }
public struct HorizontalAlignment: Sendable { public static let leading = HorizontalAlignment(), center = HorizontalAlignment() }
public struct VerticalAlignment: Sendable { public static let firstTextBaseline = VerticalAlignment(), center = VerticalAlignment() }
public enum VerticalEdge { case top, bottom }
public enum Axis { case horizontal, vertical
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let horizontal = Set(rawValue: 1), vertical = Set(rawValue: 2)
    }
}
public struct EdgeSet: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let horizontal = EdgeSet(rawValue: 1), bottom = EdgeSet(rawValue: 2)
}
public enum TextAlignment { case center, leading }
public enum ColorScheme { case light, dark }
public enum AccessibilityChildBehavior { case combine }
public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let isSelected = AccessibilityTraits(rawValue: 1)
}
public struct TextInputAutocapitalization { public static var never: Self { Self() } }
public enum NavigationBarDrawerDisplayMode { case always, automatic }
public struct SearchFieldPlacement {
    public static func navigationBarDrawer(displayMode: NavigationBarDrawerDisplayMode) -> Self { Self() }
}

public enum AccessibilityNotification {
    public struct Announcement {
        public init(_ text: String) {}
        public func post() {}
    }
}

// State.

@propertyWrapper
public struct State<Value> {
    public init(wrappedValue: Value) {}
    public init(initialValue: Value) {}
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set {}
    }
}

extension State where Value: ExpressibleByNilLiteral {
    public init() {}
}

@propertyWrapper
public struct Binding<Value> {
    public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {}
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set {}
    }
}

public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}

public struct EnvironmentValues {
    public subscript<Key: EnvironmentKey>(key: Key.Type) -> Key.Value {
        get { fatalError() }
        set {}
    }
}

@propertyWrapper
public struct Environment<Value> {
    public init(_ path: KeyPath<EnvironmentValues, Value>) {}
    public init(_ type: Value.Type) where Value: AnyObject & Observable {}
    public var wrappedValue: Value { fatalError() }
}

// Views.

public struct Text: Primitive {
    public init(_ text: String) {}
}

public struct Image: Primitive {
    public init(systemName: String) {}
}

public struct Label: Primitive {
    public init(_ title: String, systemImage: String) {}
}

public struct Spacer: Primitive {
    public init() {}
}

public struct VStack<Content: View>: Primitive {
    public init(alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {}
}

public struct HStack<Content: View>: Primitive {
    public init(alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {}
}

public struct Group<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) {}
}

public struct ScrollView<Content: View>: Primitive {
    public init(_ axes: Axis.Set = .vertical, showsIndicators: Bool = true, @ViewBuilder content: () -> Content) {}
}

public struct List<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) {}
}

public struct Form<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) {}
}

public struct Section<Header: View, Content: View, Footer: View>: Primitive {}

extension Section {
    public init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Header, @ViewBuilder footer: () -> Footer) {}
}

extension Section where Header == EmptyView {
    public init(@ViewBuilder content: () -> Content, @ViewBuilder footer: () -> Footer) {}
}

extension Section where Header == EmptyView, Footer == EmptyView {
    public init(@ViewBuilder content: () -> Content) {}
}

extension Section where Header == Text, Footer == EmptyView {
    public init(_ title: String, @ViewBuilder content: () -> Content) {}
}

public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: Primitive {
    public init(_ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content) {}
}

extension ForEach where Data.Element: Identifiable, ID == Data.Element.ID {
    public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content) {}
}

public struct Button<Title: View>: Primitive {
    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Title) {}
}

extension Button where Title == Text {
    public init(_ title: String, action: @escaping @MainActor () -> Void) {}
}

public struct TextField: Primitive {
    public init(_ title: String, text: Binding<String>) {}
    public init(_ title: String, text: Binding<String>, axis: Axis) {}
}

public struct LabeledContent: Primitive {
    public init(_ title: String, value: String) {}
}

public struct ProgressView: Primitive {
    public init(value: Double) {}
}

public struct TabView<Selection: Hashable, Content: View>: Primitive {
    public init(selection: Binding<Selection>, @ViewBuilder content: () -> Content) {}
}

public struct NavigationStack<Data, Root: View>: Primitive {}

extension NavigationStack where Data == Never {
    public init(@ViewBuilder root: () -> Root) {}
}

extension NavigationStack where Data: RandomAccessCollection, Data.Element: Hashable {
    public init(path: Binding<Data>, @ViewBuilder root: () -> Root) {}
}

// Layout.

public struct ProposedViewSize: Sendable {
    public static let unspecified = ProposedViewSize(width: nil, height: nil)
    public var width: CGFloat?
    public var height: CGFloat?
    public init(width: CGFloat?, height: CGFloat?) {}
    public init(_ size: CGSize) {}
}

public struct LayoutSubview {
    public func sizeThatFits(_ proposal: ProposedViewSize) -> CGSize { .zero }
    public func place(at point: CGPoint, proposal: ProposedViewSize) {}
}

public protocol Layout {
    typealias Subviews = [LayoutSubview]
    associatedtype Cache = Void
    func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout Cache) -> CGSize
    func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout Cache)
}

extension Layout {
    @MainActor
    public func callAsFunction(@ViewBuilder _ content: () -> some View) -> some View { content() }
}

// Modifiers.

public protocol PrimitiveButtonStyle {}
public struct AnyStandInButtonStyle: PrimitiveButtonStyle {}

extension PrimitiveButtonStyle where Self == AnyStandInButtonStyle {
    public static var bordered: Self { Self() }
    public static var borderedProminent: Self { Self() }
    public static var borderless: Self { Self() }
    public static var plain: Self { Self() }
}

extension View {
    public func font(_ font: Font?) -> some View { self }
    public func bold() -> some View { self }
    public func monospacedDigit() -> some View { self }
    public func foregroundStyle(_ style: some ShapeStyle) -> some View { self }
    public func background(_ style: some ShapeStyle) -> some View { self }
    public func background(_ style: some ShapeStyle, in shape: some Shape) -> some View { self }
    public func padding(_ edges: EdgeSet, _ length: CGFloat? = nil) -> some View { self }
    public func padding(_ length: CGFloat) -> some View { self }
    public func padding() -> some View { self }
    public func frame(
        minWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, maxHeight: CGFloat? = nil,
        alignment: Alignment = .leading
    ) -> some View { self }
    public func lineLimit(_ most: Int?) -> some View { self }
    public func lineLimit(_ lines: ClosedRange<Int>) -> some View { self }
    public func multilineTextAlignment(_ alignment: TextAlignment) -> some View { self }
    public func buttonStyle(_ style: some PrimitiveButtonStyle) -> some View { self }
    public func disabled(_ disabled: Bool) -> some View { self }
    public func badge(_ count: Int) -> some View { self }
    public func id(_ id: some Hashable) -> some View { self }
    public func tag(_ tag: some Hashable) -> some View { self }
    public func tabItem(@ViewBuilder _ label: () -> some View) -> some View { self }
    public func navigationTitle(_ title: String) -> some View { self }
    public func navigationDestination<Data: Hashable>(
        for data: Data.Type, @ViewBuilder destination: @escaping (Data) -> some View
    ) -> some View { self }
    public func searchable(text: Binding<String>, placement: SearchFieldPlacement, prompt: String) -> some View { self }
    public func toolbar(@ViewBuilder content: () -> some View) -> some View { self }
    public func sheet(isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> some View) -> some View { self }
    public func overlay(alignment: Alignment, @ViewBuilder content: () -> some View) -> some View { self }
    public func safeAreaInset(edge: VerticalEdge, @ViewBuilder content: () -> some View) -> some View { self }
    public func ignoresSafeArea() -> some View { self }
    public func preferredColorScheme(_ scheme: ColorScheme?) -> some View { self }
    public func textInputAutocapitalization(_ how: TextInputAutocapitalization?) -> some View { self }
    public func autocorrectionDisabled() -> some View { self }
    public func task(_ work: @escaping @MainActor () async -> Void) -> some View { self }
    public func task(id: some Equatable, _ work: @escaping @MainActor () async -> Void) -> some View { self }
    public func onAppear(perform work: @escaping @MainActor () -> Void) -> some View { self }
    public func onChange<V: Equatable>(of value: V, _ work: @escaping @MainActor (V, V) -> Void) -> some View { self }
    public func environment<V>(_ path: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View { self }
    public func environment(_ object: some AnyObject & Observable) -> some View { self }
    public func accessibilityElement(children: AccessibilityChildBehavior) -> some View { self }
    public func accessibilityLabel(_ label: String) -> some View { self }
    public func accessibilityHidden(_ hidden: Bool) -> some View { self }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { self }
}
