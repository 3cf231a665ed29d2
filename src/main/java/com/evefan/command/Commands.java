package com.evefan.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs commands against the Evefan that has the same settings. */
public final class Commands {
    private final String url;
    private final String certificate;
    private final Token token;

    /** Where the admin's token comes from; asked for when it is needed. */
    @FunctionalInterface
    public interface Token {
        /** @throws IOException when there is none; the message is for an operator */
        String read() throws IOException;
    }

    /**
     * @param host where its management port listens; any address stands for this machine
     * @param certificate the file of its certificate; empty where it has no TLS
     */
    public Commands(String host, int port, String certificate, Token token) {
        String address = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        this.url = (certificate.isEmpty() ? "http://" : "https://")
                + (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        this.certificate = certificate;
        this.token = token;
    }

    /**
     * Runs one command and prints the answer to {@code out}, or what went wrong to {@code err}.
     *
     * @return 0 when it worked; 1 when it did not, or when health is not well
     */
    public int run(OperatorCommands.Request command, PrintStream out, PrintStream err) throws InterruptedException {
        String secret;
        try {
            secret = token.read();
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + command.path()))
                    .method(
                            command.method(),
                            command.body() == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(command.body()))
                    .header("Authorization", "Bearer " + secret)
                    .build();
            HttpResponse<byte[]> response = client().send(request, HttpResponse.BodyHandlers.ofByteArray());
            String body = new String(response.body(), StandardCharsets.UTF_8).stripTrailing();
            boolean told = response.statusCode() == 200 || command.path().equals("/v1/health");
            (told ? out : err).println(body);
            return response.statusCode() == 200 ? 0 : 1;
        } catch (IOException e) {
            err.println("no answer from Evefan at " + url + ": is it running?");
            return 1;
        }
    }

    private HttpClient client() throws IOException {
        HttpClient.Builder client = HttpClient.newBuilder();
        return certificate.isEmpty()
                ? client.build()
                : client.sslContext(KnownCertificate.trusted(Path.of(certificate)))
                        .build();
    }
}
