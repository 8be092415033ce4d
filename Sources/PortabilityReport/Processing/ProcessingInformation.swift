public import PortabilityModel

/// What a person is to be told about the processing (GDPR Article 15(1)(a) to (h), 15(2), 12(4)), for the categories of
/// data that are held on them. The source of `processing-information.json`, of the page's section, and of `lint`.
public struct ProcessingInformation: Sendable {
    /// How long: a rule's text, and the dates that it comes to for this person's records.
    public struct Retention: Sendable {
        public var dataset: String
        public var label: LocalizedText
        public var text: LocalizedText
        public var kept: ArchiveSummary.Kept?

        public init(dataset: String, label: LocalizedText, text: LocalizedText, kept: ArchiveSummary.Kept?) {
            self.dataset = dataset
            self.label = label
            self.text = text
            self.kept = kept
        }
    }

    /// One category of data.
    public struct Held: Sendable {
        public var category: Category
        public var records: Int64
        /// (b) what it consists of: the datasets' labels.
        public var labels: [LocalizedText] = []
        /// (a)
        public var purposes: [Purpose] = []
        /// (c), 15(2)
        public var recipients: [Recipient] = []
        /// (d)
        public var retention: [Retention] = []
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
    /// nil if the configuration says nothing.
    public var automatedDecisions: AutomatedDecisions?
    /// The authority of the country where the person lives, if it is known, else the controller's.
    public var authority: Authority
    /// The controller's authority, if another one is named first.
    public var controllersAuthority: Authority?

    public init(controller: Controller, policy: Policy, authority: Authority) {
        self.controller = controller
        self.policy = policy
        self.authority = authority
    }
}
