import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.rapaio.jupyter.kernel.MainApp;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.LoopThread;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.Transform;

/**
 * Starts rapaio-jupyter-kernel 3.0.1, and starts its threads again that end by themselves. They do so in two races: one that
 * begins to run before its flag is set ends at once, and one that receives a message before the handlers are there ends with
 * an exception. In both cases the notebook would wait for ever; Jupyter asks again every second until it has an answer.
 * install.sh compiles this file.
 */
public final class StartKernel {

    private static final long PATIENCE_MILLIS = 100;

    private StartKernel() {}

    /**
     * Runs a kernel to its end.
     *
     * @param args the connection file that Jupyter has written
     * @throws Exception if the kernel cannot be started
     */
    public static void main(String[] args) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        Channels channels =
                new Channels(Transform.fromJson(Files.readString(Path.of(args[0])), ConnectionProperties.class));
        channels.connect(MainApp.kernel);
        List<Loop> loops = loops(channels);
        while (loops.stream().anyMatch(Loop::isWanted)) {
            for (Loop loop : loops) {
                loop.reviveIfDead();
            }
        }
        channels.joinUntilClose();
    }

    private static List<Loop> loops(Channels channels) throws ReflectiveOperationException {
        List<Loop> loops = new ArrayList<>();
        for (Object channel : (Iterable<?>) read(channels, Channels.class.getDeclaredField("channels"))) {
            for (Field field : channel.getClass().getDeclaredFields()) {
                if (field.getType() == LoopThread.class) {
                    loops.add(new Loop((LoopThread) read(channel, field)));
                }
            }
        }
        if (loops.isEmpty()) {
            throw new IllegalStateException("no listening threads found; StartKernel is for rapaio-jupyter-kernel 3.0.1");
        }
        return loops;
    }

    private static Object read(Object object, Field field) throws IllegalAccessException {
        field.setAccessible(true);
        return field.get(object);
    }

    /** What listens to one channel, in the kernel's own thread or in one that took its place. */
    private static final class Loop {

        private final LoopThread body;
        private Thread thread;

        Loop(LoopThread body) {
            this.body = body;
            this.thread = body;
        }

        /** Whether the kernel has not been told to shut down. */
        boolean isWanted() {
            try {
                return (boolean) read(body, LoopThread.class.getDeclaredField("running"));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        void reviveIfDead() throws InterruptedException {
            thread.join(PATIENCE_MILLIS);
            if (!thread.isAlive() && isWanted()) {
                thread = new Thread(body, body.getName());
                thread.start();
            }
        }
    }
}
