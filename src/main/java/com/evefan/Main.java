package com.evefan;

import com.evefan.command.Commands;
import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.SetUpException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/** Starts Evefan and stops it when it is told to; with arguments, a command to a running one. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(arguments.length == 0 ? run() : command(arguments));
    }

    private static int command(String[] arguments) {
        try {
            Configuration configuration = Configuration.load(System.getProperties());
            Commands commands = new Commands(
                    configuration.http().host(),
                    configuration.http().port(),
                    configuration.admin().token());
            return commands.run(List.of(arguments), System.out, System.err);
        } catch (ConfigurationException e) {
            e.problems().forEach(System.err::println);
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    private static int run() {
        CountDownLatch stop = new CountDownLatch(1);
        // Not a shutdown hook: those all run at once, and the embedded PostgreSQL has one that would stop it while the
        // last batches are on their way to it.
        for (String signal : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(signal), ignored -> stop.countDown());
        }
        try {
            Configuration configuration = Configuration.load(System.getProperties());
            configuration.log().apply();
            try (Evefan evefan = Evefan.start(configuration)) {
                Greeting.tell(configuration);
                stop.await();
                Greeting.tellEnd(configuration);
            }
            return 0;
        } catch (ConfigurationException e) {
            e.problems().forEach(System.err::println);
            return 1;
        } catch (SetUpException e) {
            System.err.println(e.getMessage());
            return 1;
        } catch (Exception e) {
            System.err.println("Evefan did not start:");
            e.printStackTrace();
            return 1;
        }
    }
}
