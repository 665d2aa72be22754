@preconcurrency import AVFoundation
import Observation
import SwiftUI

/// The camera, for codes. Calls back with what was read, or that the person does not allow it.
@MainActor
@Observable
final class CodeScanner {
    /// Shown while there is somebody to tell.
    var scanning = false
    @ObservationIgnored private var onRead: (String) -> Void = { _ in }

    func scan(onRead: @escaping (String) -> Void, onDenied: @escaping () -> Void) {
        self.onRead = onRead
        Task {
            if await AVCaptureDevice.requestAccess(for: .video) { scanning = true } else { onDenied() }
        }
    }

    func read(_ text: String) {
        guard scanning else { return }
        scanning = false
        onRead(text)
    }
}

/// What the camera sees; the first code in it is read.
struct CameraView: UIViewControllerRepresentable {
    let onRead: @MainActor (String) -> Void

    func makeUIViewController(context: Context) -> CameraController {
        CameraController(onRead)
    }

    func updateUIViewController(_ controller: CameraController, context: Context) {}
}

final class CameraController: UIViewController, AVCaptureMetadataOutputObjectsDelegate {
    private static let codes: [AVMetadataObject.ObjectType] = [.qr, .ean13, .ean8, .upce, .code128]
    private let session = AVCaptureSession()
    private let onRead: @MainActor (String) -> Void

    init(_ onRead: @escaping @MainActor (String) -> Void) {
        self.onRead = onRead
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        nil
    }

    override func viewDidLoad() {
        super.viewDidLoad()
        let output = AVCaptureMetadataOutput()
        guard let camera = AVCaptureDevice.default(for: .video), let input = try? AVCaptureDeviceInput(device: camera),
            session.canAddInput(input), session.canAddOutput(output)
        else { return }
        session.addInput(input)
        session.addOutput(output)
        output.setMetadataObjectsDelegate(self, queue: .main)
        output.metadataObjectTypes = Self.codes.filter(output.availableMetadataObjectTypes.contains)
        let picture = AVCaptureVideoPreviewLayer(session: session)
        picture.videoGravity = .resizeAspectFill
        picture.frame = view.bounds
        view.layer.addSublayer(picture)
    }

    override func viewDidLayoutSubviews() {
        super.viewDidLayoutSubviews()
        view.layer.sublayers?.first?.frame = view.bounds
    }

    override func viewWillAppear(_ animated: Bool) {
        super.viewWillAppear(animated)
        let session = session
        DispatchQueue.global(qos: .userInitiated).async { session.startRunning() }
    }

    override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        let session = session
        DispatchQueue.global(qos: .userInitiated).async { session.stopRunning() }
    }

    nonisolated func metadataOutput(
        _ output: AVCaptureMetadataOutput, didOutput objects: [AVMetadataObject], from connection: AVCaptureConnection
    ) {
        let text = objects.lazy.compactMap { ($0 as? AVMetadataMachineReadableCodeObject)?.stringValue }.first
        guard let text else { return }
        MainActor.assumeIsolated { onRead(text) }
    }
}
