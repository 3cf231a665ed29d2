package com.evefan.examples;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What one class logs, while it is open. */
public final class LogLines extends AbstractAppender implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;

    private final Level level;

    private LogLines(Logger logger, Level level) {
        super("lines", null, null, true, Property.EMPTY_ARRAY);
        this.logger = logger;
        this.level = level;
    }

    /** The errors. */
    static LogLines of(String name) {
        return of(name, Level.ERROR);
    }

    /** What is at least {@code level}. */
    public static LogLines of(String name, Level level) {
        LogLines lines = new LogLines((Logger) LogManager.getLogger(name), level);
        lines.start();
        lines.logger.addAppender(lines);
        return lines;
    }

    @Override
    public void append(LogEvent event) {
        if (event.getLevel().isMoreSpecificThan(level)) {
            lines.add(event.getMessage().getFormattedMessage());
        }
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        stop();
    }
}
