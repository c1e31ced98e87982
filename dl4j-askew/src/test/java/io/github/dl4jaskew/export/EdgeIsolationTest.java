package io.github.dl4jaskew.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;

/** The two packages of the edge artifact predict where there is nothing but the JDK. */
class EdgeIsolationTest {

    /** Finds the classes of the artifact, and beyond them only those of the platform. */
    private static final class EdgeOnly extends URLClassLoader {
        EdgeOnly(URL classes) {
            super(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.github.dl4jaskew.edge.") || name.startsWith("io.github.dl4jaskew.packed.")) {
                return super.findClass(name);
            }
            throw new ClassNotFoundException(name + " is not in the edge artifact");
        }
    }

    @Test
    void predictsWithoutAnythingElse() throws Exception {
        MultiLayerNetwork net = EdgeNets.network(
                InputType.convolutionalFlat(8, 8, 1),
                EdgeNets.conv(3, 3),
                EdgeNets.dense(40, true),
                EdgeNets.output(4));
        byte[] file = EdgeNets.saved(QuantizedModel.of(net, EdgeNets.quantize(net, Grid.ternary(), true)));
        float[] input = new float[64];
        input[20] = 1;
        float[] expected = EdgeModel.load(new ByteArrayInputStream(file)).predict(input);

        URL classes = EdgeModel.class.getProtectionDomain().getCodeSource().getLocation();
        try (EdgeOnly loader = new EdgeOnly(classes)) {
            Class<?> type = loader.loadClass(EdgeModel.class.getName());
            assertThat(type).isNotEqualTo(EdgeModel.class);
            Object model = type.getMethod("load", InputStream.class).invoke(null, new ByteArrayInputStream(file));
            Object output = type.getMethod("predict", float[].class).invoke(model, (Object) input);
            assertThat((float[]) output).containsExactly(expected);
            assertThatThrownBy(() -> loader.loadClass(MultiLayerNetwork.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }
}
