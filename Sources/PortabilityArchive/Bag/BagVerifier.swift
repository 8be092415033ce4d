public import PortabilityModel

/// Checks a bag (BagIt 0.93 to 1.0, RFC 8493), with nothing in it that is not accounted for.
///
/// Stricter than the standard where the standard leaves a door open: where there is a tag manifest, every tag file must
/// be listed too. All that is wrong is found, not the first; each file is read once, several at a time.
public struct BagVerifier: Sendable {
    /// The signature of the tag manifest, which no manifest can list.
    public static let signatureName = "tagmanifest-sha256.txt.sig"

    /// What a bag must be like.
    public enum Rules: Sendable {
        /// What the standard says of its version, and a closed world.
        case anyBag
        /// What this project's own archives are: BagIt 1.0 with SHA-256, every tag file spelled as ``BagWriter`` does.
        case portability
    }

    /// How much is looked at; each depth includes those before it.
    public enum Depth: String, CaseIterable, Comparable, Sendable {
        /// Number and size of the payload files, as `Payload-Oxum` states them (what bagit.py calls fast).
        case sizes
        /// Which files there are (what bagit.py calls completeness only).
        case completeness
        /// The bytes of all files.
        case full

        public static func < (left: Depth, right: Depth) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// A line of `fetch.txt`.
    public struct Fetch: Sendable {
        public var address: String
        /// Fit for messages.
        public var path: String
        /// The stated size, if one is.
        public var bytes: Int64?
        /// True if the file is there, so that there is nothing to fetch.
        public var isPresent: Bool
    }

    /// What was found.
    public struct Report: Sendable {
        /// What is wrong with the content or makes it unsafe to unpack. Empty for an intact bag.
        public var findings: [VerificationFinding] = []
        /// What differs from the bytes this project would have written, while the content may be intact. Told under
        /// ``Rules/portability`` only.
        public var containerFindings: [VerificationFinding] = []
        /// What is not as it should be and does no harm here.
        public var warnings: [VerificationFinding] = []
        /// The SHA-256 of the files that could be read, by name; under ``Rules/portability`` only.
        public var digests: [String: [UInt8]] = [:]
        /// The fields of `bag-info.txt`, in order.
        public var information: [(label: String, value: String)] = []
        /// The bytes of all payload files, and how many there are.
        public var payloadBytes: Int64 = 0
        public var payloadFiles = 0
        /// How many files there are that are no payload.
        public var tagFiles = 0
        /// As `bagit.txt` says; nil if it does not, or if it is none that this program reads.
        public var version: String?
        public var encoding: String?
        /// The algorithms of the manifests, sorted; those that are known.
        public var algorithms: [String] = []
        public var unknownAlgorithms: [String] = []
        /// What `fetch.txt` lists.
        public var fetch: [Fetch] = []
    }

    let contents: any BagContents
    let rules: Rules
    let depth: Depth
    let limits: ReadLimits
    private let algorithms: [DigestAlgorithm]
    var report = Report()
    var findings: BoundedFindings
    var warnings: BoundedFindings
    /// By name; names that are equal but for their Unicode form are one.
    private var index: [String: Int] = [:]
    private var version = BagVersion.v1_0
    private var encoding = "UTF-8"
    private var fetchPaths: Set<String> = []
    /// The digests that each file should have.
    private(set) var expected: [[Expected]]

    /// What a manifest says of a file.
    struct Expected: Sendable {
        let algorithm: DigestAlgorithm
        let digest: [UInt8]
        let manifest: String
    }

    private var isStrict: Bool { rules == .portability }

    /// - Parameter algorithms: those that manifests are read with.
    public init(
        _ contents: any BagContents, rules: Rules, depth: Depth = .full, algorithms: [DigestAlgorithm],
        limits: ReadLimits = ReadLimits()
    ) {
        self.contents = contents
        self.rules = rules
        self.depth = depth
        self.algorithms = algorithms
        self.limits = limits
        findings = BoundedFindings(limit: limits.findings)
        warnings = BoundedFindings(limit: limits.findings)
        expected = Array(repeating: [], count: contents.files.count)
    }

    /// Opens a zip and checks everything.
    ///
    /// - Throws: ``PortabilityError`` with code `unavailable` or `denied` if the file cannot be opened.
    public static func verify(
        path: String, rules: Rules, depth: Depth = .full, algorithms: [DigestAlgorithm],
        limits: ReadLimits = ReadLimits(), workers: Int = 1
    ) throws -> Report {
        let (reader, structure) = try ZipReader.inspect(path: path, limits: limits)
        guard let reader else { return Report(findings: structure) }
        var verifier = BagVerifier(
            ZipContents(reader, structure: structure), rules: rules, depth: depth, algorithms: algorithms,
            limits: limits)
        verifier.checkTagFiles()
        try verifier.readFiles(workers: workers)
        return verifier.finished()
    }

    /// All files, in the container's order.
    public var files: [BagFile] { contents.files }

    /// The file of that name.
    public func file(_ name: String) -> BagFile? { index[name].map { contents.files[$0] } }

    func number(of name: String) -> Int? { index[name] }

    /// What was found so far.
    public func finished() -> Report {
        var report = report
        report.findings = findings.list
        report.warnings = warnings.list
        return report
    }

    /// Checks everything but the content of the files: what the tag files say, and that they agree with what is there.
    public mutating func checkTagFiles() {
        findings.add(contents.findings)
        indexFiles()
        readDeclaration()
        readInformation()
        guard depth > .sizes else { return }
        readFetch()
        let manifests = readManifests()
        compareLists(manifests)
        if report.fetch.allSatisfy(\.isPresent) { checkOxum() }
    }

    private mutating func indexFiles() {
        index.reserveCapacity(contents.files.count)
        for (number, file) in contents.files.enumerated() {
            if BagWriter.isPayload(file.name) {
                report.payloadFiles += 1
                report.payloadBytes = report.payloadBytes.addingReportingOverflow(file.size).partialValue
            } else {
                report.tagFiles += 1
            }
            // Containers that are archives have said so already.
            if index.updateValue(number, forKey: file.name) != nil, !(contents is ZipContents) {
                findings.add(file.finding(.clashingNames, "another name is equal but for its Unicode form"))
            }
        }
        if contents.lacksPayloadFolder {
            findings.add(VerificationFinding(.missing, "the bag lacks the folder of its payload", path: "data"))
        }
    }

    /// The bytes of a tag file; nil if there is none, or if it cannot be read.
    private mutating func tagFile(_ name: String) -> [UInt8]? {
        guard let file = file(name), file.isReadable else { return nil }
        guard file.size <= limits.tagFileSize else {
            findings.add(file.finding(.limit, "the file is larger than the limit of \(limits.tagFileSize) bytes"))
            return nil
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(file.size))
        do {
            _ = try contents.read(file) { piece in piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
            return bytes
        } catch let unreadable as UnreadableFile {
            // Reading all files finds it again.
            if depth < .full { findings.add(unreadable.finding) }
        } catch {
            findings.add(file.finding(.unreadable, "the file cannot be read"))
        }
        return nil
    }

    private mutating func text(of name: String) -> TagText? {
        guard let bytes = tagFile(name) else { return nil }
        do throws(TagText.Problem) {
            let text = try TagText(bytes, encoding: encoding)
            if isStrict, text.hadMark || !text.hasPlainLineEnds {
                findings.add(
                    VerificationFinding(.notCanonical, "the file has other line ends than line feeds", path: name))
            }
            return text
        } catch {
            // An encoding that is not known was told with the declaration.
            if case .notInEncoding = error {
                findings.add(
                    VerificationFinding(.information, "the file is not in the encoding of the tag files", path: name))
            }
            return nil
        }
    }

    private mutating func reportMissing(_ name: String) {
        // A file that is there and could not be read has its finding already.
        if index[name] == nil { findings.add(VerificationFinding(.missing, "the bag lacks this file", path: name)) }
    }

    // MARK: bagit.txt

    private mutating func readDeclaration() {
        let name = "bagit.txt"
        guard let bytes = tagFile(name) else { return reportMissing(name) }
        func wrong(_ message: String) { findings.add(VerificationFinding(.declaration, message, path: name)) }
        if isStrict {
            (report.version, report.encoding) = ("1.0", "UTF-8")
            if bytes != BagWriter.declaration { wrong("the file does not declare BagIt 1.0 in UTF-8") }
            return
        }
        guard let text = try? TagText(bytes, encoding: "UTF-8") else { return wrong("the file is not UTF-8") }
        if text.hadMark { wrong("the file begins with a byte order mark") }
        let lines = text.lines
        guard lines.count == 2 else { return wrong("the file does not have exactly two lines") }
        guard let number = Self.value(of: "BagIt-Version", in: lines[0].bytes) else {
            return wrong("the first line does not tell the version of BagIt")
        }
        guard let version = BagVersion(rawValue: number) else {
            return wrong("the version of BagIt is none that this program reads (0.93 to 1.0)")
        }
        self.version = version
        report.version = number
        guard let encoding = Self.value(of: "Tag-File-Character-Encoding", in: lines[1].bytes) else {
            return wrong("the second line does not tell the encoding of the tag files")
        }
        self.encoding = encoding
        report.encoding = EntryName.printable(Array(encoding.utf8))
        if version >= .v1_0 {
            let exact = "BagIt-Version: \(number)\nTag-File-Character-Encoding: \(encoding)"
            if Array(lines[0].bytes) + [10] + Array(lines[1].bytes) != Array(exact.utf8) {
                wrong("the lines are not spelled as BagIt 1.0 demands: a name, a colon, one space, a value")
            }
        }
        do throws(TagText.Problem) {
            _ = try TagText([], encoding: encoding)
        } catch {
            wrong("the encoding of the tag files is none that this program knows (UTF-8, UTF-16, ISO-8859-1, US-ASCII)")
        }
    }

    private static func value(of label: String, in line: ArraySlice<UInt8>) -> String? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line[..<colon].trimmed.elementsEqual(label.utf8)
        else { return nil }
        let value = line[(colon + 1)...].trimmed
        return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
    }

    // MARK: bag-info.txt

    /// Early versions called it otherwise.
    private var informationName: String {
        version < .v0_96 && index["bag-info.txt"] == nil ? "package-info.txt" : "bag-info.txt"
    }

    private mutating func readInformation() {
        let name = informationName
        guard index[name] != nil else {
            if isStrict { reportMissing(name) }
            if depth == .sizes { checkOxum() }
            return
        }
        guard let text = text(of: name) else { return }
        for line in text.lines {
            let bytes = line.bytes
            if bytes.allSatisfy(isLinearSpace) {
                if isStrict {
                    findings.add(VerificationFinding(.information, "line \(line.number) is empty", path: name))
                }
                continue
            }
            if isLinearSpace(bytes[bytes.startIndex]), !report.information.isEmpty {
                let more = String(decoding: bytes.trimmed, as: UTF8.self)
                report.information[report.information.count - 1].value += " " + more
                continue
            }
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), !bytes[..<colon].trimmed.isEmpty else {
                findings.add(VerificationFinding(.information, "line \(line.number) is no field", path: name))
                continue
            }
            let label = bytes[..<colon]
            if version >= .v1_0, label.trimmed.count != label.count {
                findings.add(
                    VerificationFinding(
                        .information, "line \(line.number) has white space around its label", path: name))
            }
            report.information.append(
                (
                    String(decoding: label.trimmed, as: UTF8.self),
                    String(decoding: bytes[(colon + 1)...].trimmed, as: UTF8.self)
                ))
        }
        if depth == .sizes { checkOxum() }
    }

    private mutating func checkOxum() {
        let name = informationName
        let stated = report.information.filter { $0.label.lowercased() == "payload-oxum" }.map(\.value)
        if stated.isEmpty {
            if isStrict {
                findings.add(VerificationFinding(.information, "there is no Payload-Oxum", path: name))
            } else if depth == .sizes {
                findings.add(
                    VerificationFinding(
                        .notVerified, "there is no Payload-Oxum, so that sizes cannot be compared", path: name))
            }
        } else if stated.count > 1 {
            findings.add(VerificationFinding(.information, "there is more than one Payload-Oxum", path: name))
        } else if stated[0] != "\(report.payloadBytes).\(report.payloadFiles)" {
            findings.add(
                VerificationFinding(
                    .information, "Payload-Oxum is not the size and number of the payload files", path: name))
        }
    }

    // MARK: fetch.txt

    private mutating func readFetch() {
        let name = "fetch.txt"
        guard index[name] != nil else { return }
        if isStrict {
            findings.add(VerificationFinding(.fetch, "an archive of this program has nothing to fetch", path: name))
        }
        guard let text = text(of: name) else { return }
        for line in text.lines where !line.bytes.allSatisfy(isLinearSpace) {
            do throws(ListedPath.Problem) {
                let line = try FetchLine(line.bytes, version: version)
                let path = line.path.path
                guard BagWriter.isPayload(path) else { throw ListedPath.Problem(message: "the path is not in data/") }
                guard fetchPaths.insert(path).inserted else {
                    throw ListedPath.Problem(message: "the file was listed before")
                }
                report.fetch.append(
                    Fetch(
                        address: line.address, path: EntryName.printable(Array(path.utf8)), bytes: line.length,
                        isPresent: index[path] != nil))
            } catch {
                findings.add(VerificationFinding(.fetch, "line \(line.number): \(error.message)", path: name))
            }
        }
    }

    // MARK: manifests

    private struct Manifest {
        let name: String
        let isForTags: Bool
        let algorithm: DigestAlgorithm?
        /// Digests by path; paths that are equal but for their Unicode form are one.
        var lines: [String: [UInt8]] = [:]
    }

    private mutating func readManifests() -> [Manifest] {
        var manifests: [Manifest] = []
        var unknown: Set<String> = []
        for file in contents.files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            guard let (isForTags, word) = Self.manifestWord(file.name) else { continue }
            let algorithm = algorithms.first { $0.name == word }
            if algorithm == nil {
                unknown.insert(word)
                warnings.add(file.finding(.unknownAlgorithm, "the manifest's algorithm is not known"))
            }
            if isStrict, word != "sha256" {
                findings.add(file.finding(.unlisted, "an archive of this program has manifests of SHA-256 alone"))
            }
            manifests.append(read(Manifest(name: file.name, isForTags: isForTags, algorithm: algorithm)))
        }
        report.algorithms = Set(manifests.compactMap(\.algorithm?.name)).sorted()
        report.unknownAlgorithms = unknown.sorted()
        if !manifests.contains(where: { !$0.isForTags }) {
            findings.add(
                VerificationFinding(
                    .missing, "the bag lacks a manifest of its payload", path: isStrict ? "manifest-sha256.txt" : nil))
        } else if !manifests.contains(where: { !$0.isForTags && $0.algorithm != nil }) {
            findings.add(
                VerificationFinding(
                    .notVerified, "no manifest of the payload has an algorithm that this program knows"))
        }
        if !manifests.contains(where: \.isForTags) {
            if isStrict {
                reportMissing("tagmanifest-sha256.txt")
            } else {
                warnings.add(
                    VerificationFinding(.tagFilesUnprotected, "there is no tag manifest: nothing vouches for tag files")
                )
            }
        }
        return manifests
    }

    /// What `manifest-sha256.txt` and `tagmanifest-sha256.txt` list, and by which algorithm.
    private static func manifestWord(_ name: String) -> (isForTags: Bool, algorithm: String)? {
        guard name.hasSuffix(".txt"), !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
        let isForTags = name.hasPrefix("tagmanifest-")
        guard isForTags || name.hasPrefix("manifest-") else { return nil }
        // RFC 8493, 2.4: the algorithm's common name in lowercase without punctuation. Old bags have others.
        let word = name.utf8.dropFirst(isForTags ? 12 : 9).dropLast(4).filter {
            $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_")
        }
        return word.isEmpty ? nil : (isForTags, String(decoding: word, as: UTF8.self).lowercased())
    }

    private mutating func read(_ empty: Manifest) -> Manifest {
        var manifest = empty
        guard let text = text(of: manifest.name) else { return manifest }
        var cases: Set<String> = []
        let before = findings.list.count
        var paths: [String] = []
        for line in text.lines {
            if line.bytes.allSatisfy(isLinearSpace) {
                if isStrict { report(.manifest, "line \(line.number) is empty", manifest) }
                continue
            }
            do throws(ListedPath.Problem) {
                let entry = try ManifestLine(
                    line.bytes, length: manifest.algorithm?.length, version: version)
                let path = entry.path.path
                guard BagWriter.isPayload(path) != manifest.isForTags,
                    !manifest.isForTags || Self.manifestWord(path)?.isForTags != true
                else { throw ListedPath.Problem(message: "the manifest cannot list a file of this kind") }
                if let oddity = entry.path.oddity {
                    note(.pathSpelling, "line \(line.number): the path \(oddity)", manifest)
                }
                if let before = manifest.lines.updateValue(entry.digest, forKey: path) {
                    if before != entry.digest {
                        report(
                            .manifest, "line \(line.number): the file was listed before with another digest", manifest)
                        manifest.lines[path] = before
                    } else if version >= .v1_0 {
                        report(.manifest, "line \(line.number): the file was listed before", manifest)
                    } else {
                        note(.duplicateLine, "line \(line.number): the file was listed before", manifest)
                    }
                } else {
                    paths.append(path)
                    if !cases.insert(path.lowercased()).inserted {
                        note(.clashingNames, "line \(line.number): another path is equal but for its case", manifest)
                    }
                }
            } catch {
                report(
                    error.isDangerous ? .dangerousName : .manifest, "line \(line.number): \(error.message)", manifest)
            }
        }
        if isStrict, findings.list.count == before {
            let lines = paths.compactMap { path in manifest.lines[path].map { (name: path, sha256: $0) } }
            if let canonical = try? BagWriter.manifest(lines), canonical != text.bytes {
                report(.notCanonical, "the manifest is not spelled as this program does", manifest)
            }
        }
        return manifest
    }

    private mutating func report(_ kind: VerificationFinding.Kind, _ message: String, _ manifest: Manifest) {
        findings.add(VerificationFinding(kind, message, path: manifest.name))
    }

    /// What the standard lets pass, and an archive of ours does not have.
    private mutating func note(_ kind: VerificationFinding.Kind, _ message: String, _ manifest: Manifest) {
        let finding = VerificationFinding(kind, message, path: manifest.name)
        if isStrict { findings.add(finding) } else { warnings.add(finding) }
    }

    // MARK: what is listed against what is there

    private mutating func compareLists(_ manifests: [Manifest]) {
        var absent: Set<String> = []
        /// How many manifests of its kind list each file.
        var listed = [Int](repeating: 0, count: contents.files.count)
        for manifest in manifests {
            for (path, digest) in manifest.lines.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                let shown = EntryName.printable(Array(path.utf8))
                guard let number = index[path] else {
                    if fetchPaths.contains(path) {
                        if absent.insert(path).inserted {
                            findings.add(
                                VerificationFinding(.notFetched, "the file is still to be fetched", path: shown))
                        }
                    } else if absent.insert(path).inserted {
                        findings.add(
                            VerificationFinding(
                                .missing, "\(manifest.name) lists a file that is not there", path: shown))
                    }
                    continue
                }
                if !contents.files[number].name.utf8.elementsEqual(path.utf8) {
                    warnings.add(
                        contents.files[number].finding(
                            .pathSpelling, "the file's name has another Unicode form than in \(manifest.name)"))
                }
                listed[number] += 1
                if let algorithm = manifest.algorithm {
                    expected[number].append(
                        Expected(algorithm: algorithm, digest: digest, manifest: manifest.name))
                }
            }
        }
        let payloadManifests = manifests.filter { !$0.isForTags }
        let hasTagManifest = manifests.contains(where: \.isForTags)
        for (number, file) in contents.files.enumerated() {
            if BagWriter.isPayload(file.name) {
                if listed[number] == 0 {
                    findings.add(file.finding(.unlisted, "no manifest lists the file"))
                } else if version >= .v1_0, listed[number] < payloadManifests.count {
                    let names = payloadManifests.filter { $0.lines[file.name] == nil }.map(\.name)
                    findings.add(
                        file.finding(.unlisted, "not every manifest lists the file: \(names.joined(separator: ", "))"))
                }
            } else if hasTagManifest, listed[number] == 0, !isExempt(file.name) {
                findings.add(file.finding(.unlisted, "no tag manifest lists the file"))
            }
        }
        for path in fetchPaths.sorted() where !payloadManifests.allSatisfy({ $0.lines[path] != nil }) {
            findings.add(
                VerificationFinding(
                    .fetch, "a file to be fetched is not in every manifest",
                    path: EntryName.printable(Array(path.utf8))))
        }
    }

    /// Tag files that no tag manifest needs to list: those that come after it, and the list of what to fetch, which
    /// goes when all was fetched.
    private func isExempt(_ name: String) -> Bool {
        Self.manifestWord(name)?.isForTags == true || name == Self.signatureName || !isStrict && name == "fetch.txt"
    }

    // MARK: what reading showed

    /// Takes what reading the files showed, in their order.
    mutating func take(_ results: [FileResult?], container: [VerificationFinding]) {
        for (number, result) in results.enumerated() {
            guard let result else { continue }
            findings.add(result.findings)
            if isStrict, let digest = result.sha256 { report.digests[contents.files[number].name] = digest }
        }
        report.containerFindings = container
    }

    /// Makes a SHA-256, if the container is to be compared with what this project writes.
    var containerDigest: DigestFactory? {
        isStrict ? algorithms.first { $0.name == "sha256" }?.make : nil
    }

    /// What is to be computed of a file.
    func wanted(_ number: Int) -> [DigestAlgorithm] {
        var wanted: [DigestAlgorithm] = []
        for one in expected[number] where !wanted.contains(where: { $0.name == one.algorithm.name }) {
            wanted.append(one.algorithm)
        }
        if isStrict, wanted.isEmpty, let sha256 = algorithms.first(where: { $0.name == "sha256" }) {
            wanted.append(sha256)
        }
        return wanted
    }
}
