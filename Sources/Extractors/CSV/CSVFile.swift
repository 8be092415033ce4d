import PortabilityText
import SourceFiles

/// What is known of how one file is written: declared, or found out from its beginning.
struct CSVForm: Hashable {
    var signs: CSVSigns
    /// Of the bytes that the scanner sees; nil for UTF-8 in which a cell that is not valid is Windows-1252.
    var encoding: TextEncoding?
    /// What nobody declared and no mark in the file tells.
    var assumesDelimiter = false
    var assumesEncoding = false
    /// True if the bytes are UTF-16, which the scanner sees as UTF-8.
    var isUTF16 = false
}

/// One file, opened: its form, and its bytes for a scanner.
struct CSVFile: ~Copyable {
    /// How much of a file is looked at to find out its form.
    static let sample = 64 << 10

    private var file: StreamedFile
    private(set) var form: CSVForm
    /// What was read of the file and not yet handed on.
    private var head: [UInt8] = []
    /// How much of ``head`` was handed on.
    private var headUsed = 0
    /// A fault of the sample, which comes up when the scanner has got what came before it.
    private var fault: FileFault?
    /// For UTF-16: bytes of a character that is not whole yet.
    private var rest: [UInt8] = []
    private var decoded: [UInt8] = []
    private var isBigEndian = false
    /// Where the first row is looked for.
    let firstOffset: Int64
    let firstLine: Int64
    /// Bytes read, inflated.
    private(set) var bytesRead: Int64 = 0
    /// Places that were not valid UTF-16.
    private(set) var invalidText: Int64 = 0
    /// True if UTF-16 ended with half a unit.
    private(set) var endsInUnit = false

    init(
        _ found: FoundFile, in folder: SourceFolder, ratio: Int, dialect: CSVConfiguration.Dialect,
        encoding: CSVConfiguration.Encoding
    ) throws(FileFault) {
        var file = try StreamedFile(found, in: folder, ratio: ratio)
        var head: [UInt8] = []
        var fault: FileFault?
        var isWhole = false
        while head.count < Self.sample, !isWhole, fault == nil {
            var block = [UInt8](repeating: 0, count: Self.sample)
            do throws(FileFault) {
                var count = 0
                let size = Self.sample - head.count
                var result: Result<Int, FileFault> = .success(0)
                block.withUnsafeMutableBytes { bytes in
                    do throws(FileFault) {
                        result = .success(
                            try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(size))))
                    } catch {
                        result = .failure(error)
                    }
                }
                count = try result.get()
                isWhole = count == 0
                head += block[..<count]
            } catch {
                fault = error
            }
        }
        let (form, mark, sign) = Self.look(head, isWhole: isWhole, dialect, encoding)
        self.form = form
        if case .utf16(let bigEndian)? = form.encoding { isBigEndian = bigEndian }
        self.file = file
        self.head = head
        self.fault = fault
        headUsed = mark + sign
        firstOffset = Int64(mark + sign)
        firstLine = sign > 0 ? 2 : 1
        bytesRead = Int64(mark + sign)
    }

    /// A scanner for the file, to be filled by ``fill(_:)``.
    func scanner(limit: Int, block: Int = 1 << 20) -> CSVScanner {
        CSVScanner(signs: form.signs, limit: limit, block: block, offset: firstOffset, line: firstLine)
    }

    /// Puts the next bytes into a scanner; 0 at the end.
    mutating func fill(_ scanner: inout CSVScanner) throws(FileFault) -> Int {
        if !form.isUTF16 { return try scanner.fill { (bytes) throws(FileFault) -> Int in try read(into: bytes) } }
        while decoded.isEmpty {
            var block = [UInt8](repeating: 0, count: 1 << 18)
            var result: Result<Int, FileFault> = .success(0)
            block.withUnsafeMutableBytes { bytes in
                do throws(FileFault) { result = .success(try read(into: bytes)) } catch { result = .failure(error) }
            }
            let count = try result.get()
            if count == 0, rest.isEmpty { break }
            if count == 0, rest.count & 1 == 1 { endsInUnit = true }
            rest += block[..<count]
            var whole = count == 0 ? rest.count : rest.count & ~1
            // A high surrogate waits for the low one.
            if count > 0, whole >= 2, rest[isBigEndian ? whole - 2 : whole - 1] & 0xfc == 0xd8 { whole -= 2 }
            if whole == 0 { continue }
            let pending = rest
            let replaced = TextEncoding.utf16(bigEndian: isBigEndian).decode(
                pending.span.extracting(0..<whole), into: &decoded)
            invalidText += Int64(replaced)
            rest.removeFirst(whole)
        }
        // Moved out, so that it can be read while the file changes.
        var text: [UInt8] = []
        swap(&text, &decoded)
        let count = scanner.fill { bytes in
            let count = min(bytes.count, text.count)
            text.withUnsafeBytes { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
            return count
        }
        swap(&text, &decoded)
        decoded.removeFirst(count)
        return count
    }

    private mutating func read(into bytes: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        if headUsed < head.count {
            let count = min(bytes.count, head.count - headUsed)
            head.withUnsafeBytes {
                bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[headUsed..<headUsed + count]))
            }
            headUsed += count
            bytesRead += Int64(count)
            if headUsed == head.count { head = [] }
            return count
        }
        if let fault { throw fault }
        let count = try file.read(into: bytes)
        bytesRead += Int64(count)
        return count
    }

    /// Throws if the file is not what it was when it was opened.
    func checkUnchanged() throws(FileFault) { try file.checkUnchanged() }

    // MARK: Finding out

    /// The form, the length of the byte order mark, and that of a first line `sep=…` as spreadsheets write it.
    private static func look(
        _ head: [UInt8], isWhole: Bool, _ dialect: CSVConfiguration.Dialect, _ encoding: CSVConfiguration.Encoding
    ) -> (form: CSVForm, mark: Int, sign: Int) {
        var mark = 0
        var found: TextEncoding?
        if head.starts(with: [0xef, 0xbb, 0xbf]) {
            (found, mark) = (.utf8, 3)
        } else if head.starts(with: [0xff, 0xfe]) {
            (found, mark) = (.utf16(bigEndian: false), 2)
        } else if head.starts(with: [0xfe, 0xff]) {
            (found, mark) = (.utf16(bigEndian: true), 2)
        }
        let assumesEncoding = found == nil && encoding == .sniff
        if found == nil { found = encoding.declared ?? utf16WithoutMark(head) }
        var text = Array(head[mark...])
        var isUTF16 = false
        if case .utf16? = found {
            isUTF16 = true
            text = []
            _ = found?.decode(head.span.extracting(mark..<head.count & ~1), into: &text)
        }
        var form = CSVForm(
            signs: CSVSigns(
                delimiter: dialect.delimiter ?? Sign.comma, quote: dialect.quote, escape: dialect.escape,
                comment: dialect.comment, trims: dialect.trims),
            encoding: found, assumesEncoding: assumesEncoding, isUTF16: isUTF16)
        var sign = 0
        if let (delimiter, length) = announced(text), dialect.delimiter ?? delimiter == delimiter {
            form.signs.delimiter = delimiter
            sign = isUTF16 ? length * 2 : length
        } else if dialect.delimiter == nil {
            form.signs.delimiter = delimiter(of: text, isWhole: isWhole, form.signs)
            form.assumesDelimiter = true
        }
        return (form, mark, sign)
    }

    /// UTF-16 of which every second byte of the beginning is zero, as in the scripts of Europe.
    private static func utf16WithoutMark(_ head: [UInt8]) -> TextEncoding? {
        let units = min(head.count, 4096) / 2
        if units == 0 { return nil }
        var zeros = [0, 0]
        for index in 0..<units * 2 where head[index] == 0 { zeros[index & 1] += 1 }
        if zeros[0] == 0, zeros[1] * 2 > units { return .utf16(bigEndian: false) }
        if zeros[1] == 0, zeros[0] * 2 > units { return .utf16(bigEndian: true) }
        return nil
    }

    /// What a line `sep=;` at the beginning says, and its length with its end.
    private static func announced(_ text: [UInt8]) -> (delimiter: UInt8, length: Int)? {
        guard text.count > 5, text.starts(with: "sep=".utf8), text[4] < 0x80 else { return nil }
        if text[5] == Sign.lineFeed { return (text[4], 6) }
        if text[5] == Sign.carriageReturn { return (text[4], text.count > 6 && text[6] == Sign.lineFeed ? 7 : 6) }
        return nil
    }

    /// The delimiter with which most rows have as many cells as the first, of these the one with most cells.
    private static func delimiter(of text: [UInt8], isWhole: Bool, _ signs: CSVSigns) -> UInt8 {
        var best = (score: 0.0, cells: 1, delimiter: Sign.comma)
        // Where two are as good, commas are rather signs of the text.
        for candidate in [Sign.tab, UInt8(ascii: ";"), UInt8(ascii: "|"), Sign.comma] {
            var signs = signs
            signs.delimiter = candidate
            var scanner = CSVScanner(signs: signs, limit: text.count + 1, block: max(1, text.count))
            _ = scanner.fill { bytes in
                text.withUnsafeBytes { bytes.copyMemory(from: $0) }
                return text.count
            }
            // The last row of a longer file is cut.
            if isWhole { scanner.finish() }
            var (first, like, all) = (0, 0, 0)
            while all < 500, let row = scanner.next() {
                all += 1
                if all == 1 { first = row.cellCount }
                if row.cellCount == first, row.flags.isDisjoint(with: [.tail, .isOpen]) { like += 1 }
            }
            if first < 2 { continue }
            let score = Double(like) / Double(all)
            if score > best.score || (score == best.score && first > best.cells) { best = (score, first, candidate) }
        }
        return best.delimiter
    }
}

extension CSVConfiguration.Encoding {
    /// nil if it is to be found out.
    var declared: TextEncoding? {
        switch self {
        case .sniff: nil
        case .utf8: .utf8
        case .utf16LE: .utf16(bigEndian: false)
        case .utf16BE: .utf16(bigEndian: true)
        case .windows1252: .windows1252
        case .latin1: .latin1
        case .latin9: .latin9
        }
    }

    /// What a finding says of it.
    static func assumption(_ encoding: TextEncoding?) -> String {
        guard case .utf16(let bigEndian)? = encoding else {
            return "utf-8 was assumed, and windows-1252 for cells that are not valid in it"
        }
        return "\((bigEndian ? Self.utf16BE : .utf16LE).rawValue) was assumed"
    }
}
