package com.evefan.event;

import java.util.Arrays;

/** The objects and arrays around a place in a JSON text: a bit for each, whether it is an object. */
final class JsonLevels {
    private long[] objects = new long[1];
    private int depth;
    private int deepest;

    void open(boolean object) {
        deepest = Math.max(deepest, ++depth);
        int word = depth >>> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, word * 2);
        }
        long level = 1L << depth;
        objects[word] = object ? objects[word] | level : objects[word] & ~level;
    }

    void close() {
        depth--;
    }

    /** Whether the innermost is an object. */
    boolean inObject() {
        return (objects[depth >>> 6] >>> depth & 1) != 0;
    }

    int depth() {
        return depth;
    }

    /** The most around anything so far. */
    int deepest() {
        return deepest;
    }

    /** From now on the deepest counts anew. */
    void measureAnew() {
        deepest = depth;
    }
}
