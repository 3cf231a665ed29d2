package com.evefan.destination.bigquery;

import com.google.cloud.bigquery.TimePartitioning;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How tables that Evefan creates are partitioned on {@code timestamp}; tables that exist stay as they are. */
public enum Partitioning {
    DAY(TimePartitioning.Type.DAY),
    HOUR(TimePartitioning.Type.HOUR),
    /** No partitions, and with that no bound on how old an event may be (BigQuery bounds what is streamed into one). */
    NONE(null);

    private final TimePartitioning.@Nullable Type type;

    Partitioning(TimePartitioning.@Nullable Type type) {
        this.type = type;
    }

    /**
     * The partitioning called {@code name}: {@code day}, {@code hour} or {@code none}.
     *
     * @throws IllegalArgumentException for any other name
     */
    public static Partitioning of(String name) {
        for (Partitioning partitioning : values()) {
            if (partitioning.name().toLowerCase(Locale.ROOT).equals(name)) {
                return partitioning;
            }
        }
        throw new IllegalArgumentException(
                "evefan.bigquery.partitioning must be day, hour or none, was \"" + name + "\"");
    }

    TimePartitioning.@Nullable Type type() {
        return type;
    }
}
