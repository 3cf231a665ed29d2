package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.SetUpException;
import com.evefan.destination.mixpanel.Answer.Failed;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsASetUpErrorThatSaysWhereItLeads(int status) {
        Answer answer = Answer.read(
                Endpoint.IMPORT, 3, status, "<html>", "https://api-eu.mixpanel.com/import?t=1", Duration.ZERO);

        assertThat(((Failed) answer).cause())
                .isInstanceOf(SetUpException.class)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining("its address may have to be https://api-eu.mixpanel.com/import…")
                .hasMessageContaining("evefan.mixpanel.base-url");
    }
}
