// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "portability-daemon",
    platforms: [.macOS(.v15)],
    dependencies: [
        // A service of its own would name the repository and a version here.
        .package(name: "portability", path: "../.."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "PortabilityDaemon",
            dependencies: [
                .product(name: "Portability", package: "portability"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
            ])
    ]
)
