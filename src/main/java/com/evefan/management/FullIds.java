package com.evefan.management;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.spi.ModelToXMLDumper;

/**
 * Routes as XML in which every step has the id that its counters have: with the {@code nodePrefixId} of its route, which
 * Camel leaves out. Hawtio joins a diagram with its counters by these ids.
 */
public final class FullIds implements ModelToXMLDumper {
    private static final Pattern ROUTE =
            Pattern.compile("<route [^>]*nodePrefixId=\"([^\"]*)\"[^>]*>.*?</route>", Pattern.DOTALL);
    private static final Pattern STEP = Pattern.compile("<(?!route[ >])(\\w+) id=\"");

    private final ModelToXMLDumper camels;

    public FullIds(ModelToXMLDumper camels) {
        this.camels = camels;
    }

    /** {@code xml} with full ids. */
    static String complete(String xml) {
        return ROUTE.matcher(xml)
                .replaceAll(route -> Matcher.quoteReplacement(STEP.matcher(route.group())
                        .replaceAll("<$1 id=\"" + Matcher.quoteReplacement(route.group(1)))));
    }

    @Override
    public String dumpModelAsXml(CamelContext context, NamedNode definition) throws Exception {
        return complete(camels.dumpModelAsXml(context, definition));
    }

    @Override
    public String dumpModelAsXml(
            CamelContext context,
            NamedNode definition,
            boolean resolvePlaceholders,
            boolean generatedIds,
            boolean sourceLocation)
            throws Exception {
        // Never with the values of settings in it, whoever asks: some are secrets.
        return complete(camels.dumpModelAsXml(context, definition, false, generatedIds, sourceLocation));
    }

    @Override
    public String dumpBeansAsXml(CamelContext context, java.util.List<Object> beans) throws Exception {
        return camels.dumpBeansAsXml(context, beans);
    }

    @Override
    public String dumpDataFormatsAsXml(CamelContext context, Map<String, Object> dataFormats) throws Exception {
        return camels.dumpDataFormatsAsXml(context, dataFormats);
    }
}
