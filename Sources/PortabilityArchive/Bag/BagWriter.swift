import PortabilityModel

/// The tag files that make a folder a bag (BagIt 1.0, RFC 8493).
///
/// Payload is everything under `data/`; all other files are tag files.
public enum BagWriter {
    /// A file of the bag and its SHA-256.
    public typealias File = (name: String, sha256: [UInt8])

    /// The content of `bagit.txt`.
    public static let declaration = Array("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".utf8)

    /// The content of `bag-info.txt`: the fields in the given order, then `Payload-Oxum`. Line ends and control
    /// characters in a value become one space, so that each field is one line.
    ///
    /// - Parameters:
    ///   - fields: labels and values.
    ///   - payloadBytes: the size of all payload files together.
    ///   - payloadFiles: how many there are.
    /// - Throws: ``PortabilityError`` with code `output` for a label that cannot be one.
    public static func info(
        _ fields: [(label: String, value: String)], payloadBytes: Int64, payloadFiles: Int
    ) throws -> [UInt8] {
        var text: [UInt8] = []
        for (label, value) in fields {
            let isLabel = !label.isEmpty && label.utf8.allSatisfy { isLabelByte($0) }
            guard isLabel, label.lowercased() != "payload-oxum" else {
                throw PortabilityError(.output, "bag-info.txt cannot have this label", at: .init(field: label))
            }
            text += Array(label.utf8) + Array(": ".utf8) + oneLine(value) + [UInt8(ascii: "\n")]
        }
        text += Array("Payload-Oxum: \(payloadBytes).\(payloadFiles)\n".utf8)
        return text
    }

    /// The content of `manifest-sha256.txt` or `tagmanifest-sha256.txt`: a line for each file, ordered by the bytes of
    /// their names.
    ///
    /// - Throws: ``PortabilityError`` with code `output` for a name that breaks the rules (``EntryName``).
    public static func manifest(_ files: [File]) throws -> [UInt8] {
        for file in files { try EntryName.check(file.name) }
        let sorted = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var text: [UInt8] = []
        for file in sorted {
            text += Array(hexadecimal(file.sha256).utf8) + Array("  ".utf8) + Array(file.name.utf8)
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// True for a file that `manifest-sha256.txt` lists.
    public static func isPayload(_ name: String) -> Bool { name.utf8.starts(with: "data/".utf8) }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func oneLine(_ value: String) -> [UInt8] {
        var line: [UInt8] = []
        for byte in value.utf8 {
            if byte > 0x20, byte != 0x7F {
                line.append(byte)
            } else if !line.isEmpty, line.last != 0x20 {
                line.append(0x20)
            }
        }
        if line.last == 0x20 { line.removeLast() }
        return line
    }
}
