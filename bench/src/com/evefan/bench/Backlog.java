package com.evefan.bench;

/** PostgreSQL does not take anything until a million events wait; then they are drained. */
final class Backlog {
    private Backlog() {}

    static void measure(Evefan evefan, Figures figures, Options options) throws Exception {
        throw new UnsupportedOperationException();
    }
}
