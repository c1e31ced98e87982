import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.rapaio.jupyter.kernel.MainApp;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.Transform;

/**
 * Starts rapaio-jupyter-kernel 3.0.1 without its race. The kernel listens before it knows what to do with a message: one
 * that comes too early ends the thread that listens, and the notebook waits for ever. Here such a message is dropped, and
 * Jupyter, which asks again every second, gets its answer. install.sh compiles this file.
 */
public final class StartKernel {

    private static final int LISTENERS = 3;
    private static final long PATIENCE_MILLIS = 2000;

    private StartKernel() {}

    /**
     * Runs a kernel to its end.
     *
     * @param args the connection file that Jupyter has written
     * @throws Exception if the kernel cannot be started
     */
    public static void main(String[] args) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        ConnectionProperties connection =
                Transform.fromJson(Files.readString(Path.of(args[0])), ConnectionProperties.class);
        Channels channels = new Channels(connection);
        Field handlers = Channels.class.getDeclaredField("handlers");
        handlers.setAccessible(true);
        handlers.set(channels, new HashMap<>());
        channels.connect(MainApp.kernel);
        // another race: a thread that starts before it is told to run ends at once
        Thread.sleep(PATIENCE_MILLIS);
        if (listeners() < LISTENERS) {
            System.err.println("the kernel has missed its start; start it again");
            System.exit(1);
        }
        channels.joinUntilClose();
    }

    private static long listeners() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("Shell-") || t.getName().startsWith("Heartbeat-"))
                .count();
    }
}
