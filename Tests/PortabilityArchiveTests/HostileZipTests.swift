import PortabilityModel
import Testing

@testable import PortabilityArchive

/// One thing that is changed in a sound zip of two entries, and the kinds of what is found then. None for changes that
/// a sound zip may have.
private struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let expected: [String]
    let change: @Sendable (inout CraftedZip) -> Void

    init(_ what: String, _ expected: String..., change: @escaping @Sendable (inout CraftedZip) -> Void) {
        self.init(what, expected, change: change)
    }

    init(_ what: String, _ expected: [String], change: @escaping @Sendable (inout CraftedZip) -> Void) {
        testDescription = what
        self.expected = expected == ["none"] ? [] : expected
        self.change = change
    }
}

/// Renames the second entry.
private func name(_ name: String, _ expected: String...) -> Case {
    let kinds = expected.isEmpty ? ["dangerous-name"] : expected
    return named(Array(name.utf8), "the name \(name.debugDescription)", kinds)
}

private func named(_ name: [UInt8], _ what: String, _ expected: [String]) -> Case {
    Case(what, expected) { zip in
        zip.entries[1].both {
            $0.name = name
            if name.contains(where: { $0 >= 0x80 }) { $0.flags = 0x800 }
        }
        if name.last == UInt8(ascii: "/") {
            let folder = CraftedZip.Entry("", [])
            zip.entries[1].data = []
            zip.entries[1].both {
                $0.crc32 = folder.local.crc32
                $0.size = 0
                $0.compressedSize = 0
            }
            zip.entries[1].attributes = 0o040755 << 16 | 0x10
        }
    }
}

/// Renames both entries.
private func names(_ first: String, _ second: String, _ expected: String...) -> Case {
    Case("\(first.debugDescription) beside \(second.debugDescription)", expected) { zip in
        for (index, name) in [first, second].enumerated() {
            zip.entries[index].both {
                $0.name = Array(name.utf8)
                $0.flags = 0x800
            }
        }
    }
}

private let names: [Case] = [
    name("../b.txt"), name("data/../../b.txt"), name("data/.."), name(".."), name("./b.txt"), name("data/./b.txt"),
    name("/b.txt"), name("//server/share/b.txt"), name("data//b.txt"), name("C:b.txt"), name("C:/b.txt"),
    name("c:\\b.txt"), name("\\b.txt"), name("data\\b.txt"), name("..\\b.txt"), name("b.txt:stream"), name("b\0.txt"),
    name("b\n.txt"), name("b\u{7F}.txt"), name("a*.txt"), name("b?.txt"), name("<b>.txt"), name("b|c"), name("\"b\""),
    name("NUL"), name("data/con.txt"), name("Aux .txt"), name("com1"), name("LPT9.log"), name("COM¹"), name("lpt³.txt"),
    name("CONIN$"), name("b."), name("b.txt "), name("data./b.txt"), name("data /b.txt"), name(""), name("/"),
    name("../"), name("data/b/", "none"), name("COM", "none"), name("COM10", "none"), name("nulls.txt", "none"),
    name("ä/ö.txt", "none"), name("..b", "none"), name(String(repeating: "n", count: 513), "limit"),
    name(String(repeating: "n", count: 512), "none"), name(String(repeating: "f/", count: 65) + "b", "limit"),
    name(String(repeating: "f/", count: 64) + "b", "none"),
    named([0xC3, 0x28], "a name that is not UTF-8", ["name-encoding"]),
    Case("a name beyond ASCII that does not say how it is encoded", "name-encoding") { zip in
        zip.entries[1].both { $0.name = Array("ä".utf8) }
    },
]

private let clashes: [Case] = [
    names("b", "b", "clashing-names"), names("b", "B", "clashing-names"), names("ä", "Ä", "clashing-names"),
    names("\u{E4}", "a\u{308}", "clashing-names"), names("\u{C4}", "a\u{308}", "clashing-names"),
    names("straße", "STRASSE", "clashing-names"), names("ſ", "s", "clashing-names"),
    names("ς", "σ", "clashing-names"), names("\u{212A}", "k", "clashing-names"),
    names("b", "b/c", "clashing-names"), names("b/c", "b", "clashing-names"), names("b", "B/c", "clashing-names"),
    names("b/c", "B/d", "clashing-names"), names("f/\u{E4}/c", "f/a\u{308}/d", "clashing-names"),
    names("f/x/c", "f/X/c", "clashing-names"), names("b/c", "b/d", "none"), names("b/c", "bc/d", "none"),
    names("\u{FB01}", "fi", "clashing-names"), names("a", "ä", "none"),
    Case("a folder and a file in a folder of another spelling", "clashing-names") { zip in
        zip.entries.append(CraftedZip.Entry("DATA/c", [1]))
    },
    Case("folders that are written out, before and after what is in them") { zip in
        for (index, name) in ["f/", "data/"].enumerated() {
            var folder = CraftedZip.Entry(name, [])
            folder.attributes = 0o040755 << 16 | 0x10
            zip.entries.insert(folder, at: index * 3)
        }
    },
    Case("a folder that is written out in another spelling", "clashing-names") { zip in
        var folder = CraftedZip.Entry("Data/", [])
        folder.attributes = 0x10
        zip.entries.append(folder)
    },
]

private let kindsOfFile: [Case] = [
    Case("a symbolic link", "not-a-file") { $0.entries[1].attributes = 0o120777 << 16 },
    Case("a symbolic link that claims to come from DOS", "not-a-file") { zip in
        zip.entries[1].attributes = 0o120777 << 16
        zip.entries[1].madeBy = 20
    },
    Case("a named pipe", "not-a-file") { $0.entries[1].attributes = 0o010644 << 16 },
    Case("a character device", "not-a-file") { $0.entries[1].attributes = 0o020644 << 16 },
    Case("a block device", "not-a-file") { $0.entries[1].attributes = 0o060644 << 16 },
    Case("a socket", "not-a-file") { $0.entries[1].attributes = 0o140644 << 16 },
    Case("a folder by its mode only", "not-a-file") { $0.entries[1].attributes = 0o040755 << 16 },
    Case("a folder by its DOS attribute only", "not-a-file") { $0.entries[1].attributes = 0x10 },
    Case("a volume label", "not-a-file") { $0.entries[1].attributes = 0x08 },
    Case("a file without a mode") { $0.entries[1].attributes = 0x20 },
    Case("a link by an ASi Unix field", "not-a-file") { zip in
        zip.entries[1].central.extra = CraftedZip.extra(0x756E, [0, 0, 0, 0, 0xFF, 0xA1, 0, 0, 0, 0, 0, 0, 0, 0])
    },
    Case("a link by a PKWARE Unix field of the entry's own header", "not-a-file") { zip in
        zip.entries[1].local.extra = CraftedZip.extra(0x000D, [UInt8](repeating: 0, count: 12) + Array("/etc".utf8))
    },
    Case("a folder with content", "size") { zip in
        zip.entries[1].both { $0.name.append(UInt8(ascii: "/")) }
        zip.entries[1].attributes = 0x10
    },
]

private let headers: [Case] = [
    Case("another name in the entry's own header", "headers-disagree") { $0.entries[1].local.name[0] ^= 1 },
    Case("another method in the entry's own header", "headers-disagree") { $0.entries[1].local.method = 8 },
    Case("other flags in the entry's own header", "headers-disagree") { $0.entries[1].local.flags = 2 },
    Case("another CRC-32 in the entry's own header", "headers-disagree") { $0.entries[1].local.crc32 ^= 1 },
    Case("another size in the entry's own header", "headers-disagree") { $0.entries[1].local.size += 1 },
    Case("another packed size in the entry's own header", "headers-disagree") {
        $0.entries[1].local.compressedSize -= 1
    },
    Case("another CRC-32 than that of the bytes", "checksum") { zip in zip.entries[1].both { $0.crc32 ^= 1 } },
    Case("sizes smaller than the bytes", "gap", "checksum") { zip in
        zip.entries[1].both {
            $0.size -= 1
            $0.compressedSize -= 1
        }
    },
    Case("sizes larger than the bytes", "overlap", "gap") { zip in
        zip.entries[1].both {
            $0.size += 1
            $0.compressedSize += 1
        }
    },
    Case("a size larger than the packed bytes of a stored entry", "size", "size") { zip in
        zip.entries[1].both { $0.size += 1 }
    },
    Case("a size of 4 GiB less one without ZIP64", "size", "limit") { zip in
        zip.entries[1].both { $0.size = .max }
    },
    Case("a packed size beyond the file", "directory") { zip in
        zip.entries[1].both { $0.compressedSize = 0x7FFF_FFFF }
    },
    Case("an offset beyond the file", "directory") { $0.entries[1].offset = 0x7FFF_FFFF },
    Case("an offset that leads into the directory", "directory", "gap") { zip in
        zip.entries[1].offset = UInt32(zip.bytes.count - 150)
    },
    Case("no header where the entry should be", "directory", "gap") { zip in
        zip.entries[1].offset = 50
    },
    Case("two entries in one place", "clashing-names", "overlap", "gap") { zip in
        zip.entries.append(zip.entries[1])
        zip.entries[2].offset = 47
    },
    Case("bytes between entries", "gap") { $0.entries[1].gap = [0] },
    Case("an entry between entries that the directory does not have", "gap") { zip in
        var hidden = CraftedZip()
        hidden.entries.removeLast()
        zip.entries[1].gap = Array(hidden.bytes.prefix(30 + 5 + 12))
    },
    Case("bytes before the directory", "gap") { $0.gap = [0, 0] },
    Case("bytes at the end of the directory", "directory") { $0.directoryTail = [0] },
    Case("comments of entries") { $0.entries[1].comment = Array("PK\u{05}\u{06}".utf8) },
    Case("an entry of another disk", "multi-disk") { $0.entries[1].disk = 1 },
    Case("an entry whose disk is left to a ZIP64 field that is not there", "multi-disk") {
        $0.entries[1].disk = 0xFFFF
    },
    Case("an extra field that leads out of its header", "extra-field") { $0.entries[1].central.extra = [1, 2, 9, 0] },
    Case("an extra field that is cut off", "extra-field") { $0.entries[1].local.extra = [1, 2, 3] },
    Case("an unknown extra field") { zip in zip.entries[1].both { $0.extra = CraftedZip.extra(0x5455, [1, 2]) } },
    Case("a Unicode path field that agrees") { zip in
        zip.entries[1].both { $0.extra = CraftedZip.unicodePath("data/b.txt", of: "data/b.txt") }
    },
    Case("a Unicode path field with another name in the directory", "headers-disagree") { zip in
        zip.entries[1].central.extra = CraftedZip.unicodePath("../b.txt", of: "data/b.txt")
    },
    Case("a Unicode path field with another name in the entry's own header", "headers-disagree") { zip in
        zip.entries[1].local.extra = CraftedZip.unicodePath("../b.txt", of: "data/b.txt")
    },
    Case("two Unicode path fields, the first with another name", "headers-disagree") { zip in
        zip.entries[1].central.extra =
            CraftedZip.unicodePath("../b.txt", of: "data/b.txt")
            + CraftedZip.unicodePath("data/b.txt", of: "data/b.txt")
    },
    Case("a Unicode path field without a name", "extra-field") { zip in
        zip.entries[1].central.extra = CraftedZip.extra(0x7075, [1, 0, 0, 0, 0])
    },
]

private let packing: [Case] = [
    Case("traditional encryption", "encrypted") { zip in zip.entries[1].both { $0.flags = 1 } },
    Case("strong encryption", "encrypted") { zip in zip.entries[1].both { $0.flags = 0x40 } },
    Case("masked headers", "encrypted") { zip in zip.entries[1].both { $0.flags = 0x2000 } },
    Case("AES encryption", "encrypted", "method") { zip in
        zip.entries[1].both {
            $0.flags = 1
            $0.method = 99
        }
    },
    Case("patch data", "method") { zip in zip.entries[1].both { $0.flags = 0x20 } },
    Case("deflate that is none", "deflate") { zip in
        zip.entries[1].both { $0.method = 8 }
        zip.entries[1].data = [UInt8](repeating: 0xFF, count: 8)
    },
    Case("deflate that is cut off", "deflate") { zip in
        zip.entries[1].both { $0.method = 8 }
        zip.entries[1].data = [0, 100, 0, 155, 255, 1, 2, 3]
    },
    Case("deflate that ends before its bytes do", "deflate") { zip in
        zip.entries[1].both { $0.method = 8 }
        zip.entries[1].data = [3, 0, 0, 0, 0, 0, 0, 0]
    },
    Case("a deflate match before the beginning", "deflate") { zip in
        // A fixed block that begins with a match of length 3 at distance 4.
        zip.entries[1].both { $0.method = 8 }
        zip.entries[1].data = [0x03, 0x06, 0, 0, 0, 0, 0, 0]
    },
    Case("an empty deflate stream") { zip in
        zip.entries[1].data = [3, 0]
        zip.entries[1].both {
            $0.method = 8
            $0.size = 0
            $0.compressedSize = 2
            $0.crc32 = 0
        }
    },
]

private let methods = ([1, 2, 6, 7, 9, 10, 12, 14, 19, 20, 93, 94, 95, 97, 98] as [UInt16]).map { method in
    Case("method \(method)", "method") { zip in zip.entries[1].both { $0.method = method } }
}

private let descriptors: [Case] =
    [(true, false), (true, true), (false, false), (false, true)].map { isSigned, isLong in
        Case("a data descriptor \(isSigned ? "with" : "without") signature, \(isLong ? 64 : 32) bits") { zip in
            zip.entries[0].descriptor = CraftedZip.descriptor(
                zip.entries[0].central, isSigned: isSigned, isLong: isLong)
            zip.entries[0].both { $0.flags = 8 }
            zip.entries[0].local.crc32 = 0
            zip.entries[0].local.size = 0
            zip.entries[0].local.compressedSize = 0
        }
    }
    + [
        Case("a data descriptor that is not there", "headers-disagree") { zip in
            zip.entries[0].both { $0.flags = 8 }
        },
        Case("a data descriptor where the flags have none", "gap") { zip in
            zip.entries[0].descriptor = CraftedZip.descriptor(zip.entries[0].central, isSigned: true, isLong: false)
        },
        Case("a data descriptor with another size", "headers-disagree", "gap") { zip in
            var other = zip.entries[0].central
            other.size += 1
            zip.entries[0].descriptor = CraftedZip.descriptor(other, isSigned: true, isLong: false)
            zip.entries[0].both { $0.flags = 8 }
        },
        Case("a data descriptor with another CRC-32", "headers-disagree", "gap") { zip in
            var other = zip.entries[0].central
            other.crc32 ^= 1
            zip.entries[0].descriptor = CraftedZip.descriptor(other, isSigned: true, isLong: false)
            zip.entries[0].both { $0.flags = 8 }
        },
        Case("a data descriptor and more before the next entry", "headers-disagree", "gap") { zip in
            zip.entries[0].descriptor =
                CraftedZip.descriptor(zip.entries[0].central, isSigned: true, isLong: false) + [0]
            zip.entries[0].both { $0.flags = 8 }
        },
        Case("a data descriptor and another size in the entry's own header", "headers-disagree") { zip in
            zip.entries[0].descriptor = CraftedZip.descriptor(zip.entries[0].central, isSigned: true, isLong: false)
            zip.entries[0].both { $0.flags = 8 }
            zip.entries[0].local.size = 1
        },
    ]

private let zip64: [Case] = [
    Case("ZIP64 sizes in both headers") { zip in
        zip.entries[1].both {
            $0.size = .max
            $0.compressedSize = .max
            $0.extra = CraftedZip.zip64(8, 8)
        }
    },
    Case("ZIP64 for the packed size alone, in the directory") { zip in
        zip.entries[1].central.compressedSize = .max
        zip.entries[1].central.extra = CraftedZip.zip64(8)
    },
    Case("ZIP64 for the offset alone") { zip in
        zip.entries[1].offset = .max
        zip.entries[1].central.extra = CraftedZip.zip64(47)
    },
    Case("ZIP64 for the disk alone") { zip in
        zip.entries[1].disk = .max
        zip.entries[1].central.extra = CraftedZip.zip64(disk: 0)
    },
    Case("ZIP64 for all that it can hold") { zip in
        zip.entries[1].offset = .max
        zip.entries[1].disk = .max
        zip.entries[1].central.size = .max
        zip.entries[1].central.compressedSize = .max
        zip.entries[1].central.extra = CraftedZip.zip64(8, 8, 47, disk: 0)
    },
    Case("a ZIP64 disk that is another", "multi-disk") { zip in
        zip.entries[1].disk = .max
        zip.entries[1].central.extra = CraftedZip.zip64(disk: 65535)
    },
    Case("a needless ZIP64 field that agrees") { zip in
        zip.entries[1].both { $0.extra = CraftedZip.zip64(8, 8) }
    },
    Case("a needless ZIP64 field with another size", "extra-field") { zip in
        zip.entries[1].central.extra = CraftedZip.zip64(9, 8)
    },
    Case("a full ZIP64 field for the packed size alone") { zip in
        zip.entries[1].local.compressedSize = .max
        zip.entries[1].local.extra = CraftedZip.zip64(8, 8)
    },
    Case("a full ZIP64 field that two programs read differently", "extra-field", "headers-disagree") { zip in
        zip.entries[1].local.compressedSize = .max
        zip.entries[1].local.extra = CraftedZip.zip64(9, 8)
    },
    Case("a ZIP64 field too short for the size", "extra-field", "directory") { zip in
        zip.entries[1].central.size = .max
        zip.entries[1].central.compressedSize = .max
        zip.entries[1].central.extra = CraftedZip.extra(1, [8, 0, 0, 0])
    },
    Case("a ZIP64 field too short for the packed size", "extra-field", "directory") { zip in
        zip.entries[1].central.size = .max
        zip.entries[1].central.compressedSize = .max
        zip.entries[1].central.extra = CraftedZip.zip64(8)
    },
    Case("a ZIP64 field too short for the offset", "extra-field", "directory") { zip in
        zip.entries[1].offset = .max
        zip.entries[1].central.extra = CraftedZip.extra(1, [])
    },
    Case("a ZIP64 field that is too long", "extra-field") { zip in
        zip.entries[1].central.size = .max
        zip.entries[1].central.extra = CraftedZip.zip64(8, 8, 47, 0)
    },
    Case("two ZIP64 fields", "extra-field") { zip in
        zip.entries[1].central.extra = CraftedZip.zip64(8, 8) + CraftedZip.zip64(8, 8)
    },
    Case("a ZIP64 size beyond what a file can have", "directory") { zip in
        zip.entries[1].central.size = .max
        zip.entries[1].central.extra = CraftedZip.zip64(.max)
    },
    Case("a ZIP64 packed size beyond what a file can have", "directory") { zip in
        zip.entries[1].central.compressedSize = .max
        zip.entries[1].central.extra = CraftedZip.zip64(1 << 63)
    },
    Case("a ZIP64 offset beyond what a file can have", "directory") { zip in
        zip.entries[1].offset = .max
        zip.entries[1].central.extra = CraftedZip.zip64(.max - 1)
    },
    Case("a needless ZIP64 end record") { $0.end.zip64 = .init() },
    Case("a ZIP64 end record for everything") { zip in
        zip.end = .init(entriesHere: .max, entries: .max, directorySize: .max, directoryOffset: .max, zip64: .init())
    },
    Case("a ZIP64 end record for the disks too") { zip in
        zip.end.zip64 = .init()
        zip.end.disk = .max
        zip.end.directoryDisk = .max
    },
    Case("a ZIP64 end record that counts other entries", "directory", "gap") { $0.end.zip64 = .init(entries: 1) },
    Case("a ZIP64 end record with another directory", "directory", "prefix-data") { zip in
        zip.end.zip64 = .init(directoryOffset: 1)
    },
    Case("a ZIP64 end record that counts more entries than there can be", "directory", "limit") { zip in
        zip.end.zip64 = .init(entries: .max)
    },
    Case("a ZIP64 end record with a directory beyond the file", "directory") { zip in
        zip.end = .init(directoryOffset: .max, zip64: .init(directoryOffset: .max))
    },
    Case("a ZIP64 end record with a size that overflows", "directory") { zip in
        zip.end = .init(directorySize: .max, zip64: .init(directorySize: .max >> 1))
    },
    Case("a ZIP64 end record of another disk", "multi-disk") { $0.end = .init(disk: .max, zip64: .init(disk: 1)) },
    Case("a ZIP64 end record of a directory on another disk", "multi-disk") { zip in
        zip.end = .init(directoryDisk: .max, zip64: .init(directoryDisk: 1))
    },
    Case("a ZIP64 locator that leads to another disk", "multi-disk") { $0.end.zip64 = .init(locatorDisk: 1) },
    Case("a ZIP64 locator that counts two disks", "multi-disk") { $0.end.zip64 = .init(disks: 2) },
    Case("a ZIP64 locator that leads elsewhere", "directory") { $0.end.zip64 = .init(locatorOffset: 5) },
    Case("a ZIP64 locator that leads out of the file", "directory") { $0.end.zip64 = .init(locatorOffset: .max) },
    Case("a ZIP64 locator that leads to another record", "directory") { zip in
        // The first entry's content is a ZIP64 end record of its own.
        var record: [UInt8] = []
        record.put(ZipFormat.zip64EndSignature)
        record += [UInt8](repeating: 0, count: 52)
        zip.entries[0] = CraftedZip.Entry("a.txt", record)
        zip.end.zip64 = .init(locatorOffset: 35)
    },
    Case("a ZIP64 locator without a record", "directory") { $0.end.zip64 = .init(signature: 0) },
    Case("a ZIP64 end record with a wrong size", "directory") { $0.end.zip64 = .init(size: 45) },
    Case("a ZIP64 end record with a size that leads out", "directory") { $0.end.zip64 = .init(size: .max) },
    Case("bytes between the ZIP64 end record and its locator", "directory") { $0.end.zip64 = .init(gap: [0]) },
    Case("a ZIP64 end record with more fields", "directory") { zip in
        zip.end.zip64 = .init(size: 48, more: [1, 2, 3, 4])
    },
    Case("a ZIP64 end record of version 2", "encrypted") { zip in
        zip.end.zip64 = .init(size: 72, version: 62, more: [UInt8](repeating: 0, count: 28))
    },
]

private let ends: [Case] = [
    Case("no change") { _ in },
    Case("no entries", "none") { $0.entries = [] },
    Case("bytes before the archive", "prefix-data") { $0.prefix = Array("#!/bin/sh\n".utf8) },
    Case("bytes before the archive that its offsets count", "prefix-data") { zip in
        zip.prefix = Array("#!/bin/sh\n".utf8)
        zip.countsPrefix = true
    },
    Case("bytes before an archive with ZIP64", "prefix-data") { zip in
        zip.prefix = [1, 2, 3]
        zip.end.zip64 = .init()
    },
    Case("bytes before no entries", "prefix-data") { zip in
        zip.entries = []
        zip.prefix = [1, 2, 3]
    },
    Case("bytes after the archive", "trailing-data") { $0.trailing = [0] },
    Case("an archive after the archive", "prefix-data") { $0.trailing = CraftedZip().bytes },
    Case("a comment") { $0.end.comment = Array("a comment".utf8) },
    Case("a comment that has the form of a seal") {
        $0.end.comment = Array("sha256:".utf8) + [UInt8](repeating: 48, count: 64)
    },
    Case("a comment that is longer than it says", "trailing-data") { zip in
        zip.end.comment = [1, 2, 3]
        zip.end.commentSize = 2
    },
    Case("a comment that is shorter than it says", "not-an-archive") { zip in
        zip.end.comment = [1, 2, 3]
        zip.end.commentSize = 4
    },
    Case("an archive in the comment", "directory", "prefix-data") { $0.end.comment = CraftedZip().bytes },
    Case("an archive in the comment that does not end with it", "directory") { zip in
        zip.end.comment = CraftedZip().bytes + [0]
    },
    Case("the beginning of an end record in the comment", "directory") { zip in
        zip.end.comment = [1, 0x50, 0x4B, 5, 6]
    },
    Case("a ZIP64 end record in the comment", "directory") { $0.end.comment = [0x50, 0x4B, 6, 6, 0] },
    Case("a ZIP64 locator in the comment", "directory") { $0.end.comment = [0x50, 0x4B, 6, 7, 0] },
    Case("a part of several", "multi-disk") { $0.end.disk = 1 },
    Case("a directory in another part", "multi-disk") { $0.end.directoryDisk = 1 },
    Case("entries in another part", "multi-disk") { $0.end.entriesHere = 1 },
    Case("fewer entries counted than there are", "directory", "gap") { zip in
        zip.end.entries = 1
        zip.end.entriesHere = 1
    },
    Case("more entries counted than there are", "directory") { zip in
        zip.end.entries = 3
        zip.end.entriesHere = 3
    },
    Case("a directory that is smaller than it says", "directory") { $0.end.directorySize = 5000 },
    Case("a directory that begins elsewhere", "directory") { $0.end.directoryOffset = 5000 },
    Case("a directory that begins too early", "directory", "prefix-data") { zip in zip.end.directorySize = 60 },
]

@Suite("Hostile zips")
struct HostileZipTests {
    @Test(
        "end in what is wrong with them",
        arguments: names + clashes + kindsOfFile + headers + packing + methods + descriptors + zip64 + ends)
    fileprivate func judged(_ item: Case) throws {
        var zip = CraftedZip()
        item.change(&zip)
        let file = ArchiveFile(MemoryBytes(bytes: zip.bytes))
        let (reader, structure) = ZipReader.inspect(file)
        let found = structure + (reader?.contentFindings() ?? [])
        #expect(Set(found.map(\.kind.rawValue)) == Set(item.expected))
        for finding in found { #expect(finding.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }) }
        // Read in the other way, it is one clear error.
        let error = failure {
            let reader = try ZipReader(file)
            for entry in reader.entries { try reader.read(entry) { _ in } }
        }
        #expect((error == nil) == item.expected.isEmpty)
        #expect(error?.message == found.first?.message)
        #expect(error.map { [.malformed, .verification, .limit].contains($0.code) } != false)
        #expect(error.map { $0.remedy?.isEmpty == false } != false)
    }

    /// A zip of entries that quote the headers of those after them, so that all share one kernel (David Fifield, "A
    /// better zip bomb", WOOT 2019): each is a deflate block without compression, which has the next entry's header,
    /// followed by the next entry's packed bytes.
    private static func quotedOverlap(_ count: Int) -> [UInt8] {
        var packed: [UInt8] = [1, 4, 0, 0xFB, 0xFF] + Array("core".utf8)
        var plain = Array("core".utf8)
        var zip = CraftedZip()
        zip.entries = []
        for number in (0..<count).reversed() {
            var entry = CraftedZip.Entry("data/\(number + 10)", plain)
            entry.both {
                $0.method = 8
                $0.compressedSize = UInt32(packed.count)
            }
            let header = entry.local.whole
            entry.offset = UInt32(number * (header.count + 5))
            zip.entries.insert(entry, at: 0)
            zip.body = header + packed
            var block: [UInt8] = [0]
            block.put(UInt16(header.count))
            block.put(~UInt16(header.count))
            packed = block + header + packed
            plain = header + plain
        }
        return zip.bytes
    }

    @Test("that quote their own headers, to unpack the same bytes again and again, are refused")
    func overlappingBomb() throws {
        let bytes = Self.quotedOverlap(20)
        let folder = try TestFolder()
        try write(bytes, toFile: folder.file("bomb.zip"))
        // The unzip of other systems takes it for sound; Python's zipfile did until 3.11.8.
        #expect(shell("cd '\(folder.path)' && bsdtar -tf bomb.zip | wc -l").output == "20\n")
        let (reader, found) = ZipReader.inspect(ArchiveFile(MemoryBytes(bytes: bytes)))
        #expect(found.map(\.kind) == [VerificationFinding.Kind](repeating: .overlap, count: 19))
        #expect(reader?.entries.map { $0.dataOffset != nil } == [true] + [Bool](repeating: false, count: 19))
        // What it would have been, had it been read: the first entry is whole.
        #expect(reader?.contentFindings().isEmpty == true)
        #expect(failure { try ZipReader(path: folder.file("bomb.zip")) }?.message.contains("shares bytes") == true)
    }

    @Test("that unpack to too much together are refused, though each entry stays within its limit")
    func manySmallBombs() throws {
        let bytes = try archive((0..<40).map { try spool([UInt8](repeating: 0, count: 60_000), as: "data/\($0)") })
        let file = ArchiveFile(MemoryBytes(bytes: bytes))
        #expect(throws: Never.self) { try ZipReader(file) }
        let (reader, found) = ZipReader.inspect(file, limits: ReadLimits(ratio: 100, ratioFloor: 1 << 20))
        #expect(found.map(\.kind) == [.limit])
        #expect(reader?.entries.contains { $0.dataOffset != nil } == false)
    }
}
