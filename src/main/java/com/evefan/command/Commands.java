package com.evefan.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
            HttpResponse<InputStream> response = client().send(request, HttpResponse.BodyHandlers.ofInputStream());
            boolean told = response.statusCode() == 200 || command.path().equals("/v1/health");
            return print(response.body(), told ? out : err, err) && response.statusCode() == 200 ? 0 : 1;
        } catch (IOException e) {
            err.println("no answer from Evefan at " + url + ": is it running?");
            return 1;
        }
    }

    /** As it comes, because an export may be larger than memory; whether it came to its end. */
    private boolean print(InputStream answer, PrintStream to, PrintStream err) {
        byte[] part = new byte[8_192];
        byte last = '\n';
        try (answer) {
            for (int length = answer.read(part); length >= 0; length = answer.read(part)) {
                to.write(part, 0, length);
                last = length > 0 ? part[length - 1] : last;
            }
            return true;
        } catch (IOException e) {
            err.println("the answer of Evefan at " + url + " broke off");
            return false;
        } finally {
            if (last != '\n') {
                to.println();
            }
            to.flush();
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
