import PortabilityModel
import Synchronization
import Testing

@Suite("Threads, and the lock on which they wait")
struct ThreadTests {
    /// A number that is guarded by a monitor.
    private final class Turn: @unchecked Sendable {
        // Unchecked: the number is read and written under the lock.
        let monitor = Monitor(conditions: 3)
        var number = 0
    }

    @Test("All threads run, and waiting ends when the last has ended", arguments: [0, 1, 7])
    func all(count: Int) {
        let sum = Mutex(0)
        let threads = WorkThreads(count: count) {
            sum.withLock { $0 += 1 }
        }
        threads.wait()
        #expect(sum.withLock { $0 } == count)
        #expect(threads.count == count && threads.errno == 0)
        // Waiting once more is no harm.
        threads.wait()
    }

    @Test("Threads take turns, each woken by the one before")
    func turns() {
        let turn = Turn()
        let starting = Atomic(0)
        let order = Mutex([Int]())
        let threads = WorkThreads(count: 3) {
            let own = starting.add(1, ordering: .relaxed).oldValue
            for round in 0..<200 {
                turn.monitor.withLock {
                    while turn.number != 3 * round + own { turn.monitor.wait(for: own) }
                    order.withLock { $0.append(own) }
                    turn.number += 1
                    turn.monitor.wakeOne((own + 1) % 3)
                }
            }
        }
        threads.wait()
        #expect(order.withLock { $0 } == (0..<600).map { $0 % 3 })
    }

    @Test("Waiting for what never comes ends after its time")
    func patience() {
        let monitor = Monitor()
        monitor.withLock { monitor.wait(milliseconds: 5) }
        // The lock was taken again, and given back.
        #expect(monitor.withLock { true })
    }
}
