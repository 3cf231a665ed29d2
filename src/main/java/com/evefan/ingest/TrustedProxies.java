package com.evefan.ingest;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word is taken for who sent a request. {@code X-Forwarded-For} is read from its end: the first
 * address there that is no proxy of ours is the sender's; what stands before it anybody can have written.
 */
public final class TrustedProxies {
    private static final int MAX_HOPS = 20;

    private final List<IpSubnetFilterRule> ranges = new ArrayList<>();

    /**
     * @param addresses addresses and ranges, such as {@code 10.0.0.0/8} or {@code ::1}
     * @throws IllegalArgumentException when one of them is neither
     */
    public TrustedProxies(Collection<String> addresses) {
        for (String address : addresses) {
            ranges.add(range(address));
        }
    }

    private static IpSubnetFilterRule range(String text) {
        int slash = text.indexOf('/');
        String ip = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(ip);
        try {
            if (bytes != null) {
                int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
                return new IpSubnetFilterRule(InetAddress.getByAddress(bytes), bits, IpFilterRuleType.ACCEPT);
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "evefan.http.trusted-proxies: an address or range such as 10.0.0.0/8, was '" + text + "'");
    }

    /** Whether {@code ip} is one of them. */
    boolean contain(@Nullable String ip) {
        if (ip == null || ranges.isEmpty()) {
            return false;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(ip);
        if (bytes == null) {
            return false;
        }
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
            return ranges.stream().anyMatch(range -> range.matches(address));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * The address of who sent a request.
     *
     * @param peer the address at the other end of the connection
     * @param forwardedFor the values of {@code X-Forwarded-For}, in their order
     */
    @Nullable
    String sender(@Nullable String peer, List<String> forwardedFor) {
        if (forwardedFor.isEmpty() || !contain(peer)) {
            return peer;
        }
        String[] hops = String.join(",", forwardedFor).split(",", -1);
        String sender = peer;
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MAX_HOPS); i--) {
            String hop = withoutPort(hops[i].strip());
            if (NetUtil.createByteArrayFromIpAddressString(hop) == null) {
                return sender;
            }
            sender = hop;
            if (!contain(hop)) {
                return sender;
            }
        }
        return sender;
    }

    private static String withoutPort(String hop) {
        int close = hop.indexOf(']');
        if (hop.startsWith("[") && close > 0) {
            return hop.substring(1, close);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
