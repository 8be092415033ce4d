import Synchronization

/// What a session answered on its own thread.
final class Answers<Value: Sendable>: Sendable {
    private let answer = Mutex<Value?>(nil)
    func set(_ value: Value) { answer.withLock { $0 = value } }
    var value: Value? { answer.withLock { $0 } }
}
