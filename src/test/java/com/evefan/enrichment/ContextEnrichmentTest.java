package com.evefan.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.event.Arrival;
import com.evefan.event.Enrichment;
import com.evefan.event.EventIds;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.evefan.event.Redaction;
import com.evefan.event.SenderKind;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextEnrichmentTest {
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
    private static final String GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    @TempDir
    Path directory;

    @Test
    void addsNothingByDefault() {
        // Given
        ContextEnrichment off = ContextEnrichment.open(settings(IpMode.KEEP, false, "", ""));

        // Then
        assertThat(off.with("203.0.113.7", name -> "DE")).isSameAs(Enrichment.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "KEEP,     203.0.113.7,        203.0.113.7",
        "KEEP,     anything,           anything",
        "TRUNCATE, 203.0.113.7,        203.0.113.0",
        "TRUNCATE, 2001:db8:1:2:3::4,  2001:db8:1::",
        "TRUNCATE, example.org,        ",
        "DROP,     203.0.113.7,        ",
    })
    void keepsOfAddressesWhatIsAllowed(IpMode mode, String ip, String kept) {
        assertThat(mode.kept(ip)).isEqualTo(kept);
    }

    @Test
    void cutsTheSendersOwnWordToo() throws Exception {
        // Given
        Enrichment truncating =
                ContextEnrichment.open(settings(IpMode.TRUNCATE, false, "", "")).with("203.0.113.7", name -> null);

        // Then
        assertThat(context("{\"ip\":\"198.51.100.9\",\"a\":1}", truncating).toString())
                .isEqualTo("{\"ip\":\"198.51.100.0\",\"a\":1}");
        assertThat(context("{}", truncating).toString()).isEqualTo("{\"ip\":\"203.0.113.0\"}");
    }

    @Test
    void leavesNoAddressWhereNoneIsWanted() throws Exception {
        // Given
        Enrichment dropping =
                ContextEnrichment.open(settings(IpMode.DROP, false, "", "")).with("203.0.113.7", name -> null);

        // Then
        assertThat(context("{\"ip\":\"198.51.100.9\"}", dropping).toString()).isEqualTo("{}");
    }

    @Test
    void tellsBrowserAndSystemOfAUserAgent() throws Exception {
        // Given
        Enrichment browsers =
                ContextEnrichment.open(settings(IpMode.KEEP, true, "", "")).with(null, name -> null);

        // When
        JsonNode context = context("{\"userAgent\":\"" + FIREFOX + "\",\"os\":{\"name\":\"BeOS\"}}", browsers);
        JsonNode robot = context("{\"userAgent\":\"" + GOOGLEBOT + "\"}", browsers);

        // Then
        assertThat(context.at("/browser/name").asText()).isEqualTo("Firefox");
        assertThat(context.at("/browser/version").asText()).isEqualTo("141.0");
        assertThat(context.at("/os").toString()).isEqualTo("{\"name\":\"BeOS\"}");
        assertThat(context.has("bot")).isFalse();
        assertThat(robot.at("/bot").asBoolean()).isTrue();
    }

    @Test
    void looksAtABoundedNumberOfNewUserAgentsInARequest() {
        // Given
        Enrichment ofRequest =
                ContextEnrichment.open(settings(IpMode.KEEP, true, "", "")).with(null, name -> null);

        // When
        int found = 0;
        for (int i = 0; i < 100; i++) {
            found += ofRequest.additions(null, FIREFOX + i).isEmpty() ? 0 : 1;
        }

        // Then
        assertThat(found).isBetween(1, ContextEnrichment.MAX_NEW_AGENTS);
        assertThat(ofRequest.additions(null, FIREFOX + 0)).isNotEmpty();
    }

    @Test
    void looksAtTheBeginningOfALongUserAgent() {
        Enrichment ofRequest =
                ContextEnrichment.open(settings(IpMode.KEEP, true, "", "")).with(null, name -> null);
        assertThat(ofRequest.additions(null, FIREFOX + " " + "x".repeat(100_000)))
                .containsKey("browser");
    }

    @Test
    void findsThePlaceOfAnAddressInADatabase() throws Exception {
        // Given
        Path database = directory.resolve("places.mmdb");
        PlacesDatabase.write(database);

        // When
        JsonNode context;
        JsonNode elsewhere;
        try (ContextEnrichment places = ContextEnrichment.open(settings(IpMode.DROP, false, database.toString(), ""))) {
            context = context("{\"ip\":\"203.0.113.7\"}", places.with("192.0.2.1", name -> null));
            elsewhere = context("{\"ip\":\"3.3.3.3\"}", places.with("192.0.2.1", name -> null));
        }

        // Then
        assertThat(context.toString())
                .isEqualTo("{\"location\":{\"country\":\"SE\",\"region\":\"E\",\"city\":\"Linköping\","
                        + "\"latitude\":58.4167,\"longitude\":15.6167}}");
        assertThat(elsewhere.toString()).isEqualTo("{}");
    }

    @Test
    void takesTheWordOfATrustedHeaderForTheSenderOnly() throws Exception {
        // Given
        ContextEnrichment headers = ContextEnrichment.open(settings(IpMode.KEEP, false, "", "CF-IPCountry"));
        Enrichment ofRequest = headers.with("203.0.113.7", Map.of("CF-IPCountry", "SE")::get);

        // Then
        assertThat(context("{}", ofRequest).at("/location/country").asText()).isEqualTo("SE");
        assertThat(context("{\"ip\":\"198.51.100.9\"}", ofRequest).has("location"))
                .isFalse();
        assertThat(context("{\"location\":{\"country\":\"DE\"}}", ofRequest)
                        .at("/location/country")
                        .asText())
                .isEqualTo("DE");
    }

    @Test
    void takesAServersAddressForNobodys() throws Exception {
        // Given
        ContextEnrichment headers = ContextEnrichment.open(settings(IpMode.KEEP, false, "", "CF-IPCountry"));
        Enrichment ofRequest = headers.with("203.0.113.7", Map.of("CF-IPCountry", "SE")::get);

        // Then
        assertThat(context("{}", SenderKind.SERVER, ofRequest).toString()).isEqualTo("{}");
        assertThat(context("{\"ip\":\"203.0.113.7\"}", SenderKind.SERVER, ofRequest)
                        .at("/location/country")
                        .asText())
                .isEqualTo("SE");
    }

    @Test
    void saysWhichDatabaseCannotBeRead() {
        assertThatThrownBy(() -> ContextEnrichment.open(settings(IpMode.KEEP, false, "/none.mmdb", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("evefan.enrichment.location-database");
    }

    private static EnrichmentSettings settings(IpMode ip, boolean userAgent, String database, String countryHeader) {
        return new EnrichmentSettings(ip, userAgent, database, countryHeader, "", "");
    }

    private static JsonNode context(String context, Enrichment enrichment) throws Exception {
        return context(context, SenderKind.BROWSER, enrichment);
    }

    private static JsonNode context(String context, SenderKind sender, Enrichment enrichment) throws Exception {
        EventReader reader = new EventReader(EventLimits.DEFAULT, Clock.systemUTC(), () -> "made");
        String body = "{\"type\":\"page\",\"userId\":\"u\",\"context\":" + context + "}";
        byte[] json = reader.parse(body.getBytes(UTF_8))
                .read(new Arrival(
                        "web",
                        EventIds.PLAIN,
                        Optional.empty(),
                        "203.0.113.7",
                        sender,
                        null,
                        enrichment,
                        Redaction.NONE))
                .accepted()
                .events()
                .get(0)
                .json();
        return new ObjectMapper().readTree(json).get("context");
    }
}
