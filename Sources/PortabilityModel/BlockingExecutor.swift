/// Threads of our own for tasks that block: C libraries, files, full queues.
///
/// Swift's cooperative pool has as many threads as cores and must never wait; a task that prefers this executor runs
/// here instead. The threads end when the last reference is gone or ``shutDown()`` is called.
package final class BlockingExecutor: TaskExecutor {
    private let queue = JobQueue()

    /// - Parameter count: how many threads, at least 1.
    package init(threads count: Int) {
        let queue = self.queue
        let threads = WorkThreads(count: max(1, count)) { queue.run() }
        precondition(threads.errno == 0, "the operating system gives no more threads")
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.push(UnownedJob(job), on: asUnownedTaskExecutor())
    }

    /// Lets the threads end when the queue is empty. Jobs that come later still run: on the last thread.
    package func shutDown() { queue.close() }

    deinit { queue.close() }
}

/// A queue of jobs to wait on.
private final class JobQueue: @unchecked Sendable {
    // Unchecked: all variables are read and written under the lock.
    private let monitor = Monitor()
    private var jobs: [(UnownedJob, UnownedTaskExecutor)] = []
    private var head = 0
    private var isClosed = false

    func push(_ job: UnownedJob, on executor: UnownedTaskExecutor) {
        monitor.withLock {
            jobs.append((job, executor))
            monitor.wakeOne()
        }
    }

    func close() {
        monitor.withLock {
            isClosed = true
            monitor.wake()
        }
    }

    /// The next job; nil when the queue is closed and empty.
    private func next() -> (UnownedJob, UnownedTaskExecutor)? {
        monitor.lock()
        defer { monitor.unlock() }
        while head == jobs.count {
            if isClosed { return nil }
            monitor.wait()
        }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        }
        return job
    }

    func run() {
        while let (job, executor) = next() { job.runSynchronously(on: executor) }
    }
}
