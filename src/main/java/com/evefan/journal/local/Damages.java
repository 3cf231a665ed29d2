package com.evefan.journal.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was passed over, each told once. Thread-safe. */
final class Damages {
    private static final Logger LOG = LoggerFactory.getLogger(Damages.class);
    private static final int MOST = 100;

    private final Set<String> known = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private final Set<String> ofPlaces = new HashSet<>();

    synchronized void add(String damage) {
        if (known.size() < MOST && known.add(damage)) {
            LOG.warn("The journal is damaged: {}", damage);
            told.add(known.size() < MOST ? damage : "there is more, which is not listed");
        }
    }

    /** In what holds no event: nothing of anybody is in it. */
    synchronized void addOfPlaces(String damage) {
        ofPlaces.add(damage);
        add(damage);
    }

    synchronized List<String> all() {
        return List.copyOf(told);
    }

    /** Those in files with events. */
    synchronized List<String> ofEvents() {
        return told.stream().filter(damage -> !ofPlaces.contains(damage)).toList();
    }
}
