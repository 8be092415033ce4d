import Glibc

/// libFuzzer's own main, which takes its command line (https://llvm.org/docs/LibFuzzer.html).
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What libFuzzer links against; the input goes to the target that `FUZZ_TARGET` names.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Main.target(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

@main
enum Main {
    static let target: @Sendable ([UInt8]) -> Void = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = targets[name] else {
            print("FUZZ_TARGET must be one of: \(targets.keys.sorted().joined(separator: " "))")
            exit(2)
        }
        return target
    }()

    static func main() {
        if CommandLine.arguments.contains("--list") {
            for name in targets.keys.sorted() { print(name) }
            return
        }
        _ = target
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runDriver(&count, &arguments, testOneInput))
    }
}

/// Ends the run with a finding.
func finding(_ message: StaticString) -> Never { fatalError("\(message)") }
