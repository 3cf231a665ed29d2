package com.evefan.destination.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserPathTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"userId\":\"ada\"} | /ada",
                "{\"userId\":\"\",\"anonymousId\":\"a 1\"} | /a%201",
                "{\"userId\":null,\"anonymousId\":\"a\"} | /a",
                "{\"userId\":\"../admin\"} | /..%2Fadmin",
                "{\"userId\":\"..\",\"anonymousId\":\"a\"} | ''",
                "{\"userId\":\".\"} | ''",
                "{\"userId\":\"\"} | ''",
                "{} | ''"
            })
    void isOneSegmentOrNone(String event, String path) throws Exception {
        assertThat(new Events().userPath(new JsonMapper().readTree(event))).isEqualTo(path);
    }
}
