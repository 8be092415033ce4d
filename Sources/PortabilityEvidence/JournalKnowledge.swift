import Glibc
import PortabilityModel

extension Journal {
    /// What the lines tell of requests.
    private struct Knowledge {
        var requests: Set<String> = []
        /// The request of each receipt that was recorded with its archive, by the receipt's id.
        var receipts: [String: String] = [:]
    }

    /// The ids of all requests that the journal names, up to the first line that is not in order; none if there is no
    /// such file yet.
    ///
    /// - Throws: `unavailable` or `denied` if the file is there and cannot be read.
    public func requests() throws -> Set<String> { try knowledge().requests }

    /// Holds an event that is to be recorded against the time and against what the journal knows.
    ///
    /// - Parameters:
    ///   - event: as somebody tells it.
    ///   - receipt: the one that the event names, if it is at hand.
    ///   - at: the present time, RFC 3339.
    /// - Returns: what is odd, but may be right, no personal data.
    /// - Throws: `refused` for an event that happened more than a day ahead of the present time, and for one with the receipt of another request; `unavailable` or `denied` if the journal
    ///   is there and cannot be read.
    public func consider(_ event: JournalEvent, receipt: Receipt? = nil, at: String) throws -> [String] {
        if let happened = event.happened, let now = Instant(at), EvidenceText.isAhead(happened, of: now.seconds) {
            throw PortabilityError(
                .refused, "the event is dated in the future", remedy: "Record it when it has happened",
                at: .init(field: "happened"))
        }
        let known = try knowledge()
        let recorded = event.receipt.flatMap { known.receipts[$0] }
        for owner in [receipt?.request, recorded] where owner != nil && owner != event.request {
            throw PortabilityError(
                .refused, "the receipt belongs to another request", remedy: "Give the receipt of this request",
                at: .init(field: "receipt"))
        }
        var oddities: [String] = []
        if event.receipt != nil, recorded == nil {
            oddities.append("the journal tells of no export with this receipt")
        }
        // The first line about a request is that it was received.
        if let request = event.request, event.name != .received, receipt == nil, !known.requests.contains(request) {
            oddities.append("no earlier line of the journal names this request; check its id")
        }
        return oddities
    }

    private func knowledge() throws -> Knowledge {
        var known = Knowledge()
        guard access(path, F_OK) == 0 || errno != ENOENT else { return known }
        _ = try verify { entry in
            guard let request = entry.event.request else { return }
            known.requests.insert(request)
            if entry.event.name == .exported, let receipt = entry.event.receipt { known.receipts[receipt] = request }
        }
        return known
    }
}
