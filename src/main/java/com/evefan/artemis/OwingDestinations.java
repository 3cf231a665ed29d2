package com.evefan.artemis;

import java.util.Set;

/** Who has to acknowledge what is appended from now on. The journal's producer looks it up in the registry by type. */
@FunctionalInterface
public interface OwingDestinations {
    /** The names of the destinations, at most 64. Called once per append: return the same set while nothing changes. */
    Set<String> names();
}
