package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The jar that the build leaves, not the classes that it is made of. */
class EdgeJarTest {

    /** With the licence. */
    private static final int LIMIT = 160_000;

    @TempDir
    Path directory;

    private Path jar;

    @BeforeEach
    void find() throws IOException {
        LocalRepository.assumeFilled();
        jar = LocalRepository.jar("dl4j-askew-edge", "");
    }

    @Test
    void isSmallAndHoldsNothingElse() throws IOException {
        assertThat(Files.size(jar)).isLessThan(LIMIT);
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.stream().filter(e -> !e.isDirectory()).map(JarEntry::getName))
                    .allMatch(n -> n.matches("io/github/dl4jaskew/(edge|packed)/[\\w$-]+\\.class")
                            || n.equals("META-INF/MANIFEST.MF")
                            || n.equals("META-INF/LICENSE"))
                    .contains("io/github/dl4jaskew/edge/EdgeModel.class");
        }
    }

    @Test
    void needsJavaBaseAlone() {
        StringWriter out = new StringWriter();
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(out, true),
                        "--ignore-missing-deps",
                        "--print-module-deps",
                        jar.toString());
        assertThat(status).as("%s", out).isZero();
        assertThat(out.toString().strip()).isEqualTo("java.base");
    }

    /** Two modules of one path may not share a package. */
    @Test
    void standsOnOneModulePathWithTheLibraries() throws IOException {
        List<String> modules = List.of(
                "io.github.dl4jaskew",
                "io.github.dl4jaskew.cli",
                "io.github.dl4jaskew.edge",
                "io.github.dl4jaskew.margin");
        ModuleFinder finder = ModuleFinder.of(
                jar,
                LocalRepository.jar("dl4j-askew", ""),
                LocalRepository.jar("dl4j-askew-cli", ""),
                LocalRepository.jar("dl4j-margin", ""));
        Configuration configuration = ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), modules);
        assertThat(configuration.modules().stream().map(ResolvedModule::name)).hasSameElementsAs(modules);
        assertThat(finder.find("io.github.dl4jaskew.edge")
                        .orElseThrow()
                        .descriptor()
                        .packages())
                .containsExactlyInAnyOrder("io.github.dl4jaskew.edge", "io.github.dl4jaskew.packed");
    }

    @Test
    void predictsWhereThereIsNothingButTheJdk() throws Exception {
        MultiLayerNetwork network = network();
        Askew askew = Askew.builder()
                .grid(Grid.ternary())
                .epsilon(Annealing.hold(0).thenLinear(1))
                .build();
        askew.install(network);
        QuantizedModel model = askew.quantize(network).withLabels(List.of("a", "b", "c", "d"));
        Path packed = directory.resolve("model.askew");
        model.save(packed);
        float[] input = new float[64];
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) Math.sin(i);
        }
        INDArray expected = model.output(Nd4j.createFromArray(input).reshape(1, 64));

        URL[] classes = {jar.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass("io.github.dl4jaskew.edge.EdgeModel");
            Object edge = type.getMethod("load", Path.class).invoke(null, packed);
            float[] output = (float[]) type.getMethod("predict", float[].class).invoke(edge, (Object) input);
            assertThat(output).hasSize(4);
            for (int i = 0; i < output.length; i++) {
                assertThat(Math.abs(output[i] - expected.getDouble(0, i))).isLessThan(1e-5);
            }
            assertThat(type.getMethod("labels").invoke(edge)).isEqualTo(List.of("a", "b", "c", "d"));
            assertThatThrownBy(() -> loader.loadClass(Nd4j.class.getName())).isInstanceOf(ClassNotFoundException.class);
        }
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).build())
                .layer(new DenseLayer.Builder().nOut(40).build())
                .layer(new OutputLayer.Builder()
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(8, 8, 1))
                .build());
        network.init();
        return network;
    }
}
