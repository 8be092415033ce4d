import PortabilityModel

/// Which rights can be used on the data of a category, computed from the legal bases, the origin and the duties to keep
/// (GDPR Articles 7(3), 16 to 18, 20 to 22).
struct SubjectRights {
    let told: [Told]
    let purposes: [Purpose]
    let decisions: [AutomatedDecision]
    let statesDecisions: Bool
    /// Whether the subject is a party to the contract.
    let isParty: Bool

    private typealias Right = ProcessingInformation.ApplicableRight

    var all: [ProcessingInformation.ApplicableRight] {
        [rectification, erasure, restriction, portability, objection, marketing, withdrawal, decision]
            .compactMap(\.self)
    }

    private var everything: [String] { told.map(\.id) }

    private var rectification: Right { always("16") }
    private var restriction: Right { always("18") }

    private func always(_ article: String) -> Right {
        Right(
            article: article, name: ProcessingTexts.rightName(article), extent: .full,
            text: ProcessingTexts.rightMeaning(article), datasets: everything)
    }

    /// Not while a law obliges to keep, nor while a public task needs the data (Article 17(3)(b)).
    private var erasure: Right {
        let byLaw = told.filter { $0.has(.legalObligation) || $0.dataset.kept?.isAtLeast == true }
        let byTask = told.filter { task in task.has(.publicTask) && !byLaw.contains { $0.id == task.id } }
        let locked = Set((byLaw + byTask).map(\.id))
        let free = told.filter { !locked.contains($0.id) }
        let text = LocalizedText { language in
            var sentences: [String] = []
            if !free.isEmpty {
                sentences.append(ProcessingTexts.erasure[language])
                for basis in LegalBasis.allCases where free.contains(where: { $0.has(basis) }) {
                    if let condition = ProcessingTexts.erasure(basis) { sentences.append(condition[language]) }
                }
                if free.contains(where: { $0.purposes.contains(where: \.isMarketing) }) {
                    sentences.append(ProcessingTexts.erasureOfMarketing[language])
                }
            }
            if !byLaw.isEmpty {
                let items = byLaw.map { told in
                    told.part.label[language]
                        + (told.dataset.kept.flatMap { $0.isAtLeast ? $0 : nil }.map { kept in
                            " (\(ProcessingTexts.keptInside(kept, language)))"
                        } ?? "")
                }
                sentences.append(ProcessingTexts.kept.filled(language, ["what": language.list(items)]))
            }
            if !byTask.isEmpty {
                let items = byTask.map { $0.part.label[language] }
                sentences.append(ProcessingTexts.neededForTask.filled(language, ["what": language.list(items)]))
            }
            return sentences.joined(separator: " ")
        }
        return Right(
            article: "17", name: ProcessingTexts.rightName("17"),
            extent: locked.isEmpty ? .full : free.isEmpty ? .none : .inPart, text: text, datasets: free.map(\.id))
    }

    /// Contract or consent, provided by the subject or observed, automated (Article 20(1)). That a password or token
    /// exists is told under access only, as the exports do.
    private var portability: Right {
        func obstacle(_ told: Told) -> Ground? {
            if told.dataset.declaration.entity == "credential" { return .secret }
            if told.part.means == .manual { return .means }
            let isOwn = told.part.origin.kind == .observed || told.part.origin == Origin(kind: .provided, by: .subject)
            if !isOwn { return .origin }
            if told.has(.consent) || (told.has(.contract) && isParty) { return nil }
            return told.has(.contract) ? .notParty : .basis
        }
        let judged = told.map { (told: $0, obstacle: obstacle($0)) }
        let covered = judged.filter { $0.obstacle == nil }.map(\.told)
        let text = LocalizedText { language in
            var sentences: [String] = []
            if !covered.isEmpty {
                sentences.append(ProcessingTexts.portability[language])
                if covered.count < told.count {
                    let items = covered.map { $0.part.label[language] }
                    sentences.append(ProcessingTexts.covers.filled(language, ["what": language.list(items)]))
                }
            }
            for ground in [Ground.basis, .notParty, .origin, .means, .secret] {
                let items = judged.filter { $0.obstacle == ground }.map { $0.told.part.label[language] }
                guard !items.isEmpty else { continue }
                sentences.append(
                    ProcessingTexts.doesNotCover.filled(
                        language, ["what": language.list(items), "why": ground.text[language]]))
            }
            return sentences.joined(separator: " ")
        }
        return Right(
            article: "20", name: ProcessingTexts.rightName("20"),
            extent: covered.isEmpty ? .none : covered.count < told.count ? .inPart : .full, text: text,
            datasets: covered.map(\.id))
    }

    /// Only against a public task or legitimate interests (Article 21(1)).
    private var objection: Right {
        let open = purposes.filter { ($0.basis == .legitimateInterest || $0.basis == .publicTask) && !$0.isMarketing }
        let anyOpen = purposes.filter { $0.basis == .legitimateInterest || $0.basis == .publicTask }
        if open.isEmpty {
            let isMarketingOnly = !anyOpen.isEmpty
            return Right(
                article: "21(1)", name: ProcessingTexts.rightName("21"), extent: .none,
                text: isMarketingOnly ? ProcessingTexts.objectionOnlyMarketing : ProcessingTexts.noObjection)
        }
        return Right(
            article: "21(1)", name: ProcessingTexts.rightName("21"),
            extent: open.count == purposes.count ? .full : .inPart,
            text: LocalizedText { ProcessingTexts.objection.filled($0, ["purposes": $0.quoted(open)]) },
            datasets: datasets(of: open), purposes: open.map(\.id))
    }

    /// Against direct marketing always, whatever its basis (Article 21(2) and (3)).
    private var marketing: Right? {
        let marketing = purposes.filter(\.isMarketing)
        guard !marketing.isEmpty else { return nil }
        return Right(
            article: "21(2)", name: ProcessingTexts.marketingName, extent: .full,
            text: LocalizedText { ProcessingTexts.marketing.filled($0, ["purposes": $0.quoted(marketing)]) },
            datasets: datasets(of: marketing), purposes: marketing.map(\.id))
    }

    private var withdrawal: Right {
        let consented = purposes.filter { $0.basis == .consent }
        guard !consented.isEmpty else {
            return Right(
                article: "7(3)", name: ProcessingTexts.rightName("7(3)"), extent: .none,
                text: ProcessingTexts.noConsent)
        }
        return Right(
            article: "7(3)", name: ProcessingTexts.rightName("7(3)"),
            extent: consented.count == purposes.count ? .full : .inPart,
            text: LocalizedText { ProcessingTexts.withdrawal.filled($0, ["purposes": $0.quoted(consented)]) },
            datasets: datasets(of: consented), purposes: consented.map(\.id))
    }

    private var decision: Right {
        guard !decisions.isEmpty else {
            return Right(
                article: "22", name: ProcessingTexts.rightName("22"), extent: .none,
                text: statesDecisions ? ProcessingTexts.noDecision : ProcessingTexts.notStated)
        }
        return Right(
            article: "22", name: ProcessingTexts.rightName("22"), extent: .full,
            text: LocalizedText { language in
                ProcessingTexts.decision.filled(
                    language, ["decisions": language.list(decisions.map { $0.name[language] })])
            }, datasets: everything)
    }

    private func datasets(of purposes: [Purpose]) -> [String] {
        told.filter { told in purposes.contains { told.part.purposes.contains($0.id) } }.map(\.id)
    }
}

extension Language {
    /// Purposes by their texts, in quotation marks.
    fileprivate func quoted(_ purposes: [Purpose]) -> String {
        list(purposes.map { self == .en ? "‘\($0.text[self])’" : "”\($0.text[self])”" })
    }
}

extension LocalizedText {
    /// The text that is made for each language.
    init(_ make: (Language) -> String) { self.init(fi: make(.fi), sv: make(.sv), en: make(.en)) }
}
