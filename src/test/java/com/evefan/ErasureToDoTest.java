package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.configuration.Configuration;
import com.evefan.event.Person;
import com.evefan.history.ErasureApi.Holder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator has to do for an erasure where Evefan cannot. */
class ErasureToDoTest {
    private static final Person PERSON = new Person(Set.of("o'neil\\x", "b\r\nc"), Set.of("anon-1"));

    @TempDir
    Path directory;

    private List<String> of(String destination, String... settings) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("evefan.data.directory", directory.toString());
        for (String setting : settings) {
            properties.setProperty(
                    setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            List<Holder> holders =
                    ShippedDestinations.holders(Configuration.load(properties), context, Set.of(destination));
            return holders.get(0).toDo(PERSON);
        }
    }

    @Test
    void isAStatementForEachTableOfBigQuery() throws Exception {
        List<String> steps = of("bigquery", "evefan.bigquery.project=shop", "evefan.bigquery.dataset=events");

        assertThat(steps).hasSize(7);
        assertThat(steps.get(0)).contains("90 minutes");
        assertThat(steps.get(1))
                .isEqualTo("DELETE FROM `shop.events.tracks` WHERE user_id IN ('b\\r\\nc', 'o\\'neil\\\\x')"
                        + " OR anonymous_id IN ('anon-1');");
        assertThat(steps.get(6))
                .startsWith("DELETE FROM `shop.events.aliases` WHERE ")
                .endsWith("OR previous_id IN ('b\\r\\nc', 'o\\'neil\\\\x') OR previous_id IN ('anon-1');");
        assertThat(of("bigquery")).isEmpty();
    }

    @Test
    void isARequestForMixpanelWithoutASecret() throws Exception {
        List<String> steps = of("mixpanel", "evefan.mixpanel.token=secret-token");

        assertThat(steps).hasSize(2);
        String request = steps.get(1);
        assertThat(request)
                .startsWith("POST https://mixpanel.com/api/app/data-deletions/v3.0/?token=<the project's token>")
                .doesNotContain("secret-token");
        assertThat(new JsonMapper().readTree(request.substring(request.indexOf('{'))))
                .isEqualTo(new JsonMapper()
                        .readTree("{\"distinct_ids\":[\"b\\r\\nc\",\"o'neil\\\\x\",\"anon-1\",\"$device:anon-1\"],"
                                + "\"compliance_type\":\"GDPR\"}"));
        assertThat(of("mixpanel")).isEmpty();
    }

    @Test
    void saysOfEveryOtherDestinationThatItHasHadTheEvents() throws Exception {
        assertThat(of("hook")).containsExactly("delete this person's data where hook has sent it");
    }
}
