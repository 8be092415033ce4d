import PortabilityModel

/// What a ``LineSieve`` looks for. Made once, read by all threads.
struct SieveQuestion: Sendable {
    /// One identifier of the configuration.
    struct Identifier: Sendable {
        /// Where the identifier stands in a line, names joined by dots.
        var path: [UInt8]
        /// The values wanted, as ``LineReader`` compares them: without escapes, numbers and booleans as they stand.
        var values: [[UInt8]]
        /// True if an object or array in its place is a finding of everybody.
        var isUnique: Bool
    }

    /// Bytes a line may have; a longer one is a finding of everybody.
    let lineLimit: Int
    let depthLimit: Int
    let tokenLimit: Int
    /// By the name of a member: what it is looked at for.
    let members: [[UInt8]: Member]

    struct Member: Sendable {
        var values: Set<[UInt8]> = []
        var isUnique = false
    }

    init(identifiers: [Identifier], lineLimit: Int, depthLimit: Int, tokenLimit: Int = 1 << 20) {
        self.lineLimit = lineLimit
        self.depthLimit = depthLimit
        self.tokenLimit = tokenLimit
        var members: [[UInt8]: Member] = [:]
        for identifier in identifiers {
            // A name may hold dots itself: the end of the path from any of its names on.
            let starts =
                [0] + identifier.path.indices.filter { identifier.path[$0] == UInt8(ascii: ".") }.map { $0 + 1 }
            for start in starts {
                let name = Array(identifier.path[start...])
                members[name, default: Member()].values.formUnion(identifier.values.filter { !$0.isEmpty })
                if identifier.isUnique { members[name, default: Member()].isUnique = true }
            }
        }
        self.members = members
    }

    /// The question of the lines that matter to any of some subjects.
    ///
    /// - Parameter values: The values wanted, by match of the plan.
    init(_ plan: Plan, values: [[[UInt8]]], limits: SourceLimits) {
        self.init(
            identifiers: zip(plan.matches, values).map { match, values in
                Identifier(path: plan.probes[match.probe], values: values, isUnique: match.isUnique)
            },
            lineLimit: limits.lineBytes, depthLimit: limits.depth)
    }
}
