package com.evefan;

import com.evefan.Command.UsageException;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.SetUpException;
import java.util.List;

/** The command line: does what its first word says; without one, starts Evefan. */
public final class Main {
    private static final List<Command> COMMANDS =
            List.of(new StartCommand(), new ValidateCommand(), new ExplainCommand());

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        String name = arguments.isEmpty() ? "start" : arguments.get(0);
        for (Command command : COMMANDS) {
            if (command.name().equals(name)) {
                return run(command, arguments.subList(Math.min(1, arguments.size()), arguments.size()));
            }
        }
        boolean asked = List.of("help", "--help", "-h").contains(name);
        if (!asked) {
            System.err.println("Evefan knows no command " + name + ".");
        }
        (asked ? System.out : System.err).println(help());
        return asked ? 0 : 2;
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
        } catch (Exception e) {
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
