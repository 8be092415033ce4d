import Glibc
import PortabilityEvidence
public import PortabilityModel

/// One request of a batch, or the reason why it cannot be read.
public struct BatchRequest: Sendable {
    /// Where it comes from, for people who look for it: the name of its file, or `line 17`. Never its content.
    public var origin: String
    public var request: Result<ExportRequest, PortabilityError>

    public init(origin: String, request: Result<ExportRequest, PortabilityError>) {
        self.origin = origin
        self.request = request
    }

    /// - Parameter origin: nil: the request's id, unless it is none; what else stands there is not repeated.
    public init(_ request: ExportRequest, origin: String? = nil) {
        let own = EvidenceText.isID(request.id) ? request.id : "a request without a usable id"
        self.init(origin: origin ?? own, request: .success(request))
    }
}

extension BatchRequest {
    /// The most bytes of one request.
    private static let requestLimit = 1 << 20
    /// The most bytes of a file of requests.
    private static let fileLimit = 1 << 30

    /// Reads a folder of request files (`*.yaml`, `*.yml`, `*.json`, by name; folders in it are not looked into; a file
    /// of many, `*.jsonl`, is one request that fails), or a
    /// file of JSON Lines with a request on each line.
    ///
    /// A request that cannot be read is one of the batch that fails; it does not keep the others from being read.
    ///
    /// - Throws: `unavailable`, `denied`, `limit` if the folder or the file itself cannot be read; `configuration` if
    ///   there is no request in it.
    public static func load(path: String) throws -> [BatchRequest] {
        var status = stat()
        let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        let requests = try isFolder ? folder(path) : lines(path)
        guard !requests.isEmpty else {
            throw PortabilityError(
                .configuration, isFolder ? "the folder holds no request file" : "the file holds no request",
                remedy: isFolder
                    ? "Put request files with the endings .yaml, .yml or .json into it"
                    : "Write one request on each line, as JSON", at: .init(file: path))
        }
        return requests
    }

    private static func folder(_ path: String) throws -> [BatchRequest] {
        guard let directory = opendir(path) else {
            throw PortabilityError(
                errno == EACCES ? .denied : .unavailable, "the folder of requests cannot be read",
                remedy: "Give this user the right to read it", at: .init(file: path), errno: errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix("."), ["yaml", "yml", "json", "jsonl"].contains(ending(name)) else { continue }
            names.append(name)
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names.map { name in
            read(origin: name) {
                guard ending(name) != "jsonl" else {
                    throw PortabilityError(
                        .configuration, "a file of many requests stands in a folder of requests",
                        remedy: "Give it to a batch of its own", at: .init(file: joinPath(path, name)))
                }
                return try ExportRequest.load(path: joinPath(path, name))
            }
        }
    }

    /// What follows the last point of a name, in small letters: `A.YAML` is a request as well.
    private static func ending(_ name: String) -> String {
        name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    }

    private static func lines(_ path: String) throws -> [BatchRequest] {
        let bytes = try readFile(path, limit: fileLimit)
        let begin = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var requests: [BatchRequest] = []
        var number: Int64 = 0
        for line in bytes[begin...].split(separator: 10, omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
            let place = PortabilityError.Place(file: path, line: number, byte: Int64(line.startIndex))
            requests.append(
                read(origin: "line \(number)") {
                    let node = try DocumentNode.read(
                        json: line, "line", at: place, limit: requestLimit, hidesKeys: true)
                    return try ExportRequest.read(YAMLValue(node: node, file: path, path: "", hidesKeys: true))
                })
        }
        return requests
    }

    private static func read(origin: String, _ body: () throws -> ExportRequest) -> BatchRequest {
        do {
            return BatchRequest(origin: origin, request: .success(try body()))
        } catch {
            var error = asPortabilityError(error)
            // A request that cannot be read is a wrong request, as with `export`.
            if error.code == .unavailable || error.code == .denied { error.code = .configuration }
            return BatchRequest(origin: origin, request: .failure(error))
        }
    }

    /// Refuses two requests of one id: their archives would have one name.
    ///
    /// - Throws: `configuration`, which says where both come from.
    static func refuseRepeats(_ requests: [BatchRequest]) throws {
        var seen: [String: String] = [:]
        for item in requests {
            guard case .success(let request) = item.request else { continue }
            if let first = seen.updateValue(item.origin, forKey: request.id) {
                throw PortabilityError(
                    .configuration, "two requests have the same id: \(first) and \(item.origin)",
                    remedy: "Give each its own; nothing was written", at: .init(field: "id"))
            }
        }
    }
}
