import CarteraState
import SwiftUI

/// All of the app, from the first screen on.
struct RootView: View {
    let process: AppProcess
    /// Not in use just now: the list of recent apps shows no clients.
    let isCovered: Bool

    var body: some View {
        Group {
            if process.lock.locked { LockedView(process: process) } else { OpenView(process: process) }
        }
        .environment(\.words, process.speech.words)
        .environment(process.scanner)
        .preferredColorScheme(scheme)
        .sheet(isPresented: scanning) { ScanView() }
        .overlay(alignment: .bottom) {
            if isCovered { ReadingView().background(.background).ignoresSafeArea() }
        }
    }

    private var scanning: Binding<Bool> {
        Binding { process.scanner.scanning } set: { process.scanner.scanning = $0 }
    }

    private var scheme: ColorScheme? {
        switch process.preferences.theme {
        case .system: nil
        case .light: .light
        case .dark: .dark
        }
    }
}

private struct OpenView: View {
    let process: AppProcess

    var body: some View {
        switch process.app.state {
        case .opening:
            ReadingView()
        case .shut(let failure, let ways):
            ShutView(failure: failure, unsent: 0, ways: ways) { process.app.take($0) }
        case .held(_, let failure, let unsent, let ways):
            ShutView(failure: failure, unsent: unsent, ways: ways) { process.app.take($0) }
        case .enrolling(let session):
            EnrolScreen(session) { process.app.enrolled() }.telling(session)
        case .working(let session):
            WorkView(session: session, process: process).telling(session).id(ObjectIdentifier(session))
        }
    }
}

/// What is behind it is not shown.
private struct LockedView: View {
    let process: AppProcess
    @Environment(\.words) private var words

    var body: some View {
        MessagePage(words.appLockTitle, words.appLockAdvice) {
            PrimaryButton(words.appLockOpen) { Task { await unlock() } }
        }
        .task { await unlock() }
    }

    private func unlock() async {
        if await DeviceOwner.isHere(words.appLockTitle) { process.lock.unlocked() }
    }
}

private struct ScanView: View {
    @Environment(CodeScanner.self) private var scanner
    @Environment(\.words) private var words

    var body: some View {
        CameraView { scanner.read($0) }
            .ignoresSafeArea()
            .overlay(alignment: .bottom) {
                Text(words.appScanAdvice).padding().background(.thinMaterial, in: .capsule).padding(.bottom, 40)
            }
    }
}

/// The app cannot be worked with: why, what became of the work, and the ways out, the first of them the likeliest.
private struct ShutView: View {
    let failure: Failure
    let unsent: Int
    let ways: [WayOut]
    let onTake: (WayOut) -> Void
    @Environment(\.words) private var words

    var body: some View {
        let safe = unsent > 0 ? words.appLockedUnsent(count: "\(unsent)") : nil
        MessagePage(failure.text, [failure.advice, safe].compactMap { $0 }.joined(separator: "\n\n")) {
            ForEach(ways, id: \.self) { way in
                if way == ways.first {
                    PrimaryButton(text(way)) { onTake(way) }
                } else {
                    SecondaryButton(text(way)) { onTake(way) }
                }
            }
        }
    }

    private func text(_ way: WayOut) -> String {
        switch way {
        case .tryAgain: words.actionTryAgain
        case .recover: words.appRecover
        case .startAnew: words.appStartAnew
        case .sync: words.actionSync
        case .enrolAgain: words.actionEnrolAgain
        }
    }
}
