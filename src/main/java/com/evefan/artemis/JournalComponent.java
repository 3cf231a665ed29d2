package com.evefan.artemis;

import com.evefan.event.Event;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** Opens the journal when it starts and closes it when it stops, which is after every route has. */
public final class JournalComponent extends DefaultComponent {
    private final Consumer<List<Event>> replayed;
    private JournalSettings settings;
    private @Nullable Journal journal;

    /** With the default settings, in {@code data/journal}. */
    public JournalComponent() {
        this(JournalSettings.in(Path.of("data", "journal")));
    }

    /** With {@code settings}. */
    public JournalComponent(JournalSettings settings) {
        this(settings, events -> {});
    }

    /** With {@code settings}; {@code replayed} is told at the start which events are still owed. */
    public JournalComponent(JournalSettings settings, Consumer<List<Event>> replayed) {
        this.settings = settings;
        this.replayed = replayed;
    }

    /** Where and how much. */
    public JournalSettings getSettings() {
        return settings;
    }

    /** Has to be set before the start. */
    public void setSettings(JournalSettings settings) {
        this.settings = settings;
    }

    /**
     * The open journal.
     *
     * @throws JournalUnavailableException before the start and after the stop
     */
    public Journal journal() {
        Journal open = journal;
        if (open == null) {
            throw new JournalUnavailableException("the journal is closed");
        }
        return open;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!remaining.equals(JournalEndpoint.STREAM)) {
            throw new IllegalArgumentException("there is one journal: journal:" + JournalEndpoint.STREAM);
        }
        return new JournalEndpoint(uri, this);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        journal = Journal.open(settings, replayed);
    }

    @Override
    protected void doStop() throws Exception {
        Journal open = journal;
        if (open != null) {
            open.close();
            journal = null;
        }
        super.doStop();
    }
}
