#if PostgreSQL
    import Glibc
    import Synchronization

    /// A server that refuses everybody with one code, or says nothing at all.
    final class RefusingServer: Sendable {
        let folder: String
        private let descriptor: Int32
        private let state: Mutex<(attempts: Int, held: [Int32])> = Mutex((0, []))

        var attempts: Int { state.withLock { $0.attempts } }

        /// - Parameter code: what it refuses with; nil to say nothing.
        init(state code: String?, text: String) throws {
            struct Failure: Error {}
            var template = Array("/tmp/postgresql-refusing-XXXXXX".utf8CString)
            let folder = template.withUnsafeMutableBufferPointer {
                $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
            }
            guard let folder else { throw Failure() }
            self.folder = folder
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(folder)/.s.PGSQL.5432".utf8) }
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard bound == 0, listen(descriptor, 8) == 0 else { throw Failure() }
            // ErrorResponse (https://www.postgresql.org/docs/current/protocol-message-formats.html)
            var message: [UInt8] = []
            if let code {
                for field in ["SFATAL", "VFATAL", "C\(code)", "M\(text)"] { message += Array(field.utf8) + [0] }
                message.append(0)
                message = [UInt8(ascii: "E"), 0, 0, 0, UInt8(message.count + 4)] + message
            }
            let answer = message
            let listener = descriptor
            let thread = Unmanaged.passRetained(
                Work { [weak self] in
                    while true {
                        let client = accept(listener, nil, nil)
                        if client < 0 { return }
                        self?.state.withLock { $0.attempts += 1 }
                        if answer.isEmpty {
                            self?.state.withLock { $0.held.append(client) }
                            continue
                        }
                        var request = [UInt8](repeating: 0, count: 1024)
                        _ = read(client, &request, request.count)
                        _ = write(client, answer, answer.count)
                        close(client)
                    }
                })
            var identifier = pthread_t()
            pthread_create(
                &identifier, nil,
                {
                    Unmanaged<Work>.fromOpaque($0.unsafelyUnwrapped).takeRetainedValue().body()
                    return nil
                }, thread.toOpaque())
            pthread_detach(identifier)
        }

        private final class Work: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }

        deinit {
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
            state.withLock { for client in $0.held { close(client) } }
            unlink("\(folder)/.s.PGSQL.5432")
            rmdir(folder)
        }
    }
#endif
