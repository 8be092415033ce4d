import PortabilityModel

/// Who we are, how the data are processed, the person's rights.
extension PageWriter {
    // MARK: Who we are and what you asked

    func who() -> Markup {
        let controller = summary.controller
        let role: LocalizedText
        switch summary.right {
        case .access, .portability: role = PageTexts.controller
        case .switching: role = PageTexts.provider
        case .handover: role = PageTexts.processor
        }
        var userClass: Markup?
        // An organisation is addressed as such, whatever class its user belongs to.
        if contents.isToSubject, let known = summary.userClass {
            let party = text(known.isParty ? PageProcessingTexts.party : PageProcessingTexts.noParty)
            userClass = "\(text(known.label)): \(party)"
        }
        let supplement: Markup? = summary.supplements.map {
            Markup(PageProcessingTexts.supplement, language, ["receipt": "<span class=\"nowrap\">\($0)</span>"])
        }
        return details([
            (role, "<strong>\(controller.name)</strong>"),
            (PageTexts.businessID, Markup(text: controller.businessID)),
            (PageTexts.address, Markup(text: address(of: controller))),
            (PageTexts.contact, controller.contact.map { Markup(text: $0[language]) }),
            (PageTexts.email, .mail(controller.email)),
            (PageTexts.telephone, controller.telephone.map(Markup.telephone)),
            (
                PageTexts.request,
                Markup(
                    text: PageTexts.requestOf.filled(
                        language, ["request": summary.requestID, "date": contents.date(summary.received)]))
            ),
            (PageTexts.askedFor, Markup(text: text(LegalTexts.right(summary.right)))),
            (
                PageProcessingTexts.representedTerm,
                summary.isRepresented ? Markup(text: text(PageProcessingTexts.represented)) : nil
            ),
            (PageProcessingTexts.transmittedTerm, summary.transmittedTo.map { Markup(text: $0) }),
            (PageProcessingTexts.userClass, userClass),
            (PageProcessingTexts.supplementTerm, supplement),
        ])
    }

    private func address(of controller: Controller) -> String {
        let country = Countries.name(controller.country, language)
        return controller.address.hasSuffix(country) ? controller.address : "\(controller.address), \(country)"
    }

    // MARK: Nothing held

    func searched() -> Markup {
        let table = Table(
            caption: Markup(text: text(NothingTexts.searchedCaption)),
            columns: [
                Table.Column(heading: text(PageTexts.sourceColumn)),
                Table.Column(heading: text(NothingTexts.holdsColumn)),
                Table.Column(heading: text(NothingTexts.whenColumn)),
                Table.Column(heading: text(NothingTexts.kindsColumn)),
            ])
        var body: Markup =
            "<p>\(text(NothingTexts.searchedIntroduction))</p>\n"
            + self.table(table, of: contents.searched) { search in
                [
                    "<strong>\(search.source)</strong>",
                    Markup(text: search.labels.prefix(100).map(text).joined(separator: ", ")),
                    Markup(text: contents.moment(search.at)),
                    Markup(text: search.kinds.prefix(100).map { text(NothingTexts.kind($0)) }.joined(separator: ", ")),
                ]
            }
        body += handSearches()
        if contents.unsearched.isEmpty { return body }
        body += "<h3>\(text(NothingTexts.unsearchedTitle))</h3>\n<p>\(text(NothingTexts.unsearched))</p>\n"
        body += list(contents.unsearched) { search in
            let labels = search.labels.prefix(100).map(text).joined(separator: ", ")
            return labels.isEmpty ? "<strong>\(search.source)</strong>" : "<strong>\(search.source)</strong>: \(labels)"
        }
        return body
    }

    // MARK: Processing

    func processing() -> Markup {
        let processing = contents.processing
        var body: Markup =
            "<p>\(text(contents.isToSubject ? PageProcessingTexts.introduction : PageProcessingTexts.introductionOrganisation))</p>\n"
        for held in processing.held {
            let records = ValueTexts.records.text(held.records, language)
            body += """
                <h3>\(text(ValueTexts.category(held.category))) <span class="muted">(\(records))</span></h3>

                """
            let decisions = held.decisions.isEmpty ? nil : list(held.decisions, name: "plain", decision)
            body += details([
                (
                    PageProcessingTexts.purposes,
                    held.purposes.isEmpty
                        ? Markup(text: text(ProcessingTexts.notStated)) : list(held.purposes, name: "plain", purpose)
                ),
                (PageProcessingTexts.categories, list(held.parts, name: "plain", part)),
                (
                    PageProcessingTexts.recipients,
                    held.recipients.isEmpty
                        ? Markup(
                            text: text(
                                processing.statesRecipients
                                    ? ProcessingTexts.noRecipients : ProcessingTexts.notStated))
                        : list(held.recipients, name: "plain") {
                            "\($0.name), \(Countries.name($0.country, language))"
                        }
                ),
                (
                    PageProcessingTexts.retention,
                    held.retention.isEmpty
                        ? Markup(text: text(ProcessingTexts.notStated))
                        : list(grouped(held.retention), name: "plain", retention)
                ),
                (
                    PageProcessingTexts.origin,
                    list(held.origins, name: "plain") {
                        Markup(text: text(ValueTexts.origin($0, toSubject: contents.isToSubject)))
                    }
                ),
                (PageProcessingTexts.decisions, decisions),
            ])
            if !held.specialCategories.isEmpty {
                let names = held.specialCategories.map { text(ProcessingTexts.specialCategory($0)) }
                let note = PageProcessingTexts.special.filled(language, ["categories": language.list(names)])
                body += "<p>\(note)</p>\n"
            }
            if held.mayConcernChildren { body += "<p>\(text(ProcessingTexts.children))</p>\n" }
            body += rights(of: held)
        }
        if contents.isToSubject {
            body += """
                <h3>\(text(PageProcessingTexts.decisions))</h3>
                <p>\(processing.decisionsText(language))</p>

                """
        }
        return body
    }

    /// One dataset of a category, and whether it is here.
    private func part(_ part: ProcessingInformation.Part) -> Markup {
        if part.presence == .here { return Markup(text: text(part.label)) }
        return "\(text(part.label)) <span class=\"muted\">(\(text(ProcessingTexts.presence(part.presence))))</span>"
    }

    /// Which rights can be used on a category's data, and which cannot.
    private func rights(of held: ProcessingInformation.Held) -> Markup {
        if held.rights.isEmpty { return "" }
        let open: Markup = isFullPrint ? " open" : ""
        let rights = list(held.rights) { right in
            "<strong>\(text(right.name))</strong> <span class=\"muted\">(\(article(right.article)))</span>: \(text(right.text))"
        }
        return """
            <details class="meanings"\(open)><summary>\(text(PageProcessingTexts.rightsHere))</summary>
            \(rights)</details>

            """
    }

    private func purpose(_ purpose: Purpose) -> Markup {
        let basis = text(LegalTexts.basis(purpose.basis))
        let article = article(purpose.basis.rawValue)
        let marketing = purpose.isMarketing ? "; " + text(PageTexts.marketing) : ""
        var line: Markup = "\(text(purpose.text)) <span class=\"muted\">(\(basis), \(article)\(marketing))</span>"
        if let interest = purpose.interest {
            let told = PageProcessingTexts.interest.filled(language, ["interest": text(interest)])
            line += "<span class=\"meaning\">\(told)</span>"
        }
        return line
    }

    /// Datasets that are kept equally long, told together.
    private func grouped(
        _ all: [ProcessingInformation.Retention]
    ) -> [(labels: [String], text: String, kept: String?)] {
        var groups: [(labels: [String], text: String, kept: String?)] = []
        for one in all {
            let told = text(one.text)
            let kept = one.dates(language)
            if let index = groups.firstIndex(where: { $0.text == told && $0.kept == kept }) {
                groups[index].labels.append(text(one.label))
            } else {
                groups.append(([text(one.label)], told, kept))
            }
        }
        return groups
    }

    private func retention(_ group: (labels: [String], text: String, kept: String?)) -> Markup {
        var line: Markup = "\(group.labels.joined(separator: ", ")): \(group.text)"
        if let kept = group.kept { line += "<span class=\"meaning\">\(kept)</span>" }
        return line
    }

    private func decision(_ decision: AutomatedDecision) -> Markup {
        """
        <strong>\(text(decision.name))</strong>\
        <span class="meaning">\(text(PageProcessingTexts.logic)): \(text(decision.logic))</span>\
        <span class="meaning">\(text(PageProcessingTexts.consequences)): \(text(decision.consequences))</span>
        """
    }

    // MARK: Rights

    func rights() -> Markup {
        guard contents.isToSubject else {
            return "<p>\(text(PageTexts.rightsOfPersons(summary.right)))</p>\n" + authorities()
        }
        var body: Markup =
            "<p>\(Markup(PageTexts.rightsIntroduction, language, ["contact": contents.contactLinks]))</p>\n<ul>\n"
        for right in LegalTexts.rights {
            let article = article(right.article)
            body += """
                <li><strong>\(text(right.name))</strong> <span class="muted">(\(article))</span>: \
                \(text(right.meaning))</li>

                """
        }
        body += """
            </ul>
            <h3 id="complaint">\(text(PageTexts.complaintTitle))</h3>
            <p>\(text(PageTexts.complaint))</p>
            \(authorities())<h3>\(text(PageTexts.remedyTitle))</h3>
            <p>\(text(PageTexts.remedy))</p>

            """
        return body
    }

    private func authorities() -> Markup {
        let processing = contents.processing
        var body = authority(processing.authority)
        if let own = processing.controllersAuthority {
            body += "<p>\(text(PageProcessingTexts.otherAuthority)):</p>\n" + authority(own)
        }
        return body
    }

    private func authority(_ authority: Authority) -> Markup {
        details([
            (PageTexts.authority, "<strong>\(text(authority.name))</strong>"),
            (PageTexts.address, Markup(text: authority.address)),
            (PageTexts.website, .web(authority.url)),
            (PageTexts.email, authority.email.map(Markup.mail)),
            (PageTexts.telephone, authority.telephone.map(Markup.telephone)),
        ])
    }
}
