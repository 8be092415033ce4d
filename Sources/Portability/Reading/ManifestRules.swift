import PortabilityModel
import PortabilityText

/// What `manifest.json` must say of datasets and their files beyond its schema, so that no record and no file can be
/// there without being read: verifying, converting and importing hold it to the same rules.
enum ManifestRules {
    /// A rule that is broken.
    struct Fault {
        /// True for counts, false for what is listed.
        let isLedger: Bool
        /// A sentence that names datasets by their position.
        let message: String
    }

    static func faults(_ manifest: JSONValue) -> [Fault] {
        let datasets = manifest["datasets"]?.array ?? []
        // An archive of exchange forms alone has the ledger of the one that it was converted from, and not its records.
        let hasRecords = manifest["exchange"] == nil || datasets.contains { !($0["files"]?.array ?? []).isEmpty }
        var faults: [Fault] = []
        var ids: Set<String> = []
        for (index, dataset) in datasets.enumerated() {
            let name = "dataset \(index + 1)"
            let id = dataset["id"]?.string ?? ""
            if !isPlain(id) || !ids.insert(id).inserted {
                faults.append(Fault(isLedger: false, message: "the id of \(name) is none, or that of another"))
            }
            for message in listing(dataset, id) {
                faults.append(Fault(isLedger: false, message: "\(message) of \(name)"))
            }
            if !isBalanced(dataset, hasRecords: hasRecords) {
                faults.append(Fault(isLedger: true, message: "the counts of \(name) do not agree"))
            }
        }
        return faults
    }

    /// Each format that a dataset is in has one main table, each other table once, and files where the format says.
    private static func listing(_ dataset: JSONValue, _ id: String) -> [String] {
        var tables: [String: Set<String>] = [:]
        var messages: [String] = []
        for file in dataset["files"]?.array ?? [] {
            guard let format = file["format"]?.string, Format(rawValue: format) != nil,
                let table = file["table"]?.string, let path = file["path"]?.string
            else {
                messages.append("a file has no known format, no table or no path, one")
                continue
            }
            if !tables[format, default: []].insert(table).inserted { messages.append("a table is there twice, one") }
            let folder = "data/\(dataset["category"]?.string ?? "")/"
            if !path.hasPrefix("\(folder)\(id).") || !path.hasSuffix(".\(format)")
                || path.utf8.dropFirst(folder.utf8.count).contains(UInt8(ascii: "/"))
            {
                messages.append("a file does not have the name that its category, id and format give it, one")
            }
        }
        for (_, names) in tables.sorted(by: { $0.key < $1.key }) where !names.contains("") {
            messages.append("a format lacks the main table, one")
        }
        return messages
    }

    /// A dataset's counts must balance, and every format's own file must have as many rows as records were exported.
    private static func isBalanced(_ dataset: JSONValue, hasRecords: Bool) -> Bool {
        let records = dataset["records"]
        guard let exported = records?["exported"]?.integer, exported >= 0,
            let extracted = records?["extracted"]?.integer
        else { return false }
        var sum = exported
        for (_, count) in records?["withheld"]?.members ?? [] {
            guard let count = count.integer, count >= 0 else { return false }
            let (next, overflow) = sum.addingReportingOverflow(count)
            if overflow { return false }
            sum = next
        }
        let files = dataset["files"]?.array ?? []
        let rows = files.filter { $0["table"]?.string == "" }.map { $0["rows"]?.integer }
        return sum == extracted && rows.allSatisfy { $0 == exported }
            && !(hasRecords && files.isEmpty && exported > 0)
            && (files.isEmpty || dataset["content_sha256"] != nil)
    }

    /// True for an id as configurations have them, `[a-z0-9-]+`: it names files.
    static func isPlain(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 200
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
