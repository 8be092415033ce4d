/// The kinds of file that a scanner or a camera makes.
enum ScanType: CaseIterable {
    case pdf, png, jpeg, tiff, webp, heic

    /// By the ending of a name, whatever its case; nil if it is none of these.
    init?(ending: [UInt8]) {
        let ending = ending.map { (65...90).contains($0) ? $0 + 32 : $0 }
        let found = Self.allCases.first { $0.endings.contains { $0.utf8.elementsEqual(ending) } }
        guard let found else { return nil }
        self = found
    }

    private var endings: [String] {
        switch self {
        case .pdf: ["pdf"]
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .tiff: ["tif", "tiff"]
        case .webp: ["webp"]
        case .heic: ["heic", "heif"]
        }
    }

    /// As IANA registers it.
    var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .tiff: "image/tiff"
        case .webp: "image/webp"
        case .heic: "image/heic"
        }
    }

    /// Whether a file begins as one of this kind does (ISO 32000, PNG, JFIF, TIFF 6.0, RIFF, ISO/IEC 23008-12). A name
    /// alone says nothing: what is given out is opened by its kind.
    func fits(_ bytes: [UInt8]) -> Bool {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + signature.count && bytes[offset...].starts(with: signature)
        }
        switch self {
        case .pdf: return has(Array("%PDF-".utf8))
        case .png: return has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        case .jpeg: return has([0xff, 0xd8, 0xff])
        case .tiff: return has([0x49, 0x49, 0x2a, 0x00]) || has([0x4d, 0x4d, 0x00, 0x2a])
        case .webp: return has(Array("RIFF".utf8)) && has(Array("WEBP".utf8), at: 8)
        case .heic: return has(Array("ftyp".utf8), at: 4)
        }
    }

    /// Whether a file that fits also ends as one of its kind does, where that can be told: a copy that was broken off
    /// does not.
    func isWhole(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .pdf:
            // Readers look for it in the last 1024 bytes (ISO 32000-1, annex H.3).
            let mark = Array("%%EOF".utf8)
            let tail = bytes.suffix(1024)
            return tail.indices.contains { tail[$0...].starts(with: mark) }
        case .png: return bytes.suffix(12).elementsEqual([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
        case .webp:
            let stated = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            return bytes.count >= stated + 8
        case .jpeg, .tiff, .heic: return true
        }
    }
}
