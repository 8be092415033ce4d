import Foundation
import PortabilityFormats
import PortabilityModel
import Testing

/// Python's own csv, json and xml read the files and find the content digest that `sha256sum` finds of the JSON Lines.
@Suite struct IndependentReaderTests {
    static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Interop/independent_reader.py").standardizedFileURL.path

    private func run(_ arguments: [String], input: Data = Data(), in folder: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let (standardInput, standardOutput) = (folder.appending(path: "input"), Pipe())
        try input.write(to: standardInput)
        process.standardInput = try FileHandle(forReadingFrom: standardInput)
        process.standardOutput = standardOutput
        try process.run()
        let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func digestsAgree() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "formats-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var jobs: [String] = []
        var canonical: [String] = []
        for seed in 1...24 {
            var generator = Generator(seed: UInt64(seed), depth: 1 + seed % 8)
            let layout = generator.layout()
            let whole = try batch(generator.records(seed == 1 ? 0 : 25, of: layout))
            let name = "case-\(seed)"
            let own = folder.appending(path: name)
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            try Data(layoutDescription(layout)).write(to: own.appending(path: "layout.json"))
            for form in Form.all {
                let base = form.format == .csv ? "\(name)/\(form.dialect)" : name
                try FileManager.default.createDirectory(
                    at: folder.appending(path: base), withIntermediateDirectories: true)
                let files = try encode([whole], layout, form).map { file in
                    let path =
                        "\(base)/" + EncodedTable(path: file.path).fileName(dataset: "things", format: form.format)
                    try Data(file.bytes).write(to: folder.appending(path: path))
                    return "\"\(path)\""
                }
                jobs.append(
                    "{\"format\":\"\(form.format.rawValue)\",\"dialect\":\"\(form.dialect)\","
                        + "\"layout\":\"\(name)/layout.json\",\"files\":[\(files.joined(separator: ","))]}\n")
                canonical.append("\(name)/things.jsonl")
            }
        }
        let expected = try run(["sha256sum"] + canonical, in: folder).split(separator: "\n").map { $0.prefix(64) }
        let digests = try run(["python3", Self.script, "digests"], input: Data(jobs.joined().utf8), in: folder)
            .split(separator: "\n")
        try #require(expected.count == jobs.count && digests.count == jobs.count)
        for index in jobs.indices { #expect(digests[index] == expected[index], "\(jobs[index])") }
        let single = try run(
            [
                "python3", Self.script, "digest", "--format", "jsonl", "--layout", "case-2/layout.json",
                "case-2/things.jsonl",
            ], in: folder)
        #expect(single.prefix(64) == expected[Form.all.count])
    }
}
