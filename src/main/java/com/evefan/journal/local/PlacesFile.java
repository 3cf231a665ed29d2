package com.evefan.journal.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.journal.Place.Tally;
import com.evefan.journal.local.Disk.DiskFile;
import com.evefan.journal.local.LocalPlace.Saved;
import com.evefan.journal.local.LocalPlace.Skip;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The places on disk, as lines of text with a checksum, in two files: one that is replaced often and not synced, and one
 * that is synced, for what has to be durable and before a segment is deleted. What was saved last counts; where that is
 * damaged, the other is at most some seconds older.
 */
final class PlacesFile {
    private static final String OFTEN = "places";
    private static final String DURABLE = "places.safe";
    private static final String FIRST_LINE = "evefan-places 1";
    private static final int MOST_BYTES = 64 << 20;

    private final Disk disk;
    private long generation;

    PlacesFile(Disk disk) {
        this.disk = disk;
    }

    /**
     * What is saved.
     *
     * @param end the end of the journal
     * @param endBytes the size of all events before it, as accepted
     * @param adopted up to which record an older journal has been taken over; 0 when there was none
     * @param placesLost whether there may be destinations whose places were lost: a new one begins with the earliest event
     * @param adopting the sequence from which on segments belong to a take-over that has not ended; 0 when there is none
     */
    record Content(long end, long endBytes, boolean placesLost, long adopted, long adopting, List<Saved> places) {
        Content {
            places = List.copyOf(places);
        }

        static final Content EMPTY = new Content(0, 0, false, 0, 0, List.of());
    }

    /** Whether {@code name} is one of its files. */
    static boolean owns(String name) {
        return name.equals(OFTEN) || name.equals(DURABLE);
    }

    /** What was saved last and can be read; null when there is nothing. */
    @Nullable
    Content load(List<String> names, Damages damages) {
        Content newest = null;
        for (String name : List.of(OFTEN, DURABLE)) {
            if (names.contains(name)) {
                try {
                    List<String> lines = lines(name);
                    long saved = Long.parseLong(lines.get(1).split(" ")[1]);
                    Content content = parse(lines);
                    if (saved > generation) {
                        newest = content;
                        generation = saved;
                    }
                } catch (IOException | RuntimeException e) {
                    damages.addOfPlaces(name + " cannot be read: " + e.getMessage());
                }
            }
        }
        return newest;
    }

    void save(Content content, boolean durable) throws IOException {
        String name = durable ? DURABLE : OFTEN;
        String fresh = name + ".new";
        try (DiskFile file = disk.create(fresh)) {
            file.write(ByteBuffer.wrap(format(content, ++generation).getBytes(UTF_8)), 0);
            if (durable) {
                file.sync();
            }
        }
        disk.rename(fresh, name);
        if (durable) {
            disk.sync();
        }
    }

    private List<String> lines(String name) throws IOException {
        String text;
        try (DiskFile file = disk.open(name)) {
            ByteBuffer content = ByteBuffer.allocate((int) Math.min(file.size(), MOST_BYTES));
            file.read(content, 0);
            text = new String(content.array(), UTF_8);
        }
        int checked = text.lastIndexOf("crc32c ");
        if (checked < 0 || !text.substring(checked).equals(checksum(text.substring(0, checked)))) {
            throw new IOException("its checksum is wrong");
        }
        List<String> lines = text.substring(0, checked).lines().toList();
        if (!lines.get(0).equals(FIRST_LINE)) {
            throw new IOException("its first line is not '" + FIRST_LINE + "'");
        }
        return lines;
    }

    private static String checksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(UTF_8));
        return "crc32c %08x%n".formatted(checksum.getValue()).replace("\r", "");
    }

    private static String format(Content content, long generation) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        line(
                text,
                "saved",
                generation,
                content.end(),
                content.endBytes(),
                content.placesLost() ? 1 : 0,
                content.adopted(),
                content.adopting());
        for (Saved place : content.places()) {
            Tally ended = place.ended();
            line(
                    text,
                    "place " + URLEncoder.encode(place.destination(), UTF_8),
                    place.position(),
                    place.bytes(),
                    place.owedUntil(),
                    place.owedBytes(),
                    ended.delivered(),
                    ended.rejected(),
                    ended.dead(),
                    ended.leftOut(),
                    place.lost(),
                    place.off() ? 1 : 0);
            for (Skip skip : place.skips()) {
                line(text, "skip", skip.from(), skip.to(), skip.bytes());
            }
        }
        return text + checksum(text.toString());
    }

    private static void line(StringBuilder to, String first, long... numbers) {
        to.append(first);
        for (long number : numbers) {
            to.append(' ').append(number);
        }
        to.append('\n');
    }

    private static Content parse(List<String> lines) {
        Fields saved = new Fields(lines.get(1));
        saved.number();
        List<Saved> places = new ArrayList<>();
        List<Skip> skips = new ArrayList<>();
        for (int i = lines.size() - 1; i > 1; i--) { // backwards: the skips of a place stand behind it
            Fields line = new Fields(lines.get(i));
            if (line.name().equals("skip")) {
                skips.add(0, new Skip(line.number(), line.number(), line.number()));
            } else {
                places.add(
                        0,
                        new Saved(
                                URLDecoder.decode(line.text(), UTF_8),
                                line.number(),
                                line.number(),
                                line.number(),
                                line.number(),
                                new Tally(line.number(), line.number(), line.number(), line.number()),
                                line.number(),
                                skips,
                                line.hasMore() && line.number() == 1));
                skips.clear();
            }
        }
        return new Content(saved.number(), saved.number(), saved.number() == 1, saved.number(), saved.number(), places);
    }

    /** The parts of a line, one after the other. */
    private static final class Fields {
        private final String[] parts;
        private int at = 1;

        Fields(String line) {
            parts = line.split(" ");
        }

        String name() {
            return parts[0];
        }

        String text() {
            return parts[at++];
        }

        /** Earlier versions wrote less. */
        boolean hasMore() {
            return at < parts.length;
        }

        long number() {
            return Long.parseLong(parts[at++]);
        }
    }
}
