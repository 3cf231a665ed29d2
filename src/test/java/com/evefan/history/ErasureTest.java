package com.evefan.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Person;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErasureTest {
    private static final Instant NOW = Instant.parse("2026-11-28T22:00:00Z");

    private final Erasure erasure = new Erasure(1, new Person(Set.of("anna"), Set.of("anon")), false, NOW);

    @Test
    void isSavedWithThePersonUntilItIsOver() {
        assertThat(erasure.saved().toString()).contains("anna", "anon");
        assertThat(erasure.json().toString()).doesNotContain("anna", "anon");

        Erasure read = Erasure.of(erasure.saved());

        assertThat(read.person()).isEqualTo(erasure.person());
        assertThat(read.saved()).isEqualTo(erasure.saved());
    }

    @Test
    void forgetsThePersonAtOnceWhenItIsStoppedBeforeItsTurn() {
        erasure.stop(NOW);

        assertThat(erasure.isOver()).isTrue();
        assertThat(erasure.saved().toString()).doesNotContain("anna", "anon");
    }
}
