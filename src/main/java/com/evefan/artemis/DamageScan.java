package com.evefan.artemis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;

/**
 * Looks through the journal's files before they are opened, because Artemis passes over what it cannot read without a
 * word. Layout of a record (JournalImpl): type (1 byte), file id (4), compactor count (1), record id (8); for added and
 * updated records body length (4), user type (1), body; at the end the length of it all (4).
 */
final class DamageScan {
    private static final int HEAD = 1 + Integer.BYTES + 1 + Long.BYTES;
    private static final int BODY_LENGTH_AT = HEAD;
    private static final int BODY_AT = HEAD + Integer.BYTES + 1;
    private static final int TAIL = Integer.BYTES;

    private final ByteBuffer file;
    private final int fileId;

    private DamageScan(byte[] content) {
        file = ByteBuffer.wrap(content);
        fileId = (int) file.getLong(Integer.BYTES * 2);
    }

    /**
     * Where something cannot be read: file and position.
     *
     * @throws JournalException when a file has another format
     */
    static List<String> in(Path directory) throws IOException {
        List<String> damages = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*." + Store.FILE_EXTENSION)) {
            for (Path path : files) {
                byte[] content = Files.readAllBytes(path);
                if (content.length < JournalImpl.SIZE_HEADER) {
                    damages.add(path + " at byte 0");
                    continue;
                }
                DamageScan scan = new DamageScan(content);
                scan.checkVersion(path);
                scan.damages().forEach(position -> damages.add(path + " at byte " + position));
            }
        }
        return damages;
    }

    private void checkVersion(Path path) {
        int artemis = file.getInt(0);
        int ours = file.getInt(Integer.BYTES);
        if (artemis != JournalImpl.FORMAT_VERSION || ours != RecordBody.FORMAT_VERSION) {
            throw new JournalException("journal file " + path + " has format version " + artemis + "." + ours
                    + ", this Evefan reads " + JournalImpl.FORMAT_VERSION + "." + RecordBody.FORMAT_VERSION
                    + ": start the Evefan that wrote it");
        }
    }

    private List<Integer> damages() {
        List<Integer> damages = new ArrayList<>();
        int position = JournalImpl.SIZE_HEADER;
        while (position < file.limit()) {
            int size = recordSize(position);
            if (size == 0) {
                int next = nextRecord(position + 1);
                if (next < file.limit() || startsRecord(position)) {
                    damages.add(position);
                }
                position = next;
            } else {
                if (!intact(position)) {
                    damages.add(position);
                }
                position += size;
            }
        }
        return damages;
    }

    private int nextRecord(int from) {
        int position = from;
        while (position < file.limit() && recordSize(position) == 0) {
            position++;
        }
        return position;
    }

    /** The size of the record at {@code position}; 0 when there is none of this use of the file. */
    private int recordSize(int position) {
        byte type = file.get(position);
        if (type < JournalImpl.EVENT_RECORD
                || type > JournalImpl.ROLLBACK_RECORD
                || position + HEAD + TAIL > file.limit()
                || file.getInt(position + 1) != fileId) {
            return 0;
        }
        long size = HEAD + TAIL;
        if (type != JournalImpl.DELETE_RECORD) {
            if (position + BODY_AT > file.limit()) {
                return 0;
            }
            size = BODY_AT + TAIL + (long) file.getInt(position + BODY_LENGTH_AT);
        }
        boolean complete =
                size > 0 && position + size <= file.limit() && file.getInt((int) (position + size - TAIL)) == size;
        return complete ? (int) size : 0;
    }

    private boolean startsRecord(int position) {
        return position + 1 + Integer.BYTES > file.limit() || file.getInt(position + 1) == fileId;
    }

    private boolean intact(int position) {
        if (file.get(position) != JournalImpl.ADD_RECORD) {
            return true;
        }
        byte[] body = new byte[file.getInt(position + BODY_LENGTH_AT)];
        file.get(position + BODY_AT, body);
        return RecordBody.intact(body);
    }
}
