package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.padded;

import java.nio.file.Path;

/** A process that appends until it is killed, prints what has returned, and lets one destination acknowledge. */
final class AppendUnderLoad {
    private static final int SENDERS = 8;

    private AppendUnderLoad() {}

    public static void main(String[] arguments) {
        Journal journal = Journal.open(TestEvents.small(Path.of(arguments[0])));
        for (int sender = 0; sender < SENDERS; sender++) {
            String prefix = arguments[1] + "-" + sender + "-";
            new Thread(() -> append(journal, prefix)).start();
        }
        new Thread(() -> acknowledge(journal)).start();
    }

    private static void append(Journal journal, String prefix) {
        for (int i = 0; true; i++) {
            try {
                journal.append(padded(prefix + i, 200 + i % 3_000), BOTH);
                System.out.println(prefix + i); // one write: lines never mix
            } catch (JournalFullException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static void acknowledge(Journal journal) {
        try {
            while (true) {
                Handover handover = journal.take(100);
                if (handover != null) {
                    handover.batch().acknowledge("postgres");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
