// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "CarteraState",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "CarteraState", targets: ["CarteraState"])],
    dependencies: [.package(name: "Cartera", path: "../../bindings/swift")],
    targets: [
        .target(name: "CarteraState", dependencies: ["Cartera"]),
        // A phone without a screen, for tests and for what they kill.
        .target(name: "Rehearsal", dependencies: ["CarteraState"]),
        .executableTarget(name: "KilledApp", dependencies: ["Rehearsal"]),
        .testTarget(name: "CarteraStateTests", dependencies: ["CarteraState", "Rehearsal", "KilledApp"]),
    ],
    swiftLanguageModes: [.v6]
)
