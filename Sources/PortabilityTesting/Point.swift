extension ExtractorConformance {
    /// What is checked, one promise of the contract each.
    public enum Point: String, Sendable, CaseIterable, Comparable {
        /// The fixture proves something: there are records of the subject in every dataset and of somebody else, and
        /// every ``Fault`` is there or said not to apply. Always checked, since the other points rest on it.
        case fixture
        /// The declaration is constant and whole: ids, entities of the catalogue, purposes, kinds of subject and tenant;
        /// a source without datasets says why it holds no personal data, or which identifiers it looks up. What
        /// `resolve` answers is of the declared kinds, and nothing for an unknown subject.
        case declaration
        /// What is emitted is what is declared: every dataset can be extracted, alone and with the others in any order,
        /// and no other can; every record is a well-formed tape of its entity's fields in canonical spelling, of a
        /// declared kind of subject and class.
        case emission
        /// Records come in the declared order, each with an id of its own.
        case order
        /// Batches keep their limits (0 counts as 1; 1, n-1, n, n+1 records and bytes), none is empty, and together
        /// they say the same whatever the limits; a record above the limit of one record is not dropped in silence.
        case batchLimits
        /// Cancelled before opening, before extracting, at every push and document, and at other times: ends as
        /// cancelled, with at most one more batch of each dataset. Only what had pushed everything may end.
        case cancellation
        /// A second session gives the same records, ids and documents.
        case repeatability
        /// Sessions at once, on as many threads, give the same as one.
        case concurrency
        /// Nothing is pushed while the sink has not answered, or after the end.
        case backPressure
        /// Every record carries a key (and a tenant) that was asked for; somebody else's records are other records; an
        /// unknown subject has none, nor has one whose keys are wildcards or pieces of queries and paths.
        case isolation
        /// The end states, for every dataset in the order of the request, the records that were pushed.
        case trueCount
        /// An error of the sink passes unchanged, and nothing is pushed after it.
        case sinkErrors
        /// No error and no finding of any run repeats a value: the fixture's secrets, identifiers of at least 6 bytes,
        /// texts of at least 12 bytes that records hold.
        case silence
        /// A document is given before its record, which refers to it by the path that the sink answered; without an
        /// answer there is no reference, and unasked no document.
        case documents
        /// Estimates are unknown or not negative, and no read has to come before them.
        case estimates
        /// Items of the coverage come container by container and name declared datasets.
        case coverage
        /// After closing, whatever happened before, nothing is held open, and the source can be opened again.
        case closing
        /// The faults, which end in an error or in a finding that tells of lost records.
        case refused, timeOut, cutInTheMiddle, pageRepeated, pageLoop

        public static func < (left: Point, right: Point) -> Bool { left.ordinal < right.ordinal }
        private var ordinal: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// What can be wrong with a source so that records are missing: each ends as a failure or as a partial result,
    /// never as a complete one.
    public enum Fault: String, Sendable, CaseIterable {
        /// The source is not there, or lets nobody in.
        case refused
        /// The source does not answer.
        case timeOut
        /// The data end in the middle.
        case cutInTheMiddle
        /// A part comes twice (a page of a service, a block of a file, rows of a query).
        case pageRepeated
        /// A part leads back to an earlier one, without end.
        case pageLoop

        /// The point that checks it.
        public var point: Point {
            switch self {
            case .refused: .refused
            case .timeOut: .timeOut
            case .cutInTheMiddle: .cutInTheMiddle
            case .pageRepeated: .pageRepeated
            case .pageLoop: .pageLoop
            }
        }
    }
}
