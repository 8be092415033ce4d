import Glibc

/// Threads of our own for tasks that block: C libraries, files, full queues.
///
/// Swift's cooperative pool has as many threads as cores and must never wait; a task that prefers this executor runs
/// here instead. The threads end when the last reference is gone or ``shutDown()`` is called.
package final class BlockingExecutor: TaskExecutor {
    private let queue = JobQueue()
    private let threads: [pthread_t]

    /// - Parameter count: how many threads, at least 1.
    package init(threads count: Int) {
        let queue = self.queue
        threads = (0..<max(1, count)).map { _ in JobQueue.start(queue) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.push(UnownedJob(job), on: asUnownedTaskExecutor())
    }

    /// Lets the threads end when the queue is empty. Jobs that come later still run: on the last thread.
    package func shutDown() { queue.close() }

    deinit {
        queue.close()
        for thread in threads { pthread_detach(thread) }
    }
}

/// A queue of jobs with a condition to wait on. The lock and the condition live at a stable address.
private final class JobQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [(UnownedJob, UnownedTaskExecutor)] = []
    private var head = 0
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    func push(_ job: UnownedJob, on executor: UnownedTaskExecutor) {
        pthread_mutex_lock(mutex)
        jobs.append((job, executor))
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// The next job; nil when the queue is closed and empty.
    private func next() -> (UnownedJob, UnownedTaskExecutor)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == jobs.count {
            if isClosed { return nil }
            pthread_cond_wait(condition, mutex)
        }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        }
        return job
    }

    private func run() {
        while let (job, executor) = next() { job.runSynchronously(on: executor) }
    }

    static func start(_ queue: JobQueue) -> pthread_t {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(queue)
        let failed = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<JobQueue>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(failed == 0, "the operating system gives no more threads")
        return thread
    }
}
