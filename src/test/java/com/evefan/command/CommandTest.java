package com.evefan.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @ParameterizedTest
    @CsvSource({
        "health, GET, /v1/health",
        "dead-letters list, GET, /v1/dead-letters",
        "dead-letters show postgres --limit 5, GET, /v1/dead-letters/postgres?limit=5",
        "dead-letters replay postgres --error 22P02 --event a&b, POST, /v1/dead-letters/postgres/replay?error=22P02&event=a%26b",
        "dead-letters delete ingest --all true, DELETE, /v1/dead-letters/ingest?all=true",
        "retry postgres, POST, /v1/destinations/postgres/retry"
    })
    void becomesARequest(String words, String method, String path) {
        assertThat(Command.parse(List.of(words.split(" ")))).isEqualTo(new Command(method, path));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "event web:a/b, GET, /v1/events/web%3Aa%2Fb,",
                "replays list, GET, /v1/replays,",
                "replays stop 7, DELETE, /v1/replays/7,",
                "replays start hook --event x --dry-run, POST, /v1/replays, `{\"event\":\"x\",\"dryRun\":true,\"destination\":\"hook\"}`",
                "erase --user-id a --anonymous-id b --anonymous-id c, POST, /v1/erasures,"
                        + " `{\"userId\":\"a\",\"anonymousId\":[\"b\",\"c\"]}`"
            })
    void putsWhomItIsAboutIntoTheBody(String words, String method, String path, String body) {
        assertThat(Command.parse(List.of(words.split(" ")))).isEqualTo(new Command(method, path, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"replays start hook --colour red", "erase --event x", "replays start hook --since"})
    void refusesAnOptionThatWouldMeanAll(String words) {
        assertThatThrownBy(() -> Command.parse(List.of(words.split(" ")))).hasMessageContaining("what is --");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "dead-letters", "dead-letters show", "dead-letters explode postgres", "retry"})
    void saysWhatThereIs(String words) {
        assertThatThrownBy(() -> Command.parse(List.of(words.split(" "))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dead-letters replay <destination>");
    }

    @Test
    void namesTheOptionThatItDoesNotKnow() {
        assertThatThrownBy(() -> Command.parse(List.of("dead-letters", "show", "x", "--colour", "red")))
                .hasMessageStartingWith("what is --colour?");
    }
}
