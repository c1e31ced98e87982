package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import foreign.ForeignActivation;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.testkit.Sections;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;
import org.nd4j.linalg.factory.Nd4j;

class ModelFileTest {

    @TempDir
    private Path directory;

    @Test
    void pathsAndStreamsHoldTheSame() throws IOException {
        QuantizedModel model = ModelFiles.convolutional();
        Path file = directory.resolve("model.askew");
        model.save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(ModelFiles.bytes(model));
        assertThat(Files.size(file)).isEqualTo(model.fileBytes());
        QuantizedModel loaded = QuantizedModel.load(file);
        assertThat(loaded.output(ModelFiles.images())).isEqualTo(model.output(ModelFiles.images()));
        assertThat(loaded.labels()).containsExactly("no", "yes");
        model.withLabels(List.of("nein", "ja")).save(file);
        assertThat(QuantizedModel.load(file).labels()).containsExactly("nein", "ja");
        assertThat(files()).containsExactly("model.askew");

        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        assertThatExceptionOfType(PackedFormatException.class).isThrownBy(() -> QuantizedModel.load(file));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> QuantizedModel.load(directory.resolve("none")));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void severalModelsShareAStream() throws IOException {
        byte[] first = ModelFiles.bytes(ModelFiles.convolutional());
        byte[] second = ModelFiles.bytes(ModelFiles.dense());
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        ByteArrayInputStream in = new ByteArrayInputStream(both);
        assertThat(QuantizedModel.load(in).labels()).hasSize(2);
        assertThat(QuantizedModel.load(in).labels()).isEmpty();
        assertThat(in.available()).isZero();
    }

    @Test
    void reportsCountTheFilesSections() {
        QuantizedModel model = ModelFiles.convolutional();
        List<Long> data = new ArrayList<>();
        for (Sections.Section s : Sections.of(ModelFiles.bytes(model)).list) {
            if (s.tag.equals("DATA")) {
                data.add((long) s.payload.length);
            }
        }
        MemoryReport report = model.memoryReport();
        assertThat(report.rows()).extracting(MemoryReport.Row::packedBytes).containsExactlyElementsOf(data);
        assertThat(report.packedBytes())
                .isEqualTo(data.stream().mapToLong(n -> n).sum());
        // 24 ternary codes in 5 bytes, 3 scales; the memory order is bias first
        assertThat(report.rows().get(1)).isEqualTo(new MemoryReport.Row("conv", "W", 2, 24, 96, 5 + 12));
        assertThat(report.rows().get(0)).isEqualTo(new MemoryReport.Row("conv", "b", 32, 3, 12, 12));
    }

    @Test
    void failedSavesLeaveTheOldFile() throws IOException {
        Path file = directory.resolve("model.askew");
        ModelFiles.dense().save(file);
        byte[] old = Files.readAllBytes(file);
        QuantizedModel model = changed();
        assertThatIllegalStateException()
                .isThrownBy(() -> model.save(file))
                .withMessageContaining("layer 'dense', parameter 'W': weight 2 is 0.125");
        assertThat(Files.readAllBytes(file)).isEqualTo(old);
        assertThatIOException()
                .isThrownBy(() -> SafeFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("disk full");
                }));
        assertThat(Files.readAllBytes(file)).isEqualTo(old);
        assertThat(files()).containsExactly("model.askew");
        assertThatIOException().isThrownBy(() -> model.save(directory.resolve("no/such/directory")));
        assertThatIOException().isThrownBy(() -> model.save(directory)).withMessageContaining("this is a directory");
    }

    /** A weight that is no longer on its level. */
    private static QuantizedModel changed() {
        MultiLayerNetwork network = ModelFiles.dense().toMultiLayerNetwork();
        INDArray weights = network.getLayer("dense").getParam("W");
        QuantizedParameter q = QuantizedParameter.snap("dense", "W", weights, ScaledGrid.perTensor(Grid.binary(), 0.5));
        weights.putScalar(new int[] {2, 0}, 0.125);
        return QuantizedModel.of(network, List.of(q));
    }

    @Test
    void nothingAndHalfCharactersAreNotSaved() {
        MultiLayerConfiguration noParameters = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new LossLayer.Builder().activation(Activation.SOFTMAX).build())
                .build();
        MultiLayerNetwork empty = new MultiLayerNetwork(noParameters);
        empty.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelFiles.bytes(QuantizedModel.of(empty, List.of())))
                .withMessageContaining("no parameters");
        MultiLayerNetwork raw =
                new MultiLayerNetwork(ModelFiles.dense().toMultiLayerNetwork().getLayerWiseConfigurations());
        assertThatIllegalStateException()
                .isThrownBy(() -> ModelFiles.bytes(QuantizedModel.of(raw, List.of())))
                .withMessageContaining("call init()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelFiles.bytes(ModelFiles.dense().withLabels(List.of("yes", "n\ud800"))))
                .withMessageContaining("no valid Unicode");
    }

    @Test
    void linksStayLinks() throws IOException {
        Path file = directory.resolve("model.askew");
        Path link = directory.resolve("link");
        ModelFiles.dense().save(file);
        Files.createSymbolicLink(link, file);
        ModelFiles.convolutional().save(link);
        assertThat(link).isSymbolicLink();
        assertThat(QuantizedModel.load(file).labels()).hasSize(2);
    }

    @Test
    void replacedFilesKeepTheirPermissions() throws IOException {
        assumeThat(Files.getFileStore(directory).supportsFileAttributeView("posix"))
                .isTrue();
        Path file = directory.resolve("model.askew");
        ModelFiles.dense().save(file);
        for (String permissions : List.of("rw-------", "rw-rw-rw-", "r--r-----")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            ModelFiles.convolutional().save(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(permissions);
        }
        assertThat(QuantizedModel.load(file).labels()).hasSize(2);
    }

    @Test
    void onlyRegularFilesAreReplaced() throws IOException {
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThatIOException()
                    .isThrownBy(() -> ModelFiles.dense().save(socket))
                    .withMessageContaining("this is not a regular file");
        }
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
        assertThatIOException()
                .isThrownBy(() -> ModelFiles.dense().save(link))
                .withMessageContaining("points to nothing");
        assertThat(files()).containsExactlyInAnyOrder("socket", "link");
    }

    @Test
    void brokenStreamsPassTheirException() {
        assertThatIOException()
                .isThrownBy(() -> ModelFiles.dense().save(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("disk full");
                    }
                }))
                .withMessage("disk full");
    }

    @Test
    void whatCouldNotBeLoadedIsNotSaved() {
        MultiLayerNetwork network = ModelFiles.dense().toMultiLayerNetwork();
        QuantizedParameter q = ModelFiles.dense().parameters().get(0);
        QuantizedParameter other = new QuantizedParameter("none", "W", q.shape(), q.grid(), q.codes());
        assertThatIllegalStateException()
                .isThrownBy(() -> QuantizedModel.of(network, List.of(other)).fileBytes())
                .withMessageContaining("does not have");
        MultiLayerNetwork own = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder()
                        .nIn(2)
                        .nOut(2)
                        .activation(new ForeignActivation())
                        .build())
                .build());
        own.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantizedModel.of(own, List.of()).save(directory.resolve("own")))
                .withMessageContaining("cannot be packed")
                .withMessageContaining("foreign.ForeignActivation");
        assertThat(directory).isEmptyDirectory();
    }

    static Stream<DataNormalization> normalizers() {
        DataSet data = new DataSet(Nd4j.linspace(DataType.FLOAT, -3, 0.7, 30).reshape(10, 3), Nd4j.rand(10, 2));
        NormalizerStandardize labels = new NormalizerStandardize();
        labels.fitLabel(true);
        NormalizerMinMaxScaler range = new NormalizerMinMaxScaler(-1, 2);
        NormalizerMinMaxScaler both = new NormalizerMinMaxScaler();
        both.fitLabel(true);
        List<DataNormalization> fitted = List.of(new NormalizerStandardize(), labels, range, both);
        fitted.forEach(n -> n.fit(data));
        return Stream.concat(
                fitted.stream(), Stream.of(new ImagePreProcessingScaler(-1, 1, 16), new VGG16ImagePreProcessor()));
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void normalizersSurvive(DataNormalization normalizer) throws IOException {
        QuantizedModel model = ModelFiles.dense().withNormalization(normalizer);
        DataNormalization loaded = ModelFiles.load(ModelFiles.bytes(model)).normalization();
        assertThat(loaded).hasSameClassAs(normalizer);
        assertThat(loaded.isFitLabel()).isEqualTo(normalizer.isFitLabel());
        INDArray features = normalizer instanceof VGG16ImagePreProcessor
                ? Nd4j.linspace(DataType.FLOAT, 0, 1.5, 96).reshape(2, 3, 4, 4)
                : Nd4j.linspace(DataType.FLOAT, -5, 0.3, 30).reshape(10, 3);
        INDArray same = features.dup();
        normalizer.transform(features);
        loaded.transform(same);
        assertThat(same).isEqualTo(features);
        if (normalizer.isFitLabel()) {
            INDArray label = Nd4j.linspace(DataType.FLOAT, -5, 0.3, 20).reshape(10, 2);
            INDArray sameLabel = label.dup();
            normalizer.transformLabel(label);
            loaded.transformLabel(sameLabel);
            assertThat(sameLabel).isEqualTo(label);
        }
        assertThat(ModelFiles.dense().normalization()).isNull();
    }

    @Test
    void otherNormalizersAreRefused() {
        QuantizedModel model = ModelFiles.dense();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.withNormalization(new NormalizerStandardize()))
                .withMessageContaining("call fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.withNormalization(new NormalizerMinMaxScaler() {}))
                .withMessageContaining("allowed are");
    }

    /** Binary LeNet of the zoo's shape, next to DL4J's own file of the same network. */
    @Test
    void filesAreTwentyFiveTimesSmaller() throws IOException {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(1).list();
        for (int channels : new int[] {20, 50}) {
            list.layer(new ConvolutionLayer.Builder(5, 5)
                    .stride(2, 2)
                    .nOut(channels)
                    .build());
        }
        MultiLayerConfiguration configuration = list.layer(
                        new DenseLayer.Builder().nOut(500).build())
                .layer(new OutputLayer.Builder().nOut(10).build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        List<QuantizedParameter> parameters = new ArrayList<>();
        Path zip = directory.resolve("model.zip");
        ModelSerializer.writeModel(network, zip.toFile(), false);
        for (int i = 0; i < 4; i++) {
            parameters.add(QuantizedParameter.snap(
                    "layer" + i, "W", network.getLayer(i).getParam("W"), ScaledGrid.perTensor(Grid.binary(), 0.05)));
        }
        long bytes = QuantizedModel.of(network, parameters).fileBytes();
        assertThat(25 * bytes).isLessThan(Files.size(zip));
    }
}
