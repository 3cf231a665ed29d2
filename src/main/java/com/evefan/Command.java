package com.evefan;

import java.io.PrintStream;
import java.util.List;

/** Something that Evefan can be told to do on the command line. */
interface Command {
    /** The first word on the command line. */
    String name();

    /** What it does, in one line, and what may follow its name. */
    String help();

    /**
     * Does it.
     *
     * @param arguments what follows the name on the command line
     * @param out for what was asked for; problems go to {@code System.err}
     * @return the exit code of the process: 0 when all is well
     * @throws UsageException when the arguments make no sense
     */
    int run(List<String> arguments, PrintStream out) throws Exception;

    /** The arguments of a command make no sense; the message says why. */
    final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }
}
