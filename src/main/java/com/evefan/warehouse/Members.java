package com.evefan.warehouse;

import com.evefan.event.JsonBuffer;
import com.evefan.event.JsonScanner;
import com.evefan.event.NotJsonException;
import com.fasterxml.jackson.core.JsonToken;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object that no column has taken yet, in their order; of equal names the last. Used for one event
 * after the other: {@link #clear} keeps the memory.
 */
final class Members {
    /** Up to so many, looking at each is faster than a table. More must not take a sender's time to the square. */
    private static final int FEW = 24;

    private final Map<String, Member> byName = new HashMap<>();
    private Member[] members = new Member[0];
    /** Of the names, side by side: most lookups end with them. */
    private int[] hashes = new int[0];

    private int size;
    private byte[] json = {};

    /** Forgets all members; the next ones stand in {@code newJson}. */
    void clear(byte[] newJson) {
        json = newJson;
        forget();
    }

    /** Forgets all members; the next ones stand in the same JSON. */
    void forget() {
        if (size > FEW) {
            byName.clear();
        }
        size = 0;
    }

    /** The member at whose value {@code scanner} stands is put among these. */
    void read(JsonScanner scanner) throws NotJsonException {
        put(scanner.name()).read(scanner, scanner.nameStart());
    }

    /** The members of the object at which {@code scanner} stands are put among these. */
    void readAll(JsonScanner scanner) throws NotJsonException {
        while (scanner.nextMember()) {
            read(scanner);
        }
    }

    /** The member called {@code name}, with what it said before, or else a new one for the caller to place. */
    Member put(String name) {
        Member before = find(name);
        return before != null ? before : append(name);
    }

    /** A new member, which no other may be called like. */
    Member append(String name) {
        if (size == members.length) {
            members = Arrays.copyOf(members, Math.max(8, size * 2));
            hashes = Arrays.copyOf(hashes, members.length);
            for (int i = size; i < members.length; i++) {
                members[i] = new Member();
            }
        }
        hashes[size] = name.hashCode();
        Member member = members[size++];
        member.name(name);
        if (size == FEW + 1) {
            for (int i = 0; i < size; i++) {
                byName.put(members[i].name(), members[i]);
            }
        } else if (size > FEW) {
            byName.put(name, member);
        }
        return member;
    }

    /** The member called {@code name}, taken or not. */
    @Nullable
    Member find(String name) {
        if (size > FEW) {
            return byName.get(name);
        }
        int hash = name.hashCode();
        for (int i = 0; i < size; i++) {
            if (hashes[i] == hash && members[i].name().equals(name)) {
                return members[i];
            }
        }
        return null;
    }

    /** The member called {@code name}, unless a column has taken it. */
    @Nullable
    Member get(String name) {
        Member member = find(name);
        return member == null || member.isTaken() ? null : member;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    /** A member as text, left where it is, even if taken; null where text cannot hold it. */
    @Nullable
    Utf8Text text(String name) {
        Member member = find(name);
        return member == null || !member.fitsText() ? null : member.text(json);
    }

    /** A member for a text column, even if taken; it stays. Null where text cannot hold it. */
    @Nullable
    Utf8Text tellText(String name) {
        Member member = find(name);
        if (member == null || !member.fitsText()) {
            return null;
        }
        member.tell();
        return member.text(json);
    }

    /** True or false; it stays. Null where it is something else. */
    @Nullable
    Boolean tellBoolean(String name) {
        Member member = find(name);
        if (member == null || !member.token().isBoolean()) {
            return null;
        }
        member.tell();
        return member.token() == JsonToken.VALUE_TRUE;
    }

    /** A number; it stays. Null where it is something else. */
    @Nullable
    Double tellNumber(String name) {
        Member member = find(name);
        if (member == null || member.token() != JsonToken.VALUE_NUMBER_INT) {
            return null;
        }
        member.tell();
        return Double.valueOf(String.valueOf(member.text(json)));
    }

    /** Whether columns hold all of them. */
    boolean isAllTold() {
        for (int i = 0; i < size; i++) {
            if (!members[i].isTold()) {
                return false;
            }
        }
        return true;
    }

    /** Takes a member out that says no more than {@code text}, which a column holds. */
    void takeEqual(String name, @Nullable Utf8Text text) {
        Member member = get(name);
        if (member != null && member.fitsText() && Objects.equals(member.text(json), text)) {
            member.take();
        }
    }

    /** Takes a member out for a text column; null, and the member stays, where text cannot hold it. */
    @Nullable
    Utf8Text takeText(String name) {
        Member member = get(name);
        if (member == null || !member.fitsText()) {
            return null;
        }
        member.take();
        return member.text(json);
    }

    /** Takes an array or object out. */
    @Nullable
    Utf8Text takeNested(String name) {
        Member member = get(name);
        if (member == null || member.fitsText()) {
            return null;
        }
        member.take();
        return new Utf8Text(json, member.start(), member.end());
    }

    /** Takes true or false out; null, and the member stays, where it is something else. */
    @Nullable
    Boolean takeBoolean(String name) {
        Member member = get(name);
        if (member == null || !member.token().isBoolean()) {
            return null;
        }
        member.take();
        return member.token() == JsonToken.VALUE_TRUE;
    }

    boolean isEmpty() {
        for (int i = 0; i < size; i++) {
            if (!members[i].isTaken()) {
                return false;
            }
        }
        return true;
    }

    /** The number of members, those taken included. */
    int size() {
        return size;
    }

    /** A string as it is written, without its quotes. */
    Utf8Text raw(Member string) {
        return new Utf8Text(json, string.start() + 1, string.end() - 1);
    }

    /** A member by its position, taken or not. */
    Member at(int position) {
        return members[position];
    }

    /** {@code member} with its name, and a comma behind it. */
    void write(Member member, JsonBuffer out) {
        if (member.nameStart() == Member.RENAMED) {
            out.string(member.name()).character(':').raw(json, member.start(), member.end());
        } else {
            out.raw(json, member.nameStart(), member.end());
        }
        out.character(',');
    }

    /** All that are not taken, as a JSON object. */
    void write(JsonBuffer out) {
        out.character('{');
        writeMembers(out);
        out.closeObject();
    }

    /** All that are not taken, with a comma behind each. */
    void writeMembers(JsonBuffer out) {
        for (int i = 0; i < size; i++) {
            if (!members[i].isTaken()) {
                write(members[i], out);
            }
        }
    }
}
