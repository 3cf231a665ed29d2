package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FullIdsTest {
    @Test
    void givesEveryStepThePrefixOfItsRoute() {
        // Given
        String xml = """
                <routes>
                    <route id="ingest" nodePrefixId="ingest-">
                        <from id="http" uri="platform-http:/v1"/>
                        <bean id="read" ref="ingestion"/>
                    </route>
                    <route id="other">
                        <to id="end" uri="mock:end"/>
                    </route>
                </routes>
                """;

        // When
        String complete = FullIds.complete(xml);

        // Then
        assertThat(complete)
                .contains("<route id=\"ingest\"")
                .contains("<from id=\"ingest-http\"")
                .contains("<bean id=\"ingest-read\"")
                .contains("<to id=\"end\"");
    }
}
