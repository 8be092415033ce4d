import Glibc

/// What a tap says on standard error, counted and not kept.
///
/// Taps log what they read, and their exceptions quote it. So nothing of it is repeated but numbers and names that
/// programs have: how many lines were of which level, and the class of the last exception. A class is told only where a
/// Python traceback has it, and only if it looks like one: one of Python's own, or letters and dots with a module
/// before it, ending in `Error` or `Exception` or from a module of errors.
struct StandardError {
    private(set) var lines: Int64 = 0
    /// Lines of the levels ERROR, CRITICAL and FATAL.
    private(set) var errors: Int64 = 0
    private(set) var warnings: Int64 = 0
    private(set) var exception: String?

    /// The beginning of the line that is being read.
    private var line: [UInt8] = []
    private var isInLine = false
    private var isInTraceback = false

    private static let kept = 512

    /// Takes in the next bytes.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count {
            let end = memchr(base + start, 0x0a, bytes.count - start).map { UnsafeRawPointer($0) - base }
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)])
            line.append(contentsOf: piece.prefix(Self.kept - line.count))
            isInLine = true
            guard let end else { return }
            endLine()
            start = end + 1
        }
    }

    private mutating func endLine() {
        lines += 1
        defer {
            line.removeAll(keepingCapacity: true)
            isInLine = false
        }
        if line.starts(with: Array("Traceback (most recent call last):".utf8)) {
            isInTraceback = true
            return
        }
        if isInTraceback, let first = line.first, first != 0x20, first != UInt8(ascii: "|") {
            isInTraceback = false
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            if Self.isClass(name) { exception = String(decoding: name, as: UTF8.self) }
            return
        }
        switch Self.level(line) {
        case .error: errors += 1
        case .warning: warnings += 1
        case nil: break
        }
    }

    private enum Level { case error, warning }

    /// The level of a log line: the first word of its beginning that is one.
    private static func level(_ line: [UInt8]) -> Level? {
        for word in line.prefix(96).split(whereSeparator: { !isLetter($0) }) {
            switch String(decoding: word, as: UTF8.self) {
            case "ERROR", "CRITICAL", "FATAL": return .error
            case "WARNING", "WARN": return .warning
            case "INFO", "DEBUG", "TRACE": return nil
            default: continue
            }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    /// Python's own classes of exceptions: one without a module may be anybody's name.
    private static let builtIn: Set<String> = [
        "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError",
        "BrokenPipeError", "BufferError", "ChildProcessError", "ConnectionAbortedError", "ConnectionError",
        "ConnectionRefusedError", "ConnectionResetError", "EOFError", "Exception", "ExceptionGroup", "FileExistsError",
        "FileNotFoundError", "FloatingPointError", "GeneratorExit", "IOError", "ImportError", "IndentationError",
        "IndexError", "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError",
        "MemoryError", "ModuleNotFoundError", "NameError", "NotADirectoryError", "NotImplementedError", "OSError",
        "OverflowError", "PermissionError", "ProcessLookupError", "RecursionError", "ReferenceError", "RuntimeError",
        "StopAsyncIteration", "StopIteration", "SyntaxError", "SystemError", "SystemExit", "TabError", "TimeoutError",
        "TypeError", "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError",
        "UnicodeTranslateError", "ValueError", "ZeroDivisionError",
    ]

    /// True for what only a class of exceptions is called, such as `ValueError` and `psycopg2.errors.UndefinedTable`.
    private static func isClass(_ name: some Collection<UInt8>) -> Bool {
        guard name.count <= 80 else { return false }
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let own = parts.last, own.count >= 3, own.utf8.allSatisfy(isLetter),
            let first = own.utf8.first, first < UInt8(ascii: "a")
        else { return false }
        let modules = parts.dropLast()
        let isModule = { (part: String) in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "_") || 0x30...0x39 ~= $0
                }
        }
        if modules.isEmpty { return builtIn.contains(own) }
        guard modules.allSatisfy(isModule), let first = modules.first?.utf8.first, first >= UInt8(ascii: "a") else {
            return false
        }
        if own.hasSuffix("Error") || own.hasSuffix("Exception") { return true }
        return modules.contains { ["errors", "exceptions", "exc", "error", "exception"].contains($0) }
    }

    /// For an error's message: `53 lines on standard error (2 errors, 0 warnings), last exception ValueError`.
    var summary: String {
        let count = lines + (isInLine ? 1 : 0)
        var text = "\(count) \(count == 1 ? "line" : "lines") on standard error"
        if errors + warnings > 0 {
            text +=
                " (\(errors) \(errors == 1 ? "error" : "errors"), "
                + "\(warnings) \(warnings == 1 ? "warning" : "warnings"))"
        }
        if let exception { text += ", last exception \(exception)" }
        return text
    }
}
