package io.github.dl4jaskew.pages;

import java.net.URI;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.api.UIServer;

/** DL4J's server of pages. Thread safe. */
public final class UiServer {

    private static final String SERVER = "org.deeplearning4j.ui.api.UIServer";

    private UiServer() {}

    /**
     * Shows a storage in DL4J's server, which is started if it does not run.
     *
     * @param storage to show
     * @param page name of the page
     * @return address of the page
     * @throws IllegalStateException if DL4J's user interface is not on the class path
     */
    public static URI attach(StatsStorage storage, String page) {
        require(SERVER);
        return Server.attach(storage, page);
    }

    static void require(String server) {
        try {
            Class.forName(server, false, UiServer.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(
                    "the page needs DL4J's user interface:"
                            + " add org.deeplearning4j:deeplearning4j-ui:1.0.0-M2.1 to the dependencies of your project",
                    e);
        }
    }

    /** Loaded only where the user interface is there. */
    private static final class Server {

        static URI attach(StatsStorage storage, String page) {
            UIServer server = UIServer.getInstance();
            server.attach(storage);
            return URI.create(server.getAddress() + "/" + page);
        }
    }
}
