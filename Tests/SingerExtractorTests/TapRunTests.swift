import Glibc
import PortabilityModel
import SingerExtractor
import Synchronization
import TestServers
import Testing

/// Taps that behave badly.
@Suite(.onOwnThreads) struct TapRunTests {
    let good = [schema(), record(#"{"id":7,"name":"Aino"}"#), state]

    // MARK: how it ends

    @Test(arguments: [1, 2, 127, 255])
    func failIfTheTapSaysThatItFailed(status: Int) async throws {
        let source = Source(printing: good)
        source.script("cat out.jsonl; exit \(status)")
        let error = await source.failure()
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("the tap ended with exit status \(status) after 3 lines") == true)
        #expect(error?.place.source == "crm")
    }

    @Test func failIfTheTapIsKilled() async throws {
        let source = Source(printing: good)
        source.script("cat out.jsonl; kill -SEGV $$")
        #expect(await source.failure()?.message.hasPrefix("the tap was ended by signal 11") == true)
    }

    @Test func beOfUseToWhoeverMendsATapThatDiedOnOneRow() async throws {
        var source = Source()
        source.script(
            "cat \(testData("tap-postgres.died.jsonl")); cat \(testData("tap-postgres.died.stderr")) >&2; exit 1")
        source.datasets = [
            Source.dataset(
                stream: "public-customer",
                match: [.init(kind: "customer_number", path: "customer_id", isUnique: true)])
        ]
        source.subject = ["customer_number": ["1"]]
        let keeper = Keeper()
        let error = await source.failure(keeper)
        #expect(error?.code == .unavailable)
        let message = try #require(error?.message)
        #expect(message.contains("exit status 1 after 2 lines of output"), "\(message)")
        #expect(message.contains("(2 errors, 0 warnings), last exception ValueError"), "\(message)")
        #expect(!message.contains("-44"), "what an exception says may be a person's")
    }

    @Test(arguments: [
        ("ValueError", true), ("psycopg2.errors.UndefinedTable", true), ("VirtanenError", false),
        ("Aino.VirtanenError", false), ("_x.VirtanenError", false), ("AinoException", false),
    ])
    func tellNoExceptionThatMayBeAName(name: String, isTold: Bool) async throws {
        let source = Source()
        source.script("echo 'Traceback (most recent call last):' >&2; echo '\(name): x' >&2; exit 1")
        #expect(await source.failure()?.message.contains(name) == isTold)
    }

    @Test func giveARecordOfATapThatDiedToNobodyAsComplete() async throws {
        let source = Source()
        source.script("echo '\(good[0])'; echo '\(good[1])'; kill -9 $$")
        #expect(await source.failure()?.code == .unavailable)
    }

    @Test func sayThatTheLastMessageIsCutShort() async throws {
        let source = Source(printing: good)
        source.script(#"cat out.jsonl; printf '{"type":"RECORD","stream":"customer","record":{"id":7,"na'"#)
        let keeper = try await source.extract()
        #expect(keeper.findings.map(\.kind) == [.truncated])
        #expect(keeper.findings.first?.place.line == 4)
        #expect(keeper.isPartial)
    }

    @Test func takeALastLineWithoutLineEnd() async throws {
        let source = Source(printing: [good[0]])
        source.script("cat out.jsonl; echo '\(state)'; printf '%s' '\(good[1])'")
        let keeper = try await source.extract()
        #expect(keeper.ids() == ["7"])
        #expect(keeper.findings == [])
    }

    // MARK: what it leaves out

    @Test func bePartialIfTheTapNeverNamesAStream() async throws {
        let source = Source(printing: [schema(stream: "order"), state])
        let keeper = try await source.extract()
        #expect(keeper.isPartial)
        #expect(keeper.findings.map(\.place.dataset) == ["customers"])
    }

    @Test func bePartialIfATapPrintsNothingAtAll() async throws {
        #expect(try await Source(printing: []).extract().isPartial)
    }

    @Test func bePartialIfRecordsComeBeforeTheirSchema() async throws {
        let keeper = try await Source(printing: [good[1], good[0], state]).extract()
        #expect(keeper.outlines().count == 1)
        #expect(keeper.isPartial)
    }

    @Test func bePartialIfThereAreBookmarksAndNoState() async throws {
        let bookmarked = schema(more: #","bookmark_properties":["name"]"#)
        #expect(try await Source(printing: [bookmarked, good[1]]).extract().isPartial)
        #expect(try await !Source(printing: [bookmarked, good[1], state]).extract().isPartial)
        #expect(try await !Source(printing: [good[0], good[1]]).extract().isPartial)
    }

    @Test func bePartialIfTheFieldThatTellsWhoseARecordIsIsGone() async throws {
        let keeper = try await Source(printing: [schema(["customer_id", "name"]), state]).extract()
        #expect(keeper.findings.map(\.kind) == [.drift])
        #expect(keeper.findings.map(\.place.field) == ["match.customer_number"])
        #expect(keeper.isPartial)
    }

    @Test func tellOfASchemaThatChanges() async throws {
        let source = Source(printing: [good[0], good[0], good[1], schema(["id", "name", "shoe_size"]), state])
        let keeper = try await source.extract()
        #expect(keeper.findings.map(\.kind) == [.drift])
        #expect(!keeper.isPartial)
        #expect(try await Source(printing: [good[0], good[0], good[1], state]).extract().findings == [])
    }

    @Test func refuseBatchesOfAStreamThatIsRead() async throws {
        let batch = #"{"type":"BATCH","stream":"customer","manifest":["file:///x"]}"#
        #expect(await Source(printing: [schema(), batch, state]).failure()?.code == .unsupported)
        let other = batch.replacing("customer", with: "order")
        #expect(try await Source(printing: [schema(), schema(stream: "order"), other, state]).extract().findings == [])
    }

    // MARK: junk

    @Test func countLinesThatAreNoMessages() async throws {
        let keeper = try await Source(printing: [
            "Starting sync…", good[0], "", "  ", "[1,2]", good[1], #"{"no":"type"}"#, #"{"type":"RECORD"}"#,
            #"{"type":"RECORD","stream":"customer","record":5}"#,
            #"{"type":"RECORD","stream":"customer","record":NaN}"#,
            String(repeating: "[", count: 200), state,
        ]).extract()
        #expect(keeper.outlines() == ["7: name=Aino"])
        let bad = keeper.findings.filter { $0.kind == .malformed }
        #expect(bad.map(\.place.line) == [1, 5, 7, 8, 9, 10, 11])
        #expect(keeper.isPartial)
        #expect(!keeper.findings.contains { $0.message.contains("Starting") })
    }

    @Test func giveUpOnOutputThatIsNoTapsAtAll() async throws {
        let source = Source()
        source.script("yes Virtanen")
        let keeper = Keeper()
        let error = await source.failure(keeper)
        #expect(error?.code == .malformed)
        #expect(error?.place.line == 10_001)
        #expect(error?.description.contains("Virtanen") == false)
    }

    @Test func passOverALineThatIsTooLongInLittleMemory() async throws {
        var source = Source(printing: good)
        source.limits.lineBytes = 1 << 20
        // A gibibyte without a line end.
        source.script("head -1 out.jsonl; head -c 1073741824 /dev/zero | tr '\\0' x; echo; tail -2 out.jsonl")
        let before = peakMemory()
        let keeper = try await source.extract()
        #expect(keeper.outlines() == ["7: name=Aino"])
        #expect(keeper.findings.map(\.kind) == [.tooLarge])
        #expect(keeper.findings.map(\.place.line) == [2])
        #expect(keeper.isPartial)
        #expect(peakMemory() - before < 64 << 10, "kilobytes")
    }

    private func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }

    // MARK: time

    @Test func stopATapThatNeverEnds() async throws {
        var source = Source(printing: good)
        source.script("cat out.jsonl; while :; do echo '\(state)'; sleep 0.05; done")
        source.change = { $0.timeoutSeconds = 1 }
        let error = await source.failure()
        #expect(error?.code == .limit)
        #expect(error?.message == "the tap did not end within 1 second and was stopped")
    }

    @Test func stopATapThatPrintsWithoutEnd() async throws {
        var source = Source(printing: good)
        source.script("cat out.jsonl; exec yes '\(record(#"{"id":8}"#))'")
        source.change = { $0.timeoutSeconds = 0.1 }
        #expect(await source.failure()?.code == .limit)
    }

    @Test func stopATapThatSaysNothing() async throws {
        var source = Source(printing: good)
        source.script("echo $$ >pid; cat out.jsonl; exec sleep 1000")
        source.change = { $0.silenceSeconds = 0.5 }
        #expect(await source.failure()?.message == "the tap printed nothing for 0.5 seconds and was stopped")
        let process = try #require(source.folder.read("pid").flatMap { pid_t($0.dropLast()) })
        #expect(hasEnded(process))
    }

    @Test func stopATapThatDoesNotListenToTerminate() async throws {
        var source = Source(printing: good)
        source.script("trap '' TERM; echo $$ >pid; cat out.jsonl; while :; do sleep 1; done")
        source.change = { $0.silenceSeconds = 0.5 }
        #expect(await source.failure()?.code == .limit)
        let process = try #require(source.folder.read("pid").flatMap { pid_t($0.dropLast()) })
        #expect(hasEnded(process))
    }

    @Test func waitForATapThatPrintsSlowly() async throws {
        var source = Source(printing: good)
        source.script("while read -r line; do sleep 0.3; echo \"$line\"; done <out.jsonl")
        source.change = { $0.silenceSeconds = 5 }
        #expect(try await source.extract().ids() == ["7"])
    }

    @Test func waitForATapThatClosesItsOutputAndLivesOn() async throws {
        var source = Source(printing: good)
        source.script("cat out.jsonl; exec >&-; sleep 0.4; exit 3")
        #expect(await source.failure()?.message.contains("exit status 3") == true)
        source.script("cat out.jsonl; exec >&-; exec sleep 1000")
        source.change = { $0.silenceSeconds = 0.5 }
        #expect(await source.failure()?.code == .limit)
    }

    @Test func endAGrandchildThatKeepsTheOutputOpen() async throws {
        var source = Source(printing: good)
        source.script("cat out.jsonl; sleep 1000 & echo $! >pid; exit 0")
        source.change = { $0.silenceSeconds = 1 }
        let keeper = try await source.extract()
        #expect(keeper.ids() == ["7"])
        #expect(keeper.findings.map(\.kind) == [.truncated])
        let process = try #require(source.folder.read("pid").flatMap { pid_t($0.dropLast()) })
        #expect(hasEnded(process))
    }

    // MARK: back-pressure and cancellation

    @Test func readNoFurtherThanTheSinkTakes() async throws {
        var source = Source(printing: [schema(["id", "name", "no"], key: ["no"])])
        // A megabyte for the pipe, and far more than that to come. The tap tells how far it got.
        source.script(
            """
            cat out.jsonl
            i=0
            text=$(printf 'x%.0s' $(seq 1 1000))
            while [ $i -lt 5000 ]; do
                echo '{"type":"RECORD","stream":"customer","record":{"id":7,"no":'$i',"name":"'$text'"}}'
                i=$((i + 1)); echo $i >progress
            done
            echo '\(state)'
            """)
        source.batchLimits = BatchLimits(rows: 10)
        let folder = source.folder
        let progress = Mutex<[Int]>([])
        let keeper = Keeper {
            guard progress.withLock({ $0.isEmpty }) else { return }
            var seen = -1
            // As long as the tap still gets further, wait.
            while let now = folder.read("progress").flatMap({ Int($0.dropLast()) }), now != seen {
                seen = now
                usleep(300_000)
            }
            progress.withLock { $0.append(seen) }
        }
        try await source.extract(into: keeper)
        let stopped = try #require(progress.withLock { $0.first })
        #expect(stopped < 1500, "the tap went on to print while nothing was taken")
        #expect(keeper.ids().count == 5000)
    }

    @Test func timeInWhichTheTapHasToWaitIsNotItsOwn() async throws {
        var source = Source(printing: good + [record(#"{"id":7,"name":"B"}"#), record(#"{"id":7,"name":"C"}"#)])
        source.batchLimits = BatchLimits(rows: 1)
        source.change = {
            $0.timeoutSeconds = 1.5
            $0.silenceSeconds = 1
        }
        let keeper = Keeper { usleep(1_200_000) }
        try await source.extract(into: keeper)
        #expect(keeper.ids() == ["7", "7#2", "7#3"])
    }

    @Test func endTheTapWhenTheTaskIsCancelled() async throws {
        let source = Source(printing: good)
        source.script("cat out.jsonl; sleep 1000 & echo $$ $! >pids; wait")
        let task = Task { try await source.extract() }
        var pids: [pid_t] = []
        while pids.count < 2 {
            usleep(20_000)
            pids = source.folder.read("pids")?.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) } ?? []
        }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        for process in pids { #expect(hasEnded(process)) }
    }

    @Test func endTheTapWhenTheSinkFails() async throws {
        var source = Source(printing: good)
        source.script("echo $$ >pid; cat out.jsonl; exec sleep 1000")
        source.batchLimits = BatchLimits(rows: 1)
        let keeper = Keeper { throw PortabilityError(.output, "the disk is full") }
        #expect(await source.failure(keeper)?.code == .output)
        let process = try #require(source.folder.read("pid").flatMap { pid_t($0.dropLast()) })
        #expect(hasEnded(process))
    }

    @Test(arguments: ["cat out.jsonl", "exit 1", "kill -9 $$", "exec >&-; exec 2>&-; sleep 0.1"])
    func waitForTheTap(script: String) async throws {
        let source = Source(printing: good)
        source.script("echo $$ >pid; " + script)
        _ = await source.failure()
        let process = try #require(source.folder.read("pid").flatMap { pid_t($0.dropLast()) })
        #expect(waitpid(process, nil, WNOHANG) == -1, "a child was left to be waited for")
        #expect(errno == ECHILD)
    }

    // MARK: standard error

    @Test func keepAFloodOnStandardErrorOutOfOurs() async throws {
        let source = Source(printing: good)
        // A hundred megabytes, each line with what must not be seen.
        source.script(
            """
            cat out.jsonl
            yes '2026-01-01 ERROR could not read Aino Virtanen 131052-308T' | head -c 104857600 >&2
            echo >&2
            echo 'Traceback (most recent call last):' >&2
            echo '  File "tap.py", line 1, in <module>' >&2
            echo 'psycopg2.errors.UndefinedTable: relation "virtanen" does not exist' >&2
            exit 1
            """)
        let keeper = Keeper()
        let error = try #require(await source.failure(keeper))
        let told = error.description + keeper.findings.map { "\($0)" }.joined()
        #expect(error.message.contains("last exception psycopg2.errors.UndefinedTable"))
        #expect(error.message.contains("1,8") || error.message.contains("errors"))
        for secret in ["Virtanen", "virtanen", "131052", "Aino", "tap.py"] { #expect(!told.contains(secret)) }
    }

    @Test(arguments: [
        "Aino.Virtanen: x", "Virtanen: x", "Aino Virtanen: ValueError", "aino.virtanen@example.com",
        "131052-308T: Error",
        "requests.Response: x", "VirtanenError131052: x", "x.Error.Aino Virtanen: y",
    ])
    func tellOnlyWhatIsCertainlyTheClassOfAnException(line: String) async throws {
        let source = Source()
        source.script(
            "echo 'Traceback (most recent call last):' >&2; echo '  File \"x\"' >&2; echo '\(line)' >&2; exit 1")
        #expect(await source.failure()?.message.contains("last exception") == false)
    }

    @Test func sayThatATapLoggedErrorsAndEndedWell() async throws {
        let source = Source(printing: good)
        source.script("cat out.jsonl; echo 'INFO ok' >&2; echo 'ERROR row 7 skipped: Aino' >&2")
        let keeper = try await source.extract()
        #expect(keeper.findings.map(\.kind) == [.nonconforming])
        #expect(keeper.findings.map(\.count) == [1])
        #expect(!keeper.findings[0].message.contains("Aino"))
    }

    // MARK: starting it

    @Test func giveTheTapItsArgumentsAsTheyAreAndACleanEnvironment() async throws {
        var source = Source(printing: good)
        source.folder.write("config.json", "{}")
        setenv("SINGER_TEST_PASSED", "yes it is", 1)
        setenv("SINGER_TEST_KEPT_BACK", "no", 1)
        source.script(#"printf '%s\n' "$@" >arguments; env | sort >environment; pwd >folder; cat out.jsonl"#)
        source.command += ["$(touch owned); `touch owned`", "a b"]
        source.change = {
            $0.configFile = "config.json"
            $0.environment = ["SINGER_TEST_PASSED"]
        }
        #expect(try await source.extract().ids() == ["7"])
        #expect(
            source.folder.read("arguments")
                == "$(touch owned); `touch owned`\na b\n--config\n\(source.folder.path)/config.json\n")
        let names = source.folder.read("environment")?.split(separator: "\n").compactMap {
            $0.split(separator: "=").first
        }
        #expect(
            Set(names ?? []).isSubset(of: ["HOME", "LANG", "PATH", "PWD", "SINGER_TEST_PASSED", "TZ", "_", "OLDPWD"]))
        #expect(source.folder.read("environment")?.contains("SINGER_TEST_PASSED=yes it is\n") == true)
        #expect(source.folder.read("environment")?.contains("TZ=UTC\n") == true)
        #expect(source.folder.read("folder") == source.folder.path + "\n")
        #expect(!source.folder.names.contains("owned"))
    }

    @Test func giveTheTapNoOpenFilesButItsOwn() async throws {
        let source = Source(printing: good)
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        source.script("ls /proc/self/fd | wc -l >files; cat out.jsonl")
        _ = try await source.extract()
        // 0, 1, 2, and the folder that ls reads.
        #expect(source.folder.read("files") == "4\n")
    }

    @Test func refuseAConfigurationThatOthersCanRead() async throws {
        var source = Source(printing: good)
        source.change = { $0.configFile = "config.json" }
        let open = source
        await #expect(throws: PortabilityError(.unavailable, "")) { try await open.open() }
        source.folder.write("config.json", "{}", mode: 0o640)
        await #expect(throws: PortabilityError(.denied, "")) { try await open.open() }
        source.folder.write("config.json", "{}", mode: 0o600)
        _ = try await open.open()
    }

    @Test(arguments: [
        (["/no/such/tap"], PortabilityError(.unavailable, "")),
        (["no-such-tap-anywhere"], PortabilityError(.unavailable, "")),
        (["./out.jsonl"], PortabilityError(.denied, "")), ([], PortabilityError(.configuration, "")),
    ])
    func sayThatTheTapCannotBeRun(command: [String], expected: PortabilityError) async throws {
        var source = Source(printing: good)
        source.command = command
        let open = source
        await #expect(throws: expected) { try await open.open() }
    }

    @Test func sayThatTheInterpreterIsMissing() async throws {
        var source = Source(printing: good)
        source.folder.write("tap", "#!/no/such/python\n", mode: 0o700)
        source.command = ["./tap"]
        #expect(await source.failure()?.remedy == "Look whether the interpreter that its first line names is there")
    }

    @Test func refuseAVariableThatIsNotSet() async throws {
        var source = Source(printing: good)
        source.change = { $0.environment = ["SINGER_TEST_NOT_SET"] }
        let open = source
        await #expect(throws: PortabilityError(.configuration, "")) { try await open.open() }
    }

    // MARK: state

    @Test func keepTheStateOfARunThatWentWellAndGoOnFromIt() async throws {
        var source = Source(printing: good + [#"{"type":"STATE","value": {"bookmarks": {"customer": 1E400}}}"#])
        source.script(#"echo "$@" >arguments; cat out.jsonl"#)
        source.change = { $0.stateFile = "state.json" }
        #expect(try await !source.extract().isPartial)
        #expect(source.folder.read("state.json") == #"{"bookmarks":{"customer":1E400}}"#)
        #expect(source.folder.mode("state.json") == 0o600)
        #expect(try await !source.extract().isPartial)
        #expect(source.folder.read("arguments") == "\n", "without `resume` the state is not handed over")

        source.change = {
            $0.stateFile = "state.json"
            $0.resumes = true
        }
        let keeper = try await source.extract()
        #expect(source.folder.read("arguments") == "--state \(source.folder.path)/state.json\n")
        #expect(keeper.isPartial)
        #expect(keeper.findings.map(\.place.field) == ["resume"])
        #expect(source.folder.names.filter { $0.hasPrefix("state.json") } == ["state.json"])
    }

    @Test func doNotMoveTheStateOfARunWithGaps() async throws {
        var source = Source(printing: good + ["no message"])
        source.folder.write("state.json", "{\"old\":1}")
        source.change = {
            $0.stateFile = "state.json"
            $0.resumes = true
        }
        #expect(try await source.extract().isPartial)
        #expect(source.folder.read("state.json") == "{\"old\":1}")
    }

    @Test func readEverythingIfThereIsNoStateYet() async throws {
        var source = Source(printing: good)
        source.change = {
            $0.stateFile = "state.json"
            $0.resumes = true
        }
        #expect(try await !source.extract().isPartial)
        #expect(source.folder.read("state.json") == #"{"bookmarks":{"customer":5}}"#)
    }

    @Test(arguments: ["cat out.jsonl; exit 1", "cat out.jsonl; echo junk", "cat out.jsonl; printf '{\"type\"'"])
    func keepNoStateOfARunThatWentWrong(script: String) async throws {
        var source = Source(printing: good)
        source.folder.write("state.json", "{\"old\":1}")
        source.script(script)
        source.change = { $0.stateFile = "state.json" }
        _ = await source.failure()
        #expect(source.folder.read("state.json") == "{\"old\":1}")
    }

    @Test(arguments: ["", "precious", "[1]", "{\"a\":", "{\"a\":\"\(String(repeating: "x", count: 5000))\"}"])
    func leaveAFileAloneThatHoldsNoState(text: String) async throws {
        var source = Source(printing: good)
        source.script("echo >started; cat out.jsonl")
        source.limits.lineBytes = 4096
        source.folder.write("state.json", text)
        source.change = { $0.stateFile = "state.json" }
        let error = await source.failure()
        #expect(error?.code == .configuration)
        #expect(error?.place.field == "state")
        #expect(source.folder.read("state.json") == text)
        #expect(source.folder.read("started") == nil)
    }

    @Test func leaveTheNeighboursOfTheStateAlone() async throws {
        var source = Source(printing: good)
        source.folder.write("state.json.new", "precious")
        source.change = { $0.stateFile = "state.json" }
        _ = try await source.extract()
        #expect(source.folder.read("state.json.new") == "precious")
        #expect(source.folder.read("state.json") == #"{"bookmarks":{"customer":5}}"#)
    }

    @Test func keepNoStateThatIsNoObject() async throws {
        var source = Source(printing: good.dropLast() + [#"{"type":"STATE","value":5}"#])
        source.change = { $0.stateFile = "state.json" }
        #expect(try await source.extract().findings.map(\.place.field) == ["state"])
        #expect(source.folder.read("state.json") == nil)
    }
}
