package com.evefan;

import com.evefan.LocalCommand.UsageException;
import com.evefan.command.Commands;
import com.evefan.command.OperatorCommands;
import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.delivery.SetUpException;
import com.evefan.management.ManagementSettings;
import com.evefan.management.Tokens;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/** The command line: does what its first word says, here or in a running Evefan; without one, starts Evefan. */
@Command(
        name = "bin/evefan",
        header = "Runs Evefan, and looks after one that runs with the same settings.",
        synopsisSubcommandLabel = "[-D<setting>=<value> ...] [COMMAND]",
        description = "Without a command it starts Evefan.",
        footer = "bin/evefan help <command> tells more of one.")
public final class Main implements Callable<Integer> {
    private static final int WIDTH = 120;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    /** The exit code. */
    static int run(List<String> arguments) {
        if (arguments.isEmpty()) {
            return start();
        }
        return line().execute(arguments.toArray(String[]::new));
    }

    /** Without looking at the other commands, which costs a tenth of the start. */
    private static int start() {
        try {
            return new StartCommand().call();
        } catch (Exception e) {
            return failed(e, "start");
        }
    }

    private static CommandLine line() {
        CommandLine line = new CommandLine(new Main());
        List.of(
                        new StartCommand(),
                        new ListCommand(),
                        // The settings of an example are its own.
                        new CommandLine(new AddCommand()).setUnmatchedOptionsArePositionalParams(true),
                        new ValidateCommand(),
                        new ExplainCommand(),
                        new TestCommand(),
                        new PrepareCommand())
                .forEach(line::addSubcommand);
        OperatorCommands.all(Main::ask).forEach(line::addSubcommand);
        addHelp(line);
        return line.addSubcommand(new HelpCommand())
                .setUsageHelpWidth(WIDTH)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        line.getSubcommands().values().forEach(Main::addHelp);
    }

    @Override
    public Integer call() throws Exception {
        return new StartCommand().call();
    }

    private static int ask(OperatorCommands.Request request) throws Exception {
        ManagementSettings management =
                Configuration.load(System.getProperties()).management();
        Commands commands = new Commands(
                management.host(), management.port(), management.tls().certificate(), () -> Tokens.admin(management));
        return commands.run(request, System.out, System.err);
    }

    private static int failed(Exception failure, CommandLine command) {
        if (failure instanceof UsageException) {
            System.err.println(failure.getMessage());
            command.usage(System.err);
            return 2;
        }
        return failed(failure, command.getCommandName());
    }

    private static int failed(Exception failure, String command) {
        if (failure instanceof ConfigurationException e) {
            e.problems().forEach(System.err::println);
        } else if (failure instanceof SetUpException) {
            System.err.println(failure.getMessage());
        } else {
            System.err.println("Evefan cannot go on (" + command + "):");
            failure.printStackTrace();
        }
        return 1;
    }
}
