import PortabilityModel
import SourceFiles
import Testing

@Suite("Source files: the language of paths")
struct PathPatternTests {
    @Test(
        "A path fits what it says",
        arguments: [
            ("*.csv", "a.csv", true), ("*.csv", "x/a.csv", false), ("*.csv", ".a.csv", false),
            (".*.csv", ".a.csv", true),
            ("**/*.csv", "a.csv", true), ("**/*.csv", "x/y/a.csv", true), ("**/*.csv", "x/.y/a.csv", false),
            ("x/**/y/**/*", "x/y/a", true), ("x/**/y/**/*", "x/y/y/y/a", true), ("x/**/y/**/*", "x/a", false),
            ("**/**/a", "a", true), ("?", "é", false), ("??", "é", true), ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true), ("[a-]", "-", true), ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false),
            ("./a//b", "a/b", true), ("[{]x", "{x", true), ("[*]", "*", true), ("[*]", "a", false),
        ])
    func fits(pattern: String, path: String, expected: Bool) throws {
        #expect(try PathPattern(pattern).matches(Array(path.utf8)) == expected)
    }

    @Test(
        "What names no files is refused",
        arguments: ["", ".", "..", "a/../b", "**", "a/**", "[", "{", "{}", "{a}{b}", "a\0"])
    func refused(pattern: String) {
        #expect(throws: PortabilityError(.configuration, "")) { try PathPattern(pattern) }
    }

    @Test("An identifier stands for its value as plain bytes, which must be able to be a name")
    func identifiers() throws {
        let pattern = try PathPattern("in/{customer}-*.xml")
        #expect(pattern.identifierKind == "customer")
        #expect(pattern.filled(with: "[a-z]")?.matches(Array("in/[a-z]-1.xml".utf8)) == true)
        #expect(pattern.filled(with: "[a-z]")?.matches(Array("in/b-1.xml".utf8)) == false)
        for value in ["", ".", "..", "a/b", "a\\b", "a\0"] { #expect(pattern.filled(with: value) == nil) }
    }

    @Test("Many stars do not take long")
    func manyStars() throws {
        let stars = String(repeating: "*a", count: 60) + "b"
        #expect(try !PathPattern(stars).matches(Array(String(repeating: "a", count: 250).utf8)))
        let folders = String(repeating: "**/a/", count: 60) + "b"
        #expect(try !PathPattern(folders).matches(Array(String(repeating: "a/", count: 250).utf8)))
    }
}
