package com.evefan.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnakeNameTest {
    @ParameterizedTest
    @CsvSource({
        "Order Completed, order_completed",
        "ProductViewed, product_viewed",
        "CamelCase123Key, camel_case_123_key",
        "product-id, product_id",
        "productID, product_id",
        "HTTPServer Started, http_server_started",
        "  [Demo]  a.b__c! , demo_a_b_c",
        "2nd Step, _2_nd_step",
        "Order, _order",
        "select, _select",
        "日本語, 日本語",
        "Größe, größe",
        "😀, ''",
        "a_b, a_b"
    })
    void namesAsSegmentDoes(String name, String snake) {
        assertThat(SnakeName.of(name)).isEqualTo(snake);
    }

    @Test
    void tellsLongNamesApartInWhatPostgresHolds() {
        // When
        String one = SnakeName.of("ä".repeat(100) + "one");
        String other = SnakeName.of("ä".repeat(100) + "two");

        // Then
        assertThat(one).isNotEqualTo(other).startsWith("ä".repeat(26));
        assertThat(one.getBytes(UTF_8).length).isLessThanOrEqualTo(63);
    }
}
