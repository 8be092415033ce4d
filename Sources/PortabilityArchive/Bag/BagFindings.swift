extension VerificationFinding.Kind {
    /// A digest algorithm that this program does not have.
    public static let unknownAlgorithm = Self(rawValue: "unknown-algorithm")
    /// Nothing was verified, for there is nothing to verify it by.
    public static let notVerified = Self(rawValue: "not-verified")
    /// A line of `fetch.txt` cannot be used.
    public static let fetch = Self(rawValue: "fetch")
    /// A file that is still to be fetched from elsewhere.
    public static let notFetched = Self(rawValue: "not-fetched")
    /// A line that is there twice, where that does no harm.
    public static let duplicateLine = Self(rawValue: "duplicate-line")
    /// A path that is spelled in a way the standard does not have, and is clear all the same.
    public static let pathSpelling = Self(rawValue: "path-spelling")
    /// No digest vouches for the tag files.
    public static let tagFilesUnprotected = Self(rawValue: "tag-files-unprotected")
}

/// Keeps findings up to a limit, and then says that there are more.
struct BoundedFindings: Sendable {
    private(set) var list: [VerificationFinding] = []
    let limit: Int

    mutating func add(_ finding: VerificationFinding) {
        if list.count < limit {
            list.append(finding)
        } else if list.count == limit {
            list.append(VerificationFinding(.limit, "there are more findings, which are not listed"))
        }
    }

    mutating func add(_ findings: [VerificationFinding]) {
        for finding in findings { add(finding) }
    }
}
