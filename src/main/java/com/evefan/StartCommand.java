package com.evefan;

import com.evefan.configuration.Configuration;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Runs Evefan until it is told to stop. */
@Command(name = "start", description = "Runs Evefan until Ctrl-C; the same as no command at all.")
final class StartCommand extends LocalCommand {
    @Override
    int run(PrintStream out) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        // Not a shutdown hook: those all run at once, and the embedded PostgreSQL has one that would stop it while the
        // last batches are on their way to it.
        for (String signal : new String[] {"INT", "TERM"}) {
            Signals.on(signal, stop::countDown);
        }
        Configuration configuration = Configuration.load(System.getProperties());
        configuration.log().apply();
        try (Evefan evefan = Evefan.start(configuration)) {
            Greeting.tell(configuration);
            stop.await();
            Greeting.tellEnd(configuration);
        }
        return 0;
    }
}
