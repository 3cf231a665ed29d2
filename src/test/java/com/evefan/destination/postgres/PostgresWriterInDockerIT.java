package com.evefan.destination.postgres;

import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

@EnabledIf("com.evefan.destination.postgres.PostgresExtension#isDockerAvailable")
class PostgresWriterInDockerIT extends PostgresWriterContract {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.inDocker();

    @Override
    PostgresExtension postgres() {
        return POSTGRES;
    }
}
