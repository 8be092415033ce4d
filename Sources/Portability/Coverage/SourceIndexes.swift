public import PortabilityModel

/// What became of the indexes of one source.
public struct SourceIndexes: Sendable {
    public let id: String
    public let kind: String
    /// Nil if it failed.
    public internal(set) var report: IndexReport?
    public internal(set) var error: PortabilityError?
}

extension PortabilityEngine {
    /// Makes, lists, checks or removes the indexes of all sources that can have some; others are not in the result.
    ///
    /// - Throws: `cancelled`; `configuration` if no secret is configured to key them with. What else a source says is in
    ///   the result.
    public func indexes(_ task: IndexTask) async throws -> [SourceIndexes] {
        try await withOpenSources { sources in
            var all: [SourceIndexes] = []
            for source in sources {
                var indexes = SourceIndexes(id: source.run.declaration.id, kind: source.run.declaration.kind)
                do {
                    if let error = source.error { throw error }
                    guard let session = source.session else { continue }
                    guard let report = try await source.run.onThread({ try await session.index(task) }) else {
                        continue
                    }
                    indexes.report = report
                } catch {
                    let error = asPortabilityError(error)
                    if error.code == .cancelled || error.code == .configuration { throw error }
                    indexes.error = error
                }
                all.append(indexes)
            }
            return all
        }
    }
}
