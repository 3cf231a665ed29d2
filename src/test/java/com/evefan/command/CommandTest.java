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
