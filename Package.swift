// swift-tools-version: 6.2
import PackageDescription

/// Set by Tests/Fuzz/run: everything is then built for libFuzzer and AddressSanitizer, and the fuzzers are there.
let isFuzzing = Context.environment["PORTABILITY_FUZZING"] != nil

let house: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : [])

let fuzzers: [Target] =
    !isFuzzing
    ? []
    : [
        .executableTarget(
            name: "FuzzParsers",
            dependencies: [
                "PortabilityModel", "PortabilityText", "PortabilityFormats", "PortabilityArchive",
                "PortabilityEnvelope", "InvoiceExtractor", "SourceFiles", "UsageLogExtractor",
            ],
            path: "Tests/Fuzz/Parsers", swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
        .executableTarget(
            name: "FuzzConfiguration", dependencies: ["Portability", "PortabilityModel"],
            path: "Tests/Fuzz/Configuration", swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]

let package = Package(
    name: "portability",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Portability", targets: ["Portability"]),
        .library(name: "PortabilityTesting", targets: ["PortabilityTesting"]),
        .executable(name: "portability", targets: ["PortabilityCLI"]),
    ],
    // Stores whose C library a newcomer need not have. Everything else is always built.
    traits: [
        .trait(name: "PostgreSQL", description: "Sources of the kind postgresql; needs libpq-dev."),
        .trait(name: "MariaDB", description: "Sources of the kind mariadb; needs libmariadb-dev."),
        .default(enabledTraits: []),
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
        .systemLibrary(
            name: "CLibPQ", path: "Sources/System/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CMariaDB", path: "Sources/System/CMariaDB", pkgConfig: "libmariadb",
            providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(
            name: "CLibSSH", path: "Sources/System/CLibSSH", pkgConfig: "libssh", providers: [.apt(["libssh-dev"])]),
        .systemLibrary(
            name: "CZstd", path: "Sources/System/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CLibdeflate", path: "Sources/System/CLibdeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CMalloc", path: "Sources/System/CMalloc"),
        .systemLibrary(name: "CSpawn", path: "Sources/System/CSpawn"),
        // The loops for which Swift has no instructions.
        .target(
            name: "CTextScan", path: "Sources/Kernels/CTextScan",
            cSettings: isFuzzing ? [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])] : []),
        .target(name: "PortabilityModel", swiftSettings: house),
        .target(
            name: "PortabilityText", dependencies: ["PortabilityModel", "CZlib", "CISAL", "CZstd"],
            swiftSettings: house),
        .target(
            name: "PortabilityFormats", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "PortabilityArchive", dependencies: ["PortabilityModel", "CZlib", "CISAL", "CLibdeflate"],
            swiftSettings: house),
        .target(name: "PortabilityEnvelope", dependencies: ["PortabilityModel"], swiftSettings: house),
        .target(
            name: "PortabilityCrypto",
            dependencies: [
                "PortabilityModel", "PortabilityEnvelope", "CLibSSH",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: house),
        .target(
            name: "PortabilityExchange", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "PortabilityImport",
            dependencies: [
                "PortabilityModel", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
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
            name: "PostgreSQLExtractor",
            dependencies: [
                "PortabilityModel", "PortabilityText", "SQLCore",
                .target(name: "CLibPQ", condition: .when(traits: ["PostgreSQL"])),
            ],
            path: "Sources/Extractors/PostgreSQL", swiftSettings: house),
        .target(
            name: "MariaDBExtractor",
            dependencies: [
                "PortabilityModel", "PortabilityText", "SQLCore",
                .target(name: "CMariaDB", condition: .when(traits: ["MariaDB"])),
            ],
            path: "Sources/Extractors/MariaDB", swiftSettings: house),
        .target(name: "SourceFiles", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .target(
            name: "InvoiceExtractor",
            dependencies: ["PortabilityModel", "PortabilityText", "SourceFiles", "CLibXML2", "CTextScan"],
            path: "Sources/Extractors/Invoices", swiftSettings: house),
        .target(
            name: "UsageLogExtractor",
            dependencies: ["PortabilityModel", "PortabilityText", "SourceFiles", "CTextScan"],
            path: "Sources/Extractors/UsageLogs", swiftSettings: house),
        .target(
            name: "CSVExtractor", dependencies: ["PortabilityModel", "PortabilityText", "SourceFiles"],
            path: "Sources/Extractors/CSV", swiftSettings: house),
        .target(
            name: "ManualExtractor",
            dependencies: [
                "PortabilityModel", "PortabilityText", "SourceFiles", .product(name: "Yams", package: "Yams"),
            ],
            path: "Sources/Extractors/Manual", swiftSettings: house),
        .target(
            name: "SingerExtractor", dependencies: ["PortabilityModel", "PortabilityText", "SourceFiles", "CSpawn"],
            path: "Sources/Extractors/Singer", swiftSettings: house),
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
                "PortabilityReport", "PortabilityEnvelope", "PortabilityExchange", "PortabilityImport", "SQLCore",
                "SQLiteExtractor", "InvoiceExtractor",
                "UsageLogExtractor", "CSVExtractor", "ManualExtractor", "SingerExtractor",
                .target(name: "PostgreSQLExtractor", condition: .when(traits: ["PostgreSQL"])),
                .target(name: "MariaDBExtractor", condition: .when(traits: ["MariaDB"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: house),
        .target(
            name: "PortabilityTesting", dependencies: ["PortabilityModel", "PortabilityText"], swiftSettings: house),
        .executableTarget(
            name: "PortabilityCLI",
            dependencies: [
                "Portability", "PortabilityCalendar", "PortabilityCrypto", "PortabilityEvidence", "PortabilityExchange",
                "PortabilityImport", "PortabilityModel", "PortabilityReport", "PortabilityScope", "CMalloc",
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
            name: "PortabilityEnvelopeTests", dependencies: ["PortabilityModel", "PortabilityEnvelope"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityCryptoTests",
            dependencies: ["PortabilityModel", "PortabilityEnvelope", "PortabilityCrypto", "TestServers", "CZlib"],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityExchangeTests",
            dependencies: [
                "PortabilityModel", "PortabilityText", "PortabilityExchange", "InvoiceExtractor", "CLibXML2",
            ],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityImportTests",
            dependencies: [
                "PortabilityModel", "PortabilityText", "PortabilityImport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
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
            name: "PostgreSQLExtractorTests",
            dependencies: [
                "PortabilityModel", "SQLCore", "TestServers", "PortabilityTesting",
                .target(name: "PostgreSQLExtractor", condition: .when(traits: ["PostgreSQL"])),
            ],
            swiftSettings: house),
        .testTarget(
            name: "MariaDBExtractorTests",
            dependencies: [
                "PortabilityModel", "SQLCore", "TestServers", "PortabilityTesting",
                .target(name: "MariaDBExtractor", condition: .when(traits: ["MariaDB"])),
            ],
            swiftSettings: house),
        .target(
            name: "TestServers", dependencies: ["PortabilityModel"], path: "Tests/TestServers", swiftSettings: house),
        .testTarget(
            name: "SourceFilesTests", dependencies: ["PortabilityModel", "SourceFiles"], swiftSettings: house),
        .testTarget(
            name: "CSVExtractorTests",
            dependencies: [
                "TestServers", "PortabilityModel", "PortabilityText", "PortabilityCrypto", "CSVExtractor",
                "PortabilityTesting",
            ],
            swiftSettings: house),
        .testTarget(
            name: "ManualExtractorTests",
            dependencies: [
                "TestServers", "PortabilityModel", "PortabilityText", "PortabilityCrypto", "ManualExtractor",
                "PortabilityTesting",
            ],
            swiftSettings: house),
        .testTarget(
            name: "SingerExtractorTests",
            dependencies: [
                "TestServers", "PortabilityModel", "PortabilityText", "PortabilityCrypto", "SingerExtractor",
                "PortabilityTesting",
            ],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityTestingTests",
            dependencies: [
                "TestServers", "PortabilityTesting", "PortabilityModel", "PortabilityText", "PortabilityCrypto",
                "SQLCore",
                "SQLiteExtractor", "InvoiceExtractor", "UsageLogExtractor",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "InvoiceExtractorTests",
            dependencies: [
                "PortabilityModel", "PortabilityText", "PortabilityCrypto", "InvoiceExtractor", "CTextScan",
            ],
            swiftSettings: house),
        .testTarget(
            name: "UsageLogExtractorTests",
            dependencies: [
                "PortabilityModel", "PortabilityText", "PortabilityCrypto", "UsageLogExtractor", "CZlib", "CZstd",
            ],
            swiftSettings: house),
        .testTarget(
            name: "PortabilityTests",
            dependencies: [
                "Portability", "PortabilityModel", "PortabilityArchive", "PortabilityCalendar", "PortabilityCrypto",
                "PortabilityEvidence", "PortabilityExchange", "PortabilityReport", "PortabilityScope",
                "PortabilityText",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
    ] + fuzzers
)
