package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PersonIdsTest {
    private static List<String> of(String lines) {
        List<String> found = new ArrayList<>();
        byte[] bytes = lines.getBytes(UTF_8);
        for (PersonIds ids = new PersonIds(bytes, 0, bytes.length); ids.next(); ) {
            found.add(ids.value());
        }
        return found;
    }

    @Test
    void findsTheThreeMembersWhereverTheyStand() {
        assertThat(of("{\"userId\":\"a\",\"x\":{\"anonymousId\":\"\"},\"previousId\":\"b c\"}\n{\"userId\":\"\"}"))
                .containsExactly("a", "", "b c", "");
        assertThat(of("\"userId\":\"a\\\"b\\u00e9\",\"userId\":\"\u00e9\"")).containsExactly("a\"b\u00e9", "\u00e9");
    }

    @Test
    void findsNothingElse() {
        assertThat(of("{\"groupId\":\"g\",\"messageId\":\"m\",\"UserId\":\"u\",\"auserId\":\"u\",\"user\":\"Id\"}"))
                .isEmpty();
        assertThat(of("")).isEmpty();
        assertThat(of("Id\":\"")).isEmpty();
        assertThat(of("userId\":\"x\"")).isEmpty();
    }

    @Test
    void readsToTheEndOfWhatIsCutOff() {
        String whole = "{\"userId\":\"a\\\\\"}";
        for (int end = 0; end <= whole.length(); end++) {
            assertThat(of(whole.substring(0, end))).hasSizeLessThan(2);
        }
    }

    @Test
    void findsAllThatBelongsToAPersonInWhateverWasAccepted() {
        Random random = new Random(3);
        String[] texts = {"a", "\\u0061nna", "I", "Id", "userId", "Id\\\":\\\"", "\u20ac", "\\n", "d:", ""};
        String[] names = {"userId", "anonymousId", "previousId", "x", "Id", "event"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder json = new StringBuilder("{\"type\":\"track\"");
            for (int member = 0; member < 6; member++) {
                json.append(",\"").append(names[random.nextInt(names.length)]).append("\":\"");
                for (int part = random.nextInt(4); part > 0; part--) {
                    json.append(texts[random.nextInt(texts.length)]);
                }
                json.append('"');
            }
            EventFacts facts = EventFacts.of(json.append('}').toString().getBytes(UTF_8));

            List<String> found = of(json.toString());

            for (String id : new String[] {facts.userId(), facts.anonymousId(), facts.previousId()}) {
                if (id != null) {
                    assertThat(found).as(json.toString()).contains(id);
                }
            }
        }
    }
}
