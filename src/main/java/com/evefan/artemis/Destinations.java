package com.evefan.artemis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The destinations of a record, in an order: bit n of a mask is the n-th of them. */
final class Destinations {
    private static final int MOST = Long.SIZE;

    private final List<String> names;
    private final byte[] encoded;

    private Destinations(List<String> names) {
        this.names = names;
        this.encoded = encode(names);
    }

    static Destinations of(Collection<String> names) {
        if (names.size() > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " destinations, were " + names.size());
        }
        return new Destinations(List.copyOf(names));
    }

    static Destinations decode(ByteBuffer from) {
        int count = from.get() & 0xff;
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[from.getShort()];
            from.get(name);
            names.add(new String(name, StandardCharsets.UTF_8));
        }
        return of(names);
    }

    private static byte[] encode(List<String> names) {
        int length = 1;
        for (String name : names) {
            length += Short.BYTES + name.getBytes(StandardCharsets.UTF_8).length;
        }
        ByteBuffer to = ByteBuffer.allocate(length).put((byte) names.size());
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            to.putShort((short) bytes.length).put(bytes);
        }
        return to.array();
    }

    byte[] encoded() {
        return encoded;
    }

    List<String> names() {
        return names;
    }

    boolean hasExactly(Set<String> others) {
        return names.size() == others.size() && others.containsAll(names);
    }

    /** The mask with all of them in it. */
    long all() {
        return names.size() == MOST ? -1 : (1L << names.size()) - 1;
    }

    /** The bit of {@code name}; 0 when it is none of them. */
    long bit(String name) {
        int index = names.indexOf(name);
        return index < 0 ? 0 : 1L << index;
    }

    Set<String> in(long mask) {
        Set<String> in = new LinkedHashSet<>();
        forEach(mask, in::add);
        return in;
    }

    void forEach(long mask, Consumer<String> action) {
        for (int i = 0; i < names.size(); i++) {
            if ((mask & 1L << i) != 0) {
                action.accept(names.get(i));
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Destinations that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }
}
