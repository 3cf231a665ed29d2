package com.evefan.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventType;
import com.evefan.event.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackingPlanTest {
    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    @TempDir
    Path directory;

    private final List<String> problems = new ArrayList<>();

    private TrackingPlan plan(String... files) throws IOException {
        for (int i = 0; i < files.length; i++) {
            Files.writeString(directory.resolve(i + ".json"), files[i].replace('\'', '"'));
        }
        return TrackingPlan.read(directory, true, Clock.fixed(NOON, ZoneOffset.UTC), problems);
    }

    private static @Nullable String violation(TrackingPlan plan, String event) {
        return violation(plan, EventType.TRACK, event);
    }

    private static @Nullable String violation(TrackingPlan plan, EventType type, String event) {
        return plan.of("web", Plan.Mode.REPORT)
                .violation(type, event.replace('\'', '"').getBytes(UTF_8));
    }

    private static String rule(String key, String version, String ofProperties) {
        return "{'type':'TRACK','key':'" + key + "','version':" + version
                + ",'jsonSchema':{'$schema':'http://json-schema.org/draft-07/schema#','type':'object',"
                + "'properties':{'properties':" + ofProperties + "}}}";
    }

    private static final String ORDER =
            "{'type':'object','required':['total'],'properties':{'total':{'type':'number','minimum':0},"
                    + "'kind':{'enum':['new','old']},'sku':{'type':'string','pattern':'^(a+)+$'}}}";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'total':12} | ",
                "{'total':'4711'} | properties.total: string found, number expected",
                "{'total':-1} | properties.total: must have a minimum value of 0",
                "{'total':1,'kind':'secret'} | properties.kind: does not have a value in the enumeration [\"new\", \"old\"]",
                "{'kind':'new'} | properties: required property 'total' not found",
                "{'total':1,'sku':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'} | properties.sku: does not match the regex pattern ^(a+)+$",
                "{'total':1e999} | ",
            })
    void tellsWhereAnEventBreaksItAndNothingOfItsValues(String properties, @Nullable String expected)
            throws IOException {
        TrackingPlan plan = plan(rule("Order", "1", ORDER));

        String violation = violation(plan, "{'event':'Order','properties':" + properties + "}");

        assertThat(problems).isEmpty();
        assertThat(violation)
                .isEqualTo(
                        expected == null ? null : "breaks version 1 of the tracking plan for track Order: " + expected);
    }

    @Test
    void takesTheVersionThatAnEventNamesAndElseTheOldest() throws IOException {
        TrackingPlan plan = plan(
                rule("Order", "2", "{'required':['subtotal']}"),
                "{'rules':[" + rule("Order", "1", "{'required':['total']}") + "]}");
        String event = "{'event':'Order','properties':{'total':1}%s}";
        String version = ",'context':{'protocols':{'event_version':%s}}";

        assertThat(violation(plan, event.formatted(""))).isNull();
        assertThat(violation(plan, event.formatted(version.formatted("1")))).isNull();
        assertThat(violation(plan, event.formatted(version.formatted("3.2")))).isNull();
        assertThat(violation(plan, event.formatted(version.formatted("2"))))
                .endsWith("properties: required property 'subtotal' not found");
    }

    @Test
    void countsBySourceAndPlannedName() throws IOException {
        TrackingPlan plan = plan(
                rule("Order", "1", ORDER),
                "{'type':'identify','jsonSchema':{'properties':{'traits':{'required':['email']}}}}");

        violation(plan, "{'event':'Order'}");
        violation(plan, "{'event':'Order','properties':{}}");
        violation(plan, "{'event':'Ordre','properties':{}}");
        violation(plan, EventType.IDENTIFY, "{'traits':{}}");
        violation(plan, EventType.PAGE, "{'name':'Home'}");

        assertThat(plan.broken()).hasSize(3);
        assertThat(plan.broken().get(new TrackingPlan.Breach("web", "(unplanned)")))
                .isEqualTo(new TrackingPlan.Broken(1, "the tracking plan has no event of this name", NOON));
        assertThat(plan.broken()
                        .get(new TrackingPlan.Breach("web", "track Order"))
                        .count())
                .isEqualTo(1);
        assertThat(plan.broken().get(new TrackingPlan.Breach("web", "identify")).last())
                .contains("traits: required property 'email' not found");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "[] | a rule is an object",
                "{'key':'E','jsonSchema':true} | jsonSchema must be an object",
                "{'key':'E'} | jsonSchema must be an object",
                "{'key':'E','schema':{}} | a rule has no member schema",
                "{'jsonSchema':{}} | key must be the name of a track event",
                "{'type':'GROUP','key':'x','jsonSchema':{}} | key must be empty: a call of group has no name",
                "{'type':'click','key':'E','jsonSchema':{}} | type must be TRACK, IDENTIFY",
                "{'key':'E','version':'1','jsonSchema':{}} | version must be a whole number, was \"1\"",
                "{'key':'E','jsonSchema':{'type':'strng'}} | track E: jsonSchema",
                "{'key':'E','jsonSchema':{'properties':{'a':{'minLength':'x'}}}} | properties.a.minLength",
                "{'key':'E','jsonSchema':{'$schema':'https://example.org/mine'}} | jsonSchema",
                "{'key':'E','jsonSchema':{'$ref':'https://example.org/s.json'}} | a $ref stays in its schema",
                "{'key':'E','jsonSchema':{'$ref':'file:///etc/passwd'}} | a $ref stays in its schema",
                "{'key':'E','jsonSchema':{'properties':{'a':{'$ref':'#/$defs/none'}}}} | there is nothing at the $ref #/$defs/none",
                "{'key':'E','jsonSchema':{'$defs':{'t':{'properties':{'l':{'$ref':'#/$defs/t'}}}},'$ref':'#/$defs/t'}} | refers to itself",
                "{'key':'E','jsonSchema':{'properties':{'a':{'pattern':'(?=x)'}}}} | a pattern must be one of RE2",
                "{'key':'E','jsonSchema':{'patternProperties':{'(a)\\\\1':{}}}} | a pattern must be one of RE2",
                "{'key':'E','jsonSchema':{} | Unexpected end-of-input",
                "{'key':'E','key':'F','jsonSchema':{}} | Duplicate",
            })
    void refusesWhatIsNoPlanAndNamesTheFile(String file, String problem) throws IOException {
        plan(file);

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0))
                .startsWith(directory.resolve("0.json") + ": ")
                .contains(problem);
    }

    @Test
    void refusesASchemaThatDoublesItselfAndOneThatIsTooDeep() throws IOException {
        StringBuilder doubling = new StringBuilder("{'key':'E','jsonSchema':{'$ref':'#/$defs/a0','$defs':{");
        for (int i = 0; i < 40; i++) {
            String next = "{'$ref':'#/$defs/a" + (i + 1) + "'}";
            doubling.append("'a" + i + "':{'allOf':[" + next + "," + next + "]},");
        }
        String deep = "{'key':'D','jsonSchema':" + "{'items':".repeat(300) + "{}" + "}".repeat(301);

        plan(doubling.append("'a40':{}}}}").toString(), deep, rule("E", "1", "{}"), rule("E", "1", "{}"));

        assertThat(problems).hasSize(3);
        assertThat(problems.get(0)).contains("jsonSchema is too large");
        assertThat(problems.get(1)).contains("jsonSchema is too large");
        assertThat(problems.get(2)).contains("3.json: track E: there is another rule of version 1");
    }

    @Test
    void checksHostileEventsInBoundedTimeAndMemory() throws IOException {
        TrackingPlan plan = plan(rule(
                "Order",
                "1",
                "{'properties':{'a':{'items':{'anyOf':[{'type':'string','pattern':'^([a-z]+)*$'},{'type':'number','multipleOf':0.01}]},"
                        + "'uniqueItems':true}}}"));
        String text = "a".repeat(100_000) + "!";
        String numbers = "1e308,".repeat(20_000) + "9".repeat(900);
        String deep = "[".repeat(450) + "]".repeat(450);

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(violation(plan, "{'event':'Order','properties':{'a':['" + text + "']}}"))
                    .isNotNull();
            assertThat(violation(plan, "{'event':'Order','properties':{'a':[" + numbers + "]}}"))
                    .isNotNull()
                    .hasSizeLessThan(500);
            assertThat(violation(plan, "{'event':'Order','properties':{'a':" + deep + "}}"))
                    .isNotNull();
            assertThat(violation(plan, "{'event':'Order','x':'" + "x".repeat(300_000) + "'}"))
                    .startsWith("is 3000")
                    .endsWith("at most 262144 are checked against the tracking plan");
        });
    }

    /** Each branch of an anyOf that does not fit is a finding with a text of its own, for each element. */
    @Test
    void endsACheckThatFindsTooMuchOrHasTooManyValues() throws IOException {
        StringBuilder branches = new StringBuilder("{'const':'x'}");
        for (int i = 0; i < 9; i++) {
            branches.append(",{'const':").append(i + 1).append('}');
        }
        TrackingPlan plan = plan(
                rule("Any", "1", "{'properties':{'a':{'items':{'anyOf':[" + branches + "]}}}}"),
                rule("Unique", "1", "{'properties':{'a':{'uniqueItems':true}}}"));

        assertThat(violation(plan, "{'event':'Any','properties':{'a':[" + "0,".repeat(9_000) + "0]}}"))
                .endsWith("it does not fit in more than 50000 places, and is not checked further");
        assertThat(violation(plan, "{'event':'Any','properties':{'a':[" + "3,".repeat(9_000) + "3]}}"))
                .isNull();
        assertThat(violation(plan, "{'event':'Unique','properties':{'a':[" + "{},".repeat(10_000) + "0]}}"))
                .endsWith("it has more than 10000 values, and is not checked");
    }

    @Test
    void saysWhereNothingIs() throws IOException {
        plan();

        assertThat(problems).singleElement().asString().contains("there is no rule in " + directory);
    }
}
