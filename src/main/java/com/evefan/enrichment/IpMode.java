package com.evefan.enrichment;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is kept of the addresses in {@code context.ip}, the sender's own word included. */
public enum IpMode {
    /** All of it. */
    KEEP,
    /** The network: three of the four bytes of an IPv4 address, the first 48 bits of an IPv6 one. */
    TRUNCATE,
    /** Nothing. */
    DROP;

    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 6;

    /** What of {@code ip} may be kept; what is no address is not kept unless everything is. */
    @Nullable
    String kept(String ip) {
        return switch (this) {
            case KEEP -> ip;
            case TRUNCATE -> truncated(ip);
            case DROP -> null;
        };
    }

    private static @Nullable String truncated(String ip) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(ip);
        if (address == null) {
            return null;
        }
        Arrays.fill(address, address.length == 4 ? IPV4_BYTES : IPV6_BYTES, address.length, (byte) 0);
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are always an address", e);
        }
    }
}
