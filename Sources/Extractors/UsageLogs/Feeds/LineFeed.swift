import PortabilityModel
import SourceFiles

/// Finds the lines of a log that may matter, whatever the way: by looking through the files, or by an index of them.
///
/// Every way obeys one rule, so that all give the same records, findings and counts: the lines that are handed over are
/// a *superset* of those that may matter, in the order of the files and of their places in them. Those that may matter
/// are the subject's lines, and, to every subject, lines that cannot be read: that are not well-formed, or too long, or
/// have an object or array where an identifier should be. ``LineReader`` alone decides what becomes of each.
///
/// One task takes the steps, one after another, on a thread that may block.
protocol LineFeed: AnyObject {
    /// The next step; nil after the end of the last file.
    ///
    /// Files come in the order of their ordinals; of each some steps with lines and then its end.
    /// - Throws: `CancellationError`, at most a tenth of a second after the task was cancelled.
    func next() throws -> FeedStep?

    /// Ends the threads and closes the files. Called exactly once, also after errors.
    func close()
}

/// What a ``LineFeed`` hands over.
enum FeedStep {
    case lines(FoundLines)
    case end(FileEnd)
    /// Something that is not about a line or the reading of a file, as an index that could not be believed.
    case note(Finding)
}

/// Some lines of a file, in order.
struct FoundLines {
    /// The file's ordinal, 0-based.
    var file: Int
    var bytes: [UInt8]
    var lines: [FoundLine]
}

/// Where a line that was found stands.
struct FoundLine: Sendable, Hashable {
    /// 1-based, in its file.
    var number: Int64
    /// 0-based offset of its first byte in the text of the file, inflated if it is compressed.
    var offset: Int64
    /// Where it begins among the bytes that are handed over with it.
    var start: Int
    /// Bytes, without LF or CR LF at the end; 0 if it is too long.
    var length: Int
    /// True if the line is longer than the limit; its bytes are not handed over.
    var isTooLong: Bool
}

/// What became of a file.
struct FileEnd {
    /// The file's ordinal, 0-based.
    var file: Int
    /// False if it could not be opened.
    var isOpened: Bool
    /// Bytes of its text that were looked through.
    var bytes: Int64
    /// Why it, or the rest of it, was not read.
    var fault: FileFault?
}
