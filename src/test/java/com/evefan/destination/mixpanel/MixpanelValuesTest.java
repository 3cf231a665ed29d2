package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.delivery.RetryAfter;
import com.evefan.destination.mixpanel.MixpanelRequest.Packer;
import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Limits;
import com.evefan.destination.mixpanel.MixpanelSettings.Revenue;
import com.evefan.destination.mixpanel.MixpanelSettings.Rules;
import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small values of this package. */
class MixpanelValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "386114ed-56cd-439e-ab4e-e6a53d0be553", "ts-0"})
    void takesAMessageIdThatFitsAsInsertId(String messageId) {
        assertThat(Identity.insertId(messageId)).isEqualTo(messageId);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a_b", "x386114ed-56cd-439e-ab4e-e6a53d0be553", "é", "undefined"})
    void hashesAnIdThatDoesNotFit(String id) {
        assertThat(Identity.insertId(id)).matches("[0-9a-f]{36}").isEqualTo(Identity.insertId(id));
        assertThat(Identity.insertId(id)).isNotEqualTo(Identity.insertId("y" + id));
    }

    @Test
    void letsNoIdTakeThePlaceOfTheHashOfAnother() {
        String hash = Identity.insertId("server:order-4711");
        assertThat(Identity.insertId(hash)).isNotEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({
        "https://acme.io/a/b?c=d#e, https:, acme.io, /a/b, ?c=d",
        "http://user:pw@host:99/p, http:, host, /p, ''",
        "https://x.y, https:, x.y, /, ''",
        "https://x.y?q, https:, x.y, /, ?q",
        "https://münchen.de/ä?ö=ü, https:, xn--mnchen-3ya.de, /%C3%A4, ?%C3%B6=%C3%BC",
        "HTTPS://[::1]:8080/, https:, [::1], /, ''"
    })
    void readsAnAddressAsABrowserDoes(String url, String protocol, String host, String path, String search) {
        assertThat(WebAddress.of(url)).isEqualTo(new WebAddress(protocol, host, path, search));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/path", "http//x", "://x", "https://", "https:///x", "h ttp://x"})
    void findsNoAddressWhereThereIsNone(String url) {
        assertThat(WebAddress.of(url)).isNull();
    }

    @Test
    void waitsLongerEachTimeUntilARequestIsTaken() {
        // Given
        RateLimit limit = new RateLimit(Clock.fixed(MixpanelEvents.NOW, ZoneOffset.UTC), new Random(1));

        // Then
        for (long seconds : new long[] {2, 4, 8, 16, 32, 60, 60}) {
            assertThat(limit.refused("")).isBetween(Duration.ofSeconds(seconds + 1), Duration.ofSeconds(seconds + 5));
        }
        assertThat(limit.refused("3")).hasSeconds(3);
        assertThat(limit.refused("99999999999")).isEqualTo(RetryAfter.LONGEST);
        assertThat(limit.refused("Mon, 01 Jun 2026 12:00:09 GMT")).hasSeconds(9);
        limit.taken();
        assertThat(limit.refused("soon")).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(7));
    }

    @Test
    void marksAnEventOverAndOverWithoutTouchingTheRest() throws Exception {
        // Given
        Event event = MixpanelEvents.group("g");
        EnumSet<Endpoint> none = EnumSet.noneOf(Endpoint.class);
        EnumSet<Endpoint> engage = EnumSet.of(Endpoint.ENGAGE);
        EnumSet<Endpoint> both = EnumSet.of(Endpoint.ENGAGE, Endpoint.GROUPS);

        // When
        Event twice = Progress.mark(Progress.mark(event, none, engage), engage, both);

        // Then
        String json = new String(event.json(), StandardCharsets.UTF_8);
        assertThat(new String(twice.json(), StandardCharsets.UTF_8))
                .isEqualTo(
                        json.substring(0, json.length() - 1) + ",\"evefan.mixpanel.taken\":[\"engage\",\"groups\"]}");
        assertThat(Progress.taken(Json.read(twice.json()))).isEqualTo(both);
        assertThat(EventCodec.decode(EventCodec.encode(List.of(twice))).get(0).messageId())
                .isEqualTo("g");
    }

    @Test
    void keepsSecretsOutOfItsTexts() {
        // Given
        MixpanelSettings settings =
                new MixpanelSettings("t0ken", "1", "user:s3cret", true, rules("g"), new Limits(1, 1_000, 1_000));
        Packer packer = new Packer(settings);
        packer.add(
                0,
                new EventMapper.Call(
                        Endpoint.ENGAGE, MixpanelEvents.JSON.createObjectNode().put("$token", "t0ken")),
                new Progress(MixpanelEvents.track("m"), Set.of()));

        // Then
        assertThat(settings.toString() + packer.requests()).doesNotContain("t0ken", "s3cret");
    }

    @Test
    void namesTheKeyOfAWrongSetting() {
        Map<String, org.assertj.core.api.ThrowableAssert.ThrowingCallable> wrong = Map.of(
                "evefan.mixpanel.request.max-events must be 1 to 2000, was 2001",
                () -> new Limits(2_001, 1_000, 1_000),
                "evefan.mixpanel.group-key must not be empty",
                () -> rules(" "),
                "evefan.mixpanel.group-key: $group_id is a property of Mixpanel's own; it must be a group key of the"
                        + " project's settings",
                () -> rules("$group_id"),
                "evefan.mixpanel.group-keys must be type=key, each type once, separated by commas, was 'team='",
                () -> MixpanelSettings.groupKeys(List.of("account", "team=")),
                "evefan.mixpanel.service-account must be user:secret, and evefan.mixpanel.project-id must be set with it",
                () -> new MixpanelSettings("t", "", "user:secret", true, rules("g"), new Limits(1, 1_000, 1_000)));
        wrong.forEach((message, call) -> assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
    }

    private static Rules rules(String groupKey) {
        return new Rules(IdentityMerge.ORIGINAL, groupKey, Map.of(), "p", "s", false, Revenue.OFF);
    }
}
