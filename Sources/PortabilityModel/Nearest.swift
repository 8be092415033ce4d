/// The candidate that is nearest to a word, if it is near enough to be meant (Levenshtein distance up to a third of
/// the length, at least 1 and at most 4).
public func nearest(_ word: String, in candidates: [String]) -> String? {
    func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
    let bytes = Array(word.lowercased().utf8.prefix(64))
    let limit = min(4, max(1, bytes.count / 3))
    return candidates.map { ($0, distance(bytes, Array($0.lowercased().utf8))) }
        .filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
}
