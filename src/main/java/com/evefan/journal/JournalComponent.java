package com.evefan.journal;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** Opens the journal when it starts and closes it when it stops, which is after every route has. */
public final class JournalComponent extends DefaultComponent {
    private final Supplier<Journal> opener;
    private volatile @Nullable Journal journal;

    /**
     * @param opener opens the journal
     */
    public JournalComponent(Supplier<Journal> opener) {
        this.opener = opener;
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
        journal = opener.get();
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
