package com.evefan.destination.postgres;

import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresWriterIT extends PostgresWriterContract {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @Override
    PostgresExtension postgres() {
        return POSTGRES;
    }
}
