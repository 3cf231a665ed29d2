package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsentTest {
    private static boolean given(String json, String... categories) {
        Event event = new Event(
                EventType.TRACK,
                "m",
                "dev",
                Instant.EPOCH,
                Instant.EPOCH,
                Integrations.ALL,
                json.replace('\'', '"').getBytes(UTF_8));
        return Consent.of(List.of(categories)).isGivenBy(event);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'a':{'b':[1]}} | true",
                "{'context':{}} | true",
                "{'context':null} | true",
                "{'context':{'consent':{}}} | true",
                "{'context':{'consent':true}} | true",
                "{'context':{'x':{'consent':{'categoryPreferences':{'analytics':false}}}}} | true",
                "{'context':{'consent':{'categoryPreferences':{'ads':false,'analytics':true}}}} | true",
                "{'context':{'\\u0063onsent':{'categoryPreferences':{'analytics':false}}}} | false",
                "{'context':{'consent':{'categoryPreferences':{'analytics':false}}}} | false",
                "{'context':{'consent':{'categoryPreferences':{'Analytics':true}}}} | false",
                "{'context':{'consent':{'categoryPreferences':{'analytics':'true'}}}} | false",
                "{'context':{'consent':{'categoryPreferences':{}}}} | false",
                "{'context':{'consent':{'categoryPreferences':null}}} | false",
                "{'context':{'consentManagement':{'deniedConsentIds':['ads']}}} | true",
                "{'context':{'consentManagement':{'deniedConsentIds':['ads','analytics']}}} | false",
                "{'context':{'consentManagement':{'allowedConsentIds':['analytics',7]}}} | true",
                "{'context':{'consentManagement':{'allowedConsentIds':[]}}} | false",
                "{'context':{'consentManagement':{'allowedConsentIds':['analytics'],'deniedConsentIds':['analytics']}}} | false",
                "{'context':{ | false",
            })
    void isGivenWhereTheEventDoesNotSayOrNamesEveryCategory(String json, boolean given) {
        assertThat(given(json, "analytics")).isEqualTo(given);
        assertThat(given(json)).isTrue();
    }

    @Test
    void isNeededToAllCategories() {
        String json = "{'context':{'consent':{'categoryPreferences':{'a':true,'b':true,'c':false}}}}";

        assertThat(given(json, "a", "b")).isTrue();
        assertThat(given(json, "a", "c")).isFalse();
    }
}
