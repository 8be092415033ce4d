import PortabilityModel
import PortabilityText

/// One event of a ``Journal``: what happened on a request, as words, ids, times, counts and digests only.
///
/// Which members an event has is fixed by its name (``requirements(of:)``); there is none for free text.
public struct JournalEvent: Sendable, Hashable {
    /// The closed set of events.
    public enum Name: String, Sendable, CaseIterable {
        /// The first event of every journal, written with it.
        case opened
        /// A write that was cut off (a crash, a full disk) lies before this event on its line; written by the journal.
        case torn
        /// A request came in.
        case received
        case identityAsked = "identity-asked"
        case identityReceived = "identity-received"
        case clarificationAsked = "clarification-asked"
        case clarificationReceived = "clarification-received"
        /// The person was told that it takes longer (GDPR Article 12(3)).
        case extensionNotified = "extension-notified"
        /// Hits in free text were judged by a person.
        case reviewed
        /// An archive and its receipt were made.
        case exported
        case delivered
        case refused
        case withdrawn
        /// Files of the request were removed.
        case purged
    }

    /// By which way something came or went.
    public enum Channel: String, Sendable, CaseIterable {
        case email, secureEmail = "secure-email", letter, web, phone, inPerson = "in-person", transfer, other
    }

    /// Why a request was refused.
    public enum RefusalGround: String, Sendable, CaseIterable {
        /// Manifestly unfounded, GDPR Article 12(5)(b).
        case unfounded = "manifestly-unfounded"
        /// Excessive, in particular because repeated, GDPR Article 12(5)(b).
        case excessive
        /// The person could not be identified, GDPR Article 12(2) and (6).
        case notIdentified = "not-identified"
        /// We only process the data for another controller, GDPR Article 28.
        case processor = "processor-role"
        /// GDPR Article 15(4) or 20(4).
        case others = "rights-of-others"
        /// The right does not cover what was asked for.
        case notCovered = "not-covered"
        /// A restriction by national law (GDPR Article 23; in Finland the Data Protection Act, section 34).
        case nationalLaw = "national-law"
    }

    /// A kind of file that is purged.
    public enum PurgedKind: String, Sendable, CaseIterable {
        case archives, requests, reviews, letters, dossiers
    }

    /// The outcome of a review.
    public struct Review: Sendable, Hashable {
        /// Of the review file.
        public var sha256: String
        /// Hits by decision.
        public var kept: Int64
        public var masked: Int64
        public var withheld: Int64

        public init(sha256: String, kept: Int64, masked: Int64, withheld: Int64) {
            self.sha256 = sha256
            self.kept = kept
            self.masked = masked
            self.withheld = withheld
        }
    }

    /// The bytes of a write that was cut off.
    public struct Fragment: Sendable, Hashable {
        public var bytes: Int64
        public var sha256: String
    }

    /// What an event can have besides its request.
    public enum Member: String, Sendable, CaseIterable {
        case happened, channel, by, approver, until, receipt, archive = "archive_sha256", ground, article, review
        case purged, fragment
    }

    public var name: Name
    /// The request's id.
    public var request: String?
    /// When it happened outside the program, a date or RFC 3339 time; when the line was written is told apart from it.
    public var happened: String?
    public var channel: Channel?
    /// The role that did it, a word, never a name.
    public var by: String?
    /// The role that approved it.
    public var approver: String?
    /// The new date, `YYYY-MM-DD`.
    public var until: String?
    /// A receipt's id.
    public var receipt: String?
    /// SHA-256 of an archive.
    public var archive: String?
    public var ground: RefusalGround?
    /// `12(5)(b)`.
    public var article: String?
    public var review: Review?
    /// Files removed, by kind.
    public var purged: [PurgedKind: Int64]?
    public internal(set) var fragment: Fragment?

    /// An event with the given members; ``validate()`` says whether they belong to its name.
    public init(
        _ name: Name, request: String?, happened: String? = nil, channel: Channel? = nil, by: String? = nil,
        approver: String? = nil, until: String? = nil, receipt: String? = nil, archive: String? = nil,
        ground: RefusalGround? = nil, article: String? = nil, review: Review? = nil,
        purged: [PurgedKind: Int64]? = nil
    ) {
        self.name = name
        self.request = request
        self.happened = happened.map { EvidenceText.moment($0) ?? $0 }
        self.channel = channel
        self.by = by
        self.approver = approver
        self.until = until.map { EvidenceText.date($0) ?? $0 }
        self.receipt = receipt
        self.archive = archive
        self.ground = ground
        self.article = article
        self.review = review
        self.purged = purged
    }

    /// An archive was made, with its receipt.
    public static func exported(request: String, receipt: String, archive: String) -> JournalEvent {
        JournalEvent(.exported, request: request, receipt: receipt, archive: archive)
    }

    /// Files are removed; of `request` nil if they do not say whose they are.
    public static func purged(request: String?, _ counts: [PurgedKind: Int64]) -> JournalEvent {
        JournalEvent(.purged, request: request, purged: counts)
    }

    /// Hits were judged.
    public static func reviewed(
        request: String, happened: String, by: String, approver: String? = nil, _ review: Review
    ) -> JournalEvent {
        JournalEvent(.reviewed, request: request, happened: happened, by: by, approver: approver, review: review)
    }

    /// Which members an event of that name must have, and which it may have.
    public static func requirements(of name: Name) -> (required: [Member], optional: [Member]) {
        switch name {
        case .opened: ([], [])
        case .torn: ([.fragment], [])
        case .received: ([.happened], [.channel, .by])
        case .identityAsked, .identityReceived, .clarificationAsked, .clarificationReceived:
            ([.happened], [.channel, .by])
        case .extensionNotified: ([.happened, .until], [.channel, .by])
        case .reviewed: ([.happened, .by, .review], [.approver])
        case .exported: ([.receipt, .archive], [])
        case .delivered: ([.happened, .channel, .by], [.receipt])
        case .refused: ([.happened, .ground, .article], [.channel, .by, .approver])
        case .withdrawn: ([.happened], [.channel, .by])
        case .purged: ([.purged], [])
        }
    }

    /// The members that are there.
    private var present: [Member] {
        Member.allCases.filter { member in
            switch member {
            case .happened: happened != nil
            case .channel: channel != nil
            case .by: by != nil
            case .approver: approver != nil
            case .until: until != nil
            case .receipt: receipt != nil
            case .archive: archive != nil
            case .ground: ground != nil
            case .article: article != nil
            case .review: review != nil
            case .purged: purged != nil
            case .fragment: fragment != nil
            }
        }
    }

    /// Refuses an event that lacks a member, has one that is not its own, or has a text that is no word, id, time or
    /// digest.
    ///
    /// - Throws: `refused` with the member, never with its text.
    public func validate() throws {
        let (required, optional) = Self.requirements(of: name)
        for member in required where !present.contains(member) {
            throw PortabilityError(
                .refused, "an event '\(name.rawValue)' lacks a member", remedy: "Give it",
                at: .init(field: member.rawValue))
        }
        for member in present where !(required + optional).contains(member) {
            throw PortabilityError(
                .refused, "an event '\(name.rawValue)' has no such member", remedy: "Leave it out",
                at: .init(field: member.rawValue))
        }
        let needsRequest = name != .opened && name != .torn
        try require(
            request.map { needsRequest && EvidenceText.isID($0) } ?? (!needsRequest || name == .purged), "request",
            "letters, digits, point, _ and -, at most 64, and no personal data")
        for (member, word) in [(Member.by, by), (.approver, approver)] {
            try require(
                word.map(EvidenceText.isWord) ?? true, member.rawValue,
                "a role, not a name: a word of a-z, 0-9 and -, at most 40")
        }
        let digests = [receipt, archive, review?.sha256, fragment?.sha256]
        for (member, digest) in zip([Member.receipt, .archive, .review, .fragment], digests) {
            try require(
                digest.map(EvidenceText.isDigest) ?? true, member.rawValue, "a digest as 64 hexadecimal digits")
        }
        try require(
            happened.map { EvidenceText.moment($0) == $0 } ?? true, "happened", "a date or a time with its offset")
        try require(until.map { EvidenceText.date($0) == $0 } ?? true, "until", "a date")
        try require(article.map(EvidenceText.isArticle) ?? true, "article", "an article, such as 12(5)(b)")
        let counts = [review?.kept, review?.masked, review?.withheld, fragment?.bytes] + (purged ?? [:]).map(\.value)
        try require(counts.allSatisfy { $0.map(isCount) ?? true }, "counts", "counts from 0 to 2^53")
    }

    /// The members for a line, in their fixed order.
    var json: [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = [("event", .string(name.rawValue))]
        func add(_ key: String, _ text: String?) { if let text { members.append((key, .string(text))) } }
        if name == .opened {
            add("format", Journal.formatName)
            add("format_version", Journal.formatVersion)
        }
        add("request", request)
        add("happened", happened)
        add("channel", channel?.rawValue)
        add("by", by)
        add("approver", approver)
        add("until", until)
        add("receipt", receipt)
        add("archive_sha256", archive)
        add("ground", ground?.rawValue)
        add("article", article)
        if let review {
            members.append(
                (
                    "review",
                    .members([
                        "sha256": .string(review.sha256), "kept": .integer(review.kept),
                        "masked": .integer(review.masked), "withheld": .integer(review.withheld),
                    ])
                ))
        }
        if let purged {
            let counts = PurgedKind.allCases.compactMap { kind in
                purged[kind].map { (key: kind.rawValue, value: JSONValue.integer($0)) }
            }
            members.append(("purged", .object(counts)))
        }
        if let fragment {
            members.append(
                ("fragment", .members(["bytes": .integer(fragment.bytes), "sha256": .string(fragment.sha256)])))
        }
        return members
    }

    /// Takes the event's members off a line.
    ///
    /// - Throws: `malformed`, `refused`, `unsupported`.
    init(_ line: inout StrictObject) throws {
        self.init(try line.choice("event", Name.self), request: nil)
        if name == .opened {
            guard try line.string("format") == Journal.formatName else { throw line.misfit("format") }
            guard try line.string("format_version").split(separator: ".").first == "1" else {
                throw PortabilityError(
                    .unsupported, "the journal has a newer format than this build knows (version 1)",
                    remedy: "Install a newer version of portability", at: .init(field: "format_version"))
            }
        }
        request = try line.optionalString("request")
        happened = try line.optionalString("happened")
        channel = line.has("channel") ? try line.choice("channel") : nil
        by = try line.optionalString("by")
        approver = try line.optionalString("approver")
        until = try line.optionalString("until")
        receipt = try line.optionalString("receipt")
        archive = try line.optionalString("archive_sha256")
        ground = line.has("ground") ? try line.choice("ground") : nil
        article = try line.optionalString("article")
        if var object = try line.optionalObject("review") {
            review = Review(
                sha256: try object.string("sha256"), kept: try object.count("kept"),
                masked: try object.count("masked"), withheld: try object.count("withheld"))
            try object.finish()
        }
        if line.has("purged") {
            purged = Dictionary(uniqueKeysWithValues: try line.counts("purged", PurgedKind.self))
        }
        if var object = try line.optionalObject("fragment") {
            fragment = Fragment(bytes: try object.count("bytes"), sha256: try object.string("sha256"))
            try object.finish()
        }
        try validate()
    }
}
