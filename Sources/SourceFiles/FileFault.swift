import Glibc
public import PortabilityModel
public import PortabilityText

/// Why a file, or the rest of it, was not read.
public enum FileFault: Error, Sendable, Hashable {
    /// It cannot be opened or read.
    case unreadable(errno: Int32)
    /// It is a folder, a pipe, a device: nothing that is read to an end.
    case notAFile
    /// It became shorter than it was when it was opened.
    case shrank
    /// It was written to while it was read.
    case changed
    /// Its compression is damaged, or a bomb.
    case gzip(GzipFault)
    case zstd(ZstdFault)

    /// What it means for a result. All of them lose records.
    ///
    /// - Parameter place: The source and the ordinal of the file; never its name, which may be a person's.
    public func finding(at place: PortabilityError.Place) -> Finding {
        switch self {
        case .unreadable(let code):
            Finding(
                .unreadable, code == EACCES ? "the file may not be read" : "the file cannot be read (errno \(code))",
                at: place)
        case .notAFile: Finding(.unreadable, "what matches the path is no regular file", at: place)
        case .shrank: Finding(.truncated, "the file became shorter while it was read", at: place)
        case .changed:
            Finding(
                .truncated, "the file was written to while it was read; what was added is not included", at: place)
        case .gzip(.truncated): Finding(.truncated, "the gzip file ends in the middle", at: place)
        case .gzip(.malformed):
            Finding(.truncated, "the gzip data are damaged; the rest of the file was not read", at: place)
        case .gzip(.checksum):
            Finding(.truncated, "a gzip checksum is wrong; the rest of the file was not read", at: place)
        case .gzip(.trailingGarbage):
            Finding(.truncated, "after the gzip data stands something else, which was not read", at: place)
        case .gzip(.ratio):
            Finding(
                .tooLarge, "the gzip file inflates to more than the allowed multiple; the rest was not read", at: place)
        case .zstd(.truncated): Finding(.truncated, "the zstd file ends in the middle", at: place)
        case .zstd(.malformed):
            Finding(.truncated, "the zstd data are damaged; the rest of the file was not read", at: place)
        case .zstd(.checksum):
            Finding(.truncated, "a zstd checksum is wrong; the rest of the file was not read", at: place)
        case .zstd(.trailingGarbage):
            Finding(.truncated, "after the zstd data stands something else, which was not read", at: place)
        case .zstd(.ratio):
            Finding(
                .tooLarge, "the zstd file inflates to more than the allowed multiple; the rest was not read", at: place)
        case .zstd(.window):
            Finding(
                .tooLarge, "the zstd file needs more than 128 MiB to be inflated; the rest was not read", at: place)
        case .zstd(.dictionary):
            Finding(.unreadable, "the zstd file needs a dictionary, and was not read", at: place)
        }
    }
}

extension PortabilityError.Place {
    /// The same place, with the name of a field or of a key of the configuration.
    public func with(field: String) -> PortabilityError.Place {
        var copy = self
        copy.field = field
        return copy
    }
}
