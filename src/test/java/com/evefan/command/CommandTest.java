package com.evefan.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.command.OperatorCommands.Request;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandTest {
    private final List<Request> asked = new ArrayList<>();
    private final StringWriter problems = new StringWriter();

    @CommandLine.Command(name = "test")
    private static final class Root {}

    private int run(String... words) {
        CommandLine line = new CommandLine(new Root());
        OperatorCommands.all(request -> {
                    asked.add(request);
                    return 0;
                })
                .forEach(line::addSubcommand);
        return line.setErr(new PrintWriter(problems)).execute(words);
    }

    @ParameterizedTest
    @CsvSource({
        "health, GET, /v1/health",
        "dead-letters list, GET, /v1/dead-letters",
        "dead-letters show postgres --limit 5, GET, /v1/dead-letters/postgres?limit=5",
        "dead-letters export postgres --since=2026-11-23T03:00:00Z, GET, /v1/dead-letters/postgres/export?since=2026-11-23T03%3A00%3A00Z",
        "dead-letters replay postgres --error 22P02 --event a&b, POST, /v1/dead-letters/postgres/replay?error=22P02&event=a%26b",
        "dead-letters delete ingest --all true, DELETE, /v1/dead-letters/ingest?all=true",
        "dead-letters delete ingest --all, DELETE, /v1/dead-letters/ingest?all=true",
        "dead-letters delete ingest --reason x --messageId m, DELETE, /v1/dead-letters/ingest?reason=x&messageId=m",
        "retry postgres, POST, /v1/destinations/postgres/retry"
    })
    void becomesARequest(String words, String method, String path) {
        assertThat(run(words.split(" "))).as(problems.toString()).isZero();
        assertThat(asked).containsExactly(new Request(method, path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dead-letters|Missing required subcommand",
                "dead-letters show|Missing required parameter: '<destination>'",
                "dead-letters explode postgres|Unmatched argument",
                "dead-letters shwo postgres|Did you mean: dead-letters show",
                "dead-letters delete postgres|--all",
                "dead-letters show x --colour red|Unknown options: '--colour'",
                "dead-letters show x --limit many|'many' is not an int",
                "retry|Missing required parameter: '<destination>'"
            })
    void saysWhatIsWrong(String words, String text) {
        assertThat(run(words.split(" "))).isEqualTo(2);
        assertThat(problems.toString()).contains(text);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event web:a/b|GET|/v1/events/web%3Aa%2Fb|",
                "replays list|GET|/v1/replays|",
                "event --user-id a&b|GET|/v1/events?userId=a%26b|",
                "event --anonymous-id c|GET|/v1/events?anonymousId=c|",
                "erasures list|GET|/v1/erasures|",
                "erasures stop 3|DELETE|/v1/erasures/3|",
                "replays stop 7|DELETE|/v1/replays/7|",
                "replays start hook --event x --dry-run|POST|/v1/replays|\"event\":\"x\"",
                "replays start hook --event x --dry-run|POST|/v1/replays|\"dryRun\":true",
                "erase --user-id a --anonymous-id b --anonymous-id c|POST|/v1/erasures|\"anonymousId\":[\"b\",\"c\"]"
            })
    void putsWhomItIsAboutIntoTheBody(String words, String method, String path, String body) {
        assertThat(run(words.split(" "))).as(problems.toString()).isZero();
        assertThat(asked.get(0).method() + " " + asked.get(0).path()).isEqualTo(method + " " + path);
        assertThat(String.valueOf(asked.get(0).body())).contains(body == null ? "null" : body);
    }
}
