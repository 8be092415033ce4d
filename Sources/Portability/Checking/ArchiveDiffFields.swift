import PortabilityModel
import PortabilityText

/// Compares records of one dataset field by field, and charges each difference to a rule that explains it.
final class RecordComparison {
    private typealias Side = ArchiveDifference.Side

    /// One archive's part.
    private struct Part {
        let archive: DiffArchive
        let dataset: DiffDataset
        /// The dataset that states which documents were left out; the dataset itself if it is no list of documents.
        let documents: DiffDataset
        /// Per group of the layout, per field: the rules on the field or on a group around it, the closest first.
        let rules: [[[Int]]]
        /// The same for what was found in the field's text.
        let findings: [[[Int]]]

        init(_ archive: DiffArchive, _ dataset: DiffDataset, _ layout: EntityLayout) {
            self.archive = archive
            self.dataset = dataset
            documents = DocumentOrigin(of: dataset, in: archive)?.base ?? dataset
            func table(_ rules: [DiffDataset.Rule]) -> [[[Int]]] {
                layout.groups.map { group in
                    group.fields.map { Part.indices(rules, around: group.path + [$0.name]) }
                }
            }
            rules = table(dataset.rules)
            findings = table(dataset.findings)
        }

        static func indices(_ rules: [DiffDataset.Rule], around path: [String]) -> [Int] {
            var found: [Int] = []
            for length in stride(from: path.count, to: 0, by: -1) {
                let name = path[..<length].joined(separator: ".")
                found += rules.indices.filter { rules[$0].field == name }
            }
            return found + rules.indices.filter { rules[$0].field == "(text)" }
        }
    }

    /// A field of the record: its path, and the rules of both archives on it.
    private struct Place {
        let path: String
        let rules: (a: [Int], b: [Int])
        let findings: (a: [Int], b: [Int])
    }

    private let layout: EntityLayout
    private let a: Part
    private let b: Part
    private let accessSide: ArchiveDifference.Side?
    private let options: DiffOptions
    private let collector: DifferenceCollector
    private let isDocuments: Bool
    /// The records that are compared.
    private var left: RecordCursor?
    private var right: RecordCursor?

    init(
        layout: EntityLayout, a: (DiffArchive, DiffDataset), b: (DiffArchive, DiffDataset),
        accessSide: ArchiveDifference.Side?, options: DiffOptions, collector: DifferenceCollector
    ) {
        self.layout = layout
        self.a = Part(a.0, a.1, layout)
        self.b = Part(b.0, b.1, layout)
        self.accessSide = accessSide
        self.options = options
        self.collector = collector
        isDocuments = layout.entity.name == "document"
    }

    /// Compares two records of one key.
    func compare(_ left: RecordCursor, _ right: RecordCursor) throws {
        if isEqual(left, left.head.tokens, right, right.head.tokens) { return }
        (self.left, self.right) = (left, right)
        defer { (self.left, self.right) = (nil, nil) }
        try compareFields(group: 0, left.head.tokens, right.head.tokens)
    }

    /// A record is in one archive only.
    func missing(_ cursor: RecordCursor, in side: ArchiveDifference.Side) throws {
        if side == .b { left = cursor } else { right = cursor }
        defer { (left, right) = (nil, nil) }
        let part = side == .b ? b : a
        let kind: ArchiveDifference.Kind = isDocuments ? .document : .record
        let rules = isDocuments ? part.documents.documents : part.dataset.records
        guard let index = rules.indices.first(where: { rules[$0].left > 0 }) else {
            return try unexplained(kind, nil, side, rules.isEmpty ? .noRule : .countExceeded)
        }
        if isDocuments { part.documents.documents[index].left -= 1 } else { part.dataset.records[index].left -= 1 }
        let rule = rules[index]
        if let ground = rule.ground, !part.archive.requestSupports(ground, category: part.dataset.category) {
            return try unexplained(kind, nil, side, .notInRequest)
        }
        try explained(kind, rule, field: nil, side)
    }

    // MARK: Walking

    private func isEqual(
        _ left: RecordCursor, _ first: Range<Int>, _ right: RecordCursor, _ second: Range<Int>
    ) -> Bool {
        guard first.count == second.count else { return false }
        let (own, theirs) = (left.batch, right.batch)
        let tokens = own.tokens.span
        let others = theirs.tokens.span
        let bytes = own.bytes.span
        let otherBytes = theirs.bytes.span
        for offset in 0..<first.count {
            let (token, other) = (tokens[first.lowerBound + offset], others[second.lowerBound + offset])
            guard token.kind == other.kind, token.field == other.field, token.length == other.length else {
                return false
            }
            if token.kind.rawValue >= 32 && token.kind != .otherName { continue }
            let (start, otherStart) = (Int(token.offset), Int(other.offset))
            for index in 0..<Int(token.length) where bytes[start + index] != otherBytes[otherStart + index] {
                return false
            }
        }
        return true
    }

    private func token(_ side: ArchiveDifference.Side, _ index: Int) -> TapeToken {
        (side == .a ? left : right)?.batch.tokens[index]
            ?? TapeToken(field: 0, kind: .groupEnd, flags: 0, offset: 0, length: 0)
    }

    private func bytes(_ side: ArchiveDifference.Side, _ index: Int) -> [UInt8] {
        guard let cursor = side == .a ? left : right else { return [] }
        return Array(cursor.batch.bytes[cursor.batch.tokens[index].range])
    }

    /// The index behind a field's tokens.
    private func end(_ side: ArchiveDifference.Side, _ index: Int) -> Int {
        let token = token(side, index)
        return token.kind == .groupBegin || token.kind == .listBegin ? index + Int(token.length) + 2 : index + 1
    }

    private func inside(_ side: ArchiveDifference.Side, _ index: Int) -> Range<Int> {
        index + 1..<index + 1 + Int(token(side, index).length)
    }

    private func place(_ group: Int, _ field: Int) -> Place {
        let own = layout.groups[group]
        return Place(
            path: (own.path + [own.fields[field].name]).joined(separator: "."),
            rules: (a.rules[group][field], b.rules[group][field]),
            findings: (a.findings[group][field], b.findings[group][field]))
    }

    private func compareFields(group: Int, _ first: Range<Int>, _ second: Range<Int>) throws {
        var (i, j) = (first.lowerBound, second.lowerBound)
        // `other` fields have the largest number and come last.
        while true {
            let own = i < first.upperBound ? Int(token(.a, i).field) : Int.max
            let other = j < second.upperBound ? Int(token(.b, j).field) : Int.max
            let field = min(own, other)
            if field >= Int(TapeToken.otherField) { break }
            if own == other {
                try compareField(group, field, i, j)
            } else {
                try missingField(group, field, own < other ? i : j, in: own < other ? .b : .a)
            }
            if own == field { i = end(.a, i) }
            if other == field { j = end(.b, j) }
        }
        try compareOthers(i..<first.upperBound, j..<second.upperBound)
    }

    private func compareField(_ group: Int, _ field: Int, _ i: Int, _ j: Int) throws {
        guard let left, let right else { return }
        let (first, second) = (i..<end(.a, i), j..<end(.b, j))
        if isEqual(left, first, right, second) { return }
        let (own, other) = (token(.a, i), token(.b, j))
        guard own.kind == other.kind || (own.kind.value != nil && other.kind.value != nil) else {
            return try unexplained(.field, place(group, field).path, .both, .noRule)
        }
        switch own.kind {
        case .listBegin: try compareList(group, field, inside(.a, i), inside(.b, j))
        case .groupBegin:
            let nested = layout.groups[group].fields[field].group
            try compareFields(group: nested, inside(.a, i), inside(.b, j))
        default: try differing(group, field, i, j)
        }
    }

    /// Compares lists element by element. Where one is shorter, an element of the longer one that the other archive's
    /// rules leave nothing of, or that equals nothing, is missing.
    private func compareList(_ group: Int, _ field: Int, _ first: Range<Int>, _ second: Range<Int>) throws {
        guard let left, let right else { return }
        func elements(_ side: ArchiveDifference.Side, _ range: Range<Int>) -> [Int] {
            var starts: [Int] = []
            var index = range.lowerBound
            while index < range.upperBound {
                starts.append(index)
                index = end(side, index)
            }
            return starts
        }
        let (own, others) = (elements(.a, first), elements(.b, second))
        let nested = layout.groups[group].fields[field].group
        var (i, j) = (0, 0)
        while i < own.count || j < others.count {
            if i < own.count, j < others.count {
                let isSame = isEqual(left, own[i]..<end(.a, own[i]), right, others[j]..<end(.b, others[j]))
                let excess = (own.count - i) - (others.count - j)
                let isDropped =
                    excess != 0
                    && (excess > 0
                        ? isCovered(group, field, own[i], by: .b) : isCovered(group, field, others[j], by: .a))
                if isSame || !isDropped {
                    if !isSame {
                        if nested >= 0 {
                            try compareFields(group: nested, inside(.a, own[i]), inside(.b, others[j]))
                        } else {
                            try differing(group, field, own[i], others[j])
                        }
                    }
                    (i, j) = (i + 1, j + 1)
                    continue
                }
            }
            let isOwn = j >= others.count || (i < own.count && own.count - i > others.count - j)
            try missingField(group, field, isOwn ? own[i] : others[j], in: isOwn ? .b : .a)
            if isOwn { i += 1 } else { j += 1 }
        }
    }

    /// Whether an archive's rules can leave nothing of an element of a list.
    private func isCovered(_ group: Int, _ field: Int, _ index: Int, by side: ArchiveDifference.Side) -> Bool {
        let part = side == .a ? a : b
        let other: ArchiveDifference.Side = side == .a ? .b : .a
        if part.rules[group][field].contains(where: { part.dataset.rules[$0].action == .withhold }) { return true }
        let nested = layout.groups[group].fields[field].group
        guard nested >= 0 else {
            return layout.groups[group].fields[field].kind == .reference && !part.documents.references.isEmpty
        }
        var index = index + 1
        let end = end(other, index - 1) - 1
        while index < end {
            let own = Int(token(other, index).field)
            let isList = token(other, index).kind == .listBegin
            let values = isList ? inside(other, index) : index..<index + 1
            var value = values.lowerBound
            while value < values.upperBound {
                if !isCovered(nested, own, value, by: side) { return false }
                value = self.end(other, value)
            }
            index = self.end(other, index)
        }
        return true
    }

    private func compareOthers(_ first: Range<Int>, _ second: Range<Int>) throws {
        guard let left, let right else { return }
        func name(_ cursor: RecordCursor, _ index: Int) -> ArraySlice<UInt8> {
            cursor.batch.bytes[cursor.batch.tokens[index].range]
        }
        var (i, j) = (first.lowerBound, second.lowerBound)
        while i < first.upperBound || j < second.upperBound {
            let isOwn =
                j >= second.upperBound
                || (i < first.upperBound && !name(right, j).lexicographicallyPrecedes(name(left, i)))
            let isOther =
                i >= first.upperBound
                || (j < second.upperBound && !name(left, i).lexicographicallyPrecedes(name(right, j)))
            let place = isOwn ? otherPlace(name(left, i)) : otherPlace(name(right, j))
            if isOwn, isOther {
                if !isEqual(left, i + 1..<i + 2, right, j + 1..<j + 2) {
                    try differing(place, isReference: false, i + 1, j + 1)
                }
            } else {
                try missingValue(place, isReference: false, in: isOwn ? .b : .a)
            }
            if isOwn { i += 2 }
            if isOther { j += 2 }
        }
    }

    /// A field that the catalogue does not have, or a value that did not fit its field and stands under its path, as in
    /// `lines[3].quantity`. Its name may be data of a person, so that it is told as `other` alone.
    private func otherPlace(_ name: ArraySlice<UInt8>) -> Place {
        var plain: [UInt8] = []
        var isIndex = false
        for byte in name {
            if byte == UInt8(ascii: "[") { isIndex = true }
            if !isIndex { plain.append(byte) }
            if byte == UInt8(ascii: "]") { isIndex = false }
        }
        let path = String(decoding: plain, as: UTF8.self).split(separator: ".").map(String.init)
        func indices(_ rules: [DiffDataset.Rule]) -> [Int] {
            var found: [Int] = []
            let exact = rules.indices.filter { rules[$0].field == "other." + String(decoding: name, as: UTF8.self) }
            for index in exact + Part.indices(rules, around: ["other"] + path) + Part.indices(rules, around: path)
            where !found.contains(index) {
                found.append(index)
            }
            return found
        }
        return Place(
            path: "other", rules: (indices(a.dataset.rules), indices(b.dataset.rules)),
            findings: (indices(a.dataset.findings), indices(b.dataset.findings)))
    }

    // MARK: Explaining

    /// A field is in one archive only: explained as a whole, or value by value.
    private func missingField(_ group: Int, _ field: Int, _ index: Int, in side: ArchiveDifference.Side) throws {
        let definition = layout.groups[group].fields[field]
        let other: ArchiveDifference.Side = side == .a ? .b : .a
        let place = place(group, field)
        let begin = token(other, index).kind
        if definition.group < 0 { return try missingValue(place, isReference: definition.kind == .reference, in: side) }
        if try chargeMissing(place, in: side) { return }
        if begin == .listBegin {
            var element = index + 1
            while element < end(other, index) - 1 {
                try missingFields(definition.group, inside(other, element), in: side)
                element = end(other, element)
            }
        } else {
            try missingFields(definition.group, inside(other, index), in: side)
        }
    }

    private func missingFields(_ group: Int, _ range: Range<Int>, in side: ArchiveDifference.Side) throws {
        let other: ArchiveDifference.Side = side == .a ? .b : .a
        var index = range.lowerBound
        while index < range.upperBound {
            try missingField(group, Int(token(other, index).field), index, in: side)
            index = end(other, index)
        }
    }

    private func chargeMissing(_ place: Place, in side: ArchiveDifference.Side) throws -> Bool {
        // A text may be left out whole for what was found in it.
        guard let rule = charge(side, place, { $0.action == .withhold }) ?? chargeText(side, place) else {
            return false
        }
        try explained(.field, rule, field: place.path, side)
        return true
    }

    private func missingValue(_ place: Place, isReference: Bool, in side: ArchiveDifference.Side) throws {
        if try chargeMissing(place, in: side) { return }
        let part = side == .a ? a : b
        if isReference,
            let index = part.documents.references.indices.first(where: { part.documents.references[$0].left > 0 })
        {
            part.documents.references[index].left -= 1
            return try explained(.document, part.documents.references[index], field: place.path, side)
        }
        let rules = side == .a ? place.rules.a : place.rules.b
        let findings = side == .a ? place.findings.a : place.findings.b
        let isKnown =
            rules.contains { part.dataset.rules[$0].action == .withhold }
            || findings.contains { part.dataset.findings[$0].action == .withhold }
        try unexplained(.field, place.path, side, isKnown ? .countExceeded : .noRule)
    }

    private func differing(_ group: Int, _ field: Int, _ i: Int, _ j: Int) throws {
        try differing(
            place(group, field), isReference: layout.groups[group].fields[field].kind == .reference, i, j)
    }

    /// Both archives have a value, and the values differ.
    private func differing(_ place: Place, isReference: Bool, _ i: Int, _ j: Int) throws {
        let (own, other) = (bytes(.a, i), bytes(.b, j))
        if isReference {
            // Documents are numbered anew in each archive: the same name need not be the same file, nor another name
            // another one.
            let digests = try (
                a.archive.documentDigest(String(decoding: own, as: UTF8.self)),
                b.archive.documentDigest(String(decoding: other, as: UTF8.self))
            )
            // That a redacted file stands for one is told where the document is described.
            func original(_ digest: String?, _ dataset: DiffDataset) -> [UInt8]? {
                digest.map { Array($0.utf8) }.map { dataset.replaced[$0] ?? $0 }
            }
            if let digest = original(digests.0, a.documents), digest == original(digests.1, b.documents) { return }
            return try unexplained(.document, place.path, .both, .otherDocument)
        }
        if isDocuments, let side = replacedIn {
            let rule = DiffDataset.Rule(field: "", action: .mask, ground: .reviewed, left: 0)
            return try explained(.document, rule, field: place.path, side)
        }
        func has(_ side: ArchiveDifference.Side, _ action: FieldAction) -> Bool {
            let rules = side == .a ? place.rules.a : place.rules.b
            return rules.contains { (side == .a ? a : b).dataset.rules[$0].action == action }
        }
        var isExceeded = false
        for (side, value, mask) in [(Side.b, own, other), (.a, other, own)]
        where has(side, .mask) && TextMasks.isMask(mask, of: value) {
            if let rule = charge(side, place, { $0.action == .mask }) {
                return try explained(.field, rule, field: place.path, side)
            }
            isExceeded = true
        }
        let labelled = (
            has(.a, .label) && TextMasks.isLabel(own), has(.b, .label) && TextMasks.isLabel(other)
        )
        if labelled.0 || labelled.1 {
            if try differingLabels(place, labelled, has: has) { return }
            isExceeded = true
        }
        if !place.findings.a.isEmpty || !place.findings.b.isEmpty {
            return try differingTexts(place, own, other)
        }
        let isMasked = [FieldAction.mask, .label].contains { has(.a, $0) || has(.b, $0) }
        try unexplained(.field, place.path, .both, isExceeded ? .countExceeded : isMasked ? .notItsMask : .noRule)
    }

    /// The archive in which a redacted file stands for the document that is compared.
    private var replacedIn: ArchiveDifference.Side? {
        switch (left?.isReplaced ?? false, right?.isReplaced ?? false) {
        case (true, true): .both
        case (true, false): .a
        case (false, true): .b
        case (false, false): nil
        }
    }

    /// A label or pseudonym stands in one archive or in both; in both they differ by design.
    private func differingLabels(
        _ place: Place, _ labelled: (Bool, Bool), has: (ArchiveDifference.Side, FieldAction) -> Bool
    ) throws -> Bool {
        let first = labelled.0 ? charge(.a, place) { $0.action == .label } : nil
        let second = labelled.1 ? charge(.b, place) { $0.action == .label } : nil
        switch (first, second) {
        case (let first?, _?): try explained(.field, first, field: place.path, .both)
        case (let first?, nil):
            // The other archive may mask what this one labels: then no one sees the value, and this one shows more.
            if let rule = has(.b, .mask) ? charge(.b, place, { $0.action == .mask }) : nil {
                try explained(.field, rule, field: place.path, .b)
            } else {
                try explained(.field, first, field: place.path, .a)
            }
        case (nil, let second?):
            if let rule = has(.a, .mask) ? charge(.a, place, { $0.action == .mask }) : nil {
                try explained(.field, rule, field: place.path, .a)
            } else {
                try explained(.field, second, field: place.path, .b)
            }
        case (nil, nil): return false
        }
        return true
    }

    /// Free texts: equal but for spans that were masked in one of them, each of which was counted.
    private func differingTexts(_ place: Place, _ own: [UInt8], _ other: [UInt8]) throws {
        // What no archive says was looked for is no mask, whatever it looks like.
        let declared = Set(
            place.findings.a.map { a.dataset.findings[$0].detected }
                + place.findings.b.map { b.dataset.findings[$0].detected })
        guard let spans = TextMasks.spans(own, other),
            declared.contains(nil) || spans.allSatisfy({ $0.kinds.contains { declared.contains($0) } })
        else { return try unexplained(.text, place.path, .both, .outsideMasks) }
        for span in spans {
            let sides: [ArchiveDifference.Side] =
                switch span.maskedIn {
                case .a: [.a]
                case .b: [.b]
                case .both: [.a, .b]
                }
            var charged: [(DiffDataset.Rule, ArchiveDifference.Side)] = []
            for side in sides {
                if let rule = chargeFinding(side, place, span.kinds) { charged.append((rule, side)) }
            }
            switch charged.count {
            case 0: try unexplained(.text, place.path, span.maskedIn, .countExceeded)
            case 1: try explained(.text, charged[0].0, field: place.path, charged[0].1)
            default: try explained(.text, charged[0].0, field: place.path, .both)
            }
        }
    }

    private func charge(
        _ side: ArchiveDifference.Side, _ place: Place, _ fits: (DiffDataset.Rule) -> Bool
    ) -> DiffDataset.Rule? {
        let dataset = (side == .a ? a : b).dataset
        let candidates = side == .a ? place.rules.a : place.rules.b
        guard let index = candidates.first(where: { dataset.rules[$0].left > 0 && fits(dataset.rules[$0]) }) else {
            return nil
        }
        dataset.rules[index].left -= 1
        return dataset.rules[index]
    }

    private func chargeText(_ side: ArchiveDifference.Side, _ place: Place) -> DiffDataset.Rule? {
        let dataset = (side == .a ? a : b).dataset
        let candidates = side == .a ? place.findings.a : place.findings.b
        let found = candidates.first { dataset.findings[$0].left > 0 && dataset.findings[$0].action == .withhold }
        guard let index = found else { return nil }
        dataset.findings[index].left -= 1
        return dataset.findings[index]
    }

    private func chargeFinding(
        _ side: ArchiveDifference.Side, _ place: Place, _ kinds: [String]
    ) -> DiffDataset.Rule? {
        let dataset = (side == .a ? a : b).dataset
        let candidates = side == .a ? place.findings.a : place.findings.b
        for kind in kinds {
            let found = candidates.first {
                dataset.findings[$0].left > 0 && dataset.findings[$0].action != .withhold
                    && (dataset.findings[$0].detected ?? kind) == kind
            }
            guard let index = found else { continue }
            dataset.findings[index].left -= 1
            return dataset.findings[index]
        }
        return nil
    }

    // MARK: Telling

    private func single(_ field: String?) -> ArchiveDifference.Single {
        var single = ArchiveDifference.Single(recordInA: left?.ordinal, recordInB: right?.ordinal, field: field)
        if options.keepsRecordIDs, let cursor = left ?? right { single.recordID = cursor.batch.text(cursor.head.id) }
        return single
    }

    private func explained(
        _ kind: ArchiveDifference.Kind, _ rule: DiffDataset.Rule, field: String?, _ side: ArchiveDifference.Side
    ) throws {
        let isMore = ArchiveDifference.takesMore(side, accessSide: accessSide, ground: rule.ground)
        try collector.add(
            .init(
                kind: kind, dataset: a.dataset.id, field: rule.field.isEmpty ? field : rule.field,
                action: rule.action, ground: rule.ground, recordClass: rule.recordClass, detected: rule.detected,
                side: side, verdict: isMore ? .accessMasksMore : .explained, reason: nil), single(field))
    }

    private func unexplained(
        _ kind: ArchiveDifference.Kind, _ field: String?, _ side: ArchiveDifference.Side,
        _ reason: ArchiveDifference.Reason
    ) throws {
        try collector.add(
            .init(
                kind: kind, dataset: a.dataset.id, field: field, action: nil, ground: nil, recordClass: nil,
                detected: nil, side: side, verdict: .unexplained, reason: reason), single(field))
    }
}
