// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "custom-extractor",
    platforms: [.macOS(.v15)],
    dependencies: [
        // A program of its own would name the repository and a version here.
        .package(name: "portability", path: "../..")
    ],
    targets: [
        .target(
            name: "FixedWidth", dependencies: [.product(name: "Portability", package: "portability")],
            swiftSettings: settings),
        .executableTarget(
            name: "export-legacy", dependencies: ["FixedWidth", .product(name: "Portability", package: "portability")],
            path: "Sources/ExportLegacy", swiftSettings: settings),
        .testTarget(
            name: "FixedWidthTests",
            dependencies: [
                "FixedWidth", .product(name: "Portability", package: "portability"),
                .product(name: "PortabilityTesting", package: "portability"),
            ], swiftSettings: settings),
    ]
)
