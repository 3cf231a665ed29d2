package com.evefan.bench;

/**
 * What a figure has to reach.
 *
 * @param limit the least where {@code atLeast}, else the most
 */
record Floor(String workload, String figure, boolean atLeast, double limit) {
    boolean isMetBy(double value) {
        return atLeast ? value >= limit : value <= limit;
    }

    @Override
    public String toString() {
        return (atLeast ? ">= " : "<= ") + limit;
    }
}
