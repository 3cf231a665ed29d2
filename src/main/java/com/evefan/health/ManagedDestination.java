package com.evefan.health;

import com.evefan.counters.Counter;
import com.evefan.delivery.Destination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.jspecify.annotations.Nullable;

/**
 * One destination in JMX, and so in Hawtio: its status and all its counters, the same as in health, metrics and the
 * console. Looks anew for each attribute that is read.
 */
final class ManagedDestination implements DynamicMBean {
    private static final Map<String, Function<DestinationHealth, Object>> VALUES = new LinkedHashMap<>();
    private static final List<MBeanAttributeInfo> ATTRIBUTES = new ArrayList<>();

    static {
        add("Status", String.class, "How it is doing", one -> one.status().wireName());
        add("Message", String.class, "What is wrong and what happens next", DestinationHealth::message);
        add(
                "OldestSeconds",
                Long.class,
                "Age of its oldest pending event",
                one -> one.oldestPending().toSeconds());
        for (Counter counter : Counter.values()) {
            add(
                    counter.attribute(),
                    Long.class,
                    counter.help(),
                    one -> one.counters().get(counter));
        }
    }

    private final Health health;
    private final Destination destination;

    ManagedDestination(Health health, Destination destination) {
        this.health = health;
        this.destination = destination;
    }

    private static void add(String name, Class<?> type, String what, Function<DestinationHealth, Object> value) {
        VALUES.put(name, value);
        ATTRIBUTES.add(new MBeanAttributeInfo(name, type.getName(), what, true, false, false));
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Function<DestinationHealth, Object> value = VALUES.get(name);
        if (value == null) {
            throw new AttributeNotFoundException(name);
        }
        return value.apply(health.report(destination));
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        DestinationHealth now = health.report(destination);
        AttributeList all = new AttributeList();
        for (String name : names) {
            Function<DestinationHealth, Object> value = VALUES.get(name);
            if (value != null) {
                all.add(new Attribute(name, value.apply(now)));
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
