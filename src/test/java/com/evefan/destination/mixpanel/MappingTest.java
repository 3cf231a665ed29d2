package com.evefan.destination.mixpanel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {
    @Test
    void readsTheShippedTable() {
        // When
        Mapping mapping = Mapping.shipped();

        // Then
        assertThat(mapping.sections().keySet())
                .containsExactly(
                        "address",
                        "event",
                        "event simplified",
                        "event ios",
                        "event android",
                        "page",
                        "screen",
                        "profile",
                        "group");
        assertThat(mapping.sections().get("event"))
                .containsKeys(
                        "$city",
                        "$region",
                        "mp_country_code",
                        "$timezone",
                        "$latitude",
                        "$longitude",
                        "$current_url",
                        "$referrer",
                        "$os",
                        "$os_version",
                        "$browser",
                        "$browser_version",
                        "$device",
                        "$manufacturer",
                        "$model",
                        "$screen_height",
                        "$screen_width",
                        "$screen_dpi",
                        "$carrier",
                        "$wifi",
                        "$bluetooth_enabled",
                        "mp_lib",
                        "$lib_version",
                        "$app_build_number",
                        "$app_version_string",
                        "$initial_referrer",
                        "$initial_referring_domain",
                        "$session_id",
                        "utm_source",
                        "utm_medium",
                        "utm_campaign",
                        "utm_content",
                        "utm_term");
        assertThat(mapping.sections().get("profile"))
                .containsKeys(
                        "$email",
                        "$first_name",
                        "$last_name",
                        "$name",
                        "$username",
                        "$phone",
                        "$avatar",
                        "$created",
                        "$unsubscribed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[event]\n$os",
                "$os = context.os",
                "[event]\n$os = nonsense(context.os)",
                "[event]\n$os =",
                "[event]\n$os = host(context.os",
                "[event]\na = b\na = c",
                "[event]\na = \"open",
                "[event]\na = 1x("
            })
    void refusesALineThatMakesNoSense(String table) {
        assertThatThrownBy(() -> Mapping.read(table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mapping.table: ");
    }
}
