package com.evefan.destination.mixpanel;

import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The mapping table: per section, which Mixpanel property comes from where, in the order of the file, so that the same
 * event gives the same bytes every time.
 *
 * @param sections a section's name to its Mixpanel properties and their sources
 * @param browserNames the browser names of the user agent library to ours
 */
record Mapping(Map<String, Map<String, List<Source>>> sections, Map<String, String> browserNames) {
    Mapping {
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
        browserNames = Map.copyOf(browserNames);
    }

    /** Sets what {@code section} finds in {@code event}, over what {@code out} has of the same names. */
    void apply(String section, JsonNode event, ObjectNode out, UserAgents userAgents) {
        apply(section, event, out, userAgents, new HashSet<>());
    }

    /** The same, and puts the names of the traits that were taken over into {@code usedTraits}. */
    void apply(String section, JsonNode event, ObjectNode out, UserAgents userAgents, Set<String> usedTraits) {
        Map<String, List<Source>> rules = sections.get(section);
        if (rules == null) {
            throw new IllegalArgumentException("mapping.table has no section " + section);
        }
        rules.forEach((target, sources) -> {
            for (Source source : sources) {
                JsonNode value = source.value(event, out, userAgents);
                if (value != null) {
                    out.set(target, value);
                    if (!source.trait().isEmpty()) {
                        usedTraits.add(source.trait());
                    }
                    break;
                }
            }
        });
    }
}
