#if PostgreSQL
    import TestServers
    import Testing

    /// All against one real server, one test after another: some of them look at everything that runs on it.
    @Suite(.serialized, .onOwnThreads) struct PostgreSQLTests {}
#endif
