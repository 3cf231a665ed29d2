package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalFormTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/track",
                "/v1/track/",
                "/v1/track?a=/../%2e%2e//;\\",
                "/v1/projects/wk_dev%20%C3%A4/settings",
                "/v1/dead-letters/by%3Aname",
                "/hawtio/jolokia/read/java.lang:type=Memory,name=*/Heap!/Usage",
                "/hawtio/jolokia/read/a:name=%22evefan%22",
                "/a.b/.c/..d/...",
            })
    void takesTheNormalForm(String target) {
        assertThat(NormalForm.is(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "*",
                "v1/track",
                "http://127.0.0.1:9876/q/dev",
                "http://127.0.0.1",
                "//v1/track",
                "/v1//track",
                "/v1/track//",
                "/.",
                "/..",
                "/./v1",
                "/../v1",
                "/v1/./track",
                "/v1/../track",
                "/v1/.",
                "/v1/..?a",
                "/%2e%2e/v1",
                "/%2E%2E/v1",
                "/v1/%2e/track",
                "/v1%2Ftrack",
                "/v1%2ftrack",
                "/v1%5Ctrack",
                "/v1\\track",
                "/v1/..\\track",
                "/v1;a=b/track",
                "/v1/track;",
                "/v1%3Btrack",
                "/v1%252Ftrack",
                "/v1/%74rack",
                "/v1/tr%7Eack",
                "/v1/tr%c3%a4ck",
                "/v1/%00track",
                "/v1/%0D%0Atrack",
                "/v1/%7Ftrack",
                "/v1/%",
                "/v1/%2",
                "/v1/%2?0",
                "/v1/%zz",
                "/v1/%G0",
                "/v1/tr ack",
                "/v1/tr\tack",
                "/v1/träck",
                "/v1/tr\"ack",
                "/v1/tr{ack}",
                "/v1/track#a",
            })
    void refusesEveryOther(String target) {
        assertThat(NormalForm.is(target)).isFalse();
    }
}
