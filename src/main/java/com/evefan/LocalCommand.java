package com.evefan;

import java.io.PrintStream;
import java.util.concurrent.Callable;

/** Something that the command line does here, and not in a running Evefan. */
abstract class LocalCommand implements Callable<Integer> {
    @Override
    public final Integer call() throws Exception {
        try {
            Extensions.load();
            return run(System.out);
        } catch (LinkageError e) {
            throw new IllegalStateException("jars do not fit together, such as those of extensions/", e);
        }
    }

    /**
     * Does it.
     *
     * @param out for what was asked for; problems go to {@code System.err}
     * @return the exit code of the process: 0 when all is well
     * @throws UsageException when the arguments make no sense
     */
    abstract int run(PrintStream out) throws Exception;

    /** The arguments of a command make no sense; the message says why. */
    static final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }
}
