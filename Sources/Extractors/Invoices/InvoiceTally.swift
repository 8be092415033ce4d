import PortabilityModel

/// What was noticed while a dataset was read, gathered so that a million like things are one finding.
struct InvoiceTally {
    private let place: PortabilityError.Place
    private var located: [Finding] = []
    private var further: [Finding.Kind: Int64] = [:]
    private var nonconformities = [Int64](repeating: 0, count: Nonconformity.allCases.count)
    private var unmapped: [[UInt8]: Int64] = [:]
    private var unnamed: Int64 = 0
    private var mistyped: Int64 = 0
    private var invalidText: Int64 = 0

    /// Findings that are told one by one, and names of elements that are; the rest is counted.
    private static let limit = 1000

    init(place: PortabilityError.Place) { self.place = place }

    mutating func add(
        _ kind: Finding.Kind, _ message: String, count: Int64 = 1, file: Int? = nil, line: Int64? = nil,
        byte: Int64? = nil
    ) {
        guard located.count < Self.limit else {
            further[kind, default: 0] += count
            return
        }
        var place = place
        place.fileOrdinal = file.map { $0 + 1 }
        place.line = line
        place.byte = byte
        located.append(Finding(kind, message, at: place, count: count))
    }

    mutating func add(_ failure: TransmissionFailure, file: Int) {
        add(failure.kind, failure.message, file: file, line: failure.line, byte: failure.byte)
    }

    /// Adds what was noticed about a record that is given out.
    mutating func add(_ notes: InvoiceReader.Notes, mistyped: Int, invalidText: Int) {
        for (index, count) in notes.nonconformities.enumerated() { nonconformities[index] += count }
        for (name, count) in notes.unmapped {
            if unmapped[name] == nil, unmapped.count >= Self.limit {
                unnamed += count
            } else {
                unmapped[name, default: 0] += count
            }
        }
        self.mistyped += Int64(mistyped)
        self.invalidText += Int64(invalidText)
    }

    /// Everything, in an order that does not depend on chance.
    func findings() -> [Finding] {
        var findings = located
        for kind in Finding.Kind.allCases {
            if let count = further[kind] { findings.append(Finding(kind, "further ones", at: place, count: count)) }
        }
        for (index, count) in nonconformities.enumerated() where count > 0 {
            guard let nonconformity = Nonconformity(rawValue: index) else { continue }
            findings.append(Finding(.nonconforming, nonconformity.message, at: place, count: count))
        }
        if mistyped > 0 {
            findings.append(Finding(.mistyped, "values that do not fit their field", at: place, count: mistyped))
        }
        if invalidText > 0 {
            findings.append(
                Finding(.invalidText, "characters that are not valid in their encoding", at: place, count: invalidText))
        }
        for (name, count) in unmapped.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var place = place
            place.field = Self.safe(name)
            findings.append(
                Finding(.unmapped, "carried among the `other` fields", at: place, count: count))
        }
        if unnamed > 0 {
            findings.append(
                Finding(.unmapped, "carried among the `other` fields, further names", at: place, count: unnamed))
        }
        return findings
    }

    /// Names of elements are the sender's to choose: only what names are made of is told, not too much of it, and no
    /// long number.
    private static func safe(_ name: [UInt8]) -> String {
        var plain: [UInt8] = []
        var digits = 0
        for byte in name.prefix(240) {
            switch byte {
            case 0x30...0x39:
                digits += 1
                plain.append(digits > 3 ? 0x3f : byte)
                continue
            case 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x40, 0x5f, 0x23: plain.append(byte)
            default: plain.append(0x3f)
            }
            digits = 0
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
