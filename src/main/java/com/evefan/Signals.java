package com.evefan;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. Java has no public API for them; {@code sun.misc.Signal} is in every JDK, in the module
 * {@code jdk.unsupported}, and is used by name because javac warns of it wherever it is used otherwise.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} on each signal {@code name}, instead of what the JVM does.
     *
     * @throws ReflectiveOperationException when this JVM has no such class
     */
    static void on(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object running = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    action.run();
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), running);
    }
}
