package io.github.dl4jaskew.examples.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import org.nd4j.parameterserver.distributed.v2.transport.PortSupplier;

/**
 * A port for each process: those of a local cluster share one address, and an executor that had the driver's port too would
 * take itself for the driver. (DL4J's StaticPortSupplier answers 49876 whatever it is given.) The driver's port travels to
 * the executors in the configuration.
 */
final class ExecutorPort implements PortSupplier {

    private static final long serialVersionUID = 1L;

    private static int ofThisProcess;

    @Override
    public int getPort() {
        return port();
    }

    private static synchronized int port() {
        if (ofThisProcess == 0) {
            try (DatagramSocket socket = new DatagramSocket(0)) {
                ofThisProcess = socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException("no UDP port for the exchange of updates", e);
            }
        }
        return ofThisProcess;
    }
}
