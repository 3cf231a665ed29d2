package com.evefan.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the smallest database in MaxMind's format (version 2.0): 203.0.113.0/24 is in Linköping. */
final class PlacesDatabase {
    private static final int PREFIX_BITS = 24;
    private static final int NETWORK = 203 << 24 | 0 << 16 | 113 << 8;
    private static final byte[] METADATA_START = {
        (byte) 0xAB, (byte) 0xCD, (byte) 0xEF, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
    };

    private PlacesDatabase() {}

    static void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int bit = 0; bit < PREFIX_BITS; bit++) {
            // a node: where to go for a 0 and for a 1; the number of nodes stands for nowhere
            int next = bit + 1 < PREFIX_BITS ? bit + 1 : PREFIX_BITS + 16;
            boolean one = (NETWORK >>> (31 - bit) & 1) == 1;
            record(out, one ? PREFIX_BITS : next);
            record(out, one ? next : PREFIX_BITS);
        }
        out.write(new byte[16]);
        value(
                out,
                Map.of(
                        "country", Map.of("iso_code", "SE"),
                        "subdivisions", List.of(Map.of("iso_code", "E")),
                        "city", Map.of("names", Map.of("en", "Linköping")),
                        "location", Map.of("latitude", 58.4167, "longitude", 15.6167)));
        out.write(METADATA_START);
        value(
                out,
                Map.of(
                        "binary_format_major_version",
                        (short) 2,
                        "binary_format_minor_version",
                        (short) 0,
                        "build_epoch",
                        1_795_000_000L,
                        "database_type",
                        "Test-City",
                        "description",
                        Map.of("en", "made by a test"),
                        "ip_version",
                        (short) 4,
                        "languages",
                        List.of("en"),
                        "node_count",
                        PREFIX_BITS,
                        "record_size",
                        (short) 24));
        Files.write(file, bytes.toByteArray());
    }

    private static void record(DataOutputStream out, int node) throws IOException {
        out.write(node >>> 16);
        out.writeShort(node);
    }

    private static void value(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.write(0xE0 | map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                value(out, entry.getKey());
                value(out, entry.getValue());
            }
        } else if (value instanceof List<?> list) {
            out.write(list.size());
            out.write(11 - 7);
            for (Object item : list) {
                value(out, item);
            }
        } else if (value instanceof Double number) {
            out.write(0x68);
            out.writeDouble(number);
        } else if (value instanceof Long number) {
            out.write(8);
            out.write(9 - 7);
            out.writeLong(number);
        } else if (value instanceof Short number) {
            out.write(0xA2);
            out.writeShort(number);
        } else if (value instanceof Integer number) {
            out.write(0xC4);
            out.writeInt(number);
        } else {
            byte[] text = ((String) value).getBytes(UTF_8);
            out.write(0x40 | Math.min(text.length, 29));
            if (text.length >= 29) {
                out.write(text.length - 29);
            }
            out.write(text);
        }
    }
}
