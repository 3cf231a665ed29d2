package com.evefan.health;

import com.evefan.counters.Counter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.jspecify.annotations.Nullable;

/**
 * One destination in JMX, and so in Hawtio: its status and all its counters, the same as in health, metrics and the
 * console. Who reads all of them one by one, as Hawtio does, gets them from one look.
 */
final class ManagedDestination implements DynamicMBean {
    private static final Map<String, Function<Look, Object>> VALUES = new LinkedHashMap<>();
    private static final List<MBeanAttributeInfo> ATTRIBUTES = new ArrayList<>();

    /** How long one look serves. */
    private static final long FRESH_NANOS = 1_000_000_000;

    /** Hawtio's table has the columns in this order. */
    static {
        add("Name", String.class, "What it is called", Look::name);
        add(
                "Status",
                String.class,
                "How it is doing",
                look -> look.health().status().wireName());
        add(
                "Message",
                String.class,
                "What is wrong and what happens next",
                look -> look.health().message());
        add(
                "OldestSeconds",
                Long.class,
                "Age of its oldest pending event",
                look -> look.health().oldestPending().toSeconds());
        for (Counter counter : Counter.values()) {
            add(
                    counter.attribute(),
                    Long.class,
                    counter.help(),
                    look -> look.health().counters().get(counter));
        }
    }

    private final String name;
    private final Supplier<DestinationHealth> health;
    private final LongSupplier nanos;
    private @Nullable Look last;

    private record Look(String name, DestinationHealth health, long at) {}

    ManagedDestination(String name, Supplier<DestinationHealth> health, LongSupplier nanos) {
        this.name = name;
        this.health = health;
        this.nanos = nanos;
    }

    private synchronized Look look() {
        long now = nanos.getAsLong();
        Look look = last;
        if (look == null || now - look.at() >= FRESH_NANOS) {
            look = new Look(name, health.get(), now);
            last = look;
        }
        return look;
    }

    private static void add(String name, Class<?> type, String what, Function<Look, Object> value) {
        VALUES.put(name, value);
        ATTRIBUTES.add(new MBeanAttributeInfo(name, type.getName(), what, true, false, false));
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Function<Look, Object> value = VALUES.get(name);
        if (value == null) {
            throw new AttributeNotFoundException(name);
        }
        return value.apply(look());
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        Look look = look();
        AttributeList all = new AttributeList();
        for (String name : names) {
            Function<Look, Object> value = VALUES.get(name);
            if (value != null) {
                all.add(new Attribute(name, value.apply(look)));
            }
        }
        return all;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public @Nullable Object invoke(String action, Object[] parameters, String[] signature) {
        throw new UnsupportedOperationException(action);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return new MBeanInfo(
                ManagedDestination.class.getName(),
                "A destination of Evefan",
                ATTRIBUTES.toArray(MBeanAttributeInfo[]::new),
                null,
                null,
                null);
    }
}
