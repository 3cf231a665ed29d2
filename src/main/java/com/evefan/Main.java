package com.evefan;

import com.evefan.Command.UsageException;
import com.evefan.command.Commands;
import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.SetUpException;
import com.evefan.management.ManagementSettings;
import com.evefan.management.Tokens;
import java.util.List;

/** The command line: does what its first word says, here or in a running Evefan; without one, starts Evefan. */
public final class Main {
    private static final List<Command> COMMANDS =
            List.of(new StartCommand(), new ValidateCommand(), new ExplainCommand(), new PrepareCommand());

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    /** The exit code. */
    static int run(List<String> arguments) {
        String name = arguments.isEmpty() ? "start" : arguments.get(0);
        for (Command command : COMMANDS) {
            if (command.name().equals(name)) {
                return run(command, arguments.subList(Math.min(1, arguments.size()), arguments.size()));
            }
        }
        if (List.of("help", "--help", "-h").contains(name)) {
            System.out.println(help());
        }
        return askRunning(arguments);
    }

    /** The commands of a running Evefan, which knows its own help. */
    private static int askRunning(List<String> arguments) {
        try {
            Configuration configuration = Configuration.load(System.getProperties());
            ManagementSettings management = configuration.management();
            Commands commands = new Commands(
                    management.host(),
                    management.port(),
                    management.tls().certificate(),
                    () -> Tokens.admin(management));
            return commands.run(arguments, System.out, System.err);
        } catch (ConfigurationException e) {
            e.problems().forEach(System.err::println);
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    private static int run(Command command, List<String> arguments) {
        try {
            Extensions.load();
            return command.run(arguments, System.out);
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println(command.name() + "  " + command.help());
            return 2;
        } catch (ConfigurationException e) {
            e.problems().forEach(System.err::println);
        } catch (SetUpException e) {
            System.err.println(e.getMessage());
        } catch (Exception | LinkageError e) {
            // A LinkageError: jars that do not fit together, such as those of extensions/.
            System.err.println("Evefan cannot go on (" + command.name() + "):");
            e.printStackTrace();
        }
        return 1;
    }

    private static String help() {
        StringBuilder help = new StringBuilder("Commands:");
        COMMANDS.forEach(command ->
                help.append("\n  ").append(command.name()).append("  ").append(command.help()));
        return help.toString();
    }
}
