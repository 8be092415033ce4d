import SourceFiles

/// Sorts postings, a hash and a block each, in memory of a fixed size whatever their number: what is more is sorted piece by
/// piece, put aside in a file without a name, and merged.
struct PostingSorter: ~Copyable {
    private static let mergeBuffer = 1 << 16

    private let capacity: Int
    private var postings: [UInt64] = []
    private var scratch: [UInt64] = []
    private var spill: SpillFile?
    /// Number of postings in each piece that was put aside.
    private var pieces: [Int] = []

    init(capacity: Int) {
        self.capacity = capacity
        postings.reserveCapacity(min(capacity, 1 << 16))
    }

    /// Postings that were added.
    var count: Int { postings.count + pieces.reduce(0, +) }
    var isFull: Bool { postings.count >= capacity }

    /// Adds a posting. Blocks come in ascending order.
    @inline(__always)
    mutating func add(hash: UInt32, block: UInt32) { postings.append(UInt64(hash) << 32 | UInt64(block)) }

    /// Puts what is there aside, sorted.
    ///
    /// - Parameter makeSpill: Makes the file, if there is none yet.
    mutating func putAside(_ makeSpill: () throws -> SpillFile) throws {
        sort()
        let file: SpillFile
        if let spill { file = spill } else { file = try makeSpill() }
        spill = file
        try postings.withUnsafeBytes { try file.append($0) }
        pieces.append(postings.count)
        postings.removeAll(keepingCapacity: true)
    }

    /// By the hash, eleven bits at a time from the lowest; stable, so that blocks stay in order.
    private mutating func sort() {
        let count = postings.count
        if scratch.count < count { scratch = [UInt64](repeating: 0, count: count) }
        for shift in [32, 43, 54] as [UInt64] {
            var places = [Int](repeating: 0, count: 2049)
            for posting in postings { places[Int(posting >> shift & 2047) + 1] += 1 }
            for index in 1..<2049 { places[index] += places[index - 1] }
            scratch.withUnsafeMutableBufferPointer { scratch in
                for posting in postings {
                    let digit = Int(posting >> shift & 2047)
                    scratch[places[digit]] = posting
                    places[digit] += 1
                }
            }
            postings.withUnsafeMutableBufferPointer { postings in
                scratch.withUnsafeBufferPointer { _ = postings.update(fromContentsOf: $0.prefix(count)) }
            }
        }
    }

    /// Gives each posting once, in order.
    mutating func drain(_ body: (UInt64) throws -> Void) throws {
        sort()
        var last: UInt64?
        func give(_ posting: UInt64) throws {
            if posting == last { return }
            last = posting
            try body(posting)
        }
        guard let spill, !pieces.isEmpty else {
            for posting in postings { try give(posting) }
            return
        }
        var sources: [MergeSource] = []
        var start = 0
        for count in pieces {
            sources.append(MergeSource(next: start, end: start + count))
            start += count
        }
        for index in sources.indices { try sources[index].fill(from: spill, Self.mergeBuffer) }
        // A heap of the sources' heads; what is in memory comes last among equals, but equals are given once.
        var heap: [(head: UInt64, source: Int)] = []
        func sift(_ index: Int) {
            var index = index
            while true {
                var least = index
                for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                    if heap[child].head < heap[least].head { least = child }
                }
                if least == index { return }
                heap.swapAt(index, least)
                index = least
            }
        }
        var inMemory = 0
        for index in sources.indices { if let head = sources[index].head { heap.append((head, index)) } }
        if let first = postings.first { heap.append((first, -1)) }
        for index in stride(from: heap.count / 2, through: 0, by: -1) { sift(index) }
        while let (head, source) = heap.first {
            try give(head)
            let next: UInt64?
            if source < 0 {
                inMemory += 1
                next = inMemory < postings.count ? postings[inMemory] : nil
            } else {
                try sources[source].advance(from: spill, Self.mergeBuffer)
                next = sources[source].head
            }
            if let next {
                heap[0].head = next
            } else {
                heap.swapAt(0, heap.count - 1)
                heap.removeLast()
            }
            sift(0)
        }
    }
}

/// A sorted piece that is read back a buffer at a time.
private struct MergeSource {
    /// Postings of the file that are not in the buffer yet.
    var next: Int
    var end: Int
    private var buffer: [UInt64] = []
    private var place = 0

    init(next: Int, end: Int) {
        self.next = next
        self.end = end
    }

    var head: UInt64? { place < buffer.count ? buffer[place] : nil }

    mutating func advance(from file: SpillFile, _ bytes: Int) throws {
        place += 1
        if place == buffer.count { try fill(from: file, bytes) }
    }

    mutating func fill(from file: SpillFile, _ bytes: Int) throws {
        place = 0
        let count = min(bytes / 8, end - next)
        let offset = Int64(next) * 8
        next += count
        buffer = try [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
            let got = try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            initialized = got / 8
        }
    }
}
