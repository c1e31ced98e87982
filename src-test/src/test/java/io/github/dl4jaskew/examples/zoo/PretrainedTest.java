package io.github.dl4jaskew.examples.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Adler32;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J's own code path for pretrained weights, with a file of the test's behind a server of the test's. */
public class PretrainedTest {

    @TempDir
    Path cache;

    private Model trained;
    private byte[] file;

    @BeforeEach
    void save() throws IOException {
        trained = new LocalLeNet(0).init();
        file = zip(trained);
    }

    @Test
    void isDownloadedOnceAndThenTakenFromTheCache() throws IOException {
        ZooModel<?> model = new LocalLeNet(adler(file));
        try (ResourceServer server = new ResourceServer(cache, LocalLeNet.PATH, file)) {
            Model first = Pretrained.load(model, PretrainedType.MNIST);
            assertThat(first.params()).isEqualTo(trained.params());
            assertThat(Pretrained.cached(model, PretrainedType.MNIST))
                    .startsWith(cache)
                    .hasBinaryContent(file);
            int requests = server.requests();
            assertThat(Pretrained.load(model, PretrainedType.MNIST).params()).isEqualTo(trained.params());
            assertThat(server.requests()).isEqualTo(requests);
        }
    }

    @Test
    void aFileInTheCacheNeedsNoServer() throws IOException {
        ZooModel<?> model = new LocalLeNet(adler(file));
        try (ResourceServer server = new ResourceServer(cache, "nothing", file)) {
            Files.write(Pretrained.cached(model, PretrainedType.MNIST), file);
            assertThat(Pretrained.load(model, PretrainedType.MNIST).params()).isEqualTo(trained.params());
            assertThat(server.requests()).isZero();
        }
    }

    @Test
    void aFileThatDl4jWouldDeleteIsKept() throws IOException {
        ZooModel<?> model = new LocalLeNet(adler(file) + 1);
        try (ResourceServer server = new ResourceServer(cache, LocalLeNet.PATH, file)) {
            Path cached = Pretrained.cached(model, PretrainedType.MNIST);
            Files.write(cached, file);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Pretrained.load(model, PretrainedType.MNIST))
                    .withMessageContaining("Adler32 checksum is " + adler(file))
                    .withMessageContaining("expects " + (adler(file) + 1));
            assertThat(cached).hasBinaryContent(file);
            assertThat(server.requests()).isZero();
        }
    }

    @Test
    void aDownloadOfAnotherFileIsRefused() throws IOException {
        ZooModel<?> model = new LocalLeNet(adler(file) + 1);
        try (ResourceServer server = new ResourceServer(cache, LocalLeNet.PATH, file)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Pretrained.load(model, PretrainedType.MNIST))
                    .withMessageContaining("what was downloaded from " + server.address() + LocalLeNet.PATH);
            assertThat(Pretrained.cached(model, PretrainedType.MNIST)).doesNotExist();
        }
    }

    @Test
    void whereToPutAFileThatCannotBeDownloaded() throws IOException {
        ZooModel<?> lenet = ZooDigits.LENET.model(10, new Sgd(), 1);
        String address;
        try (ResourceServer server = new ResourceServer(cache, "nothing", file)) {
            address = server.address();
            requireAdvice(lenet, address);
        }
        // now nobody listens there
        try (ResourceServer other = new ResourceServer(cache, "nothing", file)) {
            DL4JResources.setBaseDownloadURL(address);
            requireAdvice(lenet, address);
            assertThat(other.requests()).isZero();
        }
    }

    private void requireAdvice(ZooModel<?> lenet, String address) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Pretrained.load(lenet, PretrainedType.MNIST))
                .withMessageContaining("cannot be downloaded from " + address + "models/lenet_dl4j_mnist_inference.zip")
                .withMessageContaining(cache.resolve("models")
                        .resolve("lenet")
                        .resolve("lenet_dl4j_mnist_inference.zip")
                        .toString())
                .withMessageContaining("1906861161")
                .withMessageContaining("org.deeplearning4j.resources.baseurl");
    }

    @Test
    void aModelWithoutWeightsIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pretrained.load(ZooDigits.SIMPLECNN.model(10, new Sgd(), 1), PretrainedType.MNIST))
                .withMessageContaining("the zoo has no MNIST weights of simplecnn");
    }

    public static byte[] zip(Model network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, false);
        return bytes.toByteArray();
    }

    public static long adler(byte[] bytes) {
        Adler32 adler = new Adler32();
        adler.update(bytes);
        return adler.getValue();
    }
}
