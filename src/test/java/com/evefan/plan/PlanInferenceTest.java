package com.evefan.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import com.evefan.event.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanInferenceTest {
    private final PlanInference inference = new PlanInference();

    private static Event event(EventType type, String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
        return new Event(type, "m", "web", Instant.EPOCH, Instant.EPOCH, Integrations.ALL, bytes);
    }

    @Test
    void writesWhatEventsHaveHadInCommon() {
        inference.add(event(EventType.TRACK, "{'event':'Order','properties':{'n':1,'s':'x','list':[{'id':1}]}}"));
        inference.add(event(EventType.TRACK, "{'event':'Order','properties':{'n':1.5,'s':null,'list':[]}}"));
        inference.add(event(EventType.TRACK, "{'event':'Hello'}"));
        inference.add(event(EventType.IDENTIFY, "{'traits':{'email':'e'}}"));

        assertThat(inference.isWhole()).isTrue();
        assertThat(inference.rules().toString().replace('"', '\''))
                .isEqualTo("[{'type':'TRACK','key':'Hello','version':1,'jsonSchema':{'type':'object','properties':"
                        + "{'properties':{}}}},"
                        + "{'type':'TRACK','key':'Order','version':1,'jsonSchema':{'type':'object','properties':"
                        + "{'properties':{'type':'object','properties':{'list':{'type':'array','items':{'type':'object',"
                        + "'properties':{'id':{'type':'integer'}},'required':['id']}},'n':{'type':'number'},"
                        + "'s':{'type':['null','string']}},'required':['list','n','s']}},'required':['properties']}},"
                        + "{'type':'IDENTIFY','version':1,'jsonSchema':{'type':'object','properties':{'traits':"
                        + "{'type':'object','properties':{'email':{'type':'string'}},'required':['email']}},"
                        + "'required':['traits']}}]");
    }

    @Test
    void isAPlanThatTheSameEventsKeepTo(@TempDir Path directory) throws IOException {
        List<Event> events = List.of(
                event(EventType.TRACK, "{'event':'Order','properties':{'n':1,'a.b/c~d':{'x':[[1],['y']]}}}"),
                event(EventType.TRACK, "{'event':'Order','properties':{'n':null}}"),
                event(EventType.TRACK, "{'event':'Order'}"));
        events.forEach(inference::add);
        Files.writeString(
                directory.resolve("first.json"),
                "{\"rules\":" + inference.rules().toPrettyString() + "}");
        List<String> problems = new ArrayList<>();

        Plan plan =
                TrackingPlan.read(directory, true, Clock.systemUTC(), problems).of("web", Plan.Mode.REPORT);

        assertThat(problems).isEmpty();
        assertThat(events)
                .allSatisfy(event ->
                        assertThat(plan.violation(event.type(), event.json())).isNull());
    }

    @Test
    void remembersSoMuchAndSaysThatThereIsMore() {
        for (int i = 0; i < 1_000; i++) {
            inference.add(event(
                    EventType.TRACK,
                    "{'event':'E" + i + "','properties':{'p':" + "[".repeat(50) + "1" + "]".repeat(50) + "}}"));
            inference.add(event(EventType.TRACK, "{'event':'E0','properties':{'p" + i + "':1}}"));
        }

        assertThat(inference.isWhole()).isFalse();
        assertThat(inference.rules()).hasSize(500);
        assertThat(inference.rules().at("/0/jsonSchema/properties/properties/properties"))
                .hasSize(200);
    }
}
