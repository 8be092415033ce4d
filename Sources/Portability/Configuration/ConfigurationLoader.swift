import PortabilityCrypto
import PortabilityModel
import PortabilityScope
import PortabilityText

extension Configuration {
    /// Reads a configuration file.
    ///
    /// - Parameters:
    ///   - path: the YAML file; relative paths in it start from its folder.
    ///   - registry: the kinds of source that are known.
    /// - Throws: `configuration` with file, line, column and key; `unavailable`, `denied` if it cannot be read.
    public static func load(path: String, registry: ExtractorRegistry = .standard) throws -> Configuration {
        let bytes = try readFile(path, limit: 4 << 20)
        let folder = folderOf(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PortabilityError(
                .configuration, "the file is not valid UTF-8", remedy: "Save it as UTF-8", at: .init(file: path))
        }
        let root = try YAMLValue.read(text, file: path)
        var configuration: Configuration
        do {
            configuration = try read(root, baseDirectory: folder, registry: registry)
        } catch let error as PortabilityError where error.code == .configuration {
            throw root.locating(error)
        }
        configuration.digest = hexadecimal(SHA256Digest.of(bytes))
        return configuration
    }

    static func read(_ root: YAMLValue, baseDirectory: String, registry: ExtractorRegistry) throws -> Configuration {
        try root.refuseUnfinished()
        let map = try root.mapping([
            "portability", "controller", "policy", "time_zone", "authority", "authorities", "holidays",
            "contract_term_days", "purposes", "recipients", "retention", "financial_year", "identifiers",
            "user_classes", "automated_decisions", "staff", "free_text", "portable_legitimate_interest",
            "signature_required", "consent_by_browser_settings", "secret_file", "journal", "signing", "limits",
            "sources",
        ])
        let version = try map.required("portability", because: "Begin the file with `portability: 1`")
        guard try version.text() == "1" else {
            throw version.error("this configuration version is not known", remedy: "This build reads version 1")
        }
        var warnings: [String] = []
        let retention = try readRetention(map["retention"], hasFinancialYears: map["financial_year"] != nil)
        let (batchLimits, sourceLimits) = try readLimits(map["limits"])
        let identifiers = try map.required("identifiers").entries().map { name, value in
            let kind = try value.mapping(["unique", "single"])
            let unique = try kind.required("unique").boolean()
            return IdentifierKind(
                name: try checkName(name, value), isUnique: unique, isSingle: try kind["single"]?.boolean() ?? unique)
        }
        let secretFile = try map["secret_file"].map { value in
            let path = joinPath(baseDirectory, try value.text())
            do {
                try SecretFile.checkPermissions(path)
            } catch let error as PortabilityError {
                throw value.error(error.message, remedy: error.remedy)
            }
            return path
        }
        let reader = SourceReader(
            identifiers: identifiers, retention: retention, digest: SHA256Digest.factory, secretFile: secretFile)
        let sources = try map.required("sources").entries().map { id, value in
            try reader.read(id: try checkName(id, value), value, registry: registry)
        }
        var configuration = Configuration(
            controller: try readController(map.required("controller")),
            policy: try readPolicy(map.required("policy"), baseDirectory: baseDirectory),
            authority: try readAuthority(map.required("authority")),
            timeZone: try readTimeZone(map.required("time_zone")),
            purposes: try map.required("purposes").entries().map { try readPurpose($0.key, $0.value) },
            recipients: try map["recipients"]?.list().map { try readRecipient($0, warnings: &warnings) } ?? [],
            identifiers: identifiers,
            portableLegitimateInterest: try map["portable_legitimate_interest"]?.boolean() ?? false,
            sources: sources, batchLimits: batchLimits, sourceLimits: sourceLimits, baseDirectory: baseDirectory)
        configuration.otherAuthorities = try readAuthorities(map["authorities"])
        configuration.extraHolidays = try map["holidays"]?.list().map { try readDate($0) } ?? []
        configuration.contractTermDays = try map["contract_term_days"]?.integer(1...366)
        configuration.retentionRules = retention.mapValues(\.rule)
        configuration.financialYears = try map["financial_year"].map { try readFinancialYears($0) }
        configuration.userClasses = try readUserClasses(map["user_classes"])
        configuration.automatedDecisions = try map["automated_decisions"].map { try readDecisions($0) }
        configuration.staff = try readStaff(
            map["staff"], asksSources: try asksSources(map, "staff"), baseDirectory: baseDirectory)
        configuration.freeText = try map["free_text"].map { try readFreeText($0) } ?? FreeTextProfile()
        configuration.secretFile = secretFile
        configuration.signing = try map["signing"].map { try readSigning($0) }
        configuration.journalFile = try map["journal"].map { joinPath(baseDirectory, try $0.text()) }
        if !configuration.userClasses.isEmpty, !(try asksSources(map, "classify")), let value = map["user_classes"] {
            throw value.error(
                "no source tells of which class a user is",
                remedy: "Add `classify:` to a source: a query with the column `class`")
        }
        if try map["signature_required"]?.boolean() == true {
            warnings.append(
                "signature_required: the law sets no form for requests, so that a missing signature holds none up "
                    + "(Article 12(2); the Finnish authority has fined a rule that asked for signed forms); it is "
                    + "noted as evidence only")
        }
        if try map["consent_by_browser_settings"]?.boolean() == true {
            warnings.append(
                "consent_by_browser_settings: settings of a browser are no consent (C-673/17, Planet49); ask for it "
                    + "by an act of the user")
        }
        configuration.warnings = warnings
        try configuration.validate()
        return configuration
    }

    /// Whether some source has look-ups of a kind.
    private static func asksSources(_ map: YAMLMapping, _ key: String) throws -> Bool {
        try map["sources"]?.entries().contains { $0.value.hasKey(key) } ?? false
    }

    private static func readLimits(_ value: YAMLValue?) throws -> (BatchLimits, SourceLimits) {
        var batchLimits = BatchLimits()
        var sourceLimits = SourceLimits()
        guard let value else { return (batchLimits, sourceLimits) }
        let limits = try value.mapping([
            "line_bytes", "document_bytes", "record_bytes", "depth", "inflation_ratio", "files", "document_seconds",
        ])
        let large = 1...(1 << 40)
        if let value = limits["line_bytes"] { sourceLimits.lineBytes = try value.integer(large) }
        if let value = limits["document_bytes"] { sourceLimits.documentBytes = try value.integer(large) }
        if let value = limits["record_bytes"] { batchLimits.recordBytes = try value.integer(1...(2 << 30)) }
        if let value = limits["depth"] { sourceLimits.depth = try value.integer(1...1000) }
        if let value = limits["inflation_ratio"] { sourceLimits.inflationRatio = try value.integer(1...1032) }
        if let value = limits["files"] { sourceLimits.files = try value.integer(1...100_000_000) }
        if let value = limits["document_seconds"] {
            sourceLimits.documentSeconds = Double(try value.integer(1...86_400))
        }
        return (batchLimits, sourceLimits)
    }

    static func checkName(_ name: String, _ value: YAMLValue) throws -> String {
        guard let first = name.utf8.first, first >= 97 && first <= 122, name.utf8.count <= 60,
            name.utf8.allSatisfy({ ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 || $0 == 45 })
        else { throw value.error("a name here holds only a-z, 0-9, _ and -, and begins with a letter") }
        return name
    }

    /// ISO 3166-1 alpha-2.
    static func readCountry(_ value: YAMLValue) throws -> String {
        let country = try value.text()
        guard country.utf8.count == 2, country.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw value.error(
                "a country is written as its two capital letters (ISO 3166-1)", remedy: "Write FI, for example")
        }
        return country
    }

    /// `YYYY-MM-DD`.
    static func readDate(_ value: YAMLValue) throws -> String {
        let date = try value.text()
        var canonical: [UInt8] = []
        let bytes = Array(date.utf8)
        guard bytes.count == 10, Canonical.append(.date, from: bytes.span, into: &canonical), canonical == bytes else {
            throw value.error("a date is written as YYYY-MM-DD")
        }
        return date
    }

    /// A name of the form that the IANA time zone database gives: `Area/Place`, or `UTC`.
    private static func readTimeZone(_ value: YAMLValue) throws -> String {
        let name = try value.text()
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57)
                        || "_+-".utf8.contains($0)
                }
        }
        guard name == "UTC" || parts.count > 1 && isPlain else {
            throw value.error(
                "a time zone is written as the IANA database names it", remedy: "Write Europe/Helsinki, for example")
        }
        return name
    }

    private static func readController(_ value: YAMLValue) throws -> Controller {
        let map = try value.mapping([
            "name", "business_id", "address", "country", "email", "telephone", "contact",
        ])
        let id = try map.required("business_id")
        let country = try readCountry(map.required("country"))
        let businessID = try id.text()
        if country == "FI", !isFinnishBusinessID(businessID) {
            throw id.error(
                "the Finnish business id has a wrong form or check digit",
                remedy: "Write it as 1234567-8 and compare it with the business information system")
        }
        return Controller(
            name: try map.required("name").text(), businessID: businessID,
            address: try map.required("address").text(), country: country,
            email: try map.required("email").text(), telephone: try map["telephone"]?.text(),
            contact: try map["contact"]?.localizedOrPlain())
    }

    private static func readPolicy(_ value: YAMLValue, baseDirectory: String) throws -> Policy {
        let map = try value.mapping(["register", "name", "date", "url", "file"])
        var digest: String?
        if let file = map["file"] {
            do {
                let path = joinPath(baseDirectory, try file.text())
                digest = hexadecimal(SHA256Digest.of(try readFile(path, limit: 64 << 20)))
            } catch let error as PortabilityError {
                throw file.error("the policy's text cannot be read: \(error.message)", remedy: error.remedy)
            }
        }
        return Policy(
            register: try map.required("register").text(), name: try map.required("name").text(),
            date: try readDate(map.required("date")), address: try map["url"]?.text(), sha256: digest)
    }
}

/// Whether a Finnish business id (FO-nummer, Y-tunnus) has the right form and check digit: weights 7 9 10 5 8 4 2,
/// remainder by 11; 0 stays 0, 1 is never given, else 11 minus the remainder.
func isFinnishBusinessID(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 9, bytes[7] == 45 else { return false }
    let digits = (bytes[0..<7] + bytes[8...8]).map { Int($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return false }
    let remainder = zip(digits, [7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + $1.0 * $1.1 } % 11
    return remainder != 1 && digits[7] == (remainder == 0 ? 0 : 11 - remainder)
}
