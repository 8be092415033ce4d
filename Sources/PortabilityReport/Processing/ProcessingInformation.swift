public import PortabilityModel

/// What a person is to be told about the processing (GDPR Article 15(1)(a) to (h), 15(2), 12(4)), for the categories of
/// data that are held on them. The source of `processing-information.json` and of the page's section.
public struct ProcessingInformation: Sendable {
    /// Whether data of a dataset or category are in the archive.
    public enum Presence: String, Sendable, CaseIterable {
        /// All of it.
        case here
        /// Some of it: records may be missing by fault, or records or documents were left out by rule. Single fields
        /// that are masked do not count.
        case partial
        /// Left out by rule; told so that the person knows of it.
        case withheld
        /// It could not be read; nothing of it is in the archive.
        case failed
    }

    /// One dataset of a category: (b), what the category consists of.
    public struct Part: Sendable {
        public var dataset: String
        public var label: LocalizedText
        public var meaning: LocalizedText
        /// In the archive.
        public var records: Int64
        public var presence: Presence
        /// Why it is left out as a whole, or why records of it are; empty for what is all there.
        public var grounds: [Ground]
        /// Ids of its purposes, in the configuration's order.
        public var purposes: [String]
        public var origin: Origin
        public var means: Means

        public init(
            dataset: String, label: LocalizedText, meaning: LocalizedText, records: Int64, presence: Presence,
            grounds: [Ground], purposes: [String], origin: Origin, means: Means
        ) {
            self.dataset = dataset
            self.label = label
            self.meaning = meaning
            self.records = records
            self.presence = presence
            self.grounds = grounds
            self.purposes = purposes
            self.origin = origin
            self.means = means
        }
    }

    /// How long: a rule's text, and the dates that it comes to for this person's records.
    public struct Retention: Sendable {
        public var dataset: String
        public var label: LocalizedText
        public var text: LocalizedText
        public var kept: ArchiveSummary.Kept?
        /// False if the configuration says nothing, so that ``text`` sends the person to ask.
        public var isStated = true

        public init(dataset: String, label: LocalizedText, text: LocalizedText, kept: ArchiveSummary.Kept?) {
            self.dataset = dataset
            self.label = label
            self.text = text
            self.kept = kept
        }

        /// The dates as a sentence: `At least until 31 December 2026`; nil if none follows from the rule.
        public func dates(_ language: Language) -> String? { kept.map { ProcessingTexts.kept($0, language) } }
    }

    /// Whether a right of Articles 16 to 22 or 7(3) can be used on the data of a category: (e).
    public struct ApplicableRight: Sendable {
        public enum Extent: String, Sendable, CaseIterable {
            case full
            /// On some of the datasets or purposes only.
            case inPart = "in-part"
            case none
        }
        /// `17`, `21(1)`, `7(3)`.
        public var article: String
        public var name: LocalizedText
        public var extent: Extent
        /// What one can do, or why not, in full sentences.
        public var text: LocalizedText
        /// The datasets it covers.
        public var datasets: [String]
        /// The purposes it covers, where it depends on them.
        public var purposes: [String]

        public init(
            article: String, name: LocalizedText, extent: Extent, text: LocalizedText, datasets: [String] = [],
            purposes: [String] = []
        ) {
            self.article = article
            self.name = name
            self.extent = extent
            self.text = text
            self.datasets = datasets
            self.purposes = purposes
        }
    }

    /// One category of data.
    public struct Held: Sendable {
        public var category: Category
        /// In the archive.
        public var records: Int64
        public var presence = Presence.here
        /// (b) what it consists of: the datasets.
        public var parts: [Part] = []
        /// (b) the datasets' labels.
        public var labels: [LocalizedText] = []
        /// (a)
        public var purposes: [Purpose] = []
        /// (c), 15(2)
        public var recipients: [Recipient] = []
        /// (d)
        public var retention: [Retention] = []
        /// (e)
        public var rights: [ApplicableRight] = []
        /// (g)
        public var origins: [Origin] = []
        /// (h)
        public var decisions: [AutomatedDecision] = []
        public var specialCategories: [SpecialCategory] = []
        public var mayConcernChildren = false

        public init(category: Category, records: Int64) {
            self.category = category
            self.records = records
        }
    }

    public var controller: Controller
    public var policy: Policy
    public var held: [Held] = []
    /// Those that use data told here, with the day of the last review; nil if the configuration says nothing.
    public var automatedDecisions: AutomatedDecisions?
    /// True if there are automated decisions that do not use these data.
    public var hasOtherDecisions = false
    /// The authority of the country where the person lives, if it is known, else the controller's.
    public var authority: Authority
    /// The controller's authority, if another one is named first.
    public var controllersAuthority: Authority?
    /// True if any recipient is declared: a category without recipients then has none, else nothing is stated.
    public var statesRecipients = true
    /// Whether the reader is the person whom the data are about, whose rights the texts tell.
    public var isToSubject = true

    public init(controller: Controller, policy: Policy, authority: Authority) {
        self.controller = controller
        self.policy = policy
        self.authority = authority
    }

    /// That there are no automated decisions, or which ones concern these data, with the day of the last review: (h).
    public func decisionsText(_ language: Language) -> String { ProcessingTexts.decisions(self, language) }
}
