package io.github.dl4jaskew.examples.zoo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.deeplearning4j.common.resources.DL4JResources;

/** A mirror of DL4J's resources on this machine, with one file or none, and a cache directory; both until it is closed. */
public final class ResourceServer implements AutoCloseable {

    private final HttpServer server;
    private final String oldAddress = DL4JResources.getBaseDownloadURL();
    private int requests;

    /** Starts a mirror and makes it DL4J's. */
    public ResourceServer(Path cache, String path, byte[] file) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests++;
            boolean found = exchange.getRequestURI().getPath().equals("/" + path);
            exchange.sendResponseHeaders(found ? 200 : 404, found ? file.length : -1);
            if (found) {
                exchange.getResponseBody().write(file);
            }
            exchange.close();
        });
        server.start();
        DL4JResources.setBaseDownloadURL(address());
        DL4JResources.setBaseDirectory(cache.toFile());
    }

    /** Where it is. */
    public String address() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/";
    }

    /** How often it was asked for a file. */
    public int requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        DL4JResources.setBaseDownloadURL(oldAddress);
        DL4JResources.resetBaseDirectoryLocation();
    }
}
