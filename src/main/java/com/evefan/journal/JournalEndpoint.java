package com.evefan.journal;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** {@code journal:accepted}: what is sent here is on disk; what comes from here is to be fanned out. */
final class JournalEndpoint extends DefaultEndpoint {
    static final String STREAM = "accepted";

    private final JournalComponent component;

    JournalEndpoint(String uri, JournalComponent component) {
        super(uri, component);
        this.component = component;
    }

    /** The open journal. */
    Journal journal() {
        return component.journal();
    }

    @Override
    public Producer createProducer() {
        return new JournalProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        JournalConsumer consumer = new JournalConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
