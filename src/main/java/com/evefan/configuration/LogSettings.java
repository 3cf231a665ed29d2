package com.evefan.configuration;

/**
 * What is logged, and how.
 *
 * @param format of a line on standard output
 * @param level of everything that is not Evefan's own: ERROR, WARN, INFO or DEBUG
 */
public record LogSettings(Format format, Level level) {
    /** How a line looks. */
    public enum Format {
        /** For people. */
        TEXT,
        /** For machines: one object a line. */
        JSON
    }

    /** How much is told. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    static LogSettings of(Settings settings) {
        return new LogSettings(
                settings.oneOf("evefan.log.format", Format.class), settings.oneOf("evefan.log.level", Level.class));
    }

    /** Hands them to log4j2.xml; before anything is logged. */
    public void apply() {
        System.setProperty("evefan.log.format", format.name().toLowerCase(java.util.Locale.ROOT));
        System.setProperty("evefan.log.level", level.name());
        System.setProperty("evefan.log.connections", connections());
    }

    /** Of clients that tell of a server that is away, again and again, where Evefan tells the first and the last. */
    private String connections() {
        return level == Level.ERROR || level == Level.WARN ? "OFF" : level.name();
    }
}
