// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "portability",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Portability", targets: ["Portability"]),
        .executable(name: "portability", targets: ["PortabilityCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CISAL", path: "Sources/System/CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(
            name: "CLibXML2", path: "Sources/System/CLibXML2", pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CMalloc", path: "Sources/System/CMalloc"),
        .target(name: "PortabilityModel", swiftSettings: house),
        .target(
            name: "PortabilityText", dependencies: ["PortabilityModel", "CZlib"], swiftSettings: house),
        .target(
            name: "PortabilityFormats", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "PortabilityArchive", dependencies: ["PortabilityModel", "CZlib", "CISAL"], swiftSettings: house),
        .target(
            name: "PortabilityCrypto",
            dependencies: ["PortabilityModel", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: house),
        .target(name: "SQLCore", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "SQLiteExtractor",
            dependencies: [
                "PortabilityModel", "SQLCore", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Sources/Extractors/SQLite", swiftSettings: house),
        .target(
            name: "InvoiceExtractor", dependencies: ["PortabilityModel", "PortabilityText", "CLibXML2"],
            path: "Sources/Extractors/Invoices", swiftSettings: house),
        .target(
            name: "UsageLogExtractor", dependencies: ["PortabilityModel", "PortabilityText"],
            path: "Sources/Extractors/UsageLogs", swiftSettings: house),
        .target(name: "PortabilityCalendar", dependencies: ["PortabilityModel"], swiftSettings: house),
        .target(
            name: "PortabilityScope", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "PortabilityEvidence", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "PortabilityReport", dependencies: ["PortabilityModel", "PortabilityText", "PortabilityCalendar"],
            swiftSettings: house),
        .target(
            name: "Portability",
            dependencies: [
                "PortabilityModel", "PortabilityText", "PortabilityFormats", "PortabilityArchive",
                "PortabilityCalendar", "PortabilityScope", "PortabilityEvidence", "PortabilityCrypto",
                "PortabilityReport", "SQLCore", "SQLiteExtractor", "InvoiceExtractor",
                "UsageLogExtractor",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "PortabilityCLI",
            dependencies: [
                "Portability", "PortabilityCalendar", "PortabilityCrypto", "PortabilityEvidence", "PortabilityModel",
                "PortabilityReport", "PortabilityScope", "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityModelTests", dependencies: ["PortabilityModel"], swiftSettings: house),
        .testTarget(
            name: "PortabilityTextTests", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .testTarget(
            name: "PortabilityFormatsTests",
            dependencies: ["PortabilityModel", "PortabilityText", "PortabilityFormats", "PortabilityCrypto"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityArchiveTests",
            dependencies: ["PortabilityModel", "PortabilityArchive", "PortabilityCrypto"], swiftSettings: house),
        .testTarget(
            name: "PortabilityCalendarTests", dependencies: ["PortabilityModel", "PortabilityCalendar"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityScopeTests", dependencies: ["PortabilityModel", "PortabilityText", "PortabilityScope"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityEvidenceTests",
            dependencies: ["PortabilityModel", "PortabilityText", "PortabilityEvidence", "PortabilityCrypto"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityReportTests",
            dependencies: ["PortabilityCalendar", "PortabilityModel", "PortabilityText", "PortabilityReport"],
            swiftSettings: house),
        .testTarget(
            name: "SQLCoreTests", dependencies: ["PortabilityModel", "PortabilityText", "SQLCore"],
            swiftSettings: house),
        .testTarget(
            name: "SQLiteExtractorTests",
            dependencies: [
                "PortabilityModel", "SQLCore", "SQLiteExtractor", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "InvoiceExtractorTests",
            dependencies: ["PortabilityModel", "PortabilityText", "PortabilityCrypto", "InvoiceExtractor"],
            swiftSettings: house),
        .testTarget(
            name: "UsageLogExtractorTests",
            dependencies: ["PortabilityModel", "PortabilityText", "PortabilityCrypto", "UsageLogExtractor"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityTests",
            dependencies: [
                "Portability", "PortabilityModel", "PortabilityArchive", "PortabilityCalendar", "PortabilityCrypto",
                "PortabilityEvidence", "PortabilityReport", "PortabilityScope", "PortabilityText",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
    ]
)
