package com.evefan.ingest;

import com.evefan.RunningEvefan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Sends requests to an Evefan, any that Java's client can send. */
record Client(String url) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Client to(RunningEvefan evefan) {
        return new Client(evefan.url());
    }

    HttpRequest.Builder request(String path, String body) {
        return to(path).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path, body));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(to(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
