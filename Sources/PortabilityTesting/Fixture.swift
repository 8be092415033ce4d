public import PortabilityModel

extension ExtractorConformance {
    /// A source with data that the author knows, sound and broken.
    public struct Fixture: Sendable {
        public var catalogue: Catalogue
        /// The folder that relative paths of the extractor's configuration start from.
        public var baseDirectory: String
        public var limits: SourceLimits
        /// Has records in every dataset, in one of them at least two, but for datasets of which ``counts`` says 0.
        public var subject: SubjectKeys
        /// Has records too, none of them the subject's.
        public var foreign: SubjectKeys
        /// Keys of the same kinds, of which nobody has any.
        public var unknown: SubjectKeys
        /// How many records the subject has, by dataset; of datasets that are not named any number is right.
        public var counts: [String: Int]
        /// How many documents belong to the subject's records; nil if any number is right.
        public var documents: Int?
        /// Values that stand somewhere in the source, also in what cannot be read: none may be repeated in an error or
        /// finding.
        public var secrets: [String]
        /// Seconds after which a run counts as hanging.
        public var patience: Double
        /// What the extractor holds open now (descriptors, connections, child processes): the same number before and
        /// after. Nil if it cannot be told.
        public var resources: (@Sendable () async -> Int)?
        /// The source, broken in each way that it can be.
        public var faults: [Fault: FaultSource]

        public init(
            catalogue: Catalogue = .standard, baseDirectory: String = "/", limits: SourceLimits = SourceLimits(),
            subject: SubjectKeys, foreign: SubjectKeys, unknown: SubjectKeys, counts: [String: Int] = [:],
            documents: Int? = nil, secrets: [String] = [], patience: Double = 60,
            resources: (@Sendable () async -> Int)? = nil, faults: [Fault: FaultSource]
        ) {
            self.catalogue = catalogue
            self.baseDirectory = baseDirectory
            self.limits = limits
            self.subject = subject
            self.foreign = foreign
            self.unknown = unknown
            self.counts = counts
            self.documents = documents
            self.secrets = secrets
            self.patience = patience
            self.resources = resources
            self.faults = faults
        }

        /// For a source that holds no personal data: there is nobody to ask for.
        public static var nobody: Fixture {
            Fixture(subject: SubjectKeys(), foreign: SubjectKeys(), unknown: SubjectKeys(), faults: [:])
        }
    }

    /// How a fault is brought about.
    public struct FaultSource: Sendable {
        enum Means: Sendable {
            case broken(baseDirectory: String?, subject: SubjectKeys?, @Sendable () async throws -> any Extractor)
            case notApplicable(String)
        }
        let means: Means

        /// A source with the fault.
        ///
        /// - Parameters:
        ///   - baseDirectory: where it lies, if not where the fixture does.
        ///   - subject: who is asked for, if not the fixture's subject.
        ///   - make: makes the extractor that reads it; throws only if the test itself cannot be set up.
        public static func broken(
            baseDirectory: String? = nil, subject: SubjectKeys? = nil,
            _ make: @escaping @Sendable () async throws -> any Extractor
        ) -> FaultSource {
            FaultSource(means: .broken(baseDirectory: baseDirectory, subject: subject, make))
        }

        /// The fault cannot happen to such a source.
        ///
        /// - Parameter reason: why; an empty one is a failure.
        public static func notApplicable(_ reason: String) -> FaultSource {
            FaultSource(means: .notApplicable(reason))
        }
    }
}
