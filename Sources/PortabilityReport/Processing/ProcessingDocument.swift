package import PortabilityModel
package import PortabilityText

extension ProcessingInformation {
    /// `processing-information.json`, in one language. Deterministic: the same information gives the same bytes.
    package func json(_ language: Language) -> JSONValue {
        let authorities = [authority] + (controllersAuthority.map { [$0] } ?? [])
        let complaint = JSONValue.members([
            "article": .string("77"), "iri": .string(Self.iri("A77")),
            "text": .string(ProcessingTexts.complaint[language]),
            "authorities": .array(authorities.map { authorityValue($0, language) }),
        ])
        let remedy = JSONValue.members([
            "article": .string("79"), "iri": .string(Self.iri("A79")),
            "text": .string(ProcessingTexts.remedy[language]),
        ])
        return .members([
            "language": .string(language.rawValue), "controller": controllerValue(language), "policy": policyValue,
            "categories": .array(held.map { category($0, language) }),
            "automated_decisions": decisionsValue(language), "complaint": complaint, "judicial_remedy": remedy,
        ])
    }

    private var policyValue: JSONValue {
        .members([
            "register": .string(policy.register), "name": .string(policy.name), "date": .string(policy.date),
            "url": policy.address.map(JSONValue.string), "sha256": policy.sha256.map(JSONValue.string),
        ])
    }

    private func decisionsValue(_ language: Language) -> JSONValue {
        let decisions = automatedDecisions?.decisions ?? []
        return .members([
            "reviewed": automatedDecisions.map { .string($0.reviewed) }, "text": .string(decisionsText(language)),
            "decisions": .array(decisions.map { decision($0, language) }),
        ])
    }

    private static func iri(_ term: String) -> String { "https://w3id.org/dpv/legal/eu/gdpr#" + term }

    private func controllerValue(_ language: Language) -> JSONValue {
        .members([
            "name": .string(controller.name), "business_id": .string(controller.businessID),
            "address": .string(controller.address), "country": .string(controller.country),
            "email": .string(controller.email), "telephone": controller.telephone.map(JSONValue.string),
            "contact": (controller.contact?[language]).map(JSONValue.string),
        ])
    }

    private func authorityValue(_ authority: Authority, _ language: Language) -> JSONValue {
        .members([
            "name": .string(authority.name[language]), "country": .string(authority.country ?? controller.country),
            "address": .string(authority.address), "url": .string(authority.url),
            "email": authority.email.map(JSONValue.string), "telephone": authority.telephone.map(JSONValue.string),
        ])
    }

    private func category(_ held: Held, _ language: Language) -> JSONValue {
        let nobody = statesRecipients ? ProcessingTexts.noRecipients : ProcessingTexts.notStated
        let special = held.specialCategories.map { special in
            JSONValue.members([
                "id": .string(special.rawValue), "text": .string(ProcessingTexts.specialCategory(special)[language]),
            ])
        }
        return .members([
            "category": .string(held.category.rawValue),
            "label": .string(ValueTexts.category(held.category)[language]),
            "records": .integer(held.records), "presence": .string(held.presence.rawValue),
            "consists_of": .array(held.parts.map { part($0, language) }),
            "purposes": .array(held.purposes.map { purpose($0, language) }),
            "recipients": .array(held.recipients.map { recipient($0, language) }),
            "recipients_text": held.recipients.isEmpty ? .string(nobody[language]) : nil,
            "retention": .array(held.retention.map { retention($0, language) }),
            "rights": .array(held.rights.map { right($0, language) }),
            "sources": .array(held.origins.map { origin($0, of: held, language) }),
            "automated_decisions": .array(held.decisions.map { .string($0.id) }),
            "special_categories": .array(special), "may_concern_children": .boolean(held.mayConcernChildren),
        ])
    }

    private func part(_ part: Part, _ language: Language) -> JSONValue {
        let grounds = part.grounds.map { ground in
            JSONValue.members(["ground": .string(ground.rawValue), "text": .string(ground.text[language])])
        }
        return .members([
            "dataset": .string(part.dataset), "label": .string(part.label[language]),
            "meaning": .string(part.meaning[language]), "records": .integer(part.records),
            "presence": .string(part.presence.rawValue),
            "presence_text": .string(ProcessingTexts.presence(part.presence)[language]),
            "grounds": .array(grounds), "purposes": .array(part.purposes.map(JSONValue.string)),
            "means": .string(part.means.rawValue),
        ])
    }

    private func purpose(_ purpose: Purpose, _ language: Language) -> JSONValue {
        .members([
            "id": .string(purpose.id), "text": .string(purpose.text[language]),
            "iri": purpose.iri.map(JSONValue.string), "basis": .string(purpose.basis.rawValue),
            "basis_text": .string(LegalTexts.basis(purpose.basis)[language]),
            "basis_iri": .string(purpose.basis.iri), "interest": purpose.interest.map { .string($0[language]) },
            "marketing": .boolean(purpose.isMarketing),
        ])
    }

    private func recipient(_ recipient: Recipient, _ language: Language) -> JSONValue {
        let isInside = Countries.isInEconomicArea(recipient.country)
        return .members([
            "name": .string(recipient.name), "country": .string(recipient.country),
            "country_name": .string(Countries.name(recipient.country, language)),
            "role": .string(recipient.role[language]),
            "category_ground": recipient.categoryGround.map { .string($0[language]) },
            "third_country": .boolean(!isInside),
            "transfer": isInside ? nil : transfer(recipient.transferTool, language),
        ])
    }

    private func transfer(_ tool: String?, _ language: Language) -> JSONValue {
        guard let tool, let known = LegalTexts.transferTool(tool) else {
            return .members([
                "tool": tool.map(JSONValue.string), "text": .string(ProcessingTexts.transferNotStated[language]),
            ])
        }
        let isSafeguard = tool.hasPrefix("A46")
        let sentence = [known.name[language], isSafeguard ? ProcessingTexts.copyOfSafeguards[language] : nil]
        return .members([
            "tool": .string(tool), "iri": .string(Self.iri(tool)), "article": .string(known.article),
            "text": .string(sentence.compactMap(\.self).joined(separator: ". ")),
        ])
    }

    private func retention(_ retention: Retention, _ language: Language) -> JSONValue {
        .members([
            "dataset": .string(retention.dataset), "label": .string(retention.label[language]),
            "text": .string(retention.text[language]), "stated": .boolean(retention.isStated),
            "dates": retention.kept.map {
                .members([
                    "first": .string($0.first), "last": .string($0.last), "at_least": .boolean($0.isAtLeast),
                    "text": .string(ProcessingTexts.kept($0, language)),
                ])
            },
        ])
    }

    private func right(_ right: ApplicableRight, _ language: Language) -> JSONValue {
        let term = right.article == "7(3)" ? "A7-3" : "A" + right.article.prefix { $0 != "(" }
        return .members([
            "article": .string(right.article), "iri": .string(Self.iri(term)), "name": .string(right.name[language]),
            "extent": .string(right.extent.rawValue), "text": .string(right.text[language]),
            "datasets": .array(right.datasets.map(JSONValue.string)),
            "purposes": .array(right.purposes.map(JSONValue.string)),
        ])
    }

    private func origin(_ origin: Origin, of held: Held, _ language: Language) -> JSONValue {
        .members([
            "origin": .string(origin.kind.rawValue), "provided_by": origin.by.map { .string($0.rawValue) },
            "text": .string(ValueTexts.origin(origin, toSubject: isToSubject)[language]),
            "datasets": .array(held.parts.filter { $0.origin == origin }.map { .string($0.dataset) }),
        ])
    }

    private func decision(_ decision: AutomatedDecision, _ language: Language) -> JSONValue {
        .members([
            "id": .string(decision.id), "name": .string(decision.name[language]),
            "logic": .string(decision.logic[language]), "consequences": .string(decision.consequences[language]),
            "datasets": .array(decision.datasets.map(JSONValue.string)),
        ])
    }
}
