package io.github.dl4jaskew.margin.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.Snapshots;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where deeplearning4j-ui is not on the class path. */
class WithoutUserInterfaceTest {

    /** Loads this library anew, and knows neither DL4J's server nor Vert.x. */
    private static final class Without extends ClassLoader {

        Without() {
            super(WithoutUserInterfaceTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.vertx.")
                    || name.startsWith("org.deeplearning4j.ui.api.")
                    || name.startsWith("org.deeplearning4j.ui.Vertx")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.github.dl4jaskew.margin.ui.") && !name.startsWith("io.github.dl4jaskew.pages.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private final StatsStorage storage = new InMemoryStatsStorage();

    private static Class<?> page() throws ClassNotFoundException {
        return new Without().loadClass(MarginPage.class.getName());
    }

    @Test
    void thePageSaysWhatToAdd() {
        assertThatThrownBy(() -> page().getMethod("attach", StatsStorage.class).invoke(null, storage))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the page needs DL4J's user interface: add org.deeplearning4j:deeplearning4j-ui:1.0.0-M2.1"
                        + " to the dependencies of your project");
    }

    @Test
    void reportsAreWrittenAllTheSame(@TempDir Path directory) throws ReflectiveOperationException {
        new MarginStorage(storage, "session").accept(Snapshots.bare());
        Path file = directory.resolve("report.html");
        page().getMethod("write", StatsStorage.class, Path.class).invoke(null, storage, file);
        assertThat(Files.exists(file)).isTrue();
    }
}
