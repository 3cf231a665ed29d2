package com.evefan.route;

import com.evefan.counters.SafeText;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.util.URISupport;

/** In place of an endpoint: notes what it is given as text, and answers that all is well. */
final class NotingEndpoint extends DefaultEndpoint {
    private static final Pattern SECRET =
            Pattern.compile("authorization|.*(password|secret|token|api-?key).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)((?:^|&)(?:[^=&]*(?:secret|password|access_?token|api_?key)[^=&]*|key|token)=)[^&]*");

    /** A member that tells an API who calls. */
    private static final Pattern SECRET_MEMBER = Pattern.compile("(\"api_?key\"\\s*:\\s*\")[^\"]*\"");

    /** The first bytes of everything that gzip makes. */
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private final Endpoint real;
    private final Consumer<DryRun.Sent> notes;

    NotingEndpoint(Endpoint real, Consumer<DryRun.Sent> notes) {
        // not of the real one's component, which would take this for an endpoint of its own kind
        super(real.getEndpointUri(), new NowhereComponent());
        setCamelContext(real.getCamelContext());
        this.real = real;
        this.notes = notes;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                Message message = exchange.getMessage();
                note(message);
                message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
                if (real.getEndpointUri().contains("httpMethod=GET")) {
                    message.setBody("{}"); // a look-up
                }
            }
        };
    }

    @Override
    public org.apache.camel.Consumer createConsumer(Processor processor) throws Exception {
        return real.createConsumer(processor);
    }

    private void note(Message message) {
        // A list of messages is sent as those.
        if (message.getBody() instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Message) {
            list.forEach(one -> note((Message) one));
            return;
        }
        Map<String, String> headers = new TreeMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (value != null) { // one without a value is not sent
                headers.put(
                        name,
                        SECRET.matcher(name).matches()
                                ? "xxxxxx"
                                : SECRET_PARAMETER
                                        .matcher(String.valueOf(value))
                                        .replaceAll("$1xxxxxx"));
            }
        });
        notes.accept(new DryRun.Sent(
                SafeText.withoutSecrets(URISupport.sanitizeUri(real.getEndpointUri())),
                headers,
                body(message.getBody())));
    }

    private String body(Object body) {
        return SECRET_MEMBER.matcher(text(body)).replaceAll("$1xxxxxx\"");
    }

    private String text(Object body) {
        if (body instanceof JsonNode) { // which is a list of its members, too
            return body.toString();
        }
        if (body instanceof Iterable<?> elements) {
            StringBuilder text = new StringBuilder();
            elements.forEach(element -> text.append(element).append('\n'));
            return text.toString().strip();
        }
        byte[] bytes = getCamelContext().getTypeConverter().tryConvertTo(byte[].class, body);
        if (bytes == null) {
            return String.valueOf(body);
        }
        boolean zipped = bytes.length > 2 && bytes[0] == GZIP[0] && bytes[1] == GZIP[1];
        return new String(zipped ? Unzipped.of(bytes) : bytes, StandardCharsets.UTF_8).strip();
    }

    @Override
    public boolean isLenientProperties() {
        return real.isLenientProperties();
    }
}
