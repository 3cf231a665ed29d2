package com.evefan.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server that takes every mail and keeps it. */
final class SmtpServer implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> mails = new CopyOnWriteArrayList<>();

    private SmtpServer(ServerSocket server) {
        this.server = server;
    }

    static SmtpServer start() throws IOException {
        SmtpServer smtp = new SmtpServer(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(smtp::serve, "smtp");
        thread.setDaemon(true);
        thread.start();
        return smtp;
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    List<String> mails() {
        return mails;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                talk(client);
            } catch (IOException e) {
                // the client, or this server, is gone
            }
        }
    }

    private void talk(Socket client) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(client.getOutputStream(), true, StandardCharsets.UTF_8);
        out.print("220 test\r\n");
        out.flush();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            boolean data = line.equalsIgnoreCase("DATA");
            out.print(data ? "354 go on\r\n" : line.equalsIgnoreCase("QUIT") ? "221 bye\r\n" : "250 ok\r\n");
            out.flush();
            if (data) {
                mails.add(mail(in));
                out.print("250 ok\r\n");
                out.flush();
            }
        }
    }

    private static String mail(BufferedReader in) throws IOException {
        StringBuilder mail = new StringBuilder();
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            mail.append(line).append('\n');
        }
        return mail.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
