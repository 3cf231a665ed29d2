package com.evefan.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | HTTP 422, 42P01 | false",
                "4 | Key (id)=(4) exists | true",
                "4 | user 4. | true",
                "4 | user-4 | false",
                "bob | to bob@example.com | false",
                "bob | jim.bob, _bob, bob_ | false",
                "bob | jim.bob and bob | true",
                "bob | \"userId\":\"bob\" | true",
                "bob | userId=bob- | true",
                "bob@example.com | <bob@example.com>: no such mailbox | true",
                "\u00e9va | l\u00e9va | false",
                "\u00e9va | '\u00e9va' | true",
                "4|4|true",
                "4||false"
            })
    void isNamedByTheWholeIdOnly(String id, String text, boolean named) {
        String words = text == null ? "" : text;
        assertThat(new Person(Set.of(id), Set.of()).isNamedIn(words)).isEqualTo(named);
        assertThat(new Person(Set.of(), Set.of(id)).isNamedIn(words)).isEqualTo(named);
    }
}
