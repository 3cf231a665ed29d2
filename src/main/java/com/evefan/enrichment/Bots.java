package com.evefan.enrichment;

/** What becomes of the events of a robot, which is what uap-core calls a spider, by its user agent. */
public enum Bots {
    /** They are events like others. */
    KEEP,
    /** They say so: {@code context.bot}. */
    FLAG,
    /** They are answered as if they were kept, and are not. */
    DROP
}
