package com.evefan.destination.mixpanel;

import com.evefan.useragent.UserAgent;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the mapping table can do to a value on its way. */
enum Function {
    VALUE,
    LIST,
    BROWSER,
    BROWSER_VERSION,
    OS,
    OS_VERSION,
    HOST,
    PATH,
    PROTOCOL,
    SEARCH;

    /** The function that the table calls {@code name}, such as {@code os-version}. */
    static Function of(String name) {
        return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /** The value of this function for a value that is there, or null where it has none. */
    @Nullable
    JsonNode apply(JsonNode value, UserAgents userAgents) {
        return switch (this) {
            case VALUE -> value;
            case LIST -> JsonNodeFactory.instance.arrayNode(1).add(value);
            case BROWSER, BROWSER_VERSION, OS, OS_VERSION ->
                text(agent(userAgents.parse(value.isTextual() ? value.textValue() : "")));
            case HOST, PATH, PROTOCOL, SEARCH -> {
                WebAddress address = value.isTextual() ? WebAddress.of(value.textValue()) : null;
                yield address == null ? null : TextNode.valueOf(part(address));
            }
        };
    }

    private static @Nullable JsonNode text(String text) {
        return text.isEmpty() ? null : TextNode.valueOf(text);
    }

    private String agent(UserAgent agent) {
        return switch (this) {
            case BROWSER -> agent.browser();
            case BROWSER_VERSION -> agent.browserVersion();
            case OS -> agent.os();
            default -> agent.osVersion();
        };
    }

    private String part(WebAddress address) {
        return switch (this) {
            case HOST -> address.host();
            case PATH -> address.path();
            case PROTOCOL -> address.protocol();
            default -> address.search();
        };
    }
}
