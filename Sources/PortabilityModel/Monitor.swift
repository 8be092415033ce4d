import Glibc

/// A lock on which threads can wait for changes, of one kind or of several: a POSIX mutex with condition variables.
package final class Monitor: @unchecked Sendable {
    // Unchecked: both pointers are constant, and what they point to is made for many threads.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let conditions: UnsafeMutableBufferPointer<pthread_cond_t>

    /// - Parameter count: How many kinds of changes there are; they are named by their numbers, from 0.
    package init(conditions count: Int = 1) {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        conditions = .allocate(capacity: count)
        conditions.initialize(repeating: pthread_cond_t())
        for index in 0..<count { pthread_cond_init(address(index), nil) }
    }

    deinit {
        for index in conditions.indices { pthread_cond_destroy(address(index)) }
        pthread_mutex_destroy(mutex)
        conditions.deallocate()
        mutex.deallocate()
    }

    private func address(_ condition: Int) -> UnsafeMutablePointer<pthread_cond_t> {
        precondition(conditions.indices.contains(condition), "no such condition")
        return conditions.baseAddress.unsafelyUnwrapped + condition
    }

    package func lock() { pthread_mutex_lock(mutex) }

    package func unlock() { pthread_mutex_unlock(mutex) }

    /// Gives up the lock until the change is told of, then takes it again. May return early.
    package func wait(for condition: Int = 0) { pthread_cond_wait(address(condition), mutex) }

    /// As ``wait(for:)``, but for at most so long.
    package func wait(for condition: Int = 0, milliseconds: Int) {
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        until.tv_nsec += (milliseconds % 1000) * 1_000_000
        until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1_000_000_000
        until.tv_nsec %= 1_000_000_000
        pthread_cond_timedwait(address(condition), mutex, &until)
    }

    /// Wakes all who wait for the change.
    package func wake(_ condition: Int = 0) { pthread_cond_broadcast(address(condition)) }

    /// Wakes one who waits for the change.
    package func wakeOne(_ condition: Int = 0) { pthread_cond_signal(address(condition)) }

    @inlinable
    package func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body()
    }
}
