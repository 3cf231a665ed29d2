package com.evefan.management;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.impl.console.DefaultDevConsoleRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;

/**
 * The consoles below {@code /q/dev} that there are: those that only show, and show no secret. Camel has some forty, which
 * also send to any endpoint, read files, stop routes, and show settings; what is not named here does not exist, whoever
 * asks.
 */
public final class AllowedConsoles extends DefaultDevConsoleRegistry {
    private static final Set<String> ALLOWED = Set.of("evefan", "gc", "health", "memory");

    private static final String CONSOLES = "/q/dev/";

    private AllowedConsoles(CamelContext context) {
        super(context);
    }

    /** Puts it in the place of Camel's own registry, before that finds any. */
    public static final class Listener extends MainListenerSupport {
        @Override
        public void beforeConfigure(BaseMainSupport main) {
            CamelContext context = main.getCamelContext();
            context.getCamelContextExtension().addContextPlugin(DevConsoleRegistry.class, new AllowedConsoles(context));
        }
    }

    /** Whether {@code path} names a console that does not exist; Camel's handler answers 200 for it. */
    static boolean hides(String path) {
        return path.startsWith(CONSOLES) && !ALLOWED.contains(path.substring(CONSOLES.length()));
    }

    static boolean isConsole(String path) {
        return path.startsWith(CONSOLES) && !hides(path);
    }

    @Override
    public boolean register(DevConsole console) {
        return ALLOWED.contains(console.getId()) && super.register(console);
    }

    @Override
    public @Nullable DevConsole resolveById(String id) {
        return ALLOWED.contains(id) ? super.resolveById(id) : null;
    }
}
