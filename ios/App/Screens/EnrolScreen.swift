import CarteraState
import SwiftUI

/// The first screen of all: what is fetched is said before anybody is asked.
struct EnrolScreen: View {
    @State private var model: EnrolModel
    private let onLinked: () -> Void
    @Environment(CodeScanner.self) private var scanner
    @Environment(\.words) private var words

    init(_ session: Session, onLinked: @escaping () -> Void) {
        _model = State(initialValue: EnrolModel(session, deviceName: UIDevice.current.model))
        self.onLinked = onLinked
    }

    var body: some View {
        let state = model.state
        NavigationStack {
            Form {
                Section {
                    Text(words.appEnrolAdvice)
                    if state.canScan {
                        QuietButton(words.appEnrolScan) {
                            scanner.scan(onRead: { model.invitation($0) }, onDenied: { model.cameraDenied() })
                        }
                    } else {
                        MarkView(mark: Mark(text: words.appEnrolNoCamera, weight: .warning))
                    }
                }
                Section(words.appEnrolPaste) {
                    TextField(words.appEnrolPaste, text: Binding { state.invitation } set: { model.invitation($0) }, axis: .vertical)
                        .textInputAutocapitalization(.never)
                        .autocorrectionDisabled()
                }
                if let from = state.from {
                    CardView(.good) {
                        Text(words.appEnrolFrom(address: from)).font(.headline)
                        if state.pinned { Text(words.appEnrolPinned) }
                    }
                }
                if let problem = state.problem { ProblemView(problem: problem) }
            }
            .navigationTitle(words.appEnrolTitle)
            .bottomActions {
                PrimaryButton(state.working ? words.appEnrolWorking : words.appEnrolLink) { model.link() }
                    .disabled(!state.canLink)
            }
        }
        .onChange(of: model.linked) { _, linked in
            if linked { onLinked() }
        }
    }
}
