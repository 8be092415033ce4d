import PortabilityModel
public import Testing

/// Runs each test of a suite on threads of its own, since it waits for servers and child processes: Swift's pool has as
/// many threads as cores, and a few waiting tests would stop all others.
public struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let executor = BlockingExecutor(threads: 4)
        defer { executor.shutDown() }
        try await withTaskExecutorPreference(executor) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    /// See ``OwnThreads``.
    public static var onOwnThreads: Self { OwnThreads() }
}
