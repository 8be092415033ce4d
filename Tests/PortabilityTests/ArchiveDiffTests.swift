import Foundation
import Portability
import PortabilityModel
import Testing

/// Two archives are made by the engine; then one is edited as a rule, a fault or a forger would have changed it, and
/// every checksum is made to fit, so that nothing but the comparison can find it.
@Suite("Comparing archives")
struct ArchiveDiffTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    // MARK: Support

    private func export(
        _ name: String, right: Right = .access, formats: [Format] = [.jsonl], rows given: [FakeExtractor.Row]? = nil,
        documentBytes: Int = 0
    ) async throws -> String {
        let own = given ?? rows(6)
        var extractor = source(
            "register",
            [
                dataset("person", rules: [FieldRule(.documents, .keep)]),
                dataset("message", entity: "communication", category: .communication),
            ],
            rows: ["person": own, "message": rows(4)])
        extractor.documentBytes = documentBytes
        let path = folder.file(name)
        let engine = PortabilityEngine(configuration: configuration([extractor]), options: EngineOptions(workers: 1))
        _ = try await engine.export(
            request(right: right, formats: formats, id: "R-\(name.prefix(1))"), to: path,
            options: .init(created: 1_700_000_000))
        return path
    }

    /// Edits an archive of JSON Lines. The script sees the manifest as `m`, its datasets by id as `d`, and the records
    /// of each as lists in `r`.
    private func edit(_ path: String, _ name: String, _ script: String) throws -> String {
        let code = """
            import hashlib, json, sys, zipfile
            source = zipfile.ZipFile(sys.argv[1])
            files = {name: source.read(name) for name in source.namelist()}
            m = json.loads(files["manifest.json"])
            d = {x["id"]: x for x in m["datasets"]}
            r = {i: [json.loads(l) for l in files[x["files"][0]["path"]].decode().split("\\n") if l]
                 for i, x in d.items() if x["files"]}
            def sha(b): return hashlib.sha256(b).hexdigest()
            def withhold(i, ground, status="withheld"):
                for f in d[i]["files"]: del files[f["path"]]
                d[i].update(status=status, ground=ground, files=[], records=dict(extracted=0, exported=0, withheld={}))
                d[i].pop("content_sha256", None); del r[i]
            def rule(i, field, action, count, ground="rights-of-others", **more):
                d[i].setdefault("rules", []).append(dict(field=field, action=action, ground=ground, count=count, **more))
            def found(i, field, kind, count, action="mask"):
                d[i].setdefault("text_findings", []).append(
                    dict(field=field, kind=kind, action=action, ground="rights-of-others", count=count))
            def body(i, *texts):
                r[i] = [dict(record_id=str(n + 1), body=t) for n, t in enumerate(texts)]
            \(script)
            m["datasets"] = [d[x["id"]] for x in m["datasets"] if x["id"] in d]
            for i, records in r.items():
                if i not in d: continue
                content = "".join(
                    json.dumps(x, ensure_ascii=False, separators=(",", ":")) + "\\n" for x in records).encode()
                f = d[i]["files"][0]
                files[f["path"]] = content
                f.update(rows=len(records), bytes=len(content), sha256=sha(content))
                d[i]["content_sha256"] = sha(content)
                counts = d[i]["records"]
                counts["exported"] = len(records)
                counts["extracted"] = len(records) + sum(counts["withheld"].values())
            files["manifest.json"] = json.dumps(m).encode()
            payload = {n: b for n, b in files.items() if n.startswith("data/")}
            def lines(names): return "".join(sha(files[n]) + "  " + n + "\\n" for n in names).encode()
            files["manifest-sha256.txt"] = lines(sorted(payload))
            info = files["bag-info.txt"].decode().split("\\n")
            oxum = "Payload-Oxum: %d.%d" % (sum(map(len, payload.values())), len(payload))
            files["bag-info.txt"] = "\\n".join(oxum if l.startswith("Payload-Oxum") else l for l in info).encode()
            tags = [l[66:] for l in files["tagmanifest-sha256.txt"].decode().splitlines()]
            files["tagmanifest-sha256.txt"] = lines(n for n in tags if n in files)
            with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as target:
                for n, b in files.items(): target.writestr(n, b)
            """
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", "-c", code, path, folder.file(name)]
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        return folder.file(name)
    }

    /// One archive under access and the same under portability, each edited.
    private func pair(_ access: String = "pass", _ portability: String = "pass") async throws -> (String, String) {
        let path = try await export("\(UUID().uuidString).zip")
        return (
            try edit(path, "access.zip", access),
            try edit(path, "portability.zip", "m['request']['right'] = 'portability'\n\(portability)")
        )
    }

    private func brief(_ difference: ArchiveDifference) -> [String] {
        difference.groups.map { group in
            let decision = group.decision
            let parts: [String?] = [
                decision.dataset, decision.kind.rawValue, decision.field, decision.action?.rawValue,
                decision.ground?.rawValue, decision.recordClass.map { "[\($0)]" }, decision.detected,
                decision.reason?.rawValue, decision.side.rawValue, "\(group.count)",
                decision.verdict == .accessMasksMore ? "MORE" : nil,
            ]
            return parts.compactMap { $0 }.joined(separator: " ")
        }
    }

    private func diff(_ pair: (String, String)) throws -> [String] {
        brief(try ArchiveFileReader.diff(pair.0, pair.1))
    }

    // MARK: What is the same

    @Test("the same records in other formats are no difference")
    func formats() async throws {
        let a = try await export("a.zip", formats: [.json])
        let b = try await export("b.zip", formats: [.csv, .xml])
        let difference = try ArchiveFileReader.diff(a, b)
        #expect(difference.groups.isEmpty)
        #expect(difference.isExplained)
        #expect(difference.recordsCompared == 10)
        #expect(difference.datasetsEqual == 2)
    }

    @Test(
        "a value that differs is found whatever the formats, and told by its place alone",
        arguments: [(Format.json, Format.csv), (.xml, .jsonl), (.csv, .xml)])
    func changedValue(formats: (Format, Format)) async throws {
        var others = rows(6)
        others[3].name = "Joku Muu"
        others[0].note = "toinen"
        let a = try await export("a.zip", formats: [formats.0])
        let b = try await export("b.zip", formats: [formats.1], rows: others)
        let difference = try ArchiveFileReader.diff(a, b)
        #expect(brief(difference) == ["person field other no-rule both 1", "person field full_name no-rule both 1"])
        #expect(!difference.isExplained)
        let single = try #require(difference.groups.last?.listed.first)
        #expect(single.recordInA == 4)
        #expect(single.recordInB == 4)
        #expect(single.recordID == nil)
    }

    @Test("nothing that is told holds a value; record ids are told where they are asked for")
    func noValues() async throws {
        var others = rows(6)
        for index in others.indices {
            (others[index].name, others[index].note) = ("Salainen Henkilö", "Arkaluonteinen")
        }
        let pair = (try await export("a.zip"), try await export("b.zip", rows: others))
        let plain = try ArchiveFileReader.diff(pair.0, pair.1)
        for text in ["Päivi", "Mäki", "Salainen", "Arkaluonteinen", "record_id"] {
            #expect(!String(decoding: plain.json(explaining: .fi), as: UTF8.self).contains(text))
        }
        let named = try ArchiveFileReader.diff(pair.0, pair.1, options: DiffOptions(keepsRecordIDs: true))
        #expect(named.groups[0].listed.map(\.recordID) == ["1", "2", "3", "4", "5", "6"])
        #expect(String(decoding: named.json(), as: UTF8.self).contains("record_id"))
    }

    @Test("a group lists as many as it may, counts all, and hands all to whoever asks")
    func bounded() async throws {
        var others = rows(6)
        for index in others.indices { others[index].name = "X" }
        let pair = (try await export("a.zip"), try await export("b.zip", rows: others))
        let short = try ArchiveFileReader.diff(pair.0, pair.1, options: DiffOptions(listed: 2))
        #expect(short.groups[0].count == 6)
        #expect(short.groups[0].listed.count == 2)
        var handed: [Int64] = []
        let streamed = try ArchiveFileReader.diff(pair.0, pair.1) { _, single in handed.append(single.recordInA ?? 0) }
        #expect(handed == [1, 2, 3, 4, 5, 6])
        #expect(streamed.groups[0].listed.isEmpty)
    }

    // MARK: Fields

    @Test("a withheld field is explained by its rule, as often as the rule was applied")
    func withheld() async throws {
        let script = "for x in r['person']: del x['full_name']"
        #expect(
            try await diff(pair("pass", "\(script)\nrule('person', 'full_name', 'withhold', 6)")) == [
                "person field full_name withhold rights-of-others b 6"
            ])
        #expect(
            try await diff(pair("pass", "\(script)\nrule('person', 'full_name', 'withhold', 4)")) == [
                "person field full_name count-exceeded b 2", "person field full_name withhold rights-of-others b 4",
            ])
        #expect(try await diff(pair("pass", script)) == ["person field full_name no-rule b 6"])
    }

    @Test("archives without a list of rules are explained by the fields withheld that they state")
    func firstVersion() async throws {
        let script = """
            for x in r['person']: del x['full_name']
            d['person'].pop('rules', None)
            d['person']['fields_withheld'] = [dict(field='full_name', ground='secret', count=6)]
            """
        #expect(try await diff(pair("pass", script)) == ["person field full_name withhold secret b 6"])
    }

    @Test("a masked value must be the mask of the other archive's value")
    func masks() async throws {
        let declared = "rule('person', 'full_name', 'mask', 6)"
        #expect(
            try await diff(pair("pass", "r['person'][0]['full_name'] = '*****'\n\(declared)")) == [
                "person field full_name mask rights-of-others b 1"
            ])
        #expect(
            try await diff(pair("pass", "r['person'][0]['full_name'] = 'Joku Muu'\n\(declared)")) == [
                "person field full_name not-its-mask both 1"
            ])
        #expect(
            try await diff(pair("pass", "r['person'][0]['full_name'] = '*****'")) == [
                "person field full_name no-rule both 1"
            ])
    }

    @Test("labels and pseudonyms are others in each archive by design")
    func labels() async throws {
        func script(_ word: String, _ action: String) -> String {
            """
            for n, x in enumerate(r['person']): x['full_name'] = \(word)
            rule('person', 'full_name', '\(action)', 6, ground='staff-name')
            """
        }
        #expect(
            try await diff(pair(script("'support agent %d' % n", "label"), script("'person-aaaaaa%02d' % n", "label")))
                == [
                    "person field full_name label staff-name both 6"
                ])
        #expect(
            try await diff(pair("pass", script("'Joku Muu'", "label"))) == [
                "person field full_name not-its-mask both 6"
            ])
    }

    @Test("a rule for one class of records is named with its class; rules of several classes share a field")
    func classes() async throws {
        let script = """
            for x in r['person'][:2]: del x['full_name']
            r['person'][2]['full_name'] = '*****'
            rule('person', 'full_name', 'withhold', 2, **{'class': 'company'})
            rule('person', 'full_name', 'mask', 1, **{'class': 'private'})
            """
        #expect(
            try await diff(pair("pass", script)) == [
                "person field full_name withhold rights-of-others [company] b 2",
                "person field full_name mask rights-of-others [private] b 1",
            ])
    }

    @Test("a rule on a group explains what is in it; an element that a rule left nothing of is missing from its list")
    func groups() async throws {
        let invoices = """
            d['person'].update(entity='invoice')
            r['person'] = [dict(record_id='1', number='1', buyer=dict(name='N', address=dict(city='C', country='FI')),
                lines=[dict(id='1', name='a'), dict(name='b'), dict(id='3', name='c')])]
            """
        let difference = try await diff(
            pair(
                invoices,
                """
                \(invoices)
                x = r['person'][0]
                del x['buyer']['address']
                x['lines'] = [dict(id='1'), dict(id='3')]
                rule('person', 'buyer.address', 'withhold', 1)
                rule('person', 'lines.name', 'withhold', 3)
                """))
        #expect(
            difference == [
                "person field buyer.address withhold rights-of-others b 1",
                "person field lines.name withhold rights-of-others b 3",
            ])
    }

    @Test("fields that no catalogue has are compared too, and never named")
    func others() async throws {
        #expect(
            try await diff(pair("pass", "del r['person'][0]['other']\nrule('person', 'other', 'withhold', 1)")) == [
                "person field other withhold rights-of-others b 1"
            ])
        #expect(
            try await diff(pair("pass", "r['person'][0]['other'] = {'matti@example.fi': 'x'}")) == [
                "person field other no-rule a 1", "person field other no-rule b 1",
            ])
    }

    // MARK: Records

    @Test("records that are missing are explained by the grounds that the manifest counts", arguments: [1, 2, 1000])
    func missingRecords(idsAtOnce: Int) async throws {
        let pair = try await pair(
            "del r['person'][0]; d['person']['records']['withheld'] = {'rights-of-others': 1}",
            """
            del r['person'][3:]
            d['person']['records']['withheld'] = {'outside-period': 1, 'rights-of-others': 2}
            m['request']['period'] = {'from': '2020-01-01', 'to': '2025-12-31'}
            """)
        let options = DiffOptions(idsAtOnce: idsAtOnce)
        #expect(
            brief(try ArchiveFileReader.diff(pair.0, pair.1, options: options)) == [
                "person record withhold rights-of-others a 1 MORE",
                "person record withhold outside-period b 1", "person record withhold rights-of-others b 2",
            ])
    }

    @Test("a record that no ground accounts for is unexplained")
    func removedRecord() async throws {
        #expect(try await diff(pair("pass", "del r['person'][2]")) == ["person record no-rule b 1"])
        #expect(
            try await diff(
                pair("pass", "del r['person'][2:5]\nd['person']['records']['withheld'] = {'rights-of-others': 2}")) == [
                    "person record count-exceeded b 1", "person record withhold rights-of-others b 2",
                ])
        #expect(
            try await diff(
                pair("pass", "del r['person'][2]\nd['person']['records']['withheld'] = {'outside-period': 1}")) == [
                    "person record not-in-request b 1"
                ], "the ground is one of the request, and the request gives no period")
    }

    @Test("records in another order are one finding, not a thousand")
    func order() async throws {
        #expect(try await diff(pair("pass", "r['person'].reverse()")) == ["person order other-order both 1"])
    }

    // MARK: Free text

    @Test(
        "texts may differ in what was masked, by as many spans as were counted, and in nothing else",
        arguments: [
            (
                "Soita 040 123 4567 tai kirjoita matti@example.fi.", "Soita *****67 tai kirjoita m***@***.fi.",
                "found('message', 'body', 'telephone', 1); found('message', 'body', 'email', 1)",
                [
                    "message text body mask rights-of-others telephone b 1",
                    "message text body mask rights-of-others email b 1",
                ]
            ),
            (
                "matti@example.fi matti@example.fi", "m***@***.fi m***@***.fi",
                "found('message', 'body', 'email', 1)",
                ["message text body count-exceeded b 1", "message text body mask rights-of-others email b 1"]
            ),
            (
                "Tili FI21 1234 5600 0007 85 ja summa 10", "Tili FI**************85 ja summa 20",
                "found('message', 'body', 'iban', 1)", ["message text body outside-masks both 1"]
            ),
            (
                "Tili FI21 1234 5600 0007 85", "Tili FI**************84",
                "found('message', 'body', 'iban', 1)", ["message text body outside-masks both 1"]
            ),
            (
                "Tunnus 131052-308T ja 4111 1111 1111 1111", "Tunnus ******-**** ja **** **** **** 1111",
                "found('message', 'body', 'identity-code', 1); found('message', 'body', 'card', 1)",
                [
                    "message text body mask rights-of-others identity-code b 1",
                    "message text body mask rights-of-others card b 1",
                ]
            ),
            (
                "Terveisin Matti Meikäläinen, tuki", "Terveisin support agent 1, tuki",
                "found('message', 'body', 'name', 1, 'label')",
                ["message text body label rights-of-others name b 1"]
            ),
            (
                "Terveisin Matti Meikäläinen, tuki", "Terveisin Maija Meikäläinen, tuki",
                "found('message', 'body', 'name', 1, 'label')", ["message text body outside-masks both 1"]
            ),
            (
                "***** on tähtiä, matti@example.fi", "***** on tähtiä, m***@***.fi",
                "found('message', 'body', 'email', 1)", ["message text body mask rights-of-others email b 1"]
            ),
            (
                "matti@example.fi", "m***@***.fi", "found('message', 'subject_line', 'email', 1)",
                ["message field body no-rule both 1"]
            ),
        ])
    func texts(own: String, masked: String, declared: String, expected: [String]) async throws {
        let pair = try await pair("body('message', '\(own)')", "body('message', '\(masked)')\n\(declared)")
        #expect(try diff(pair) == expected)
    }

    @Test("each archive may mask something else in one text")
    func mixedTexts() async throws {
        let pair = try await pair(
            "body('message', 'Nimi ***** ja osoite matti@example.fi'); found('message', 'body', 'name', 1)",
            "body('message', 'Nimi Matti Mainio ja osoite m***@***.fi'); found('message', 'body', 'email', 1)")
        #expect(
            try diff(pair) == [
                "message text body mask rights-of-others name a 1 MORE",
                "message text body mask rights-of-others email b 1",
            ])
    }

    @Test("a text that review left out whole is explained by that")
    func reviewedText() async throws {
        let pair = try await pair(
            "body('message', 'Hei')",
            """
            r['message'] = [dict(record_id='1')]
            d['message']['text_findings'] = [
                dict(field='body', kind='review', action='withhold', ground='withheld-on-review', count=1)]
            """)
        #expect(try diff(pair) == ["message field body withhold withheld-on-review review b 1"])
    }

    @Test("long texts that have nothing in common are told apart, and soon")
    func longTexts() async throws {
        let pair = try await pair(
            "body('message', ' '.join('a%d' % n for n in range(20000)))",
            "body('message', ' '.join('b%d *****' % n for n in range(20000))); found('message', 'body', 'name', 9)")
        #expect(try diff(pair) == ["message text body outside-masks both 1"])
    }

    // MARK: Access and portability

    @Test("what access takes and portability gives is told, though a rule says so")
    func accessMasksMore() async throws {
        let pair = try await pair(
            "for x in r['person']: x['full_name'] = '*****'\nrule('person', 'full_name', 'mask', 6)")
        #expect(try diff(pair) == ["person field full_name mask rights-of-others a 6 MORE"])
        #expect(try diff((pair.1, pair.0)) == ["person field full_name mask rights-of-others b 6 MORE"])
        let difference = try ArchiveFileReader.diff(pair.0, pair.1)
        #expect(!difference.isExplained)
        #expect(difference.article(of: difference.groups[0].decision) == "15(4)")
    }

    @Test("what portability takes and access gives is as it should be, with the article of Article 20")
    func portabilityMasksMore() async throws {
        let pair = try await pair(
            "for x in r['person']: x['full_name'] = '*****'\nrule('person', 'full_name', 'mask', 6)",
            "for x in r['person']: del x['full_name']\nrule('person', 'full_name', 'withhold', 6)")
        let difference = try ArchiveFileReader.diff(pair.0, pair.1)
        #expect(brief(difference) == ["person field full_name withhold rights-of-others b 6"])
        #expect(difference.isExplained)
        #expect(difference.article(of: difference.groups[0].decision) == "20(4)")
    }

    // MARK: Datasets

    @Test(
        "a dataset that is not there is explained by its ground, and a ground of the request by the request",
        arguments: [
            ("withhold('message', 'origin-not-portable')", "message dataset withhold origin-not-portable b 1"),
            ("withhold('message', 'not-requested')", "message dataset not-requested not-in-request b 1"),
            (
                "withhold('message', 'not-requested'); m['request']['exclude'] = ['communication']",
                "message dataset withhold not-requested b 1"
            ),
            ("withhold('message', None, 'failed')", "message dataset source-failed b 1"),
            ("withhold('message', None); del d['message']", "message dataset not-in-manifest b 1"),
        ])
    func datasets(script: String, expected: String) async throws {
        #expect(try await diff(pair("pass", script)) == [expected])
    }

    @Test("access may leave out what was not asked for, and nothing else that portability gives")
    func datasetsOfAccess() async throws {
        #expect(
            try await diff(pair("withhold('message', 'rights-of-others')")) == [
                "message dataset withhold rights-of-others a 1 MORE"
            ])
        #expect(
            try await diff(pair("withhold('message', 'not-requested'); m['request']['include'] = ['registration']"))
                == ["message dataset withhold not-requested a 1"])
    }

    @Test("documents are matched by what they are, however they are numbered, and missing ones need a ground")
    func documents() async throws {
        let path = try await export("a.zip", documentBytes: 300)
        let renumber = """
            del files[r['person-documents'][0]['path']]
            del r['person-documents'][0]
            for n, x in enumerate(r['person-documents']):
                old, new = x['path'], 'data/documents/person-%06d.pdf' % (n + 1)
                files[new] = files.pop(old)
                x.update(record_id='person-%06d' % (n + 1), path=new)
            m['documents']['count'] -= 1; m['documents']['bytes'] -= 300
            """
        let ground = "d['person']['documents_withheld'] = {'not-redactable': 1}"
        #expect(
            try diff((path, edit(path, "b.zip", "\(renumber)\n\(ground)"))) == [
                "person-documents document withhold not-redactable b 1"
            ])
        #expect(try diff((path, edit(path, "c.zip", renumber))) == ["person-documents document no-rule b 1"])
    }

    // MARK: Archives that cannot be compared

    @Test("a damaged archive ends in one error that names it")
    func damaged() async throws {
        let a = try await export("a.zip")
        var bytes = try bytes(of: a)
        bytes[bytes.count / 2] ^= 0xff
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file("b.zip")))
        #expect(throws: PortabilityError(.verification, "")) { try ArchiveFileReader.diff(a, folder.file("b.zip")) }
        try Data(bytes.prefix(200)).write(to: URL(fileURLWithPath: folder.file("c.zip")))
        #expect(throws: PortabilityError(.verification, "")) { try ArchiveFileReader.diff(folder.file("c.zip"), a) }
        let lost = try edit(a, "lost.zip", "del files[d['message']['files'][0]['path']]; del r['message']")
        #expect(throws: PortabilityError(.verification, "")) { try ArchiveFileReader.diff(a, lost) }
        #expect(throws: PortabilityError(.unavailable, "")) { try ArchiveFileReader.diff(a, folder.file("no.zip")) }
    }

    @Test("archives of other controllers, or without a dataset in common, are refused")
    func incomparable() async throws {
        let a = try await export("a.zip")
        let edits = [
            "m['controller']['business_id'] = '0000000-0'", "m['catalogue_version'] = '2.0'",
            "for x in m['datasets']: x['id'] += '-x'\nd = {x['id']: x for x in m['datasets']}; r.clear()",
        ]
        for (number, script) in edits.enumerated() {
            let b = try edit(a, "b\(number).zip", script)
            #expect(throws: PortabilityError(.configuration, ""), "\(script)") { try ArchiveFileReader.diff(a, b) }
        }
        let mislabelled = try edit(a, "b.zip", "d['person'].update(entity='note')")
        #expect(throws: PortabilityError(.verification, "")) { try ArchiveFileReader.diff(a, mislabelled) }
    }

    @Test("sources that were read at other times are warned about")
    func warnings() async throws {
        let a = try await export("a.zip")
        let b = try edit(a, "b.zip", "m['sources'][0]['as_of'] = '2020-01-01T00:00:00Z'; m['status'] = 'partial'")
        #expect(try ArchiveFileReader.diff(a, b).warnings.count == 2)
    }
}
