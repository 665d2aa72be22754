// swift-tools-version:6.0
import PackageDescription

// On a Mac the library comes as an XCFramework (make-xcframework.sh); on Linux it is what cargo built, found by -L.
#if os(Linux)
let library: Target = .systemLibrary(name: "CarteraFFIC", path: "Sources/CarteraFFIC")
let linked: [LinkerSetting] = [.linkedLibrary("cartera_ffi")]
#else
let library: Target = .binaryTarget(name: "CarteraFFIC", path: "CarteraFFIC.xcframework")
let linked: [LinkerSetting] = []
#endif

let package = Package(
    name: "Cartera",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Cartera", targets: ["Cartera"])],
    targets: [
        library,
        // Generated, in a language mode of its own: in Swift 6 mode the generated code is not accepted by every compiler.
        .target(
            name: "CarteraFFI", dependencies: ["CarteraFFIC"],
            swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: linked),
        .target(name: "Cartera", dependencies: ["CarteraFFI"]),
        .testTarget(name: "CarteraTests", dependencies: ["Cartera"]),
    ],
    swiftLanguageModes: [.v6]
)
