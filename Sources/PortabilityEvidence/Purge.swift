import Glibc
public import PortabilityModel
import PortabilityText

/// Removes what was made for requests once it is old enough, and records it.
///
/// Looks through folders for archives, requests, review files, letters and dossiers, each recognised by what is in it,
/// never by a guess: what it does not recognise it leaves alone, receipts and journals always. An encrypted archive cannot
/// be looked into: it is taken for one if the receipt beside it, or that of its set of volumes, has its digest, and else
/// named as left. It follows no link and crosses into no other file system. What is to be removed is written to the journal *before* it is, so that nothing is
/// ever gone without a line; a file that then cannot be removed is told.
///
/// Removed means unlinked: the bytes may stay on the disk, in snapshots and in backups until those are overwritten.
public struct Purge {
    public typealias Kind = JournalEvent.PurgedKind

    /// What a file says of itself.
    public struct Description: Sendable {
        /// The request's id.
        public var request: String
        /// A date or RFC 3339 time; nil if it does not say.
        public var created: String?

        public init(request: String, created: String? = nil) {
            self.request = request
            self.created = created
        }
    }

    /// Looks into a file; nil or an error: it is not one of that kind.
    public typealias Recognizer = (_ path: String) throws -> Description?

    /// A file, or a dossier's folder, that is old enough.
    public struct Candidate: Sendable, Hashable {
        public var path: String
        public var kind: Kind
        /// The request's id; nil if it is not known.
        public var request: String?
        /// Seconds.
        public var age: Int64
        public var bytes: Int64
        fileprivate var device: UInt64
        fileprivate var inode: UInt64
    }

    /// What was found.
    public struct Findings: Sendable {
        /// What is old enough, in the order of the paths' bytes.
        public var candidates: [Candidate] = []
        /// Encrypted files that may be archives, but that no receipt proves to be ours, and why.
        public var left: [Failure] = []
    }

    public struct Failure: Sendable, Hashable {
        public var path: String
        public var message: String
    }

    public struct Outcome: Sendable {
        public var removed: [Candidate] = []
        /// What is recorded as removed, but is still there.
        public var failures: [Failure] = []
    }

    public var folders: [String]
    public var kinds: Set<Kind>
    /// Seconds.
    public var minimumAge: Int64
    /// Seconds since 1970.
    public var now: Int64
    /// Recognises an archive by its manifest; asked only of zip files that begin as ours do.
    public var archive: Recognizer
    /// Recognises a request file.
    public var request: Recognizer
    /// Proves receipts, and that encrypted files are those that they tell of.
    public var digest: DigestFactory

    /// Ids of requests that are known from elsewhere, as from ``Journal/requests()``. What a file's name says to be about
    /// one of them is recognised without an archive or receipt beside it: refusals and notices have none.
    public var knownRequests: Set<String>

    /// How deep folders are looked into.
    private static let depth = 16

    public init(
        folders: [String], kinds: Set<Kind>, minimumAge: Int64, now: Int64, archive: @escaping Recognizer,
        request: @escaping Recognizer, digest: @escaping DigestFactory, knownRequests: Set<String> = []
    ) {
        self.folders = folders
        self.kinds = kinds
        self.minimumAge = minimumAge
        self.now = now
        self.archive = archive
        self.request = request
        self.digest = digest
        self.knownRequests = knownRequests
    }
}

extension Purge {
    /// What is old enough, in the order of the paths' bytes. Removes nothing.
    ///
    /// The age of an archive and of a dossier is counted from the time of creation inside, that of the others, and of
    /// what says none, from the last change of the file.
    ///
    /// - Throws: `unavailable` or `denied` if one of the folders cannot be read; folders below that cannot be are left.
    public func candidates() throws -> [Candidate] { try findings().candidates }

    /// ``candidates()``, and what may be old enough too but is left alone.
    ///
    /// - Throws: as ``candidates()``.
    public func findings() throws -> Findings {
        var found = Found(requests: knownRequests)
        for folder in folders {
            var status = stat()
            guard lstat(folder, &status) == 0 else { throw readFailure("the folder cannot be read", errno, folder) }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw PortabilityError(
                    .unavailable, "it is not a folder", remedy: "Name the folder itself", at: .init(file: folder))
            }
            try look(in: folder, names: namesIn(folder), device: UInt64(status.st_dev), depth: 1, &found)
        }
        // A folder may have been named twice, or one inside another.
        var seen: Set<[UInt64]> = []
        var findings = Findings()
        findings.candidates = found.files.compactMap { file, isByName in
            guard !isByName || file.request.map(found.requests.contains) ?? false else { return nil }
            return seen.insert([file.device, file.inode]).inserted ? file : nil
        }
        for file in found.left where !findings.left.contains(file) { findings.left.append(file) }
        return findings
    }

    /// What a walk through the folders has met so far.
    private struct Found {
        /// What is old enough; of what only its name speaks, whether it is taken shows when all requests are known.
        var files: [(file: Candidate, isByName: Bool)] = []
        /// Encrypted files that no receipt proves to be ours.
        var left: [Failure] = []
        /// The ids of all requests, of those that are not old enough too.
        var requests: Set<String>
    }

    private func look(
        in folder: String, names: [String], device: UInt64, depth: Int, _ found: inout Found
    ) throws {
        if names.contains("dossier.json"), let dossier = dossier(folder) {
            // Its parts belong to it, and are no letters or requests of their own.
            if let dossier = old(dossier) { found.files.append((dossier, false)) }
            return
        }
        for name in names {
            let path = join(folder, name)
            var status = stat()
            guard lstat(path, &status) == 0, UInt64(status.st_dev) == device else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                guard depth < Self.depth, let names = try? namesIn(path) else { continue }
                try look(in: path, names: names, device: device, depth: depth + 1, &found)
            } else if status.st_mode & S_IFMT == S_IFREG, Self.isEncrypted(path, name) {
                lookAtEncrypted(path, name, names, &found)
            } else if status.st_mode & S_IFMT == S_IFREG, let (file, isByName) = recognized(path, name, names) {
                if file.kind == .requests, let request = file.request { found.requests.insert(request) }
                if let file = old(file) { found.files.append((file, isByName)) }
            }
        }
    }

    private func old(_ candidate: Candidate) -> Candidate? {
        kinds.contains(candidate.kind) && candidate.age >= minimumAge ? candidate : nil
    }

    /// What a file is, and whether only its name says so.
    private func recognized(
        _ path: String, _ name: String, _ siblings: [String]
    ) -> (file: Candidate, isByName: Bool)? {
        // Through the descriptor, so that what is looked into is what was found.
        guard let file = try? InputFile(path, followsLinks: false) else { return nil }
        let inside = "/proc/self/fd/\(file.descriptor)"
        guard let head = try? file.beginning(64) else { return nil }
        if head.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            guard Self.beginsAsArchive(head), let description = try? archive(inside) else { return nil }
            return (candidate(.archives, path, file.status, description), false)
        }
        if name.hasSuffix(".receipt.json") { return nil }
        if let stem = Self.stem(name) {
            let request = letterRequest(folderOf(path), stem, siblings)
            guard request != nil || EvidenceText.isID(stem) else { return nil }
            let description = Description(request: request ?? stem)
            return (candidate(.letters, path, file.status, description), request == nil)
        }
        guard file.status.st_size <= 64 << 20 else { return nil }
        if name.hasSuffix(".review.json") {
            guard let bytes = try? readWhole(inside, limit: 64 << 20), let description = Self.review(bytes) else {
                return nil
            }
            return (candidate(.reviews, path, file.status, description), false)
        }
        guard [".yaml", ".yml", ".json"].contains(where: name.hasSuffix), file.status.st_size <= 1 << 20,
            let description = try? request(inside)
        else { return nil }
        return (candidate(.requests, path, file.status, Description(request: description.request)), false)
    }

    /// What stands before the ending of a letter's name, or of that of a plan or diff, which are kept beside letters and
    /// removed with them; nil for other files.
    private static func stem(_ name: String) -> String? {
        for ending in [".plan.txt", ".plan.json", ".diff.txt", ".diff.json"] where name.hasSuffix(ending) {
            return String(name.dropLast(ending.count))
        }
        return name.hasSuffix(".txt") ? name.range(".letter-").map { String(name[..<$0]) } : nil
    }

    /// A zip whose first entry is `index.html`.
    private static func beginsAsArchive(_ head: [UInt8]) -> Bool {
        let name = Array("index.html".utf8)
        return head.count >= 40 && Int(head[26]) | Int(head[27]) << 8 == name.count && Array(head[30..<40]) == name
    }

    /// A file in the format of age, or one that is called a zip in it.
    private static func isEncrypted(_ path: String, _ name: String) -> Bool {
        if name.hasSuffix(".zip.age") { return true }
        guard let head = try? InputFile(path, followsLinks: false).beginning(64) else { return false }
        return head.starts(with: Array("age-encryption.org/v1\n".utf8))
    }

    /// Takes an encrypted file for an archive if a receipt beside it proves that it is; names it as left if it would be
    /// old enough, and is called as an archive is or has a receipt's name beside it.
    private func lookAtEncrypted(_ path: String, _ name: String, _ siblings: [String], _ found: inout Found) {
        guard kinds.contains(.archives), let file = try? InputFile(path, followsLinks: false) else { return }
        let receipts = Self.receiptNames(of: name).filter(siblings.contains)
        let plain = candidate(.archives, path, file.status, Description(request: ""))
        guard !receipts.isEmpty else {
            if name.hasSuffix(".zip.age"), plain.age >= minimumAge {
                found.left.append(
                    Failure(path: path, message: "it is encrypted, and no receipt beside it says whose it is"))
            }
            return
        }
        var isYoung = false
        var read: (bytes: Int64, sha256: String)?
        for receipt in receipts {
            guard
                let bytes = try? InputFile(join(folderOf(path), receipt), followsLinks: false)
                    .whole(limit: EvidenceCheck.receiptLimit),
                let proved = try? Receipt.prove(bytes, digest).receipt,
                proved.archive.files.contains(where: { $0.bytes == Int64(file.status.st_size) })
            else { continue }
            let description = Description(request: proved.request, created: proved.created)
            let ours = candidate(.archives, path, file.status, description)
            guard ours.age >= minimumAge else {
                isYoung = true
                continue
            }
            // Only what is old enough is read as a whole, through the descriptor that its size was taken from.
            if read == nil { read = try? digestOfFile("/proc/self/fd/\(file.descriptor)", digest) }
            guard let read, proved.archive.files.contains(where: { $0.bytes == read.bytes && $0.sha256 == read.sha256 })
            else { continue }
            return found.files.append((ours, false))
        }
        if !isYoung, plain.age >= minimumAge {
            found.left.append(
                Failure(
                    path: path, message: "it is encrypted, and the receipt beside it does not prove that it is ours"))
        }
    }

    /// The names of a file's own receipt and, if the file is called as a volume is, of that of its set.
    private static func receiptNames(of name: String) -> [String] {
        let ending = [".zip.age", ".age"].first(where: name.hasSuffix) ?? ""
        let stem = name.dropLast(ending.count)
        let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }.count
        var names = ["\(name).receipt.json"]
        if digits >= 3, stem.dropLast(digits).hasSuffix("-") {
            names.append("\(stem.dropLast(digits + 1))\(ending).receipt.json")
        }
        return names
    }

    private static func review(_ bytes: [UInt8]) -> Description? {
        guard let value = try? JSONValue(parsing: bytes), value.members != nil,
            let request = value["request"]?.string ?? value["request"]?["id"]?.string
        else { return nil }
        return Description(request: request)
    }

    /// The request of a letter as the archive or the receipt beside it says it; nil if neither is there.
    private func letterRequest(_ folder: String, _ stem: String, _ siblings: [String]) -> String? {
        for name in ["\(stem).zip.receipt.json", "\(stem).zip.age.receipt.json"] where siblings.contains(name) {
            if let text = EvidenceText.requestInReceipt(join(folder, name)) { return text }
        }
        guard siblings.contains("\(stem).zip"),
            let file = try? InputFile(join(folder, "\(stem).zip"), followsLinks: false),
            let head = try? file.beginning(64), Self.beginsAsArchive(head)
        else { return nil }
        return try? archive("/proc/self/fd/\(file.descriptor)")?.request
    }

    private func dossier(_ folder: String) -> Candidate? {
        var status = stat()
        guard let file = try? InputFile(join(folder, "dossier.json"), followsLinks: false),
            let bytes = try? file.whole(limit: 16 << 20), let description = try? Dossier.describe(bytes),
            lstat(folder, &status) == 0
        else { return nil }
        return candidate(
            .dossiers, folder, status, Description(request: description.request, created: description.created))
    }

    private func candidate(_ kind: Kind, _ path: String, _ status: stat, _ description: Description) -> Candidate {
        let since = description.created.flatMap(Instant.init)?.seconds ?? Int64(status.st_mtim.tv_sec)
        return Candidate(
            path: path, kind: kind, request: EvidenceText.isID(description.request) ? description.request : nil,
            age: now - since, bytes: kind == .dossiers ? 0 : Int64(status.st_size), device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino))
    }

    // MARK: Removing

    /// Records and removes.
    ///
    /// One `purged` event a request is written first, then that request's files are unlinked. Of a dossier the copies
    /// of receipts and of the journal's lines stay, and the folder with them.
    ///
    /// - Parameters:
    ///   - candidates: of ``candidates()``.
    ///   - journal: where to record it; nil for nowhere.
    ///   - at: the present time, RFC 3339.
    /// - Throws: what ``Journal/append(_:at:)`` throws; what was not recorded is then not removed.
    public func remove(_ candidates: [Candidate], journal: Journal?, at: String) throws -> Outcome {
        var outcome = Outcome()
        let requests = Set(candidates.map(\.request)).sorted { ($0 ?? "~") < ($1 ?? "~") }
        for request in requests {
            let own = candidates.filter { $0.request == request }
            var counts: [Kind: Int64] = [:]
            for candidate in own { counts[candidate.kind, default: 0] += 1 }
            try journal?.append(.purged(request: request, counts), at: at)
            for candidate in own {
                if let message = remove(candidate) {
                    outcome.failures.append(Failure(path: candidate.path, message: message))
                } else {
                    outcome.removed.append(candidate)
                }
            }
        }
        return outcome
    }

    /// Why it could not be removed; nil if it was.
    private func remove(_ candidate: Candidate) -> String? {
        if candidate.kind == .dossiers { return removeDossier(candidate) }
        let folder = open(folderOf(candidate.path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return "its folder cannot be opened (errno \(errno))" }
        defer { close(folder) }
        let name = nameOf(candidate.path)
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, isSame(status, candidate) else {
            return "it is no longer the file that was found"
        }
        return unlinkat(folder, name, 0) == 0 ? nil : "it cannot be removed (errno \(errno))"
    }

    private func removeDossier(_ candidate: Candidate) -> String? {
        let folder = open(candidate.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return "the folder cannot be opened (errno \(errno))" }
        defer { close(folder) }
        var status = stat()
        guard fstat(folder, &status) == 0, isSame(status, candidate),
            let bytes = try? readWhole(join(candidate.path, "dossier.json"), limit: 16 << 20),
            let description = try? Dossier.describe(bytes)
        else { return "it is no longer the dossier that was found" }
        var failure: String?
        var keeps = false
        // Its description last: while a file is left, the folder stays a dossier that the next purge finds.
        for name in description.names {
            if name == "journal.jsonl" || name.hasPrefix("receipt") {
                keeps = true
            } else if name == "dossier.json", failure != nil {
                continue
            } else if unlinkat(folder, name, 0) != 0, errno != ENOENT {
                failure = "a file in it cannot be removed (errno \(errno))"
            }
        }
        if let failure { return failure }
        if !keeps, rmdir(candidate.path) != 0 { return "it has files that are not a dossier's; those are left" }
        return nil
    }

    private func isSame(_ status: stat, _ candidate: Candidate) -> Bool {
        UInt64(status.st_dev) == candidate.device && UInt64(status.st_ino) == candidate.inode
    }
}

extension InputFile {
    /// The first bytes, without moving on.
    fileprivate func beginning(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard got >= 0 else { throw readFailure("the file cannot be read", errno, path) }
        return Array(bytes[..<got])
    }
}

extension String {
    /// Where a text begins for the last time.
    fileprivate func range(_ text: String) -> String.Index? {
        indices.last { self[$0...].hasPrefix(text) }
    }
}

extension EvidenceText {
    /// The request's id of a receipt, whoever wrote it.
    fileprivate static func requestInReceipt(_ path: String) -> String? {
        guard let bytes = try? InputFile(path, followsLinks: false).whole(limit: EvidenceCheck.receiptLimit),
            let value = try? JSONValue(parsing: bytes), value["format"]?.string == Receipt.formatName,
            let request = value["request"]?.string, isID(request)
        else { return nil }
        return request
    }
}
