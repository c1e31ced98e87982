package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JupyterTest {

    @Test
    void kernelsAreWhereJupyterPutsThem() {
        assertThat(Jupyter.dataDirectory(Map.of("JUPYTER_DATA_DIR", "/j", "XDG_DATA_HOME", "/x", "HOME", "/h")))
                .isEqualTo(Path.of("/j"));
        assertThat(Jupyter.dataDirectory(Map.of("XDG_DATA_HOME", "/x", "HOME", "/h")))
                .isEqualTo(Path.of("/x/jupyter"));
        assertThat(Jupyter.dataDirectory(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.local/share/jupyter"));
        assertThat(Jupyter.dataDirectory(Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/jupyter"));
    }
}
